// The supervisor's side of an attempt's folder: start it, find it again, or establish that it is over.
// Everything here blocks (for at most a few seconds) and belongs on a pool thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <variant>

#include "base/result.h"
#include "world/child.h"
#include "world/kept_records.h"

namespace pianola::world {

// Where an attempt, or one check of a gate, is kept.
struct KeptPlace {
  std::string dir;     // absolute, always spelled the same: the attempt's id is its hash
  std::string socket;  // where its keeper listens, "" = nowhere
};

// The attempt's id, carried by all its processes; see kKeepVariable.
std::string keep_id(const KeptPlace& place);

// How to start a keeper: this program, and the few variables a keeper is given.
struct KeeperProgram {
  std::string executable;  // absolute; answers to `__keep`
  std::map<std::string, std::string> env;
};

// What this process's own environment says about keepers: the ids of attempts that we run inside of, and
// in test builds at which step they are to die. Read once, at the start.
std::map<std::string, std::string> keeper_environment();

// The keeper lives and listens. `keeper` is set when it is our child, whom we then have to reap.
struct Connected {
  Fd socket;
  Spawned keeper;
};
// Somebody holds the lock but cannot be spoken to: the keeper's socket was removed, or it is about to
// begin or to end. Ask again a little later.
struct Unreachable {};
using Found = std::variant<Connected, ExitRecord, Unreachable>;

// Starts the attempt when it provably never began: its folder has a lock nobody holds and no word of a
// keeper. Otherwise finds it: alive, over, or over without a word; the last is made sure of by ending what
// is left of it, then written down as `lost` before the lock is given back, so that no late keeper begins. A
// lost attempt's tree never counts as empty: something that dropped its mark may still write where it ran.
// `make_spec` is called only for a start; its error, like that of the start, closes the folder as
// not_started, unless it is `paused`. `env` of the spec is completed with the attempt's id. Errors (paused,
// failed): nothing is known; ask again.
Result<Found> start_or_find(const KeptPlace& place, const KeeperProgram& program,
                            const std::function<Result<KeptSpec>()>& make_spec);

// The same without a start: an attempt that never began is closed as not_started, for the reason `why`.
Result<Found> find_or_close(const KeptPlace& place, const std::string& why);

// How an attempt stands, by its folder alone: what start_or_find() would come to now.
struct KeeperLives {};  // somebody holds its lock
struct NeverBegan {};   // it would be started
struct EndedUnseen {    // it began, nobody holds its lock, and there is no record: it counts as lost
  bool is_of_other_boot = false;
};
using Standing = std::variant<KeeperLives, ExitRecord, NeverBegan, EndedUnseen>;

// Starts, ends and writes nothing; the lock is only looked at. Errors (paused, failed): nothing is known.
Result<Standing> standing_of(const KeptPlace& place);

// The folders of a cgroup that an attempt left which is over: its keeper was killed behind its last word.
Result<std::vector<std::string>> group_left(const KeptPlace& place);

// TERM for all that belongs to an attempt whose keeper cannot be spoken to; the keeper is spared.
void tell_to_end(const KeptPlace& place);

// Ends an attempt whose keeper cannot be spoken to: TERM for all that belongs to it, after the grace KILL.
// The keeper is spared, so that it records the end.
void end_unreachable(const KeptPlace& place, int64_t grace_ms);

// Kills a keeper that does not do what it was told: its agent still lives. The kernel and the next
// start_or_find() end the rest.
void end_unresponsive(const KeptPlace& place);

// Ends whatever an earlier process left of `place`, keeper and all, at once. Errors (held): it is still
// there after 10 s.
Result<void> end_stale(const KeptPlace& place);

// Reaps a keeper whose connection has closed; waits at most 5 s for it.
void reap_keeper(Spawned& keeper);

}  // namespace pianola::world
