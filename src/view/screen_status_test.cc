// Golden texts of `status`, for people and for programs.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "view/screen.h"
#include "view/story.h"

namespace pianola::view {
namespace {

using core::Outcome;

constexpr Terminal wide{.width = 80};

Story busy_run() {
  Story story({{"user-model", {}},
               {"seed-data", {}},
               {"stock-sync", {"user-model"}},
               {"export-csv", {"seed-data"}},
               {"auth-service", {}},
               {"cart-api", {"stock-sync"}}});
  story.tell(core::RunOpened{});
  story.work("seed-data");
  story.work("auth-service");
  story.complete("user-model", 580, "51d0c3e000",
                 {.tokens_in = 10, .tokens_out = 2, .cost_microusd = 520'000});
  story.deliver("seed-data");
  story.fail_gates("seed-data", {.command = "pytest -q", .exit_value = 1});
  story.tell(core::TaskFailed{core::TaskId("seed-data"), "3 of 3 attempts: pytest -q: exit 1"});
  story.pass(1'140).work("stock-sync");
  story.give_up("auth-service", Outcome::crashed, "crash, signal 11");
  story.pass(8);
  return story;
}

Snapshot busy() {
  const Story story = busy_run();
  Activities activities;
  activities[story.key("stock-sync")] = {
      .at = story.now, .text = "edits src/stock/sync.py +38 -4", .usage = {}};
  return story.shown(activities);
}

TEST(StatusText, what_needs_a_person_stands_first) {
  EXPECT_EQ(status_text(busy(), wide, StatusDepth::short_form),
            "r12  running 28:48   shop > main   tasks.yaml 4be19c2   sealed\n"
            "1/6 landed  1 working  1 needs you  1 watched  2 waiting  1 failed  $0.52\n"
            "✗ seed-data    failed  19m  3 of 3 attempts: pytest -q: exit 1, holds 1\n"
            "                            pianola logs seed-data --gate\n"
            "◉ stock-sync   working  8s  edits src/stock/sync.py +38 -4\n"
            "watching: auth-service retry 22 s\n"
            "more: pianola status --all   pianola logs TASK\n");
}

TEST(StatusText, all_lists_every_task_in_plan_order) {
  EXPECT_EQ(status_text(busy(), {.width = 80, .glyphs = Glyphs::ascii}, StatusDepth::all),
            "r12  running 28:48   shop > main   tasks.yaml 4be19c2   sealed\n"
            "1/6 landed  1 working  1 needs you  1 watched  2 waiting  1 failed  $0.52\n"
            "+ user-model   landed  19m  staging 51d0c3e\n"
            "x seed-data    failed  19m  3 of 3 attempts: pytest -q: exit 1, holds 1\n"
            "                            pianola logs seed-data --gate\n"
            "* stock-sync   working  8s  edits src/stock/sync.py +38 -4\n"
            ". export-csv   waiting 28m  after seed-data\n"
            "r auth-service retry    8s  in 22 s, try 2 of 3 after crashed: crash, signal 11\n"
            ". cart-api     waiting 28m  after stock-sync\n");
}

TEST(StatusText, a_pipe_has_one_row_a_line_without_padding) {
  EXPECT_EQ(
      status_text(busy(), {.width = 0}, StatusDepth::short_form),
      "r12 running 28:48, shop > main, tasks.yaml 4be19c2, sealed\n"
      "1/6 landed, 1 working, 1 needs you, 1 watched, 2 waiting, 1 failed, $0.52\n"
      "seed-data failed 19m 3 of 3 attempts: pytest -q: exit 1, holds 1: pianola logs seed-data --gate\n"
      "stock-sync working 8s edits src/stock/sync.py +38 -4\n"
      "watching: auth-service retry 22 s\n"
      "more: pianola status --all   pianola logs TASK\n");
}

TEST(StatusText, what_holds_up_more_needs_a_person_first) {
  Story story({{"a", {}}, {"b", {}}, {"after-b", {"b"}}});
  story.tell(core::RunOpened{});
  story.tell(core::TaskFailed{core::TaskId("a"), "first"});
  story.tell(core::TaskFailed{core::TaskId("b"), "second"});
  const std::string text = status_text(story.shown(), wide, StatusDepth::short_form);
  EXPECT_LT(text.find("✗ b "), text.find("✗ a ")) << text;
  EXPECT_NE(text.find("✗ b            failed   -  second, holds 1\n"), std::string::npos) << text;
}

TEST(StatusText, a_left_run_is_the_first_thing_that_needs_a_person) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.verify();
  story.tell(core::PromotionLeft{"main is checked out at /srv/shop"});
  story.pass(600);
  EXPECT_EQ(status_text(story.shown(), wide, StatusDepth::short_form),
            "r12  paused 1:00   shop > main   tasks.yaml 4be19c2   sealed\n"
            "1/1 landed  1 needs you\n"
            "⚑ r12          paused 10m  main is checked out at /srv/shop\n"
            "                           pianola promote\n"
            "more: pianola status --all   pianola logs TASK\n");
}

TEST(StatusText, a_run_nobody_runs_says_so) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  const Snapshot alone = snapshot(story.state, {}, {.now = story.now, .supervised = false});
  EXPECT_EQ(status_text(alone, wide, StatusDepth::short_form),
            "r12  running 0:00   shop > main   tasks.yaml 4be19c2   sealed\n"
            "0/1 landed  1 needs you  1 ready\n"
            "⚑ r12          running      no supervisor runs it\n"
            "                            pianola resume\n"
            "more: pianola status --all   pianola logs TASK\n");
}

TEST(StatusText, a_promoting_run_says_where_it_is) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.tell(core::FinalGatesStarted{story.state.staging});
  EXPECT_EQ(status_text(story.shown(), wide, StatusDepth::all),
            "r12  promoting 1:00   shop > main   tasks.yaml 4be19c2   sealed\n"
            "1/1 landed\n"
            "final checks on 7c2e4d1\n"
            "✓ one          landed  0s  staging 7c2e4d1\n");
}

TEST(StatusJson, has_the_documented_keys_in_order_and_null_for_unknown) {
  const std::string expected =
      R"({"run":"r12","phase":"running","isolation":"sealed",)"
      R"("summary":{"waiting":2,"working":1,"retry":1,"landed":1,"failed":1},)"
      R"("usage":{"tokens":{"in":10,"out":2,"cached":null},"cost_microusd":520000},)"
      R"("tasks":[{"id":"user-model","state":"landed","attempt":1,"agent":"sonnet","account":null,)"
      R"("isolation":"sealed","since":"2026-11-21T13:31:10Z","elapsed_ms":580000,)"
      R"("tokens":{"in":10,"out":2,"cached":null},"cost_microusd":520000,"last_activity":null,)"
      R"("reason":"staging 51d0c3e","needs":null},)"
      R"({"id":"seed-data","state":"failed","attempt":1,"agent":"sonnet","account":null,)"
      R"("isolation":"sealed","since":"2026-11-21T13:31:10Z","elapsed_ms":580000,)"
      R"("tokens":{"in":null,"out":null,"cached":null},"cost_microusd":null,"last_activity":null,)"
      R"("reason":"3 of 3 attempts: pytest -q: exit 1","needs":"pianola logs seed-data --gate"},)";
  EXPECT_EQ(status_json(busy()).substr(0, expected.size()), expected);
}

TEST(StatusJson, a_task_that_never_started_has_no_elapsed_time_and_a_retry_its_instant) {
  const boost::json::array tasks = boost::json::parse(status_json(busy())).at("tasks").as_array();
  EXPECT_TRUE(tasks[3].at("elapsed_ms").is_null());
  EXPECT_EQ(tasks[4].at("reason").as_string(),
            "starts 2026-11-21T13:50:40Z, try 2 of 3 after crashed: crash, signal 11");
}

TEST(ReportJson, holds_the_figures_of_the_report_and_each_attempt) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.work("one");
  story.pass(30).give_up("one", Outcome::empty, "nothing changed");
  story.pass(30).complete("one", 60, "7c2e4d1000", {.tokens_in = 400, .tokens_out = 10});
  story.promote();
  EXPECT_EQ(
      report_json(story.state, "runs/r12"),
      R"({"run":"r12","phase":"done","left":false,"reason":null,"needs":null,"target":"main",)"
      R"("base":"9f3ac21d0000","verified":"7c2e4d1000","promoted":"7c2e4d1000","isolation":"sealed",)"
      R"("summary":{"tasks":1,"landed":1,"attempts":2},)"
      R"("ends":{"red":0,"refused":0,"conflicted":0,"lost":0,"other":1},)"
      R"("wall_ms":120000,"critical_path_ms":120000,)"
      R"("usage":{"tokens":{"in":400,"out":10,"cached":null},"cost_microusd":null},)"
      R"("unpriced_tokens":410,"logs":"runs/r12","tasks":[{"id":"one","state":"landed",)"
      R"("commit":"7c2e4d1000","reason":"staging 7c2e4d1","needs":null,)"
      R"("usage":{"tokens":{"in":400,"out":10,"cached":null},"cost_microusd":null},)"
      R"("attempts":[{"attempt":1,"agent":"sonnet","environment":null,"outcome":"empty","counted":true,)"
      R"("reason":"nothing changed","elapsed_ms":30000},)"
      R"({"attempt":2,"agent":"sonnet","environment":null,"outcome":"delivered","counted":false,"reason":null,)"
      R"("elapsed_ms":60000}]}]})");
}

TEST(ReportJson, a_left_run_needs_promotion) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.verify();
  story.tell(core::PromotionLeft{"main is checked out"});
  const boost::json::value report = boost::json::parse(report_json(story.state, "runs/r12"));
  EXPECT_EQ(report.at("needs").as_string(), "pianola promote");
  EXPECT_TRUE(report.at("left").as_bool());
  EXPECT_TRUE(report.at("promoted").is_null());
  EXPECT_EQ(report.at("verified").as_string(), "7c2e4d1000");
}

}  // namespace
}  // namespace pianola::view
