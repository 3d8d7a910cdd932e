// The last steps inside the seal, between bubblewrap and the worker's program: `pianola __enter
// [relay=HOST:PORT
// ...] [proxy=PORT] [processes=NUMBER] WHO FOLDER -- ARGV`.
#pragma once

#include <string>
#include <vector>

namespace pianola::world {

// WHO is "uid:gid", to be taken on for good, or "same". Refuses system calls that no worker needs and that
// reach what all share with the kernel (seccomp(2), a list in enter.cc), leaves the relays it is told to
// (relay.h), takes the limit of processes, then becomes ARGV in FOLDER, found on PATH. Returns only when it
// cannot: 126 or 127, as shells do, with one line on stderr.
int enter_main(std::vector<std::string> arguments);

}  // namespace pianola::world
