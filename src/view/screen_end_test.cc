// Golden reports of finished runs.
#include <gtest/gtest.h>

#include "view/figures.h"
#include "view/screen.h"
#include "view/story.h"

namespace pianola::view {
namespace {

using core::Outcome;

constexpr Terminal wide{.width = 80};
const std::string path = ".git/pianola/runs/r12";

// Two chains: model 100 s, then service 200 s; beside them report 50 s.
Story done_run() {
  Story story({{"model", {}}, {"service", {"model"}}, {"report", {}}}, 2);
  story.tell(core::RunOpened{});
  story.work("report");
  story.work("model");
  story.pass(50).deliver("report", {.tokens_in = 9'000, .tokens_out = 1'000, .cost_microusd = 120'000});
  story.fail_gates("report", {.command = "pytest -q", .exit_value = 1});
  story.pass(50).deliver("model", {.tokens_in = 400'000, .tokens_out = 10'000});
  story.land("model", "1111111000");
  story.work("report");
  story.work("service");
  story.pass(200).deliver("service",
                          {.tokens_in = 800'000, .tokens_out = 80'000, .cost_microusd = 6'000'000});
  story.land("service", "2222222000");
  story.deliver("report");
  story.land("report", "7c2e4d1000");
  story.pass(15).promote();
  return story;
}

TEST(EndReport, a_done_run) {
  EXPECT_EQ(end_report(done_run().state, path, wide),
            "done   r12: main is 7c2e4d1, 3 of 3 tasks landed, integration green\n"
            "time   5:15; critical path 5:00 (1.05 x); 2 slots used about 87 %\n"
            "tries  4 for 3 tasks: 1 red gate\n"
            "cost   $6.12 + 410k tokens without a known price; 1.3M tokens in all; 1 try did\n"
            "       not say\n"
            "logs   .git/pianola/runs/r12\n"
            "       all of it: pianola status --run r12 --report\n"
            "undo   pianola undo 61 --run r12 puts main back to 9f3ac21, keeps the work\n");
}

TEST(EndReport, figures_take_the_longest_chain_from_first_attempt_to_landing) {
  const Figures figures = figures_of(done_run().state);
  EXPECT_EQ(figures.wall, Duration::from_s(315));
  ASSERT_TRUE(figures.critical_path.has_value());
  EXPECT_EQ(*figures.critical_path, Duration::from_s(300));
  EXPECT_EQ(figures.slots_used, 87);  // 550 of 630 slot seconds
  EXPECT_EQ(figures.attempts, 4U);
  EXPECT_EQ(figures.unpriced_tokens, 410'000);
}

TEST(EndReport, costs_are_left_out_when_nothing_is_known) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.tell(core::NoteSaid{core::TaskId("one"), "short"});
  story.promote();
  EXPECT_EQ(end_report(story.state, path, {.width = 120}),
            "done   r12: main is 7c2e4d1, 1 of 1 task landed, integration green\n"
            "time   1:00; critical path 1:00 (1.00 x); 3 slots used about 33 %\n"
            "tries  1 for 1 task\n"
            "you    1 note\n"
            "logs   .git/pianola/runs/r12          all of it: pianola status --run r12 --report\n"
            "undo   pianola undo 21 --run r12 puts main back to 9f3ac21, keeps the work\n");
}

TEST(EndReport, a_failed_run_names_each_failed_task_with_its_reason_and_command) {
  Story story({{"model", {}}, {"service", {"model"}}, {"page", {"service"}}, {"report", {}}});
  story.tell(core::RunOpened{});
  story.complete("report", 60, "51d0c3e000");
  story.work("model");
  story.deliver("model");
  story.fail_gates("model", {.command = "pytest -q", .exit_value = 1});
  story.tell(core::TaskFailed{core::TaskId("model"), "3 of 3 attempts: pytest -q: exit 1"});
  story.tell(core::TaskSkipped{core::TaskId("service"), core::TaskId("model")});
  story.tell(core::TaskSkipped{core::TaskId("page"), core::TaskId("service")});
  story.tell(core::RunFinished{.success = false, .reason = "3 of 4 tasks did not land"});
  EXPECT_EQ(end_report(story.state, path, wide),
            "failed r12: main is not moved, 1 of 4 tasks landed\n"
            "why    3 of 4 tasks did not land\n"
            "task   model: 3 of 3 attempts: pytest -q: exit 1\n"
            "       pianola logs model --gate\n"
            "skip   2 tasks did not start: service page\n"
            "time   1:00; critical path 1:00 (1.00 x); 3 slots used about 33 %\n"
            "tries  2 for 4 tasks: 1 red gate\n"
            "logs   .git/pianola/runs/r12\n"
            "       all of it: pianola status --run r12 --report\n");
}

TEST(EndReport, red_final_checks_show_their_line_and_their_file) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "51d0c3e000");
  story.tell(core::FinalGatesStarted{story.state.staging});
  story.tell(core::FinalGatesFinished{story.state.staging,
                                      {{.command = "pytest -q",
                                        .exit_value = 1,
                                        .tail = "FAILED test_both: assert 1 == 2\n",
                                        .log_path = "final/1/0.log"}}});
  story.tell(core::RunFinished{.success = false, .reason = "final checks: pytest -q: exit 1"});
  EXPECT_EQ(end_report(story.state, path, wide),
            "failed r12: main is not moved, 1 of 1 task landed\n"
            "why    final checks: pytest -q: exit 1\n"
            "gate   pytest -q: exit 1\n"
            "       FAILED test_both: assert 1 == 2\n"
            "       all of it: .git/pianola/runs/r12/final/1/0.log\n"
            "time   1:00; critical path 1:00 (1.00 x); 3 slots used about 33 %\n"
            "tries  1 for 1 task\n"
            "logs   .git/pianola/runs/r12\n"
            "       all of it: pianola status --run r12 --report\n");
}

TEST(EndReport, a_left_run_says_why_and_ends_with_the_command_that_promotes) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.verify();
  story.tell(core::PromotionLeft{"main is checked out at /srv/shop"});
  EXPECT_EQ(end_report(story.state, path, wide),
            "left   r12: main is not moved, 1 of 1 task landed, integration green\n"
            "why    main is checked out at /srv/shop\n"
            "time   1:00; critical path 1:00 (1.00 x); 3 slots used about 33 %\n"
            "tries  1 for 1 task\n"
            "logs   .git/pianola/runs/r12\n"
            "       all of it: pianola status --run r12 --report\n"
            "next   pianola promote\n");
}

TEST(EndReport, a_paused_run_and_one_whose_agents_go_on) {
  Story story({{"one", {}}, {"two", {}}});
  story.tell(core::RunOpened{});
  story.work("one");
  EXPECT_EQ(end_report(story.state, path, wide),
            "open   r12: 0 of 2 tasks landed, 1 agent at work\n"
            "time   0:00\n"
            "tries  1 for 2 tasks\n"
            "logs   .git/pianola/runs/r12\n"
            "       all of it: pianola status --run r12 --report\n"
            "next   pianola status\n");
  story.pass(20).tell(core::RunPaused{"stopped by a person"});
  EXPECT_EQ(end_report(story.state, path, wide),
            "paused r12: main is not moved, 0 of 2 tasks landed\n"
            "why    stopped by a person\n"
            "time   0:20; 3 slots used about 33 %\n"
            "tries  1 for 2 tasks\n"
            "logs   .git/pianola/runs/r12\n"
            "       all of it: pianola status --run r12 --report\n"
            "next   pianola resume\n");
}

TEST(EndReport, more_than_twenty_failed_tasks_are_counted) {
  std::vector<Told> tasks;
  for (int i = 0; i < 23; ++i) tasks.push_back({"task" + std::to_string(i)});
  Story story(tasks);
  story.tell(core::RunOpened{});
  for (const Told& task : tasks) story.tell(core::TaskFailed{core::TaskId(task.id), "no"});
  EXPECT_NE(end_report(story.state, path, wide).find("       and 3 more: pianola status --all\n"),
            std::string::npos);
}

TEST(EndReport, on_a_pipe_nothing_is_padded_or_wrapped) {
  const std::string report = end_report(done_run().state, path, {.width = 0});
  EXPECT_EQ(report.find("  "), std::string::npos) << report;
  EXPECT_NE(report.find("\nlogs .git/pianola/runs/r12\nall of it: "), std::string::npos) << report;
}

}  // namespace
}  // namespace pianola::view
