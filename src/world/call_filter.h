// The system calls that no worker needs and that reach what all share with the kernel, refused (seccomp(2)).
#pragma once

namespace pianola::world {

enum class CallFilter {
  in_namespaces,  // what is shared with the kernel alone
  no_network,     // the rest: without namespaces, also what leads to other programs of the user
  tcp_only,       // the same, but for streams over IP
  open_network,   // the same, but for all of IP
};

// For this thread and all it starts, for good; it has no_new_privs. False and errno when that cannot be.
bool filter_calls(CallFilter filter);

}  // namespace pianola::world
