#include "sim/play.h"

#include "core/codec.h"
#include "sim/plan_maker.h"

namespace pianola::sim {

Scenario scenario_of(uint64_t seed, std::optional<Fault> only) {
  Random random(seed ^ 0x5EED5EED5EEDULL);
  Scenario scenario;
  scenario.seed = seed;
  scenario.swarm = draw_swarm(random);
  scenario.run = draw_run(seed, random);
  if (only) {
    scenario.swarm = {};
    scenario.swarm.percent[static_cast<size_t>(*only)] = 25;
  }
  return scenario;
}

Report play_large(size_t tasks, int jobs) {
  Scenario scenario;
  scenario.seed = tasks;
  scenario.run = even_run(tasks, 3, jobs);
  scenario.compare_every = tasks;
  return World(scenario).play();
}

std::string trace_of(uint64_t seed, std::optional<Fault> only) {
  const Scenario scenario = scenario_of(seed, only);
  World world(scenario);
  world.play();
  std::string text;
  for (const core::Recorded& recorded : world.journal()) text += core::encode(recorded, seed) + "\n";
  return text;
}

Report play_twice(uint64_t seed, std::optional<Fault> only) {
  const Scenario scenario = scenario_of(seed, only);
  World first(scenario);
  Report report = first.play();
  if (report.violation) return report;
  World second(scenario);
  const Report again = second.play();
  if (again.hash != report.hash || first.journal() != second.journal()) {
    report.violation = Violation{"deterministic", "two runs of one seed differ"};
  }
  return report;
}

}  // namespace pianola::sim
