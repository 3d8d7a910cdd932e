#include "sim/fate.h"

#include <utility>

namespace pianola::sim {

Fate::Fate(uint64_t seed, const Swarm& swarm, const Strike& strike)
    : random_(seed), swarm_(swarm), strike_(strike) {}

bool Fate::strikes(Fault fault) {
  const int percent = swarm_.of(fault);
  return percent > 0 && random_.chance(static_cast<uint64_t>(percent));
}

Duration Fate::between_ms(int64_t least, int64_t most) {
  return Duration::from_ms(least +
                           static_cast<int64_t>(random_.below(static_cast<uint64_t>(most - least + 1))));
}

bool Fate::step() {
  if (!alive_) return false;
  ++steps_;
  if (steps_ == crash_at_ || steps_ == strike_.crash_at_step) alive_ = false;
  return alive_;
}

void Fate::begin_supervisor() {
  ++supervisor_;
  alive_ = true;
  arrivals.clear();
  crash_at_ = 0;
  const int percent = swarm_.of(Fault::crash);
  if (percent > 0) crash_at_ = steps_ + 1 + random_.below(1 + 4'000 / static_cast<uint64_t>(percent));
}

void Fate::report(const engine::Report& report, Duration delay) {
  ++reports_;
  if (reports_ == strike_.drop_report) {
    later(Duration::from_s(600), [this] { kill(); });
    return;
  }
  deliver(report, delay);
  if (reports_ == strike_.repeat_report) deliver(report, Duration{delay.ns + 1});
  if (strikes(Fault::report_repeated))
    deliver(report, Duration{delay.ns + between_ms(0, chance(30) ? 900'000 : 2'000).ns});
}

void Fate::deliver(const engine::Report& report, Duration delay) {
  timeline.at(timeline.now() + delay, supervisor_,
              [this, report] { arrivals.push_back({.report = report, .actor = "pianola", .asker = 0}); });
}

void Fate::ask(core::Input input, uint64_t asker) {
  arrivals.push_back({.report = std::move(input), .actor = "user:sim", .asker = asker});
}

void Fate::tell_stored(Duration delay) { deliver(engine::Stored{}, delay); }

void Fate::later(Duration delay, std::function<void()> act) {
  timeline.at(timeline.now() + delay, the_world, std::move(act));
}

}  // namespace pianola::sim
