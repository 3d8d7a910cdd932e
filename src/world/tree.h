// Processes as they really are: which one a number means, what belongs to an attempt, and its end.
//
// A process number alone proves nothing (it is used again, a zombie still has it), so nothing here signals
// or believes one without the time it was started at: proc(5) stat field 22, in ticks since boot.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pianola::world {

// One process, told from a later one of the same number on the same boot.
struct ProcessId {
  pid_t pid = 0;
  uint64_t start_ticks = 0;
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

// Where process numbers mean something: one boot of one kernel, one pid namespace.
struct Machine {
  std::string boot_id;         // random(4): /proc/sys/kernel/random/boot_id
  uint64_t pid_namespace = 0;  // inode of /proc/self/ns/pid
  friend bool operator==(const Machine&, const Machine&) = default;
};

Machine this_machine();

// The living process `pid`; nothing when there is none or it is a zombie.
std::optional<ProcessId> identify(pid_t pid);

// True while exactly this process lives. Zombies do not, whether or not anyone reaps them.
bool is_alive(const ProcessId& process);

// Sends `signal` to exactly this process, through a pidfd; false when it is over.
bool signal_process(const ProcessId& process, int signal);

// The variable that marks everything an attempt starts. Its value is the attempt's id, or several joined
// by ':' where one attempt runs inside another, the outermost first.
inline constexpr std::string_view kKeepVariable = "PIANOLA_KEEP";

// By what a process of an attempt is known that shows neither its mark nor its parents any more; strays.h
// says how.
struct StraySigns {
  std::vector<std::string> folders;  // absolute, of this attempt alone; none: there are no strays
  uint64_t since_ticks = 0;          // when the agent was started
  pid_t session = 0;                 // the agent's; every other one counts only while its leader lives
  std::string cgroup;                // the agent's; see cgroup_of()
};

// What belongs to an attempt: all living descendants of `root` (0 = none; the root itself does not belong)
// and of `also`, and every process that carries `keep` in its environment, with its descendants;
// with `signs` its strays as well, with theirs. The calling process never belongs.
struct TreeOf {
  pid_t root = 0;
  std::vector<ProcessId> also;
  std::string keep;
  std::optional<StraySigns> signs = {};
};
std::vector<ProcessId> members(const TreeOf& tree);

// Kills what belongs to the tree until nothing of it lives or 10 s are over; blocks. Everything is stopped
// before the first of it is killed, so that nothing slips away as the orphan of what died before it.
// Returns whether nothing is left. `ended`, when given, counts the processes killed.
bool kill_tree(const TreeOf& tree, int* ended = nullptr);

}  // namespace pianola::world
