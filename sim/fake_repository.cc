#include "sim/fake_repository.h"

#include <utility>

namespace pianola::sim {
namespace {

constexpr int plain_file = 0100644;

verify::TreeChange added(const std::string& path) {
  return {.path = path, .old_mode = 0, .new_mode = plain_file, .old_id = "", .new_id = "b1"};
}

}  // namespace

bool FakeRepository::begins(const core::Command& command) {
  Fate& fate = grounds_.fate;
  if (!fate.step()) return false;
  grounds_.watch.performs(command);
  if (!fate.strikes(Fault::repository_paused)) return true;
  const bool opens = std::holds_alternative<core::OpenRun>(command);
  if (opens && fate.chance(50)) {
    grounds_.tell(core::RunWasRefused{"the base cannot be pinned"});
  } else {
    grounds_.tell(core::RepositoryPaused{"packed-refs.lock is held"});
  }
  return false;
}

void FakeRepository::soon(std::function<void()> effect) {
  Fate& fate = grounds_.fate;
  if (fate.chance(60)) return effect();
  fate.timeline.at(fate.timeline.now() + fate.between_ms(1, 3'000), fate.supervisor(), std::move(effect));
}

void FakeRepository::perform(const core::OpenRun& command) {
  if (!begins(command)) return;
  if (grounds_.git.staging == no_commit) grounds_.git.staging = GitModel::number(command.base);
  grounds_.tell(core::RunWasOpened{});
}

void FakeRepository::perform(const core::MakeWorkspace& command) {
  if (!begins(command)) return;
  if (grounds_.fate.strikes(Fault::workspace_fails)) {
    return grounds_.tell(core::WorkspaceFailed{command.key, "no room"});
  }
  soon([this, command] {
    const std::pair place(grounds_.place(command.key.task), command.generation);
    const CommitNumber base = GitModel::number(command.base);
    if (grounds_.desks.try_emplace(place, Desk{.base = base, .head = base}).second) {
      grounds_.watch.rooms[place] = {};
    }
    grounds_.tell(core::WorkspaceWasMade{command.key});
  });
}

void FakeRepository::perform(const core::CollectWork& command) {
  if (!begins(command)) return;
  if (grounds_.fate.strikes(Fault::collection_fails)) {
    return grounds_.tell(core::CollectionFailed{command.key, "its objects are damaged"});
  }
  soon([this, command] { collect(command); });
}

void FakeRepository::collect(const core::CollectWork& command) {
  const size_t place = grounds_.place(command.key.task);
  const Desk desk = grounds_.desks[{place, command.generation}];
  engine::CollectedTree tree{.key = command.key, .head = {}, .leftovers = false, .changes = {}};
  if (desk.head != desk.base) {
    tree.head = GitModel::name(desk.head);
    tree.changes = changes(place, desk.base, desk.head);
    grounds_.watch.changes[tree.head] = tree.changes;
  }
  grounds_.watch.rooms[{place, command.generation}].unsaved = false;
  // Not drawn, so that a seed plays as it did before.
  if (command.key.number % 3 == 2)
    grounds_.tell(
        core::SideCommitsWereKept{command.key, {{"refs/pianola/saved/side", GitModel::name(desk.base)}}},
        Duration::from_ms(1));
  grounds_.tell(tree);
}

std::vector<verify::TreeChange> FakeRepository::changes(size_t place, CommitNumber base,
                                                        CommitNumber head) const {
  const std::vector<std::string>& owned = grounds_.task(place).files_write;
  std::string path = owned.empty() ? "src/nobody" : owned.front();
  if (path.ends_with('/')) path += "work.txt";
  std::vector<verify::TreeChange> all = {added(path)};
  // What an attempt left outside, the next one in the same workspace has put right.
  const std::vector<int> patches = grounds_.git.content_since(base, head);
  if (!patches.empty() && grounds_.git.patch(patches.back()).outside) all.push_back(added("zoo/other.txt"));
  return all;
}

void FakeRepository::perform(const core::BuildCandidate& command) {
  if (!begins(command)) return;
  if (grounds_.fate.strikes(Fault::candidate_fails)) {
    return grounds_.tell(core::CandidateFailed{command.key, "merge-tree: signal 9"});
  }
  soon([this, command] { build(command); });
}

void FakeRepository::build(const core::BuildCandidate& command) {
  GitModel& git = grounds_.git;
  const size_t place = grounds_.place(command.key.task);
  if (command.head.empty()) {
    return grounds_.tell(engine::CandidateTree{.key = command.key, .commit = command.staging, .changes = {}});
  }
  const CommitNumber staging = GitModel::number(command.staging);
  const CommitNumber head = GitModel::number(command.head);
  const auto made = git.merge({.onto = staging,
                               .other = head,
                               .at = command.at,
                               .task = static_cast<int>(place),
                               .attempt = command.key.number});
  if (!made) return grounds_.tell(core::CandidateConflicted{command.key, {"src/shared.txt"}});
  engine::CandidateTree tree{.key = command.key, .commit = GitModel::name(*made), .changes = {}};
  tree.changes = changes(place, staging, head);
  const std::string version = git.contract_version(*made);
  if (!command.contracts.empty() && version != git.contract_version(staging))
    tree.contracts.push_back({command.contracts.front().name, version});
  if (git.environment(*made) != git.environment(staging)) tree.environment = git.environment(*made);
  if (git.is_renamed(staging, head)) tree.changes.push_back(added("zoo/renamed.txt"));
  grounds_.watch.changes[tree.commit] = tree.changes;
  grounds_.tell(tree);
}

void FakeRepository::perform(const core::MoveStaging& command) {
  if (!begins(command)) return;
  if (grounds_.fate.strikes(Fault::staging_touched)) {
    return grounds_.tell(core::StagingWasRefused{command.key, "c999999"});
  }
  soon([this, command] { move(command); });
}

void FakeRepository::move(const core::MoveStaging& command) {
  GitModel& git = grounds_.git;
  const std::string is_at = GitModel::name(git.staging);
  if (is_at != command.to && is_at != command.from) {
    return grounds_.tell(core::StagingWasRefused{command.key, is_at});
  }
  if (is_at != command.to) {
    grounds_.watch.moves_staging(command);
    git.staging = GitModel::number(command.to);
  }
  grounds_.tell(core::StagingWasMoved{command.key, command.to});
}

void FakeRepository::perform(const core::RemoveWorkspace& command) {
  if (!begins(command)) return;
  soon([this, command] {
    grounds_.watch.removes(command);
    grounds_.desks.erase({grounds_.place(command.task), command.generation});
    grounds_.tell(core::WorkspaceWasRemoved{command.task, command.generation});
  });
}

// --- the target ------------------------------------------------------------------------------------------

void FakeRepository::move_target() {
  grounds_.git.target =
      grounds_.git.commit_patch(grounds_.git.target, {.task = the_user, .base = grounds_.git.target});
}

void FakeRepository::rewrite_target() {
  if (!is_rewritten_) before_rewrite_ = grounds_.git.target;
  is_rewritten_ = true;
  grounds_.git.target = grounds_.git.commit_replacing({.task = the_user});
  grounds_.fate.later(grounds_.fate.between_ms(1'000, 900'000), [this] {
    if (is_rewritten_) grounds_.git.target = before_rewrite_;
    is_rewritten_ = false;
  });
}

void FakeRepository::perform(const core::PromoteTarget& command) {
  if (!begins(command)) return;
  const bool asked = command.mode == core::PromoteMode::ask && grounds_.fate.chance(50);
  if (command.mode == core::PromoteMode::leave || asked || grounds_.fate.strikes(Fault::promotion_left)) {
    return grounds_.tell(core::PromotionWasLeft{"checked out with changes"});
  }
  if (grounds_.fate.strikes(Fault::target_moves)) move_target();
  if (grounds_.fate.strikes(Fault::target_rewritten)) rewrite_target();
  soon([this, command] { promote(command); });
}

void FakeRepository::promote(const core::PromoteTarget& command) {
  GitModel& git = grounds_.git;
  const CommitNumber from = GitModel::number(command.from);
  const CommitNumber to = GitModel::number(command.to);
  if (git.target == from && from != to) {
    grounds_.watch.moves_target(from, to);
    git.target = to;
  }
  if (git.target == to) return grounds_.tell(core::TargetWasPromoted{command.to});
  grounds_.tell(
      core::TargetHadMoved{GitModel::name(git.target), git.is_ancestor(from, git.target), command.from});
}

void FakeRepository::perform(const core::RebuildStaging& command) {
  if (!begins(command)) return;
  soon([this, command] { rebuild(command); });
}

void FakeRepository::rebuild(const core::RebuildStaging& command) {
  GitModel& git = grounds_.git;
  const CommitNumber staging = GitModel::number(command.staging);
  const auto made =
      git.merge({.onto = staging, .other = GitModel::number(command.target), .at = command.at, .task = -1});
  if (!made) return grounds_.tell(core::RebuildConflicted{{"src/shared.txt"}, command.target});
  if (git.staging != *made && git.staging != staging) {
    return grounds_.tell(core::RepositoryPaused{"staging is elsewhere"});
  }
  grounds_.watch.rebuilds_staging(git.staging, *made);
  git.staging = *made;
  grounds_.tell(core::StagingWasRebuilt{GitModel::name(*made), command.target});
}

void FakeRepository::perform(const core::PutTargetBack& command) {
  Fate& fate = grounds_.fate;
  if (!fate.step()) return;
  grounds_.watch.performs(command);
  // The run is over and does not pause: what could not be done is left.
  if (fate.strikes(Fault::repository_paused) || fate.strikes(Fault::promotion_left)) {
    return grounds_.tell(core::UndoWasLeft{command.of, "checked out with changes"});
  }
  if (fate.strikes(Fault::target_moves)) move_target();
  soon([this, command] { put_back(command); });
}

void FakeRepository::put_back(const core::PutTargetBack& command) {
  GitModel& git = grounds_.git;
  const CommitNumber from = GitModel::number(command.from);
  const CommitNumber to = GitModel::number(command.to);
  if (git.target == from && from != to) {
    git.undone.insert(from);
    grounds_.watch.puts_target_back(from, to);
    git.target = to;
  }
  if (git.target == to) return grounds_.tell(core::TargetWasPutBack{command.of, command.to});
  grounds_.tell(core::UndoWasLeft{command.of, "the target is elsewhere"});
}

}  // namespace pianola::sim
