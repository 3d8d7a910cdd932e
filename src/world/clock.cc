#include "world/clock.h"

#include <sched.h>
#include <sys/random.h>

#include <algorithm>
#include <cstdlib>
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

uint64_t random_seed() {
  uint64_t seed = 0;
  while (::getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed)) {
  }
  return seed;
}

int core_count() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  return ::sched_getaffinity(0, sizeof cores, &cores) == 0 ? std::max(CPU_COUNT(&cores), 1) : 1;
}

RunClock::RunClock(Instant last_event) : origin_(std::max(last_event, wall_now())), opened_(since_boot()) {}

Instant RunClock::now() { return origin_ + Duration{since_boot().ns - opened_.ns}; }

std::string ClockWatch::look(Instant wall, Instant run) {
  constexpr Duration worth_telling = Duration::from_s(60);
  const auto size = [](Duration span) { return Duration{std::abs(span.ns)}; };
  const Duration ahead = wall - run;
  if (size(Duration{ahead.ns - told_.ns}) < worth_telling) return {};
  told_ = ahead;
  if (size(ahead) < worth_telling) return "the machine's clock agrees with the run's again";
  return "the machine's clock is " + span_text(size(ahead)) + (ahead.ns < 0 ? " behind" : " ahead of") +
         " the run's, which goes on as it was; the order of events is that of their numbers";
}

}  // namespace pianola::world
