// The port answers every command with exactly one report.
#include <condition_variable>
#include <mutex>

#include "test/git/scene.h"
#include "world/repository_port.h"

namespace pianola::world {
namespace {

// Collects reports from the pool's threads.
class Mailbox {
 public:
  void post(engine::Arrival arrival) {
    const std::lock_guard<std::mutex> lock(mutex_);
    reports_.push_back(std::move(arrival.report));
    arrived_.notify_all();
  }
  std::vector<engine::Report> await(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    arrived_.wait_for(lock, std::chrono::seconds(60), [&] { return reports_.size() >= count; });
    return std::exchange(reports_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<engine::Report> reports_;
};

template <class Answer>
const Answer* answer(const engine::Report& report) {
  if constexpr (std::is_same_v<Answer, engine::CollectedTree> ||
                std::is_same_v<Answer, engine::CandidateTree>)
    return std::get_if<Answer>(&report);
  else
    return std::holds_alternative<core::Input>(report) ? std::get_if<Answer>(&std::get<core::Input>(report))
                                                       : nullptr;
}

class Port : public ::testing::Test {
 protected:
  void SetUp() override {
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
    scene.git(scene.shop(), {"checkout", "-q", "--detach"});
  }
  template <class Answer, class Command>
  Answer ask(const Command& command) {
    port.perform(command);
    const std::vector<engine::Report> reports = mailbox.await(1);
    EXPECT_EQ(reports.size(), 1U);
    const Answer* found = reports.empty() ? nullptr : answer<Answer>(reports[0]);
    EXPECT_NE(found, nullptr);
    return found == nullptr ? Answer{} : *found;
  }

  Scene scene;
  std::string base;
  Mailbox mailbox;
  RepositoryPort port{scene.options(), [this](engine::Arrival arrival) { mailbox.post(std::move(arrival)); }};
};

TEST_F(Port, reports_the_way_of_a_task) {
  const core::AttemptKey key = attempt("login");
  ask<core::RunWasOpened>(core::OpenRun{scene_run, base});
  EXPECT_EQ(ask<core::WorkspaceWasMade>(core::MakeWorkspace{key, 1, base}).key, key);
  Scene::write(scene.shop() + ".pianola/r1/login.1/b.txt", "b\n");
  const auto tree = ask<engine::CollectedTree>(core::CollectWork{key, 1, base, core::CollectFor::landing});
  EXPECT_EQ(brief(tree.changes), std::vector<std::string>{"b.txt 0 100644"});
  const auto candidate =
      ask<engine::CandidateTree>(core::BuildCandidate{key, base, tree.head, "Merge login: x", {}});
  EXPECT_EQ(ask<core::StagingWasMoved>(core::MoveStaging{key, base, candidate.commit}).commit,
            candidate.commit);
  EXPECT_EQ(ask<core::StagingWasRefused>(core::MoveStaging{key, base, base}).is_at, candidate.commit);
  EXPECT_EQ(ask<core::TargetWasPromoted>(core::PromoteTarget{base, candidate.commit, core::PromoteMode::ask})
                .commit,
            candidate.commit);
  EXPECT_EQ(ask<core::WorkspaceWasRemoved>(core::RemoveWorkspace{key.task, 1}).generation, 1);
}

TEST_F(Port, reports_failures_as_the_inputs_of_their_command) {
  const core::AttemptKey key = attempt("login");
  const std::string nowhere(40, 'f');
  EXPECT_NE(ask<core::RunWasRefused>(core::OpenRun{scene_run, "nothing"}).reason, "");
  Scene::write(scene.shop() + ".pianola/r1/other.1/mine", "");
  EXPECT_NE(ask<core::WorkspaceFailed>(core::MakeWorkspace{attempt("other"), 1, base}).reason, "");
  EXPECT_NE(ask<core::CollectionFailed>(core::CollectWork{key, 1, base, core::CollectFor::landing}).reason,
            "");
  EXPECT_NE(ask<core::CandidateFailed>(core::BuildCandidate{key, base, "nothing", "Merge", {}}).reason, "");
  EXPECT_NE(ask<core::RepositoryPaused>(core::RebuildStaging{nowhere, base, {}}).reason, "");
}

TEST_F(Port, pauses_the_run_when_an_object_of_the_repository_is_gone) {
  const core::AttemptKey key = attempt("login");
  const std::string gone(40, 'f');
  for (const core::RepositoryPaused& pause :
       {ask<core::RepositoryPaused>(core::MakeWorkspace{key, 1, gone}),
        ask<core::RepositoryPaused>(core::BuildCandidate{key, base, gone, "Merge", {}}),
        ask<core::RepositoryPaused>(core::PromoteTarget{base, gone, core::PromoteMode::checkout})}) {
    EXPECT_NE(pause.reason.find("an object of the repository is missing or damaged: "), std::string::npos)
        << pause.reason;
    EXPECT_EQ(pause.kind, core::PauseKind::integrity);
  }
}

TEST_F(Port, makes_workspaces_side_by_side_and_answers_each_once) {
  ask<core::RunWasOpened>(core::OpenRun{scene_run, base});
  constexpr int count = 12;
  for (int i = 0; i < count; ++i)
    port.perform(core::MakeWorkspace{attempt("t" + std::to_string(i)), 1, base});
  const std::vector<engine::Report> reports = mailbox.await(count);
  std::set<core::AttemptKey> made;
  for (const engine::Report& report : reports)
    if (const auto* each = answer<core::WorkspaceWasMade>(report)) made.insert(each->key);
  EXPECT_EQ(made.size(), size_t{count});
}

}  // namespace
}  // namespace pianola::world
