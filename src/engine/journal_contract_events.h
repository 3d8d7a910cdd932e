// The events that tests of journals append.
#pragma once

#include <string>
#include <vector>

#include "core/event.h"

namespace pianola::engine {

// `count` events from number `first` on, as a run has them: the first is run_started.
inline std::vector<core::Recorded> contract_events(uint64_t first, uint64_t count) {
  std::vector<core::Recorded> events;
  for (uint64_t seq = first; seq < first + count; ++seq) {
    core::Recorded recorded{
        .seq = seq, .at = Instant{static_cast<int64_t>(seq)}, .actor = "pianola", .event = {}};
    if (seq == 1) {
      core::RunStarted started;
      started.seed = 0xFEDCBA9876543210U;
      started.run = core::RunId("r1");
      plan::Task task;
      task.id = core::TaskId("t");
      started.plan.tasks = {task};
      recorded.event = started;
    } else {
      recorded.event =
          core::NoteSaid{.task = core::TaskId("t"), .text = "line\n\xFF\x1b" + std::to_string(seq)};
    }
    events.push_back(recorded);
  }
  return events;
}

}  // namespace pianola::engine
