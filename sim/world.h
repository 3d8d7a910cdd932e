// The fake world of one run: every port of the engine on one seed and virtual time. A supervisor that dies
// is followed by another, which knows the journal and nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "sim/fake_journal.h"
#include "sim/fake_processes.h"
#include "sim/fake_repository.h"
#include "sim/people.h"

namespace pianola::sim {

struct Scenario {
  uint64_t seed = 0;
  core::RunStarted run;
  Swarm swarm;
  Strike strike;
  // State and journal are compared after every so many turns; 1 is always.
  uint64_t compare_every = 1;
};

struct Report {
  std::optional<Violation> violation;
  uint64_t hash = 0;  // over all events and effects
  uint64_t turns = 0;
  uint64_t events = 0;
  uint64_t steps = 0;
  uint64_t appends = 0;
  uint64_t reports = 0;
  int supervisors = 0;
  std::string ending;  // how the run stands at the end
};

class World final : public engine::Clock, public engine::Inbox, public engine::Viewer {
 public:
  explicit World(const Scenario& scenario);
  ~World() override;

  // Plays the run: with faults, then without, to its end.
  Report play();
  const std::vector<core::Recorded>& journal() const { return watch_.journal(); }

  Instant now() override;
  std::vector<engine::Arrival> wait(std::optional<Instant> until) override;
  void answer(uint64_t asker, const engine::Reply& reply) override;
  void hold() override {}
  void turned(const core::State& state, const std::vector<core::Recorded>& events,
              const engine::Activities& activities) override;

 private:
  bool goes_on() const;
  void turn();
  void raise_supervisor();
  void lose_supervisor();
  void wait_for_next_supervisor();
  void plan_outside_acts();
  std::vector<engine::Arrival> take_arrivals();
  Instant to_world(Instant run_time) const;

  const Scenario& scenario_;
  Fate fate_;
  GitModel git_;
  Watch watch_;
  Grounds grounds_;
  FakeJournal journal_;
  FakeProcesses processes_;
  FakeRepository repository_;
  People people_;
  std::unique_ptr<engine::Engine> engine_;
  bool something_arrived_ = false;
  Instant opened_world_;  // when this supervisor came, in world time
  Instant opened_run_;    // the same moment on the run's clock
  Duration wall_offset_;
  Instant calm_at_;
  bool calm_ = false;
  uint64_t turns_ = 0;
  uint64_t calm_turns_ = 0;
  uint64_t since_compared_ = 0;
};

}  // namespace pianola::sim
