// How an attempt's end is judged, and what follows for its task.
#pragma once

#include <optional>
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

// What the task's present attempt has come to by what is known of it, none while it goes on. Read off the
// state alone, so that a journal that was cut after any of its events leads to the same end.
std::optional<Ending> verdict(const State& state, size_t place);

// What becomes of a task whose last attempt is over, or that never had one: stopped, or failed because its
// attempts or starts are used up; none while it may start again.
std::optional<Event> settlement(const State& state, size_t place);

// The ending of an attempt whose work could not be taken in, `why`. How it ended itself comes first.
Ending ending_of_lost_work(const Attempt& attempt, const std::string& why);

// The ending of a change that cannot be merged as it is.
Ending ending_of_conflict(const Attempt& attempt, const std::string& why,
                          const std::vector<std::string>& paths);

// The ending after checks were red on the candidate and then run on the head alone.
Ending ending_of_head_checks(const Attempt& attempt, const std::vector<CheckResult>& checks);

// Why required checks did not pass, in one line: the first of them.
std::string red_reason(const std::vector<CheckResult>& checks);

// AttemptEnded, and a pause when the run cannot go on without a person. The delay before the next attempt
// doubles, with jitter from the run's seed.
std::vector<Event> end_attempt(const State& state, const AttemptKey& key, const Ending& ending, Instant now);

}  // namespace pianola::core
