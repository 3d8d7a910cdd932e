#include "world/clock.h"

#include <algorithm>
#include <ctime>

namespace pianola::world {

namespace {

int64_t read_ns(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Instant wall_now() { return {read_ns(CLOCK_REALTIME)}; }

Duration since_boot() { return {read_ns(CLOCK_BOOTTIME)}; }

RunClock::RunClock(Instant last_event) : origin_(std::max(last_event, wall_now())), opened_(since_boot()) {}

Instant RunClock::now() { return origin_ + Duration{since_boot().ns - opened_.ns}; }

}  // namespace pianola::world
