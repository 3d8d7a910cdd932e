#include "world/clock.h"

#include <gtest/gtest.h>

namespace pianola::world {
namespace {

TEST(RunClock, never_goes_back_behind_the_last_event) {
  const Instant future = wall_now() + Duration::from_s(3'600);
  RunClock clock(future);
  Instant last = clock.now();
  EXPECT_GE(last, future);
  for (int i = 0; i < 1'000; ++i) {
    const Instant next = clock.now();
    ASSERT_GE(next, last);
    last = next;
  }
  EXPECT_LT(last, future + Duration::from_s(600));
}

TEST(RunClock, starts_at_the_wall_clock_when_the_events_are_older) {
  const Instant before = wall_now();
  RunClock clock(Instant{1});
  EXPECT_GE(clock.now(), before);
  EXPECT_LT(clock.now(), before + Duration::from_s(600));
}

TEST(ClockWatch, tells_once_of_a_clock_that_is_set) {
  ClockWatch watch;
  const Instant run{1'000'000'000'000};
  const auto looked = [&](int64_t ahead_s) { return watch.look(run + Duration::from_s(ahead_s), run); };
  EXPECT_EQ(looked(0), "");
  EXPECT_EQ(looked(59), "");
  EXPECT_EQ(looked(-59), "");
  EXPECT_EQ(looked(3'600),
            "the machine's clock is 1:00:00 ahead of the run's, which goes on as it was; "
            "the order of events is that of their numbers");
  EXPECT_EQ(looked(3'601), "");
  EXPECT_EQ(looked(-7'200),
            "the machine's clock is 2:00:00 behind the run's, which goes on as it was; "
            "the order of events is that of their numbers");
  EXPECT_EQ(looked(1), "the machine's clock agrees with the run's again");
  EXPECT_EQ(looked(2), "");
}

}  // namespace
}  // namespace pianola::world
