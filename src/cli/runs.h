// Which run a command is about, and what its journal says of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/program.h"
#include "core/state.h"
#include "world/discover.h"
#include "world/journal_lock.h"
#include "world/layout.h"

namespace pianola::cli {

// One run as it lies on disk.
struct FoundRun {
  world::Layout layout;
  core::RunId id;
  std::optional<world::LockHolder> holder;  // the supervisor that runs it now
};

// The run whose id starts with `prefix`; with "" the one live run, else the newest. A run without a first
// event is none. Errors (usage): none, several live ones, or a prefix that fits several; each lists them.
Result<FoundRun> choose_run(const Program& program, const std::string& prefix);

// The folder of its journal. Errors (integrity): it is gone.
Result<std::string> journal_of(const FoundRun& run);

// All runs of the repository around `program.directory`, oldest first (r2 before r10), also those that never
// began.
Result<std::vector<FoundRun>> all_runs(const Program& program);

// True when its journal holds a first event, or what may have been one. The folder is there before that. A
// run that has attempts has begun whatever became of its journal.
bool has_begun(const FoundRun& run);

// The fold of its journal as it is now.
Result<core::State> fold_run(const FoundRun& run);

// Its task of this name. Errors (usage): none of that name.
Result<size_t> place_of_task(const core::State& state, const std::string& name);

// The repository around `program.directory`, without asking whether a run could start there.
Result<world::Hub> find_hub(const Program& program);

// "r<n>", the first number no run has, with its folder made. Two callers at once get two runs.
Result<core::RunId> make_run_dir(const world::Layout& layout);

}  // namespace pianola::cli
