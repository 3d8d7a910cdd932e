// pianola is a function from a log to a list of next moves. These are its four parts; everything else in
// the program is doors.
#pragma once

#include <optional>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "core/command.h"
#include "core/event.h"
#include "core/input.h"
#include "core/state.h"

namespace pianola::core {

// What was told becomes facts: no events when it is of the past or known already, an error when a person
// asked for something that cannot be. Never changes anything itself.
Result<std::vector<Event>> admit(const State& state, const Input& input, Instant now);

// The only writer of State. An event that is not legal in this state is an error (integrity), and the
// state is then not to be used any more.
Result<void> evolve(State& state, const Recorded& recorded);

// What is to be done now, as the intents to record: level-triggered, called every turn, it remembers
// nothing, and says nothing about an intent once that is folded. AgentLaunched comes without its prompt's
// digest; the engine fills it in.
std::vector<Event> decide(const State& state, Instant now);

// The command an intent stands for, read off the state that has folded it; none for other events and for
// an attempt that goes on in the workspace of the one before.
std::optional<Command> command_of(const State& state, const Event& intent);

// Facts that follow from the state alone (a task whose dependency failed is skipped, a run with nothing
// left is finished). Recorded like any others; empty when there are none.
std::vector<Event> consequences(const State& state, Instant now);

// The files that the task owns by name.
std::vector<std::string> named_files(const plan::Task& task);

// The checks that staging must pass at the end: post_merge_checks, less those that only tasks which did not
// land have among theirs (a partial run has not what these look at).
std::vector<plan::Check> final_checks(const State& state);

// Every intent without its outcome, as the command to perform again: what a new supervisor asks first.
std::vector<Command> open_commands(const State& state);

// When decide() or consequences() will have something new to say although nothing arrives, given that they
// had nothing to say at `silent_at`: what was due then waits for something else than time. The only timer.
std::optional<Instant> next_deadline(const State& state, Instant silent_at);

}  // namespace pianola::core
