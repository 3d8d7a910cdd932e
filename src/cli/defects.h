// What is not as it should be in the state of a repository: the findings of `repair --diagnose`.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/program.h"
#include "cli/runs.h"

namespace pianola::cli {

enum class Ailment {
  journal_torn,      // an unfinished write at the end
  journal_damaged,   // anywhere else; never cut
  journal_gone,      // the run has attempts and no journal
  undo_open,         // an undo that nobody saw the end of
  lock_held,         // a run's lock is held, and not by the supervisor it names
  keeper_alone,      // an agent runs that no supervisor watches
  socket_dead,       // nobody listens on it
  cgroup_left,       // of an attempt that is over
  workspace_orphan,  // a workspace that its run does not know
  workspace_half,    // one that was being made, checked in or removed
  git_lock_stale,    // a lock of a git that pianola ran
  ref_orphan,        // refs of a run that does not exist
};

// The stable word for it: "journal-torn".
std::string ailment_word(Ailment ailment);

struct Defect {
  Ailment ailment = Ailment::journal_torn;
  std::string run;     // "" when it is of no run
  std::string thing;   // the path, ref or attempt; raw
  std::string detail;  // one line; raw
  std::string remedy;  // what repair does about it, or what to type
  bool is_by_hand = false;
};

// Looks at everything, changes nothing, and leaves alone what a live supervisor has in its hands.
Result<std::vector<Defect>> find_defects(const Program& program, const world::Hub& hub);

// The kinds of refs that belong to the run they name, and to nobody without it.
const std::vector<std::string>& run_ref_kinds();

}  // namespace pianola::cli
