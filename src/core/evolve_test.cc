// The fold: what it refuses, and that a refusal changes nothing.
#include <gtest/gtest.h>

#include <set>

#include "core/codec.h"
#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

// The journal of a run in which nearly everything happens.
std::vector<Recorded> eventful_journal() {
  Policy policy = jobs(2);
  policy.partial = true;
  plan::Task weak = task_named("weak");
  weak.attempts = 1;
  Rehearsal run({task_named("a"), task_named("b"), weak, task_named("after", {"weak"}), task_named("told")},
                policy);
  const auto tell = [&](const Input& input) { EXPECT_TRUE(run.tell(input).has_value()); };
  const auto deliver = [&](const std::string& id, bool well) {
    if (run.attempt(id).stage == Stage::preparing) tell(WorkspaceWasMade{run.key(id)});
    tell(AgentHasSpawned{run.key(id), 7});
    tell(AgentHasProgressed{run.key(id), "s1"});
    Claim claim;
    claim.success = well;
    claim.failure = well ? FailureClass::none : FailureClass::crash;
    tell(AgentHasExited{
        .key = run.key(id), .exit = {.value = well ? 0 : 1, .tree_empty = true}, .claim = claim});
    tell(WorkWasCollected{.key = run.key(id), .head = "head-" + id, .findings = {}});
  };
  tell(SupervisorArrived{1, "v"});
  tell(TaskStopRequested{TaskId("told")});
  tell(SayRequested{TaskId("b"), "soon"});
  deliver("weak", false);
  deliver("a", true);
  tell(CandidateWasBuilt{.key = run.key("a"), .commit = "ca", .findings = {}});
  tell(GatesWereRun{.key = run.key("a"), .commit = "ca", .checks = {Rehearsal::result(true)}});
  tell(StagingWasMoved{run.key("a"), "ca"});
  tell(WorkspaceWasRemoved{TaskId("a"), 1});
  tell(PauseRequested{"a look"});
  tell(ResumeRequested{});
  tell(StopRequested{Stopping::finish_running});
  tell(ResumeRequested{});
  deliver("b", true);
  tell(CandidateWasBuilt{.key = run.key("b"), .commit = "cb", .findings = {}});
  tell(GatesWereRun{.key = run.key("b"), .commit = "cb", .checks = {Rehearsal::result(true)}});
  tell(StagingWasMoved{run.key("b"), "cb"});
  tell(FinalGatesWereRun{"cb", {Rehearsal::result(true)}});
  tell(PromotionWasLeft{"dirty"});
  tell(PromoteRequested{});
  tell(TargetHadMoved{"hotfix", true, run.state.finish.promoting_from});
  tell(StagingWasRebuilt{"merged", "hotfix"});
  tell(FinalGatesWereRun{"merged", {Rehearsal::result(true)}});
  tell(TargetWasPromoted{"merged"});
  return run.log;
}

// Those that say something a second time, or take nothing away by being said.
bool may_come_twice(const Event& event) {
  return std::holds_alternative<SupervisorStarted>(event) || std::holds_alternative<RunResumed>(event) ||
         std::holds_alternative<NoteSaid>(event) || std::holds_alternative<AgentProgressed>(event) ||
         std::holds_alternative<AttemptEnding>(event) || std::holds_alternative<RunStopping>(event) ||
         std::holds_alternative<TaskStopAsked>(event) || std::holds_alternative<TargetMoved>(event) ||
         std::holds_alternative<WorkspaceRemoving>(event) || std::holds_alternative<TargetPromoted>(event) ||
         std::holds_alternative<RebuildStarted>(event);
}

TEST(Evolve, an_eventful_journal_folds_to_the_end) {
  State state;
  std::set<std::string> types;
  for (const Recorded& recorded : eventful_journal()) {
    const auto folded = evolve(state, recorded);
    ASSERT_TRUE(folded.has_value()) << folded.error().text() << " " << event_type(recorded.event);
    types.insert(event_type(recorded.event));
  }
  EXPECT_EQ(state.phase, Phase::done);
  EXPECT_GE(types.size(), 35U) << "the journal of this test is to hold nearly every type of event";
}

TEST(Evolve, a_refused_event_changes_nothing) {
  const std::vector<Recorded> journal = eventful_journal();
  State state;
  size_t refused = 0;
  for (const Recorded& recorded : journal) {
    for (const Recorded& other : journal) {
      State next = state;
      Recorded tried = other;
      tried.seq = state.seq + 1;
      if (evolve(next, tried)) continue;
      ++refused;
      ASSERT_EQ(next, state) << event_type(other.event) << " at " << recorded.seq;
    }
    ASSERT_TRUE(evolve(state, recorded).has_value());
  }
  EXPECT_GT(refused, journal.size() * journal.size() / 2) << "most events fit only one moment";
}

TEST(Evolve, an_outcome_can_be_folded_only_once) {
  State state;
  for (const Recorded& recorded : eventful_journal()) {
    ASSERT_TRUE(evolve(state, recorded).has_value());
    if (may_come_twice(recorded.event)) continue;
    State next = state;
    Recorded again = recorded;
    again.seq = state.seq + 1;
    EXPECT_FALSE(evolve(next, again).has_value()) << event_type(recorded.event);
  }
}

TEST(Evolve, numbers_have_no_gaps) {
  State state;
  const std::vector<Recorded> journal = eventful_journal();
  ASSERT_TRUE(evolve(state, journal[0]).has_value());
  const auto skipped = evolve(state, journal[2]);
  ASSERT_FALSE(skipped.has_value());
  EXPECT_EQ(skipped.error().text(),
            "event 3: the number before it is 1; nothing was changed; look: pianola log tail");
  EXPECT_EQ(skipped.error().kind, ErrorKind::integrity);
}

TEST(Evolve, a_journal_starts_with_its_run) {
  State state;
  const auto folded = evolve(state, {.seq = 1, .at = {}, .actor = "", .event = RunOpened{}});
  ASSERT_FALSE(folded.has_value());
  EXPECT_EQ(folded.error().text(),
            "event 1: a journal starts with run_started; nothing was changed; look: pianola log tail");
}

TEST(Evolve, a_plan_that_cannot_be_is_refused_and_changes_nothing) {
  RunStarted twice;
  twice.run = RunId("r");
  twice.plan.tasks = {task_named("a"), task_named("a")};
  RunStarted lacking = twice;
  lacking.plan.tasks = {task_named("a", {"ghost"})};
  for (const auto& [start, what] :
       {std::pair(twice, "two tasks have one id"), std::pair(lacking, "a dependency is not in the plan")}) {
    State state;
    const auto folded = evolve(state, {.seq = 1, .at = {}, .actor = "", .event = start});
    ASSERT_FALSE(folded.has_value());
    EXPECT_EQ(folded.error().what, what);
    EXPECT_EQ(state, State{});
  }
}

TEST(Evolve, staging_moves_only_to_the_commit_whose_checks_passed) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.check("a", true);
  State next = run.state;
  const auto folded = evolve(
      next, {.seq = next.seq + 1, .at = run.now, .actor = "", .event = TaskLanded{run.key("a"), "other"}});
  ASSERT_FALSE(folded.has_value());
  EXPECT_EQ(folded.error().what, "staging is not at the tested commit");
}

TEST(Evolve, a_workspace_with_unsaved_work_is_not_removed) {
  Rehearsal run({task_named("a")});
  run.launch("a");
  State next = run.state;
  const auto folded = evolve(
      next, {.seq = next.seq + 1, .at = run.now, .actor = "", .event = WorkspaceRemoving{TaskId("a"), 1}});
  ASSERT_FALSE(folded.has_value());
  EXPECT_EQ(folded.error().what, "its work is not saved");
}

TEST(Evolve, time_never_goes_back) {
  Rehearsal run({task_named("a")});
  State next = run.state;
  ASSERT_TRUE(evolve(
      next, {.seq = next.seq + 1, .at = Instant{5}, .actor = "", .event = NoteSaid{TaskId("a"), "x"}}));
  EXPECT_EQ(next.at, run.state.at);
}

}  // namespace
}  // namespace pianola::core
