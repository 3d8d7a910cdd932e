// Where the run takes place: the repository, its workspaces, and the plan that is carried out.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/event.h"
#include "engine/ports.h"
#include "sim/fate.h"
#include "sim/git_model.h"
#include "sim/watch.h"

namespace pianola::sim {

// What stands in a workspace: where it started and what was committed in it.
struct Desk {
  CommitNumber base = no_commit;
  CommitNumber head = no_commit;
};

struct Grounds {
  Fate& fate;
  GitModel& git;
  Watch& watch;
  const core::RunStarted& run;
  std::map<core::TaskId, size_t> places;
  std::map<std::pair<size_t, int>, Desk> desks;  // by task and generation

  size_t place(const core::TaskId& task) const { return places.at(task); }
  const plan::Task& task(size_t place) const { return run.plan.tasks[place]; }

  // Answers after `delay`, and lets the oracle know.
  void tell(const engine::Report& report, Duration delay) {
    watch.told(report);
    fate.report(report, delay);
  }
  void tell(const engine::Report& report) {
    tell(report, fate.between_ms(1, fate.chance(20) ? 20'000 : 300));
  }
};

}  // namespace pianola::sim
