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

}  // namespace
}  // namespace pianola::world
