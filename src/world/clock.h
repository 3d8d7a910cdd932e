// Time. The only place that reads the machine's clocks.
#pragma once

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "engine/ports.h"

namespace pianola::world {

// The wall clock, as it stands; may step either way.
Instant wall_now();

// CLOCK_BOOTTIME: since the machine was started, going on while it sleeps; never steps.
Duration since_boot();

// 64 bits from the system (getrandom(2)): the seed of a new run.
uint64_t random_seed();

// Cores this process may run on (sched_getaffinity(2)), at least 1.
int core_count();

// The clock of one run: at open the later of the last recorded event and the wall clock, then advanced by
// since_boot() alone. So it never goes back, neither within a process nor from one supervisor to the next.
class RunClock : public engine::Clock {
 public:
  explicit RunClock(Instant last_event);
  Instant now() override;

 private:
  Instant origin_;
  Duration opened_;
};

// False for a wall clock before 2020, which nobody has set.
constexpr bool is_set(Instant wall) { return wall >= Instant{int64_t{1'577'836'800} * 1'000'000'000}; }

// Tells of a wall clock that is set while a run goes on, or that lies behind what the run has recorded.
class ClockWatch {
 public:
  // What people should know since the last look, both clocks read just now; "" mostly.
  std::string look(Instant wall, Instant run);

 private:
  Duration told_;  // how far the wall clock is ahead of the run's
};

}  // namespace pianola::world
