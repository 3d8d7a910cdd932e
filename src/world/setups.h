// What the plan's `setup:` makes (node_modules, virtual environments, build caches), for every workspace and
// every gate.
//
// Inside a root of its own every set-up stands at the same place, so what it made once serves again: it is
// kept by environment (plan/manifests.h) and copied, by reflink where the file system can. Elsewhere programs
// remember the place they were installed at, and the commands run in each workspace.
//
// An environment that the run's base or the target has is made there, with the network open: a person
// approved those commands over these files. One that exists only in a task's change is made of that change,
// whose code runs then, so it serves this tree alone and has the network that the plan gives this task. Once
// the change has landed, it serves all that follows until the next one.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/outcome.h"
#include "plan/manifests.h"
#include "plan/plan.h"
#include "world/git_repository.h"
#include "world/kept_command.h"
#include "world/seal.h"

namespace pianola::world {

struct SetupOptions {
  plan::Plan plan;
  GitRepositoryOptions git;
  std::string base;  // the run's
  KeeperProgram keeper;
  std::map<std::string, std::string> env;  // all that a command is given
  Limits limits;                           // of each
  int64_t timeout_ms = 1'800'000;          // of each
  // What is really run for a command in `workspace`; absent: the spec as it is.
  std::function<Result<KeptSpec>(KeptSpec spec, const std::string& workspace, Seal::Network network)> enclose;
  // Whether the workspace stands at one place for every command, wherever it is outside.
  enum class Places { different, same } places = Places::different;
};

class Setups {
 public:
  explicit Setups(SetupOptions options);
  Setups(const Setups&) = delete;
  Setups& operator=(const Setups&) = delete;

  struct Room {
    plan::TaskId task;   // whose set-up: the plan's and its own; empty: those of all
    std::string commit;  // that is checked out
    std::string folder;  // there; nobody works in it yet
  };
  // Furnishes a workspace of an attempt; done before, it is left as it is. Beside it lies <folder>.setup, the
  // names of what was put in. Errors: paused when a command fails, interrupted by end_all().
  Result<void> furnish_workspace(const Room& room);
  // Furnishes a gate. Returns the step that failed, if that may be the change's fault. Errors: as above.
  Result<std::optional<core::CheckResult>> furnish_gate(const Room& room, const StopSign& stop);
  // Ends commands for workspaces that run or wait now. For gates their sign does.
  void end_all();
  // The same for good.
  void close();

 private:
  using Failed = std::optional<core::CheckResult>;

  struct Environment {
    std::string key;                    // names it: all it is made of
    std::vector<plan::TreeFile> files;  // of the room's commit
    std::string commit;                 // where it is made if it has to be
    bool is_approved = false;           // that is a person's
    Seal::Network network = Seal::Network::none;
  };
  struct Wish {
    std::vector<std::string> commands;
    const plan::Task* task = nullptr;  // null: the whole plan
  };
  // The digest of what the room's set-up follows from, at another commit.
  Result<std::string> digest_at(const Room& room, const std::string& commit);
  bool is_kept() const;
  Result<void> conceal(const Room& room, std::vector<std::string> names) const;
  Result<Environment> environment_of(const Room& room);
  Result<Failed> furnish(const Room& room, const Environment& environment, const StopSign& stop);
  Result<Failed> furnish_by_copy(const Room& room, const Environment& environment, const StopSign& stop);
  Result<Failed> make(const Room& room, const Environment& environment, const StopSign& stop);
  Result<Failed> make_alone(const Room& room, const Environment& environment, const StopSign& stop);
  Result<Failed> make_in(const std::string& making, const Room& room, const Environment& environment,
                         const StopSign& stop);
  Result<Failed> run_all(const Room& room, const std::string& name, Seal::Network network,
                         const StopSign& stop);
  std::string folder_of(const Environment& environment) const;
  std::string gate_of(const Environment& environment) const;  // names where it is made, and its logs
  Error pause_of(const core::CheckResult& failed) const;

  SetupOptions options_;
  GitRepository git_;
  std::map<plan::TaskId, Wish> wishes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  struct Making {
    bool is_at_work = false;
    int failures = 0;
    Failed last;
  };
  std::map<std::string, Making> making_;                                 // by key
  std::map<std::pair<plan::TaskId, std::string>, std::string> digests_;  // by task and commit
  bool is_closed_ = false;
  std::shared_ptr<StopSign> stop_ = std::make_shared<StopSign>();
};

// The kept environments that no run has used for 14 days before `now`, and what was begun more than a day
// before and never finished. Errors: failed.
Result<std::vector<std::string>> unused_setups(const Layout& layout, Instant now);

// Removes one of them; never is half of it there under its name. Errors: failed.
Result<void> remove_setup(const std::string& path);

// The names in `folder`, from its top with '/', of what is not among `files` (in path order): a folder
// without any of them is one name. Its .git is left out.
Result<std::vector<std::string>> names_beside(const std::string& folder,
                                              const std::vector<plan::TreeFile>& files);

// The names that were put into the workspace at `folder`; none when there was no set-up.
Result<std::vector<std::string>> names_of_setup(const std::string& folder);

}  // namespace pianola::world
