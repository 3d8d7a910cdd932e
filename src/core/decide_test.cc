// What starts, in which order, and when the engine wakes up.
#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

plan::Task urgent(plan::Task task, int priority) {
  task.priority = priority;
  return task;
}

TEST(Decide, starts_by_priority_then_longest_chain_then_plan_order) {
  Rehearsal run({task_named("late"), task_named("chain"), task_named("link", {"chain"}),
                 urgent(task_named("first"), 1), task_named("last")},
                jobs(8));
  EXPECT_EQ(run.started(), "first chain late last");
}

TEST(Decide, no_more_agents_than_jobs_and_the_next_when_one_is_over) {
  Rehearsal run({task_named("a"), task_named("b"), task_named("c")}, jobs(2));
  EXPECT_EQ(run.started(), "a b");
  EXPECT_EQ(busy_slots(run.state), 2);
  run.make("a");
  EXPECT_EQ(run.started(), "");
  run.deliver("a");
  EXPECT_EQ(run.started(), "c") << "an agent that is over holds no slot, though its work is not landed";
}

TEST(Decide, a_task_starts_from_the_staging_that_holds_its_dependency) {
  Rehearsal run({task_named("model"), task_named("page", {"model"})}, jobs(4));
  EXPECT_EQ(run.started(), "model");
  run.build("model");
  run.check("model", true);
  EXPECT_EQ(run.started(), "") << "green is not landed";
  run.tell(StagingWasMoved{run.key("model"), "candidate-model"});
  EXPECT_EQ(run.started(), "page");
  EXPECT_EQ(run.attempt("page").base, "candidate-model");
}

TEST(Decide, tasks_that_share_a_file_are_never_at_work_together) {
  plan::Task left = task_named("left");
  plan::Task right = task_named("right");
  left.files_write = right.files_write = {"shared.txt"};
  Rehearsal run({left, right, task_named("free")}, jobs(4));
  EXPECT_EQ(run.started(), "left free");
  run.deliver("left");
  run.collect("left", "head-left");
  EXPECT_EQ(run.started(), "") << "its work waits for the train: it is at work still";
  run.tell(CandidateWasBuilt{.key = run.key("left"), .commit = "c", .findings = {}});
  run.check("left", true);
  run.tell(StagingWasMoved{run.key("left"), "c"});
  EXPECT_EQ(run.started(), "right");
}

TEST(Decide, nothing_starts_while_the_run_is_paused_and_what_runs_goes_on) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(1));
  run.launch("a");
  run.tell(PauseRequested{"look first"});
  run.deliver("a");
  EXPECT_EQ(run.count<CollectionStarted>(), 1U);
  run.collect("a", "head");
  EXPECT_EQ(run.started(), "");
  EXPECT_EQ(run.count<CandidateStarted>(), 0U);
  run.tell(ResumeRequested{});
  EXPECT_EQ(run.started(), "b");
  EXPECT_EQ(run.count<CandidateStarted>(), 1U);
}

TEST(Decide, one_candidate_is_on_the_train_at_a_time_in_the_order_of_delivery) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  run.deliver("b");
  run.collect("b", "head-b");
  EXPECT_EQ(run.one<CandidateStarted>().key.task.str(), "b");
  run.deliver("a");
  run.collect("a", "head-a");
  EXPECT_EQ(run.count<CandidateStarted>(), 0U);
  run.tell(CandidateWasBuilt{.key = run.key("b"), .commit = "cb", .findings = {}});
  run.check("b", true);
  run.tell(StagingWasMoved{run.key("b"), "cb"});
  EXPECT_EQ(run.one<CandidateStarted>().staging, "cb");
}

TEST(Decide, an_agent_is_ended_at_its_time_limit_and_told_again_when_no_end_is_reported) {
  plan::Task slow = task_named("slow");
  slow.timeout_ms = 60'000;
  Rehearsal run({slow});
  run.launch("slow");
  EXPECT_EQ(next_deadline(run.state, run.now), run.now + Duration::from_s(60));
  run.pass(Duration::from_s(59));
  EXPECT_EQ(run.count<AttemptEnding>(), 0U);
  run.pass(Duration::from_s(1));
  EXPECT_EQ(run.one<AttemptEnding>().reason, EndReason::task_timeout);
  EXPECT_EQ(next_deadline(run.state, run.now), run.now + Duration::from_s(60));
  run.pass(Duration::from_s(60));
  EXPECT_EQ(run.count<AttemptEnding>(), 1U);
  run.exit("slow", {}, {.kind = ExitKind::signal, .value = 15, .tree_empty = true});
  run.collect("slow", "");
  EXPECT_EQ(run.attempt("slow").outcome, Outcome::timeout);
  EXPECT_EQ(run.run("slow").counted_attempts, 1);
}

TEST(Decide, a_delay_that_is_over_does_not_wake_the_engine_again_and_again) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(1));
  run.fail("a", FailureClass::crash);
  run.launch("b");
  const Instant retry_at = run.run("a").retry_at;
  EXPECT_LT(retry_at, *next_deadline(run.state, run.now)) << "there is no slot for it then";
  run.now = retry_at + Duration::from_s(1);
  run.follow();
  EXPECT_GT(*next_deadline(run.state, run.now), run.now);
}

TEST(Decide, an_agent_goes_on_in_its_workspace_only_when_nothing_lives_in_it) {
  for (const bool empty : {true, false}) {
    Rehearsal run({task_named("a")});
    run.launch("a");
    run.exit("a", {}, {.value = 1, .tree_empty = empty});
    run.collect("a", "head");
    run.pass(Duration::from_s(10));
    EXPECT_EQ(run.one<AttemptStarted>().reused, empty);
    EXPECT_EQ(run.attempt("a").generation, empty ? 1 : 2);
    EXPECT_EQ(run.count<WorkspaceRemoving>(), empty ? 0U : 1U);
  }
}

TEST(Decide, a_workspace_whose_work_was_not_fetched_is_kept) {
  Rehearsal run({task_named("a")});
  run.deliver("a");
  run.tell(CollectionFailed{run.key("a"), "its objects are damaged"});
  run.pass(Duration::from_s(10));
  EXPECT_EQ(run.attempt("a").generation, 2);
  EXPECT_EQ(run.count<WorkspaceRemoving>(), 0U);
  EXPECT_TRUE(run.run("a").workspaces.contains(1));
}

TEST(Decide, the_index_of_tasks_follows_from_their_state) {
  Rehearsal run({task_named("a"), task_named("b", {"a"}), task_named("c")}, jobs(2));
  EXPECT_EQ(run.state.agenda, agenda_of(run.state));
  run.fail("c", FailureClass::crash);
  EXPECT_EQ(run.state.agenda, agenda_of(run.state));
  run.land("a");
  EXPECT_EQ(run.state.agenda, agenda_of(run.state));
  EXPECT_EQ(run.state.agenda.landed, 1U);
}

TEST(Subject, of_a_merge_is_the_task_and_what_may_be_shown_of_its_first_line) {
  plan::Task bare = task_named("a");
  bare.description = "";
  plan::Task odd = task_named("b");
  odd.description = "Do \x1b[31mred\nand more";
  for (const auto& [task, subject] :
       {std::pair{bare, "Merge a"}, std::pair{odd, "Merge b: Do \\x1b[31mred"}}) {
    Rehearsal run({task});
    run.deliver(task.id.str());
    run.collect(task.id.str(), "head");
    const auto command = command_of(run.state, run.one<CandidateStarted>());
    EXPECT_EQ(std::get<BuildCandidate>(*command).subject, subject);
  }
}

}  // namespace
}  // namespace pianola::core
