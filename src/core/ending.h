// How an attempt's end is judged, and what follows for its task.
#pragma once

#include <string>
#include <vector>

#include "core/event.h"
#include "core/state.h"

namespace pianola::core {

// What an attempt came to, before limits are looked at.
struct Ending {
  Outcome outcome = Outcome::failed;
  std::string reason = {};    // one line for people
  std::string feedback = {};  // for the next attempt
  bool counted = true;        // against the task's attempts
  bool failed_start = false;  // against its starts
  std::string pause = {};     // not empty: the run cannot go on without a person, and why
};

// The ending of an attempt that did not claim success or was ended by us.
Ending ending_of_exit(const Attempt& attempt);

// The ending of gates that did not pass, with the tails of the failed checks as feedback.
Ending ending_of_red(const std::vector<CheckResult>& checks);

// The ending of a change that went outside its task's files.
Ending ending_of_findings(const std::vector<std::string>& findings);

// The ending of a change that cannot be merged as it is.
Ending ending_of_conflict(const Attempt& attempt, const std::string& why,
                          const std::vector<std::string>& paths);

// AttemptEnded and what follows at once: the task failed when its attempts or starts are used up, or was
// stopped, or the run pauses. The delay before the next attempt doubles, with jitter from the run's seed.
std::vector<Event> end_attempt(const State& state, const AttemptKey& key, const Ending& ending, Instant now);

}  // namespace pianola::core
