// git as pianola uses it: refs that move by compare-and-swap, merges as objects, workspaces.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/grounds.h"

namespace pianola::sim {

class FakeRepository final : public engine::Repository {
 public:
  explicit FakeRepository(Grounds& grounds) : grounds_(grounds) {}

  void perform(const core::OpenRun& command) override;
  void perform(const core::MakeWorkspace& command) override;
  void perform(const core::CollectWork& command) override;
  void perform(const core::BuildCandidate& command) override;
  void perform(const core::MoveStaging& command) override;
  void perform(const core::RemoveWorkspace& command) override;
  void perform(const core::PromoteTarget& command) override;
  void perform(const core::RebuildStaging& command) override;
  void perform(const core::PutTargetBack& command) override;

  // Somebody else works on the target.
  void move_target();
  void rewrite_target();

 private:
  // Whether the effect is to happen now; else the repository has answered that it cannot.
  bool begins(const core::Command& command);
  // Now, or a moment later and never if the supervisor dies before.
  void soon(std::function<void()> effect);
  std::vector<verify::TreeChange> changes(size_t place, CommitNumber base, CommitNumber head) const;
  void collect(const core::CollectWork& command);
  void build(const core::BuildCandidate& command);
  void move(const core::MoveStaging& command);
  void promote(const core::PromoteTarget& command);
  void rebuild(const core::RebuildStaging& command);
  void put_back(const core::PutTargetBack& command);

  Grounds& grounds_;
  bool is_rewritten_ = false;
  CommitNumber before_rewrite_ = no_commit;
};

}  // namespace pianola::sim
