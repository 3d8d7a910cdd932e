// What the fakes share: one generator, one timeline, the supervisor's life and what is on its way to it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "base/random.h"
#include "engine/ports.h"
#include "sim/fault.h"
#include "sim/timeline.h"

namespace pianola::sim {

// Faults at a place that is counted, not drawn: the exhaustive scenarios. 0 is never.
struct Strike {
  uint64_t crash_at_step = 0;
  uint64_t fail_append = 0;
  uint64_t drop_report = 0;
  uint64_t repeat_report = 0;
};

class Fate {
 public:
  Fate(uint64_t seed, const Swarm& swarm, const Strike& strike);

  // True when `fault` strikes now. Draws nothing when it is off.
  bool strikes(Fault fault);
  uint64_t below(uint64_t bound) { return random_.below(bound); }
  bool chance(uint64_t percent) { return random_.chance(percent); }
  Duration between_ms(int64_t least, int64_t most);
  // From now on `fault` strikes every time.
  void raise(Fault fault) { swarm_.percent[static_cast<size_t>(fault)] = 100; }
  // Faults off, for the liveness phase.
  void calm() { swarm_ = Swarm{}; }
  const Swarm& swarm() const { return swarm_; }

  // The supervisor's next step: false when it is dead, which it may become right here. A dead one's calls
  // change nothing.
  bool step();
  bool is_alive() const { return alive_; }
  void kill() { alive_ = false; }
  void begin_supervisor();
  Owner supervisor() const { return supervisor_; }
  uint64_t steps() const { return steps_; }
  uint64_t reports() const { return reports_; }
  // The place of the append about to be tried, from 1.
  uint64_t next_append() { return ++appends_; }
  const Strike& strike() const { return strike_; }

  // Sends a report to the present supervisor; it is lost when that dies before it arrives.
  void report(const engine::Report& report, Duration delay);
  void ask(core::Input input, uint64_t asker);
  // The journal's word to the present supervisor; never lost while that lives.
  void tell_stored(Duration delay);
  // Something the world does by itself.
  void later(Duration delay, std::function<void()> act);

  Timeline timeline;
  std::deque<engine::Arrival> arrivals;

 private:
  void deliver(const engine::Report& report, Duration delay);

  Random random_;
  Swarm swarm_;
  Strike strike_;
  bool alive_ = false;
  Owner supervisor_ = 0;
  uint64_t steps_ = 0;
  uint64_t reports_ = 0;
  uint64_t appends_ = 0;
  uint64_t crash_at_ = 0;
};

}  // namespace pianola::sim
