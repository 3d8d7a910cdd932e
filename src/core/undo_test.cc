// A promotion taken back by a person.
#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

Rehearsal promoted() {
  Rehearsal run({task_named("a")});
  run.land("a");
  run.check_all(true);
  run.tell(TargetWasPromoted{"candidate-a"});
  run.tell(WorkspaceWasRemoved{TaskId("a"), 1});
  return run;
}

uint64_t last_promotion(const Rehearsal& run) { return run.state.finish.promotions.back().seq; }

TEST(Undo, goes_from_where_the_promotion_led_to_where_it_came_from) {
  Rehearsal run = promoted();
  const uint64_t seq = last_promotion(run);
  ASSERT_TRUE(run.tell(UndoRequested{seq}));
  const auto& started = run.one<UndoStarted>();
  EXPECT_EQ(started.from, "candidate-a");
  EXPECT_EQ(started.to, "base");
  const Command command = PutTargetBack{.of = seq, .from = "candidate-a", .to = "base"};
  EXPECT_EQ(command_of(run.state, started), command);
  EXPECT_EQ(open_commands(run.state), std::vector<Command>{command});
  run.tell(TargetWasPutBack{seq, "base"});
  EXPECT_EQ(run.state.phase, Phase::left);
  EXPECT_TRUE(is_over(run.state));
  EXPECT_TRUE(open_commands(run.state).empty());
  EXPECT_EQ(find_promotion(run.state, seq)->undone_by, run.state.seq);
}

TEST(Undo, is_once_and_of_the_last_promotion_only) {
  Rehearsal run = promoted();
  const uint64_t seq = last_promotion(run);
  EXPECT_FALSE(run.tell(UndoRequested{seq - 1}));
  EXPECT_FALSE(run.tell(UndoRequested{9'999}));
  ASSERT_TRUE(run.tell(UndoRequested{seq}));
  ASSERT_TRUE(run.tell(UndoRequested{seq}));  // the same, while it is under way
  EXPECT_TRUE(run.last.empty());
  run.tell(TargetWasPutBack{seq, "base"});
  const auto again = run.tell(UndoRequested{seq});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::usage);
  EXPECT_NE(again.error().what.find("undone already"), std::string::npos);
}

TEST(Undo, leaves_a_run_that_can_be_promoted_again_and_undone_again) {
  Rehearsal run = promoted();
  const uint64_t first = last_promotion(run);
  run.tell(UndoRequested{first});
  run.tell(TargetWasPutBack{first, "base"});
  ASSERT_TRUE(run.tell(PromoteRequested{PromoteMode::checkout}));
  run.tell(TargetWasPromoted{"candidate-a"});
  EXPECT_EQ(run.state.phase, Phase::done);
  const uint64_t second = last_promotion(run);
  EXPECT_NE(first, second);
  EXPECT_EQ(find_promotion(run.state, second)->from, "base");
  EXPECT_TRUE(run.tell(UndoRequested{second}));
}

TEST(Undo, that_is_left_changes_nothing_and_may_be_asked_for_again) {
  Rehearsal run = promoted();
  const uint64_t seq = last_promotion(run);
  run.tell(UndoRequested{seq});
  run.tell(UndoWasLeft{seq, "main is at x"});
  EXPECT_EQ(run.state.phase, Phase::done);
  EXPECT_EQ(run.state.finish.undo_refusal, "main is at x");
  EXPECT_TRUE(open_commands(run.state).empty());
  run.tell(TargetWasPutBack{seq, "base"});  // late
  EXPECT_EQ(run.state.phase, Phase::done);
  EXPECT_TRUE(run.tell(UndoRequested{seq}));
  EXPECT_EQ(run.state.finish.undo_refusal, "");
}

TEST(Undo, is_not_of_a_run_that_was_left_or_still_runs) {
  Rehearsal run({task_named("a")});
  EXPECT_FALSE(run.tell(UndoRequested{1}));
  run.land("a");
  run.check_all(true);
  run.tell(PromotionWasLeft{"checked out"});
  EXPECT_FALSE(run.tell(UndoRequested{run.state.seq}));
}

}  // namespace
}  // namespace pianola::core
