#include "view/snapshot.h"

#include <gtest/gtest.h>

#include "view/look.h"
#include "view/reasons.h"
#include "view/story.h"

namespace pianola::view {
namespace {

using core::Outcome;

TEST(Snapshot, a_task_is_waiting_until_its_dependencies_landed_and_names_them) {
  Story story({{"model", {}}, {"service", {"model"}}, {"page", {"model", "service"}}});
  story.tell(core::RunOpened{});
  EXPECT_EQ(story.word("service"), "waiting");
  EXPECT_EQ(story.row("service").reason, "after model");
  EXPECT_EQ(story.row("page").reason, "after model, service");
  EXPECT_EQ(story.row("model").state, "ready");
  EXPECT_EQ(story.row("model").reason, "starts next");
  story.complete("model", 60, "51d0c3e00");
  EXPECT_EQ(story.word("service"), "ready");
  EXPECT_EQ(story.row("service").since, story.now);
  EXPECT_EQ(story.row("page").reason, "after service");
}

TEST(Snapshot, many_missing_dependencies_are_counted) {
  Story story({{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}, {"e", {}}, {"all5", {"a", "b", "c", "d", "e"}}});
  EXPECT_EQ(story.row("all5").reason, "after a, b, c and 2 more");
}

TEST(Snapshot, a_ready_task_says_what_it_waits_for) {
  Story story({{"one", {}}, {"two", {}}}, 1);
  EXPECT_EQ(story.row("one").reason, "the run is being opened");
  story.tell(core::RunOpened{});
  story.start("one");
  EXPECT_EQ(story.row("two").reason, "waits for a slot, 1 of 1 used");
  story.tell(core::RunPaused{"no space"});
  EXPECT_EQ(story.row("two").reason, "the run is paused");
  story.tell(core::RunResumed{});
  story.tell(core::RunStopping{core::Stopping::finish_running});
  EXPECT_EQ(story.row("two").reason, "the run is stopping");
}

TEST(Snapshot, a_ready_task_names_the_rival_that_touches_the_same_files) {
  Story told({{"one", {}}, {"two", {}}});
  core::RunStarted run = std::get<core::RunStarted>(told.log.front().event);
  run.plan.tasks[1].files_write = run.plan.tasks[0].files_write;
  core::State state;
  ASSERT_TRUE(core::evolve(state, {.seq = 1, .at = told.now, .actor = "pianola", .event = run}));
  told.state = state;
  told.tell(core::RunOpened{});
  told.start("one");
  EXPECT_EQ(told.row("two").reason, "waits for one, which touches the same files");
}

TEST(Snapshot, every_stage_of_an_attempt_has_its_word_and_its_reason) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  const auto expect = [&](const std::string& word, const std::string& reason) {
    const TaskRow row = story.row("one");
    EXPECT_EQ(row.state, word) << reason;
    EXPECT_EQ(row.reason, reason);
    EXPECT_EQ(row.since, story.now);
    EXPECT_NO_FATAL_FAILURE(look_of(row.state));
  };
  story.start("one");
  expect("starting", "workspace is being made");
  story.tell(core::WorkspaceMade{story.key("one")});
  expect("starting", "workspace ready");
  story.tell(core::AgentLaunched{story.key("one"), "sha"});
  expect("starting", "agent is being started");
  story.tell(core::AgentSpawned{story.key("one"), 1});
  expect("starting", "waits for its first word");
  story.pass(4).tell(core::AgentProgressed{story.key("one"), "555e"});
  expect("working", "");
  core::Claim claim;
  claim.success = true;
  story.pass(60).tell(
      core::AgentExited{.key = story.key("one"), .exit = {.tree_empty = true}, .claim = claim});
  expect("checking", "its work is being fetched");
  story.collect("one", "5ea339b");
  expect("checking", "its gates start next");
  story.tell(core::CandidateStarted{story.key("one"), story.state.staging});
  expect("checking", "is merged onto staging 9f3ac21");
  core::CandidateBuilt built;
  built.key = story.key("one");
  built.commit = "3c1e0d9aaaa";
  story.tell(built);
  expect("checking", "candidate 3c1e0d9, gates start");
  story.tell(core::GatesStarted{.key = story.key("one")});
  expect("checking", "1 gate on 3c1e0d9");
  story.pass_gates("one");
  expect("landing", "gates green on 3c1e0d9");
  story.tell(core::LandingStarted{story.key("one")});
  expect("landing", "staging moves to 3c1e0d9");
  story.tell(core::TaskLanded{story.key("one"), "3c1e0d9aaaa"});
  expect("landed", "staging 3c1e0d9");
}

TEST(Snapshot, red_on_the_candidate_with_a_moved_staging_is_still_checking) {
  Story story({{"one", {}}, {"two", {}}});
  story.tell(core::RunOpened{});
  story.work("one");
  story.complete("two", 5, "2222222222");
  story.deliver("one");
  story.gate("one", "3c1e0d9aaaa");
  story.tell(core::GatesFinished{.key = story.key("one"), .checks = {{.command = "t", .exit_value = 1}}});
  EXPECT_EQ(story.row("one").state, "checking");
  EXPECT_EQ(story.row("one").reason, "red with what landed meanwhile");
  story.tell(core::GatesStarted{.key = story.key("one"), .subject = core::GateSubject::head});
  EXPECT_EQ(story.row("one").state, "checking");
  EXPECT_EQ(story.row("one").reason, "red with what landed meanwhile; its gates run on it alone");
}

TEST(Snapshot, the_second_in_the_queue_says_what_is_before_it) {
  Story story({{"one", {}}, {"two", {}}});
  story.tell(core::RunOpened{});
  story.work("one");
  story.work("two");
  story.deliver("one");
  story.deliver("two");
  EXPECT_EQ(story.row("two").reason, "1 change to check before it");
}

TEST(Snapshot, an_agent_that_is_being_ended_says_why) {
  Story story({{"one", {}}, {"two", {}}});
  story.tell(core::RunOpened{});
  story.work("one");
  story.work("two");
  story.tell(core::AttemptEnding{story.key("one"), core::EndReason::task_timeout});
  story.tell(core::AttemptEnding{story.key("two"), core::EndReason::stopped});
  EXPECT_EQ(story.row("one").state, "working");
  EXPECT_EQ(story.row("one").reason, "is being ended: its time limit");
  EXPECT_EQ(story.row("two").reason, "is being ended: stopped by a person");
}

TEST(Snapshot, retry_names_the_class_the_try_and_its_time_and_is_ready_after_it) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.work("one");
  story.deliver("one");
  story.fail_gates("one", {.command = "pytest -q", .exit_value = 1});
  EXPECT_EQ(story.row("one").state, "retry");
  EXPECT_EQ(story.row("one").reason, "try 2 of 3 after red: pytest -q: exit 1");
  EXPECT_EQ(story.row("one").wakes_at, story.now + Duration::from_s(30));
  EXPECT_EQ(story.row("one").needs, "");
  story.pass(30);
  EXPECT_EQ(story.row("one").state, "ready");
  EXPECT_EQ(story.row("one").wakes_at, std::nullopt);
  EXPECT_EQ(story.row("one").since, story.now);
}

TEST(Snapshot, a_failed_task_needs_a_look_at_its_logs_and_skips_what_needs_it) {
  Story story({{"one", {}}, {"two", {"one"}}, {"three", {"two"}}});
  story.tell(core::RunOpened{});
  story.work("one");
  story.deliver("one");
  story.fail_gates("one", {.command = "pytest -q", .exit_value = 1});
  story.tell(core::TaskFailed{core::TaskId("one"), "1 of 1 attempts: pytest -q: exit 1"});
  EXPECT_EQ(story.row("one").state, "failed");
  EXPECT_EQ(story.row("one").needs, "pianola logs one --gate");
  EXPECT_EQ(story.row("one").holds, 2);
  story.tell(core::TaskSkipped{core::TaskId("two"), core::TaskId("one")});
  EXPECT_EQ(story.row("two").state, "skipped");
  EXPECT_EQ(story.row("two").reason, "one did not land");
  EXPECT_EQ(story.row("two").since, std::nullopt);
  EXPECT_EQ(story.row("one").holds, 0);
  EXPECT_EQ(story.row("two").holds, 1);
}

TEST(Snapshot, a_task_whose_agent_failed_points_at_the_agents_log) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.work("one");
  story.give_up("one", Outcome::crashed, "crash, signal 11");
  story.tell(core::TaskFailed{core::TaskId("one"), "1 of 1 attempts: crash, signal 11"});
  EXPECT_EQ(story.row("one").needs, "pianola logs one");
}

TEST(Snapshot, a_stopped_task_says_who) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.tell(core::TaskStopAsked{core::TaskId("one")});
  story.tell(core::TaskStopped{core::TaskId("one"), "stopped by a person"});
  EXPECT_EQ(story.row("one").state, "stopped");
  EXPECT_EQ(story.row("one").reason, "stopped by a person");
}

TEST(Snapshot, a_run_that_is_over_retries_nothing) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.work("one");
  story.give_up("one", Outcome::timeout, "the run's time limit");
  story.tell(core::RunFinished{.success = false, .reason = "the run's time limit"});
  EXPECT_EQ(story.row("one").state, "failed");
  EXPECT_EQ(story.row("one").reason, "timeout: the run's time limit");
  EXPECT_EQ(story.row("one").needs, "pianola logs one");
  EXPECT_EQ(story.row("one").wakes_at, std::nullopt);
}

TEST(Snapshot, holds_counts_each_waiting_task_once) {
  // base <- left, right <- top: top needs base by two ways.
  Story story({{"base", {}}, {"left", {"base"}}, {"right", {"base"}}, {"top", {"left", "right"}}});
  story.tell(core::RunOpened{});
  EXPECT_EQ(story.row("base").holds, 3);
  EXPECT_EQ(story.row("left").holds, 1);
  EXPECT_EQ(story.row("top").holds, 0);
  story.complete("base", 5, "1111111111");
  EXPECT_EQ(story.row("base").holds, 0);
}

TEST(Snapshot, a_run_needs_a_person_when_it_is_left_or_paused_or_nobody_runs_it) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  EXPECT_EQ(story.shown().needs, "");
  const Snapshot alone = snapshot(story.state, {}, {.now = story.now, .supervised = false});
  EXPECT_EQ(alone.reason, "no supervisor runs it");
  EXPECT_EQ(alone.needs, "pianola resume");
  story.tell(core::RunPaused{"41 MB free"});
  EXPECT_EQ(story.shown().phase, "paused");
  EXPECT_EQ(story.shown().reason, "41 MB free");
  EXPECT_EQ(story.shown().needs, "pianola resume");
  story.tell(core::RunResumed{});
  story.complete("one", 10, "1111111111");
  story.tell(core::FinalGatesStarted{story.state.staging});
  EXPECT_EQ(story.shown().phase, "promoting");
  EXPECT_EQ(story.shown().reason, "final checks on 1111111");
  story.tell(core::FinalGatesFinished{story.state.staging, {{.command = "t", .passed = true}}});
  EXPECT_EQ(story.shown().reason, "final checks green on 1111111");
  story.tell(core::PromotionStarted{"9f3ac21d0000", story.state.staging, core::PromoteMode::ask});
  EXPECT_EQ(story.shown().reason, "main moves to 1111111");
  story.tell(core::PromotionLeft{"main is checked out"});
  EXPECT_EQ(story.shown().phase, "paused");
  EXPECT_EQ(story.shown().reason, "main is checked out");
  EXPECT_EQ(story.shown().needs, "pianola promote");
  EXPECT_EQ(story.shown().finished_at, story.now);
}

TEST(Snapshot, how_a_paused_run_goes_on_is_said_once) {
  EXPECT_EQ(without_remedy("agent a: not logged in; mend the account, then: pianola resume"),
            "agent a: not logged in; mend the account");
  EXPECT_EQ(without_remedy("a lock; expected none; then: pianola resume"), "a lock; expected none");
  EXPECT_EQ(without_remedy("then: pianola resume"), "");
  EXPECT_EQ(without_remedy("41 MB free"), "41 MB free");
  EXPECT_EQ(without_remedy("see pianola resume --help"), "see pianola resume --help");
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.tell(core::RunPaused{"main was rewritten; put it back, then: pianola resume"});
  EXPECT_EQ(story.shown().reason, "main was rewritten; put it back");
  EXPECT_EQ(story.shown().needs, "pianola resume");
}

TEST(Snapshot, a_moved_target_is_said_while_staging_follows) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 10, "1111111111");
  story.verify();
  story.tell(core::TargetMoved{"abcdef0123"});
  EXPECT_EQ(story.shown().reason, "main has moved; staging is merged with it");
}

TEST(Snapshot, activity_fills_what_the_journal_does_not_hold) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.work("one");
  story.pass(72);
  Activities activities;
  activities[story.key("one")] = {.at = story.now,
                                  .text = "reads src/a.py",
                                  .usage = {.tokens_in = 900, .tokens_out = 100},
                                  .context_used = 18'000,
                                  .context_size = 200'000};
  const Snapshot shown = story.shown(activities);
  EXPECT_EQ(shown.tasks[0].last_activity, "reads src/a.py");
  EXPECT_EQ(shown.tasks[0].context_used, 18'000);
  EXPECT_EQ(shown.tasks[0].elapsed_ms, 72'000);
  EXPECT_EQ(shown.usage.tokens_in, 900);
  EXPECT_EQ(shown.usage.cost_microusd, -1);
  // The claim at the end counts instead of what was seen on the way, never beside it.
  story.deliver("one", {.tokens_in = 1'000, .tokens_out = 120, .cost_microusd = 520'000});
  EXPECT_EQ(story.shown(activities).usage.tokens_in, 1'000);
  EXPECT_EQ(story.shown(activities).usage.cost_microusd, 520'000);
}

TEST(Snapshot, usage_sums_all_attempts_and_stays_unknown_when_none_says) {
  Story story({{"one", {}}, {"two", {}}});
  story.tell(core::RunOpened{});
  story.work("one");
  story.deliver("one", {.tokens_in = 10, .tokens_out = 5, .cost_microusd = 100});
  story.fail_gates("one", {.command = "t", .exit_value = 1});
  story.pass(30).complete("one", 10, "1111111111", {.tokens_in = 20, .tokens_out = 6, .cost_microusd = 300});
  story.complete("two", 10, "2222222222");
  EXPECT_EQ(story.row("one").usage,
            (core::Usage{.tokens_in = 30, .tokens_out = 11, .tokens_cached = -1, .cost_microusd = 400}));
  EXPECT_EQ(story.row("two").usage, core::Usage{});
  EXPECT_EQ(story.row("one").attempt, 2);
}

TEST(Snapshot, the_summary_leaves_out_words_with_no_task) {
  Story story({{"one", {}}, {"two", {"one"}}, {"three", {"one"}}});
  story.tell(core::RunOpened{});
  story.work("one");
  EXPECT_EQ(story.shown().summary, (std::map<std::string, int>{{"working", 1}, {"waiting", 2}}));
  EXPECT_EQ(story.shown().target, "main");
  EXPECT_EQ(story.shown().isolation, "sealed");
}

TEST(Snapshot, the_clock_never_shows_less_than_what_has_happened) {
  Story story(one_task());
  story.pass(60).tell(core::RunOpened{});
  const Snapshot behind = snapshot(story.state, {}, {.now = Story::beginning, .supervised = true});
  EXPECT_EQ(behind.now, story.now);
}

}  // namespace
}  // namespace pianola::view
