// What people ask, what comes late, and what is refused.
#include <gtest/gtest.h>

#include <functional>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

std::string refusal(Rehearsal& run, const Input& input) {
  const Result<void> told = run.tell(input);
  return told ? "" : told.error().text();
}

// --- stop TASK ---------------------------------------------------------------------------------------------

TEST(StopTask, is_kept_in_every_stage_and_the_task_ends_stopped_without_being_counted) {
  struct Row {
    std::string stage;
    std::function<void(Rehearsal&)> before;
    std::function<void(Rehearsal&)> after;
  };
  const auto collect = [](Rehearsal& run) { run.collect("a", "head"); };
  const auto exit_by_term = [&](Rehearsal& run) {
    EXPECT_EQ(run.one<AttemptEnding>().reason, EndReason::stopped);
    run.exit("a", {}, {.kind = ExitKind::signal, .value = 15, .tree_empty = true});
    run.collect("a", "half");
  };
  const auto nothing = [](Rehearsal&) {};
  const Row rows[] = {
      {"preparing", nothing, [](Rehearsal& run) { run.make("a"); }},
      {"launching", [](Rehearsal& run) { run.make("a"); }, exit_by_term},
      {"starting", [](Rehearsal& run) { run.launch("a"); }, exit_by_term},
      {"working",
       [](Rehearsal& run) {
         run.launch("a");
         run.tell(AgentHasProgressed{run.key("a"), ""});
       },
       exit_by_term},
      {"collecting", [](Rehearsal& run) { run.deliver("a"); }, collect},
      {"building",
       [](Rehearsal& run) {
         run.deliver("a");
         run.collect("a", "head");
       },
       [](Rehearsal& run) {
         run.tell(CandidateWasBuilt{.key = run.key("a"), .commit = "c", .findings = {}});
       }},
      {"gating", [](Rehearsal& run) { run.build("a"); }, [](Rehearsal& run) { run.check("a", true); }},
  };
  for (const Row& row : rows) {
    Rehearsal run({task_named("a")});
    row.before(run);
    ASSERT_EQ(stage_text(run.attempt("a").stage), row.stage);
    EXPECT_TRUE(run.tell(TaskStopRequested{TaskId("a")}).has_value()) << row.stage;
    row.after(run);
    EXPECT_EQ(run.run("a").phase, TaskPhase::stopped) << row.stage;
    EXPECT_EQ(run.attempt("a").outcome, Outcome::stopped) << row.stage;
    EXPECT_EQ(run.run("a").counted_attempts, 0) << row.stage;
    EXPECT_EQ(run.run("a").landed_as, "") << row.stage;
  }
}

TEST(StopTask, ends_a_waiting_or_delayed_task_at_once_and_skips_what_needs_it) {
  Rehearsal run({task_named("a"), task_named("b", {"a"}), task_named("c", {"b"})});
  run.fail("a", FailureClass::crash);
  run.tell(TaskStopRequested{TaskId("a")});
  EXPECT_EQ(run.run("a").phase, TaskPhase::stopped);
  EXPECT_EQ(run.run("b").phase, TaskPhase::skipped);
  EXPECT_EQ(run.run("c").reason, "b did not land");
  EXPECT_EQ(run.state.phase, Phase::failed);
}

TEST(StopTask, is_refused_once_it_is_landing_or_over) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  run.build("a");
  run.check("a", true);
  EXPECT_EQ(refusal(run, TaskStopRequested{TaskId("a")}),
            "a: it is landing; expected a task that waits or runs; pianola status");
  run.tell(StagingWasMoved{run.key("a"), "candidate-a"});
  EXPECT_EQ(refusal(run, TaskStopRequested{TaskId("a")}),
            "a: it is over already; expected a task that waits or runs; pianola status");
}

TEST(StopTask, says_the_nearest_name_of_a_task_that_is_not_there) {
  Rehearsal run({task_named("model"), task_named("page")});
  EXPECT_EQ(refusal(run, TaskStopRequested{TaskId("modle")}),
            "run: no task \"modle\"; expected a task of this run; nearest is model");
  EXPECT_EQ(refusal(run, TaskStopRequested{TaskId("zzzzzzzz")}),
            "run: no task \"zzzzzzzz\"; expected a task of this run; pianola status --all lists them");
  EXPECT_EQ(admit(run.state, TaskStopRequested{TaskId("modle")}, run.now).error().kind, ErrorKind::usage);
}

TEST(StopTask, asked_twice_is_done_once) {
  Rehearsal run({task_named("a")});
  run.launch("a");
  run.tell(TaskStopRequested{TaskId("a")});
  run.tell(TaskStopRequested{TaskId("a")});
  EXPECT_TRUE(run.last.empty());
}

// --- stop, pause, resume
// -------------------------------------------------------------------------------------

TEST(Stop, once_lets_what_runs_finish_and_land_and_starts_nothing) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(1));
  run.launch("a");
  run.tell(StopRequested{Stopping::finish_running});
  EXPECT_FALSE(run.state.paused);
  run.land("a");
  EXPECT_EQ(run.run("a").phase, TaskPhase::landed);
  EXPECT_EQ(run.started(), "");
  EXPECT_TRUE(run.state.paused);
  EXPECT_EQ(run.state.pause_reason, "stopped by a person");
}

TEST(Stop, all_ends_every_agent_keeps_its_work_and_counts_nothing) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  run.launch("a");
  run.launch("b");
  run.tell(StopRequested{Stopping::end_all});
  EXPECT_EQ(run.count<AttemptEnding>(), 2U);
  for (const char* id : {"a", "b"}) {
    run.exit(id, {}, {.kind = ExitKind::signal, .value = 15, .tree_empty = true});
    EXPECT_EQ(run.count<CollectionStarted>(), 1U);
    run.collect(id, "half");
  }
  EXPECT_TRUE(run.state.paused);
  EXPECT_EQ(run.run("a").counted_attempts + run.run("b").counted_attempts, 0);
  run.tell(SupervisorArrived{2, "v"});
  EXPECT_EQ(run.started(), "a b") << "another supervisor goes on at once";
}

TEST(Stop, all_does_not_wait_for_checks_and_a_new_supervisor_runs_them_again) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.tell(StopRequested{Stopping::end_all});
  EXPECT_TRUE(run.state.paused);
  run.tell(GatesFailed{run.key("a"), GateSubject::candidate, "stopped"});
  EXPECT_TRUE(run.last.empty());
  run.tell(SupervisorArrived{2, "v"});
  const std::vector<Command> open = open_commands(run.state);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(std::get<RunGates>(open[0]).commit, "candidate-a");
}

TEST(Stop, is_refused_when_the_run_is_over) {
  Rehearsal run({task_named("a")});
  run.tell(TaskStopRequested{TaskId("a")});
  run.make("a");
  EXPECT_EQ(refusal(run, StopRequested{}), "run: the run is over; expected a running one; pianola status");
}

TEST(Pause, failures_of_the_world_hold_the_run_and_leave_their_intent_open) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.tell(GatesFailed{run.key("a"), GateSubject::candidate, "no space left on device"});
  EXPECT_EQ(run.state.pause_reason, "no space left on device");
  EXPECT_EQ(open_commands(run.state).size(), 1U);
  run.tell(ResumeRequested{});
  EXPECT_FALSE(run.state.paused);
  run.check("a", true);
  EXPECT_EQ(run.count<LandingStarted>(), 1U);
}

TEST(Pause, a_staging_that_somebody_moved_says_where_it_is_and_what_to_do) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.check("a", true);
  run.tell(StagingWasRefused{run.key("a"), "dead"});
  EXPECT_EQ(run.state.pause_reason,
            "refs/pianola/staging/run is at dead, expected at base; put it back: git update-ref "
            "refs/pianola/staging/run base, then: pianola resume");
  EXPECT_EQ(run.attempt("a").stage, Stage::landing);
}

// --- what is said
// --------------------------------------------------------------------------------------------

TEST(Say, a_note_is_kept_for_the_next_prompt_and_has_a_size) {
  Rehearsal run({task_named("a")});
  run.tell(SayRequested{TaskId("a"), "mind the tests"});
  EXPECT_EQ(run.run("a").said, std::vector<std::string>{"mind the tests"});
  run.fail("a", FailureClass::crash);
  run.pass(Duration::from_s(10));
  EXPECT_EQ(run.one<AttemptStarted>().notes, 1);
  EXPECT_EQ(refusal(run, SayRequested{TaskId("a"), ""}),
            "a: a note of 0 bytes; expected 1 to 65536; say it shorter");
  EXPECT_EQ(refusal(run, SayRequested{TaskId("a"), std::string(65'537, 'x')}),
            "a: a note of 65537 bytes; expected 1 to 65536; say it shorter");
}

TEST(Say, a_task_that_is_over_has_no_next_prompt) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(1));
  run.land("a");
  EXPECT_EQ(
      refusal(run, SayRequested{TaskId("a"), "too late"}),
      "a: it is over already, and has no next prompt; expected a task that waits or runs; pianola status");
}

TEST(Start, a_second_start_of_the_run_is_refused) {
  Rehearsal run({task_named("a")});
  EXPECT_EQ(refusal(run, StartRequested{}), "run: the run has started already; pianola resume");
}

// --- the past
// ------------------------------------------------------------------------------------------------

TEST(Fencing, no_report_of_an_earlier_attempt_changes_anything) {
  Rehearsal run({task_named("a")});
  run.fail("a", FailureClass::crash);
  const AttemptKey old = run.key("a");
  run.pass(Duration::from_s(10));
  run.launch("a");
  ASSERT_EQ(run.key("a").number, 2);
  const State before = run.state;
  const Input past[] = {
      WorkspaceWasMade{old},
      WorkspaceFailed{old, "late"},
      AgentHasSpawned{old, 1},
      AgentHasProgressed{old, "s"},
      AgentHasExited{.key = old, .exit = {}, .claim = {}},
      WorkWasCollected{.key = old, .head = "h", .findings = {}},
      CollectionFailed{old, "late"},
      CandidateWasBuilt{.key = old, .commit = "c", .findings = {}},
      CandidateConflicted{old, {}},
      CandidateFailed{old, "late"},
      GatesWereRun{.key = old, .commit = "c", .checks = {Rehearsal::result(true)}},
      GatesFailed{old, GateSubject::candidate, "late"},
      StagingWasMoved{old, "c"},
      StagingWasRefused{old, "c"},
  };
  for (const Input& input : past) {
    const auto events = admit(run.state, input, run.now);
    ASSERT_TRUE(events.has_value());
    EXPECT_TRUE(events->empty()) << input.index();
  }
  EXPECT_EQ(run.state, before);
}

TEST(Fencing, a_report_for_a_stage_that_is_over_changes_nothing) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.exit("a", {}, {});
  EXPECT_TRUE(run.last.empty());
  run.collect("a", "other");
  EXPECT_TRUE(run.last.empty());
  run.tell(StagingWasMoved{run.key("a"), "candidate-a"});
  EXPECT_TRUE(run.last.empty()) << "its checks are still running";
}

TEST(Fencing, checks_of_another_commit_say_nothing) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.tell(GatesWereRun{.key = run.key("a"), .commit = "head-a", .checks = {Rehearsal::result(true)}});
  EXPECT_EQ(run.attempt("a").stage, Stage::gating);
}

}  // namespace
}  // namespace pianola::core
