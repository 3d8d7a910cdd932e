// Golden lines of events, on a terminal of 80 columns and on a pipe.
#include <gtest/gtest.h>

#include "view/line.h"
#include "view/notice.h"
#include "view/screen.h"
#include "view/story.h"

namespace pianola::view {
namespace {

using core::Outcome;

constexpr Terminal wide{.width = 80};
constexpr Terminal ascii{.width = 80, .glyphs = Glyphs::ascii};

std::string on(const Terminal& terminal, const Story& story) {
  return joined_lines(event_lines(story.state, story.log.back(), terminal));
}
std::string piped(const Story& story) {
  return piped_line(story.state, story.log.back()).value_or("nothing");
}

Story shop() {
  Story story({{"user-model", {}}, {"session-store", {}, "gpt"}, {"monthly-report", {"user-model"}}});
  story.tell(core::RunOpened{});
  return story;
}

TEST(EventLines, the_heading_names_plan_run_and_agents) {
  const Story story = shop();
  EXPECT_EQ(joined_lines(run_heading(story.state, wide)),
            "plan  tasks.yaml 4be19c2: 3 tasks, 2 waves\n"
            "run   r12 on main 9f3ac21, sealed, 3 jobs\n"
            "with  sonnet for 2 tasks, gpt for 1\n");
}

TEST(EventLines, a_pipe_gets_the_start_in_one_line) {
  const Story story(std::vector<Told>{{"user-model"}}, 1);
  EXPECT_EQ(on(wide, story), "");
  EXPECT_EQ(piped(story), "2026-11-21T13:21:30Z r12 run start main 9f3ac21, 1 task, 1 job, sealed");
}

TEST(EventLines, landed_says_where_the_try_the_time_and_the_money) {
  Story story = shop();
  story.complete("user-model", 580, "51d0c3e000", {.cost_microusd = 523'000});
  EXPECT_EQ(on(wide, story), "13:31:10 ✓ user-model     landed   staging 51d0c3e, try 1, 9:40, $0.52\n");
  EXPECT_EQ(on(ascii, story), "13:31:10 + user-model     landed   staging 51d0c3e, try 1, 9:40, $0.52\n");
  EXPECT_EQ(piped(story), "2026-11-21T13:31:10Z user-model landed staging 51d0c3e, try 1, 9:40, $0.52");
}

TEST(EventLines, the_clock_is_the_readers_and_a_pipe_is_utc) {
  Story story = shop();
  story.complete("user-model", 580, "51d0c3e000");
  Terminal berlin = wide;
  berlin.utc_offset_s = 3'600;
  EXPECT_EQ(on(berlin, story), "14:31:10 ✓ user-model     landed   staging 51d0c3e, try 1, 9:40\n");
  EXPECT_EQ(piped(story), "2026-11-21T13:31:10Z user-model landed staging 51d0c3e, try 1, 9:40");
}

TEST(EventLines, tokens_without_a_price_stand_where_the_money_would) {
  Story story = shop();
  story.complete("user-model", 10, "51d0c3e000", {.tokens_in = 400'000, .tokens_out = 10'000});
  EXPECT_EQ(piped(story), "2026-11-21T13:21:40Z user-model landed staging 51d0c3e, try 1, 0:10, 410k tokens");
}

TEST(EventLines, a_red_gate_shows_the_failing_line_the_command_and_the_retry) {
  Story story = shop();
  story.work("session-store");
  story.pass(695).deliver("session-store");
  story.fail_gates(
      "session-store",
      {.command = "pytest -q tests/test_session.py",
       .exit_value = 1,
       .tail = "..F\nE   assert 3599 == 3600\nFAILED test_expiry: assert 3599 == 3600\n1 failed\n"});
  EXPECT_EQ(on(wide, story),
            "13:33:05 ✗ session-store  red      pytest -q tests/test_session.py: exit 1\n"
            "                          FAILED test_expiry: assert 3599 == 3600\n"
            "                          all of it: pianola logs session-store --gate\n"
            "13:33:05 ↻ session-store  retry    2 of 3 in 30 s, with that output\n");
  EXPECT_EQ(piped(story), "2026-11-21T13:33:05Z session-store red pytest -q tests/test_session.py: exit 1");
}

TEST(EventLines, an_end_that_does_not_count_says_so) {
  Story story = shop();
  story.work("user-model");
  story.tell(
      core::AgentExited{.key = story.key("user-model"), .exit = {.kind = core::ExitKind::lost}, .claim = {}});
  story.collect("user-model", "");
  story.end("user-model", Outcome::lost, "its exit was lost", 90, false);
  EXPECT_EQ(on(wide, story),
            "13:21:30 ✗ user-model     lost     its exit was lost\n"
            "                          all of it: pianola logs user-model\n"
            "13:21:30 ↻ user-model     retry    1 of 3 in 1:30; this one is not counted\n");
}

TEST(EventLines, a_refused_change_and_a_conflict_say_what_the_next_try_gets) {
  Story story = shop();
  story.work("user-model");
  story.give_up("user-model", Outcome::refused, "web/app.tsx is not among its files");
  EXPECT_EQ(on(wide, story),
            "13:21:30 ✗ user-model     refused  web/app.tsx is not among its files\n"
            "                          all of it: pianola logs user-model\n"
            "13:21:30 ↻ user-model     retry    2 of 3 in 30 s, with that reason\n");
  story.pass(30).work("user-model");
  story.deliver("user-model");
  story.tell(core::CandidateStarted{story.key("user-model"), story.state.staging});
  story.end("user-model", Outcome::conflicted, "conflicts with what landed meanwhile: src/a.py", 0, false);
  EXPECT_EQ(on(wide, story),
            "13:22:00 ✗ user-model     conflicted conflicts with what landed meanwhile:\n"
            "                          src/a.py\n"
            "                          all of it: pianola logs user-model\n"
            "13:22:00 ↻ user-model     retry    2 of 3 at once, from today's staging; this\n"
            "                          one is not counted\n");
}

TEST(EventLines, a_state_that_is_further_than_the_event_says_the_same) {
  Story story = shop();
  story.work("user-model");
  story.deliver("user-model");
  const core::Recorded red = story.fail_gates("user-model", {.command = "pytest -q", .exit_value = 1});
  const std::vector<std::string> at_once = event_lines(story.state, red, wide);
  EXPECT_EQ(at_once.size(), 3U);
  story.start("user-model");
  EXPECT_EQ(event_lines(story.state, red, wide), at_once);
  story.end("user-model", Outcome::failed, "no workspace", 30, false);
  story.tell(core::TaskFailed{core::TaskId("user-model"), "2 of 2 attempts: no"});
  EXPECT_EQ(event_lines(story.state, red, wide).front(), at_once.front());
}

TEST(EventLines, the_last_attempt_announces_no_retry) {
  Story story = shop();
  for (int attempt = 1; attempt <= 3; ++attempt) {
    story.work("user-model");
    story.give_up("user-model", Outcome::empty, "it says it is done, and nothing changed");
  }
  EXPECT_EQ(on(wide, story),
            "13:21:30 ✗ user-model     empty    it says it is done, and nothing changed\n"
            "                          all of it: pianola logs user-model\n");
  story.tell(core::TaskFailed{core::TaskId("user-model"), "3 of 3 attempts: nothing changed"});
  EXPECT_EQ(on(wide, story), "13:21:30 ✗ user-model     failed   3 of 3 attempts: nothing changed\n");
  EXPECT_EQ(piped(story), "2026-11-21T13:21:30Z user-model failed 3 of 3 attempts: nothing changed");
  story.tell(core::TaskSkipped{core::TaskId("monthly-report"), core::TaskId("user-model")});
  EXPECT_EQ(on(wide, story), "13:21:30 ⊖ monthly-report skipped  user-model did not land\n");
}

TEST(EventLines, a_stop_by_a_person_is_said_once) {
  Story story = shop();
  story.work("user-model");
  story.tell(core::TaskStopAsked{core::TaskId("user-model")});
  EXPECT_EQ(on(wide, story), "");
  story.tell(core::AttemptEnding{story.key("user-model"), core::EndReason::stopped});
  story.give_up("user-model", Outcome::stopped, "stopped by a person");
  EXPECT_EQ(on(wide, story), "");
  story.tell(core::TaskStopped{core::TaskId("user-model"), "stopped by a person"});
  EXPECT_EQ(on(wide, story), "13:21:30 ⊗ user-model     stopped  by a person, work kept\n");
  story.work("session-store");
  story.give_up("session-store", Outcome::stopped, "stopped by a person");
  EXPECT_EQ(on(wide, story), "13:21:30 ⊗ session-store  stopped  by a person, work kept\n");
}

TEST(EventLines, pause_stop_and_resume_of_the_run) {
  Story story = shop();
  story.tell(core::SupervisorStarted{4711, "0.1.0"});
  EXPECT_EQ(on(wide, story), "");
  story.tell(core::SupervisorStarted{4712, "0.1.0"});
  EXPECT_EQ(on(wide, story), "13:21:30 ◔ r12            reopened by supervisor 4712, pianola 0.1.0\n");
  story.tell(core::RunPaused{"41 MB free on /home"});
  EXPECT_EQ(on(wide, story), "13:21:30 ⚑ r12            paused   41 MB free on /home\n");
  EXPECT_EQ(piped(story), "2026-11-21T13:21:30Z r12 paused 41 MB free on /home");
  story.tell(core::RunResumed{});
  EXPECT_EQ(on(wide, story), "13:21:30 ◔ r12            resumed  0 of 3 landed\n");
  story.tell(core::RunStopping{core::Stopping::finish_running});
  EXPECT_EQ(on(wide, story), "13:21:30 ⊗ r12            stopping no new start, what runs may finish\n");
  story.tell(core::RunStopping{core::Stopping::end_all});
  EXPECT_EQ(on(wide, story), "13:21:30 ⊗ r12            stopping everything is ended, work is kept\n");
}

TEST(EventLines, final_checks_and_promotion) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.tell(core::FinalGatesStarted{story.state.staging});
  EXPECT_EQ(on(wide, story), "13:22:30 ◒ r12          checking 1 final check on 7c2e4d1\n");
  story.tell(core::FinalGatesFinished{story.state.staging, {{.command = "pytest -q", .passed = true}}});
  EXPECT_EQ(on(wide, story), "13:22:30 ✓ r12          green    1 final check on 7c2e4d1\n");
  story.tell(core::PromotionStarted{"9f3ac21d0000", story.state.staging, core::PromoteMode::ask});
  EXPECT_EQ(piped(story), "nothing");
  Story moved = story;
  moved.tell(core::TargetMoved{"abcdef012345"});
  EXPECT_EQ(on(wide, moved),
            "13:22:30 ↻ r12          moved    main is at abcdef0 now; this run is merged with\n"
            "                        it and checked again\n");
  Story left = story;
  left.tell(core::PromotionLeft{"main is checked out at /srv/shop"});
  EXPECT_EQ(on(wide, left), "");
  EXPECT_EQ(
      piped(left),
      "2026-11-21T13:22:30Z r12 left 7c2e4d1 verified, 1 of 1 landed, main not moved: main is checked out "
      "at /srv/shop; pianola promote");
  story.tell(core::TargetPromoted{story.state.staging});
  EXPECT_EQ(piped(story), "nothing");
  story.tell(core::RunFinished{.success = true, .reason = ""});
  EXPECT_EQ(on(wide, story), "");
  EXPECT_EQ(piped(story), "2026-11-21T13:22:30Z r12 done main 7c2e4d1, 1 of 1 landed");
}

TEST(EventLines, red_final_checks_and_a_failed_run) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.tell(core::FinalGatesStarted{story.state.staging});
  story.tell(core::FinalGatesFinished{
      story.state.staging, {{.command = "make check", .timed_out = true, .tail = "building\nlinking\n"}}});
  EXPECT_EQ(on(wide, story),
            "13:22:30 ✗ r12          red      make check: no end within its time limit\n"
            "                        linking\n");
  story.tell(core::RunFinished{.success = false, .reason = "final checks: make check: exit 2"});
  EXPECT_EQ(piped(story), "2026-11-21T13:22:30Z r12 failed final checks: make check: exit 2");
}

TEST(EventLines, bytes_of_a_worker_are_shown_and_never_obeyed) {
  Story story = shop();
  story.work("user-model");
  story.give_up("user-model", Outcome::failed, "\x1b[2Jgone\r\n\xff");
  const std::string shown = "\\x1b[2Jgone\\x0d\\n\\xff";
  EXPECT_NE(on(wide, story).find(shown), std::string::npos) << on(wide, story);
  EXPECT_EQ(piped(story), "2026-11-21T13:21:30Z user-model failed " + shown);
}

TEST(EventLines, colour_marks_glyph_word_and_clock_only) {
  Story story = shop();
  story.complete("user-model", 10, "51d0c3e000");
  const Terminal coloured{.width = 80, .colour = Colour::ansi16};
  EXPECT_EQ(
      on(coloured, story),
      "\x1b[2m13:21:40\x1b[0m \x1b[32m✓\x1b[0m user-model     \x1b[32mlanded\x1b[0m   staging 51d0c3e, try "
      "1, 0:10\n");
}

TEST(FailingLine, prefers_the_word_of_a_test_runner_then_an_error_then_the_last_line) {
  EXPECT_EQ(failing_line("a\nerror: x\nFAILED t::one\nFAILED t::two\nend\n"), "FAILED t::one");
  EXPECT_EQ(failing_line("a\r\nmain.cc:3: error: x\r\nend\r\n"), "main.cc:3: error: x");
  EXPECT_EQ(failing_line("[ RUN      ] A.b\na.cc:3: Failure\n[  FAILED  ] A.b (0 ms)\n1 FAILED TEST\n"),
            "[  FAILED  ] A.b (0 ms)");
  EXPECT_EQ(failing_line("2/3 Test #2: b ....***Failed  0.01 sec\nErrors while running CTest\n"),
            "2/3 Test #2: b ....***Failed  0.01 sec");
  EXPECT_EQ(failing_line("one\n  two  \n\n"), "two");
  EXPECT_EQ(failing_line("\n \n"), "");
  EXPECT_EQ(failing_line(""), "");
}

}  // namespace
}  // namespace pianola::view
