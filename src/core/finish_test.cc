// The end of a run: final checks, promotion, a target that moves, limits.
#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

// A run of one task that has landed and passed the final checks; the promotion is asked for.
Rehearsal promoting() {
  Rehearsal run({task_named("a")});
  run.land("a");
  run.check_all(true);
  return run;
}

TEST(Finish, the_target_moves_to_exactly_the_commit_the_final_checks_passed_on) {
  Rehearsal run({task_named("a")});
  run.land("a");
  EXPECT_EQ(run.one<FinalGatesStarted>().commit, "candidate-a");
  run.check_all(true);
  const auto& promotion = run.one<PromotionStarted>();
  EXPECT_EQ(promotion.from, "base");
  EXPECT_EQ(promotion.to, "candidate-a");
  run.tell(TargetWasPromoted{"candidate-a"});
  EXPECT_EQ(run.state.phase, Phase::done);
  EXPECT_FALSE(next_deadline(run.state, run.now).has_value());
}

TEST(Finish, red_final_checks_end_the_run_with_the_check_named) {
  Rehearsal run({task_named("a")});
  run.land("a");
  run.check_all(false);
  EXPECT_EQ(run.state.phase, Phase::failed);
  EXPECT_EQ(run.state.finish.reason, "final checks: test it: exit 1");
  EXPECT_EQ(run.count<PromotionStarted>(), 0U);
}

TEST(Finish, final_checks_of_another_commit_say_nothing) {
  Rehearsal run({task_named("a")});
  run.land("a");
  run.tell(FinalGatesWereRun{"base", {Rehearsal::result(true)}});
  EXPECT_EQ(run.state.phase, Phase::final_gates);
}

TEST(Finish, no_checks_at_all_are_not_a_pass) { EXPECT_FALSE(all_green({})); }

TEST(Finish, a_task_that_did_not_land_ends_the_run_without_a_promotion) {
  plan::Task weak = task_named("weak");
  weak.attempts = 1;
  Rehearsal run({task_named("a"), weak}, jobs(2));
  run.land("a");
  run.fail("weak", FailureClass::crash);
  EXPECT_EQ(run.state.phase, Phase::failed);
  EXPECT_EQ(run.state.finish.reason, "1 of 2 tasks did not land");
}

TEST(Finish, partial_promotes_what_landed_and_nothing_when_nothing_did) {
  plan::Task weak = task_named("weak");
  weak.attempts = 1;
  Policy policy = jobs(2);
  policy.partial = true;
  Rehearsal run({task_named("a"), weak}, policy);
  run.land("a");
  run.fail("weak", FailureClass::crash);
  EXPECT_EQ(run.one<FinalGatesStarted>().commit, "candidate-a");
  Rehearsal none({weak}, policy);
  none.fail("weak", FailureClass::crash);
  EXPECT_EQ(none.state.finish.reason, "1 of 1 tasks did not land");
}

TEST(Finish, a_task_that_only_reads_lands_nothing_and_is_landed) {
  plan::Task reader = task_named("reader");
  reader.mode = plan::Mode::read;
  Rehearsal run({reader});
  run.deliver("reader");
  run.collect("reader", "");
  run.tell(CandidateWasBuilt{.key = run.key("reader"), .commit = "base", .findings = {}});
  run.check("reader", true);
  run.tell(StagingWasMoved{run.key("reader"), "base"});
  EXPECT_EQ(run.run("reader").phase, TaskPhase::landed);
  EXPECT_EQ(run.state.staging, "base");
}

// --- promotion
// -----------------------------------------------------------------------------------------------

TEST(Promotion, that_is_left_waits_for_a_person_and_can_be_asked_for_again) {
  Rehearsal run = promoting();
  run.tell(PromotionWasLeft{"main is checked out with changes"});
  EXPECT_EQ(run.state.phase, Phase::left);
  EXPECT_EQ(run.state.finish.reason, "main is checked out with changes");
  run.tell(PromoteRequested{PromoteMode::checkout});
  EXPECT_EQ(run.one<PromotionStarted>().mode, PromoteMode::checkout);
  run.tell(TargetWasPromoted{"candidate-a"});
  EXPECT_EQ(run.state.phase, Phase::done);
}

TEST(Promotion, is_refused_where_nothing_waits_for_it) {
  Rehearsal run({task_named("a")});
  const Result<void> told = run.tell(PromoteRequested{});
  ASSERT_FALSE(told.has_value());
  EXPECT_EQ(told.error().text(),
            "run: nothing waits for promotion; expected a run that ended verified and left; pianola status");
}

TEST(Promotion, a_target_that_moved_on_is_merged_and_everything_checked_again) {
  Rehearsal run = promoting();
  run.tell(TargetHadMoved{"hotfix", true, run.state.finish.promoting_from});
  EXPECT_EQ(run.one<RebuildStarted>().target, "hotfix");
  EXPECT_EQ(run.one<RebuildStarted>().staging, "candidate-a");
  run.tell(StagingWasRebuilt{"merged", "hotfix", "newer"});
  EXPECT_EQ(run.state.environment, "newer");
  EXPECT_EQ(run.one<FinalGatesStarted>().commit, "merged");
  EXPECT_EQ(run.state.finish.verified, "");
  run.check_all(true);
  EXPECT_EQ(run.one<PromotionStarted>().from, "hotfix");
  EXPECT_EQ(run.one<PromotionStarted>().to, "merged");
}

TEST(Promotion, a_report_of_an_earlier_promotion_says_nothing) {
  Rehearsal run = promoting();
  const std::string base = run.state.finish.promoting_from;
  run.tell(TargetHadMoved{"hotfix", true, base});
  run.tell(StagingWasRebuilt{"merged", "hotfix"});
  run.check_all(true);
  run.tell(TargetHadMoved{"hotfix", true, base});
  EXPECT_TRUE(run.last.empty());
  run.tell(TargetWasPromoted{"merged"});
  EXPECT_EQ(run.state.phase, Phase::done);
}

TEST(Promotion, is_not_left_by_a_report_of_an_earlier_one_while_staging_is_rebuilt) {
  Rehearsal run = promoting();
  run.tell(TargetHadMoved{"hotfix", true, run.state.finish.promoting_from});
  run.tell(PromotionWasLeft{"checked out with changes"});
  EXPECT_TRUE(run.last.empty());
  run.tell(StagingWasRebuilt{"merged", "hotfix"});
  EXPECT_EQ(run.state.staging, "merged");
}

TEST(Promotion, a_report_of_an_earlier_rebuild_says_nothing) {
  Rehearsal run = promoting();
  run.tell(TargetHadMoved{"hotfix", true, run.state.finish.promoting_from});
  run.tell(StagingWasRebuilt{"merged", "hotfix"});
  run.check_all(true);
  run.tell(TargetHadMoved{"newer", true, run.state.finish.promoting_from});
  run.tell(StagingWasRebuilt{"merged", "hotfix"});
  EXPECT_TRUE(run.last.empty());
  run.tell(RebuildConflicted{{}, "hotfix"});
  EXPECT_TRUE(run.last.empty());
}

TEST(Promotion, a_target_that_conflicts_with_the_run_is_left_with_the_path) {
  Rehearsal run = promoting();
  run.tell(TargetHadMoved{"hotfix", true, run.state.finish.promoting_from});
  run.tell(RebuildConflicted{{"a.txt", "b.txt"}, "hotfix"});
  EXPECT_EQ(run.state.phase, Phase::left);
  EXPECT_EQ(run.state.finish.reason,
            "refs/heads/main has moved to hotfix and conflicts with this run in a.txt and 1 more");
}

TEST(Promotion, a_target_that_was_rewritten_holds_the_run) {
  Rehearsal run = promoting();
  run.tell(TargetHadMoved{"other", false, run.state.finish.promoting_from});
  EXPECT_EQ(run.state.pause_reason,
            "refs/heads/main was rewritten or deleted during the run; put it back at base or a descendant, "
            "then: pianola resume");
  EXPECT_TRUE(std::holds_alternative<PromoteTarget>(open_commands(run.state).back()));
}

TEST(Promotion, a_target_that_keeps_moving_is_left_after_five_rebuilds_and_tried_again_when_asked) {
  Rehearsal run = promoting();
  for (int time = 1; time <= 5; ++time) {
    run.tell(TargetHadMoved{"hotfix" + std::to_string(time), true, run.state.finish.promoting_from});
    run.tell(StagingWasRebuilt{"merged" + std::to_string(time), "hotfix" + std::to_string(time)});
    run.check_all(true);
  }
  run.tell(TargetHadMoved{"again", true, run.state.finish.promoting_from});
  EXPECT_EQ(run.state.phase, Phase::left);
  EXPECT_EQ(run.state.finish.reason, "refs/heads/main keeps moving");
  run.tell(PromoteRequested{PromoteMode::checkout});
  run.tell(TargetHadMoved{"again", true, run.state.finish.promoting_from});
  EXPECT_EQ(run.count<RebuildStarted>(), 1U) << "who asks once more gets new tries";
}

TEST(Promotion, a_stop_while_the_target_waits_to_be_merged_comes_to_rest) {
  Rehearsal run = promoting();
  run.tell(StopRequested{Stopping::finish_running});
  EXPECT_FALSE(run.state.paused);
  run.tell(TargetHadMoved{"hotfix", true, run.state.finish.promoting_from});
  EXPECT_TRUE(run.state.paused);
  run.tell(ResumeRequested{});
  EXPECT_EQ(run.count<RebuildStarted>(), 1U);
}

// --- the run's time limit
// --------------------------------------------------------------------------------------

TEST(Limit, of_the_run_ends_the_agents_without_counting_and_then_the_run) {
  Policy policy = jobs(1);
  policy.run_timeout_ms = 60'000;
  Rehearsal run({task_named("a"), task_named("b")}, policy);
  run.launch("a");
  EXPECT_EQ(next_deadline(run.state, run.now), run.now + Duration::from_s(60));
  run.pass(Duration::from_s(60));
  EXPECT_EQ(run.one<AttemptEnding>().reason, EndReason::run_timeout);
  run.exit("a", {}, {.kind = ExitKind::signal, .value = 15, .tree_empty = true});
  run.collect("a", "half");
  EXPECT_EQ(run.run("a").counted_attempts, 0);
  EXPECT_EQ(run.state.phase, Phase::failed);
  EXPECT_EQ(run.state.finish.reason, "the run's time limit");
}

TEST(Limit, of_the_run_lets_what_was_delivered_land_and_does_not_spin_meanwhile) {
  Policy policy = jobs(2);
  policy.run_timeout_ms = 60'000;
  Rehearsal run({task_named("a"), task_named("b")}, policy);
  run.fail("b", FailureClass::crash);
  run.build("a");
  run.pass(Duration::from_s(61));
  EXPECT_EQ(run.started(), "") << "no new attempt after the limit";
  EXPECT_FALSE(next_deadline(run.state, run.now).has_value());
  run.check("a", true);
  run.tell(StagingWasMoved{run.key("a"), "candidate-a"});
  EXPECT_EQ(run.run("a").phase, TaskPhase::landed);
  EXPECT_EQ(run.state.phase, Phase::failed);
}

}  // namespace
}  // namespace pianola::core
