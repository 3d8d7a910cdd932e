// Time. The only place that reads the machine's clocks.
#pragma once

#include <cstdint>

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

}  // namespace pianola::world
