// The lockfiles that work is made with, while a run goes on.
#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

constexpr Duration long_enough = Duration::from_s(400);

Rehearsal run_of_three(StaleEnvironment stale) {
  Policy policy = jobs(3);
  policy.stale_environment = stale;
  Rehearsal run({task_named("upgrade"), task_named("client"), task_named("docs")}, policy);
  run.state.environment = "old";
  for (TaskRun& task : run.state.tasks) task.attempts.front().environment = "old";
  return run;
}

void build(Rehearsal& run, const std::string& id, const std::string& environment) {
  run.deliver(id);
  run.collect(id, "head-" + id);
  run.tell(CandidateWasBuilt{.key = run.key(id),
                             .commit = "candidate-" + id,
                             .findings = {},
                             .contracts = {},
                             .environment = environment});
}

void land(Rehearsal& run, const std::string& id, const std::string& environment) {
  build(run, id, environment);
  run.check(id, true);
  run.tell(StagingWasMoved{run.key(id), run.attempt(id).candidate});
}

TEST(Environment, that_lands_is_what_later_attempts_are_made_with) {
  Rehearsal run = run_of_three(StaleEnvironment::lands);
  land(run, "upgrade", "new");
  EXPECT_EQ(run.state.environment, "new");
  run.fail("client", FailureClass::crash);
  run.pass(long_enough);
  // It goes on in its workspace, which was made of the old base.
  ASSERT_TRUE(run.attempt("client").reused);
  EXPECT_EQ(run.attempt("client").environment, "old");
}

TEST(Environment, of_before_may_land_where_nobody_forbids_it) {
  Rehearsal run = run_of_three(StaleEnvironment::lands);
  land(run, "upgrade", "new");
  build(run, "client", "");
  EXPECT_EQ(run.attempt("client").stage, Stage::gating);
}

TEST(Environment, of_before_is_a_conflict_that_costs_no_attempt_where_it_is_forbidden) {
  Rehearsal run = run_of_three(StaleEnvironment::conflicts);
  land(run, "upgrade", "new");
  build(run, "client", "");
  const Attempt& before = run.run("client").attempts.front();
  EXPECT_EQ(before.outcome, Outcome::conflicted);
  EXPECT_EQ(before.reason, "the lockfiles are new by now, and this work was made with old");
  EXPECT_EQ(run.run("client").counted_attempts, 0);
  EXPECT_EQ(run.run("client").conflicts, 0) << "the first conflict of a merge is still free";
  EXPECT_EQ(run.attempt("client").number, 2);
  EXPECT_EQ(run.attempt("client").environment, "new");
  build(run, "client", "");
  EXPECT_EQ(run.attempt("client").stage, Stage::gating);
}

TEST(Environment, of_today_needs_a_workspace_of_today_where_another_may_not_land) {
  Rehearsal run = run_of_three(StaleEnvironment::conflicts);
  land(run, "upgrade", "new");
  run.fail("client", FailureClass::crash);
  run.pass(long_enough);
  EXPECT_FALSE(run.attempt("client").reused);
  EXPECT_EQ(run.attempt("client").environment, "new");
}

TEST(Environment, that_a_touched_lockfile_leaves_as_it_was_is_no_change) {
  Rehearsal run = run_of_three(StaleEnvironment::conflicts);
  land(run, "upgrade", "old");
  EXPECT_EQ(run.run("upgrade").attempts.front().new_environment, "");
  build(run, "client", "");
  EXPECT_EQ(run.attempt("client").stage, Stage::gating);
}

TEST(Environment, of_a_run_from_before_it_was_recorded_is_no_reason_to_refuse) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  EXPECT_EQ(run.attempt("a").environment, "");
  run.land("a");
  run.build("b");
  EXPECT_EQ(run.attempt("b").stage, Stage::gating);
}

}  // namespace
}  // namespace pianola::core
