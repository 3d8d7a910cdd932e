// A run that is over, in this process's hands: its lock is held and its journal is open, so that what is done
// to what it left is written down like everything else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/program.h"
#include "cli/runs.h"
#include "core/core.h"
#include "world/clock.h"
#include "world/git_repository.h"
#include "world/journal.h"

namespace pianola::cli {

class OverRun {
 public:
  // Errors: held (a supervisor, or an agent that still runs), integrity, missing (no sandbox for a sealed
  // run), usage (it is not over).
  static Result<std::unique_ptr<OverRun>> take(const Program& program, const world::Hub& hub,
                                               const FoundRun& run);

  const core::State& state() const { return state_; }
  const world::GitRepository& repository() const { return repository_; }

  // Takes in what the workspace holds now, whatever was taken in before; nothing that was kept is forgotten.
  // Errors: it cannot be read, and stays.
  Result<void> save_workspace(const core::TaskId& task, int generation);
  // Only after it was saved.
  Result<void> remove_workspace(const core::TaskId& task, int generation);

 private:
  OverRun(const Program& program, world::GitRepositoryOptions options, core::State state,
          std::unique_ptr<world::FileJournal> journal);
  Result<void> record(core::Event event);
  Result<void> keep_before(const core::AttemptKey& key, const std::string& before);

  std::string actor_;
  world::GitRepository repository_;
  core::State state_;
  std::unique_ptr<world::FileJournal> journal_;
  world::RunClock clock_;
};

// The attempts of the run whose keepers still live, as "a.1".
Result<std::vector<std::string>> living_attempts(const FoundRun& run);

// Task and generation of a workspace's folder: login and 2 of "login.2".
std::optional<std::pair<core::TaskId, int>> workspace_name(const std::string& name);

// Why nothing of the run may be cleared away; "" when it is over and nobody waits for it.
std::string reason_to_keep(const core::State& state);

}  // namespace pianola::cli
