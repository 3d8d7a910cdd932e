// The engine's door to git: runs each command of GitRepository on a thread of its own pool and reports the
// outcome. Clones, fetches and merges run beside each other; whatever moves staging or the target runs one
// after the other.
#pragma once

#include <functional>
#include <memory>

#include "engine/ports.h"
#include "world/git_repository.h"

namespace pianola::world {

class Setups;

class RepositoryPort : public engine::Repository {
 public:
  // `post` takes a report from any thread (Loop::post_arrival). `setups`, which may be null and outlives it,
  // furnishes workspaces; what waits for it is ended by Setups::close().
  RepositoryPort(GitRepositoryOptions options, std::function<void(engine::Arrival)> post,
                 Setups* setups = nullptr);
  // Drops what has not begun, waits for what has.
  ~RepositoryPort() override;

  void perform(const core::OpenRun& command) override;
  void perform(const core::MakeWorkspace& command) override;
  void perform(const core::CollectWork& command) override;
  void perform(const core::BuildCandidate& command) override;
  void perform(const core::MoveStaging& command) override;
  void perform(const core::RemoveWorkspace& command) override;
  void perform(const core::PromoteTarget& command) override;
  void perform(const core::RebuildStaging& command) override;
  void perform(const core::PutTargetBack& command) override;

  // True while the work of an attempt is being taken in; false before the report of the last one is heard.
  bool is_collecting() const;

  // For those who run checks; blocks, from any thread.
  const GitRepository& repository() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// What the engine is told about a command that failed. Locks and a full disk pause the run; the rest is
// the failure of that command.
core::Input failure_of(const core::OpenRun& command, const Error& error);
core::Input failure_of(const core::MakeWorkspace& command, const Error& error);
core::Input failure_of(const core::CollectWork& command, const Error& error);
core::Input failure_of(const core::BuildCandidate& command, const Error& error);

}  // namespace pianola::world
