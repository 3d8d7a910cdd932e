// The simulator itself: that it repeats, that its parts keep their word, and that it gets everywhere.
#include <gtest/gtest.h>

#include <set>

#include "core/codec.h"
#include "engine/journal_contract.h"
#include "plan/conflict.h"
#include "sim/exhaustive.h"
#include "sim/plan_maker.h"
#include "sim/planted.h"
#include "sim/play.h"

namespace pianola::sim {
namespace {

// The journal in memory, under the contract of the one on disk.
class FakeSubject {
 public:
  ~FakeSubject() { EXPECT_FALSE(watch_.violation()) << watch_.violation()->text(); }

  Result<std::unique_ptr<engine::Journal>> open() {
    fate_.calm();
    fate_.begin_supervisor();
    read_back_ = watch_.journal();
    return std::unique_ptr<engine::Journal>(std::make_unique<FakeJournal>(fate_, watch_));
  }
  const std::vector<core::Recorded>& read_back() const { return read_back_; }
  void fail_next_sync() { fate_.raise(Fault::append_fails); }
  // It has no lines that could be torn.
  void tear() {}

 private:
  GitModel git_{1, {}};
  Watch watch_{core::RunStarted{}, git_};
  Fate fate_{1, {}, {}};
  std::vector<core::Recorded> read_back_;
};

TEST(Sim, a_seed_plays_the_same_every_time_and_seeds_differ) {
  const Report first = play_twice(7);
  EXPECT_FALSE(first.violation.has_value());
  EXPECT_EQ(first.hash, play_twice(7).hash);
  EXPECT_NE(first.hash, play_twice(8).hash);
  EXPECT_EQ(trace_of(7), trace_of(7));
}

TEST(Sim, seeds_reach_every_type_of_event_and_every_way_to_end) {
  std::set<size_t> types;
  std::set<std::string> phases;
  std::set<core::Outcome> outcomes;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    const Scenario scenario = scenario_of(seed);
    World world(scenario);
    const Report report = world.play();
    ASSERT_FALSE(report.violation.has_value()) << seed << " " << report.violation->text();
    phases.insert(report.ending.substr(0, report.ending.find(':')));
    for (const core::Recorded& recorded : world.journal()) {
      types.insert(recorded.event.index());
      const auto* ended = std::get_if<core::AttemptEnded>(&recorded.event);
      if (ended != nullptr) outcomes.insert(ended->outcome);
    }
  }
  EXPECT_EQ(types.size() + 1, std::variant_size_v<core::Event>) << "all but WorkspaceSaved, which gc writes";
  EXPECT_EQ(phases, (std::set<std::string>{"done", "failed", "paused"}));
  EXPECT_EQ(outcomes.size(), 11U) << "all but delivered, which lands";
}

TEST(Sim, each_fault_alone_is_survived) {
  for (size_t fault = 0; fault < fault_count; ++fault) {
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      const Report report = play_twice(seed, static_cast<Fault>(fault));
      ASSERT_FALSE(report.violation.has_value())
          << "pianola_sim --seed " << seed << " --fault " << fault_text(static_cast<Fault>(fault)) << "  # "
          << report.violation->text();
    }
  }
}

TEST(Sim, a_calm_run_lands_everything) {
  const Report report = play_large(300, 8);
  EXPECT_FALSE(report.violation.has_value());
  EXPECT_EQ(report.ending, "done");
  EXPECT_EQ(report.supervisors, 1);
}

TEST(Sim, the_turns_of_a_run_grow_with_its_tasks_and_not_faster) {
  const Report small = play_large(100, 8);
  const Report large = play_large(1'000, 8);
  EXPECT_LE(large.turns, 12 * small.turns);
  EXPECT_LE(large.events, 12 * small.events);
}

TEST(Sim, faults_have_names) {
  for (size_t fault = 0; fault < fault_count; ++fault) {
    EXPECT_EQ(fault_named(fault_text(static_cast<Fault>(fault))), static_cast<Fault>(fault));
  }
  EXPECT_FALSE(fault_named("rain").has_value());
}

TEST(Sim, nothing_is_planted_in_the_ordinary_program) {
  EXPECT_TRUE(planted_names().empty());
  EXPECT_FALSE(plant("land-on-red"));
}

TEST(PlanMaker, its_idea_of_sharing_is_the_plans_idea_of_a_conflict) {
  size_t pairs = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const core::RunStarted run = scenario_of(seed).run;
    std::set<std::pair<core::TaskId, core::TaskId>> conflicts;
    for (const plan::Conflict& conflict : plan::conflicts(run.plan)) {
      conflicts.emplace(conflict.first, conflict.second);
    }
    for (const plan::Task& a : run.plan.tasks) {
      for (const plan::Task& b : run.plan.tasks) {
        if (!conflicts.contains({a.id, b.id})) continue;
        ++pairs;
        EXPECT_TRUE(share_something(a, b)) << seed << " " << a.id.str() << " " << b.id.str();
      }
    }
  }
  EXPECT_GT(pairs, 100U);
}

TEST(Timeline, happens_in_the_order_of_time_then_of_asking_and_forgets_the_dead) {
  Timeline timeline;
  std::string seen;
  const Instant now = timeline.now();
  const Owner alive = 2;
  timeline.at(now + Duration::from_s(2), the_world, [&] { seen += "c"; });
  timeline.at(now + Duration::from_s(1), alive, [&] { seen += "a"; });
  timeline.at(now + Duration::from_s(1), alive, [&] { seen += "b"; });
  timeline.at(now, 1, [&] { seen += "dead"; });
  while (timeline.next(alive)) timeline.run_next(alive);
  EXPECT_EQ(seen, "abc");
  EXPECT_EQ(timeline.now(), now + Duration::from_s(2));
}

TEST(GitModel, equal_merges_are_the_equal_commit) {
  GitModel git(1, {});
  const CommitNumber head = git.commit_patch(git.target, {.task = 0, .attempt = 1, .base = git.target});
  const GitModel::Merge merge{.onto = git.target, .other = head, .at = Instant{5}, .task = 0, .attempt = 1};
  EXPECT_EQ(git.merge(merge), git.merge(merge));
  GitModel::Merge later = merge;
  later.at = Instant{6};
  EXPECT_NE(git.merge(merge), git.merge(later));
}

TEST(GitModel, two_changes_that_are_green_alone_may_be_red_together_until_one_has_seen_the_other) {
  GitModel git(1, {.conflict = 0, .red_paired = 100, .final_red = 0, .renamed = 0});
  const CommitNumber base = git.target;
  const CommitNumber left = git.commit_patch(base, {.task = 0, .attempt = 1, .base = base});
  const CommitNumber right = git.commit_patch(base, {.task = 1, .attempt = 1, .base = base});
  EXPECT_TRUE(git.is_green(left, GitModel::Suite::task));
  EXPECT_TRUE(git.is_green(right, GitModel::Suite::task));
  const auto both = git.merge({.onto = left, .other = right, .at = {}, .task = 1, .attempt = 1});
  ASSERT_TRUE(both.has_value());
  EXPECT_FALSE(git.is_green(*both, GitModel::Suite::task));
  const CommitNumber aware = git.commit_patch(left, {.task = 1, .attempt = 2, .base = left});
  EXPECT_TRUE(git.is_green(aware, GitModel::Suite::task));
}

TEST(GitModel, changes_that_clash_do_not_merge) {
  GitModel git(1, {.conflict = 100, .red_paired = 0, .final_red = 0, .renamed = 0});
  const CommitNumber base = git.target;
  const CommitNumber left = git.commit_patch(base, {.task = 0, .attempt = 1, .base = base});
  const CommitNumber right = git.commit_patch(base, {.task = 1, .attempt = 1, .base = base});
  EXPECT_FALSE(git.merge({.onto = left, .other = right, .at = {}, .task = 1, .attempt = 1}).has_value());
  EXPECT_TRUE(git.is_ancestor(base, left));
  EXPECT_FALSE(git.is_ancestor(left, right));
}

}  // namespace
}  // namespace pianola::sim

namespace pianola::engine {
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, JournalContract, sim::FakeSubject);
}  // namespace pianola::engine
