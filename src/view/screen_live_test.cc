// Golden frames of the block that is redrawn in place.
#include <gtest/gtest.h>

#include "view/line.h"
#include "view/screen.h"
#include "view/story.h"

namespace pianola::view {
namespace {

constexpr Terminal wide{.width = 80};
constexpr Terminal ascii{.width = 80, .glyphs = Glyphs::ascii};

std::string block(const Snapshot& snapshot, const Terminal& terminal) {
  return joined_lines(live_block(snapshot, terminal));
}

Snapshot first_minute() {
  Story story({{"user-model", {}},
               {"session-store", {}, "gpt"},
               {"login-service", {"user-model"}},
               {"monthly-report", {"user-model", "session-store"}}});
  story.tell(core::RunOpened{});
  story.work("user-model");
  story.pass(6).spawn("session-store");
  story.pass(2);
  Activities activities;
  activities[story.key("user-model")] = {.at = story.now,
                                         .text = "reads src/models/base.py",
                                         .usage = {.cost_microusd = 9'000},
                                         .context_used = 8'000,
                                         .context_size = 200'000};
  return story.shown(activities);
}

TEST(LiveBlock, a_run_in_its_first_minute) {
  EXPECT_EQ(block(first_minute(), wide),
            "◉ user-model     working   sonnet   4%   0:08  reads src/models/base.py\n"
            "◔ session-store  starting  gpt           0:02  waits for its first word\n"
            "▱▱▱▱▱▱▱▱▱▱ 0/4 landed  2 running  2 waiting  $0.01  0:08\n"
            "Ctrl-C stop starting\n");
}

TEST(LiveBlock, the_ascii_set_has_the_same_words) {
  EXPECT_EQ(block(first_minute(), ascii),
            "* user-model     working   sonnet   4%   0:08  reads src/models/base.py\n"
            ", session-store  starting  gpt           0:02  waits for its first word\n"
            ".......... 0/4 landed  2 running  2 waiting  $0.01  0:08\n"
            "Ctrl-C stop starting\n");
}

TEST(LiveBlock, a_narrow_terminal_gives_up_context_then_agent_then_time) {
  const auto first_row = [](int width) { return live_block(first_minute(), {.width = width}).front(); };
  EXPECT_EQ(first_row(66), "◉ user-model     working   sonnet    0:08  reads src/models/base.…");
  EXPECT_EQ(first_row(58), "◉ user-model     working      0:08  reads src/models/base…");
  EXPECT_EQ(first_row(50), "◉ user-model   working  reads src/models/base.py");
  EXPECT_EQ(first_row(40), "◉ user-model   working  reads src/model…");
}

// One task landed, one waits to retry, one is in its gates, one is being landed.
Snapshot mid_run() {
  Story story({{"model", {}}, {"store", {}}, {"guard", {}}, {"report", {"model"}}, {"page", {"report"}}});
  story.tell(core::RunOpened{});
  story.work("store");
  story.complete("model", 580, "51d0c3e000", {.cost_microusd = 710'000});
  story.deliver("store");
  story.fail_gates("store", {.command = "pytest -q", .exit_value = 1});
  story.work("report");
  story.work("guard");
  story.pass(4).deliver("guard");
  story.gate("guard", "3c1e0d9000");
  return story.shown();
}

TEST(LiveBlock, retry_counts_down_and_says_when_and_why) {
  EXPECT_EQ(block(mid_run(), wide),
            "◉ report       working   sonnet        0:04\n"
            "◒ guard        checking  sonnet        0:04  1 gate on 3c1e0d9\n"
            "↻ store        retry     sonnet        0:26  starts 13:31:40, try 2 of 3 after …\n"
            "▰▰▱▱▱▱▱▱▱▱ 1/5 landed  1 running  1 checking  1 retry  1 waiting  $0.71  9:44\n"
            "Ctrl-C stop starting\n");
}

TEST(LiveBlock, counts_that_do_not_fit_go_by_rank_and_the_time_stays) {
  const auto counts = [](int width) {
    const std::vector<std::string> lines = live_block(mid_run(), {.width = width});
    return lines.at(lines.size() - 2);
  };
  EXPECT_EQ(counts(60), "▰▰▱▱▱▱▱▱▱▱ 1/5 landed  1 running  1 checking  1 retry  9:44");
  EXPECT_EQ(counts(40), "▰▰▱▱▱▱▱▱▱▱ 1/5 landed  1 running  9:44");
}

TEST(LiveBlock, is_at_most_four_lines_less_than_the_terminal_and_counts_the_rest) {
  std::vector<Told> tasks;
  for (int i = 0; i < 30; ++i) tasks.push_back({"task" + std::to_string(i)});
  Story story(tasks, 30);
  story.tell(core::RunOpened{});
  for (const Told& task : tasks) story.work(task.id);
  for (int height = 1; height <= 40; ++height) {
    const auto lines = live_block(story.shown(), {.width = 80, .height = height});
    EXPECT_LE(static_cast<int>(lines.size()), std::max(0, height - 4)) << height;
  }
  const auto lines = live_block(story.shown(), {.width = 80, .height = 10});
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[3], "27 more: pianola status --all");
  EXPECT_EQ(lines[4], "▱▱▱▱▱▱▱▱▱▱ 0/30 landed  30 running  0:00");
}

TEST(LiveBlock, the_end_of_the_run_has_a_row_of_its_own) {
  Story story(one_task());
  story.tell(core::RunOpened{});
  story.complete("one", 60, "7c2e4d1000");
  story.tell(core::FinalGatesStarted{story.state.staging});
  EXPECT_EQ(block(story.shown(), wide),
            "◒ r12          promoting final checks on 7c2e4d1\n"
            "▰▰▰▰▰▰▰▰▰▰ 1/1 landed  1:00\n"
            "Ctrl-C stop starting\n");
}

TEST(LiveBlock, the_foot_says_what_needs_a_person_and_that_the_run_stops) {
  Story story({{"one", {}}, {"two", {}}});
  story.tell(core::RunOpened{});
  story.work("two");
  story.tell(core::TaskFailed{core::TaskId("one"), "no"});
  EXPECT_EQ(live_block(story.shown(), wide).back(), "1 needs you   Ctrl-C stop starting");
  story.tell(core::RunStopping{core::Stopping::finish_running});
  EXPECT_EQ(live_block(story.shown(), wide).back(),
            "1 needs you   stopping, what runs may finish   Ctrl-C leave, agents go on");
  story.tell(core::RunPaused{"41 MB free"});
  EXPECT_EQ(live_block(story.shown(), wide).back(), "2 need you   41 MB free: pianola resume");
}

}  // namespace
}  // namespace pianola::view
