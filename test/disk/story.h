// What a run said and wrote down, and that it goes on from there.
#pragma once

#include <string>
#include <vector>

#include "core/event.h"
#include "test/campaign/playground.h"

namespace pianola::disk {

// A landing that the program told people of.
struct Landing {
  std::string task;
  std::string commit;  // abbreviated
};

// The landings in what `run --plain` or `resume --plain` printed.
std::vector<Landing> landings_in(const std::string& output);

// The events of the run's journal, none when there is none yet. A journal that cannot be read is a failure.
std::vector<core::Recorded> events_of(const campaign::Playground& playground);

struct GoneOn {
  int lost = 0;             // of the landings that were said
  bool was_locked = false;  // a lock of git had to be removed, as the program told
};

// What was said is in the journal, its commits are there, and a supervisor that nothing disturbs ends the
// run: every event stays, every landing that was said is part of the target, and all else that holds for a
// run. `said` is what the disturbed one printed; `what` ends the message of a failure.
GoneOn expect_goes_on(const campaign::Playground& playground, const std::string& said,
                      const std::string& what);

}  // namespace pianola::disk
