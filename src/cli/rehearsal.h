// What a supervisor would do first, without doing it: the engine itself, with doors that only write down what
// is asked of them. So it is the same admit, evolve, decide and open_commands that resume goes by.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "world/kept_place.h"

namespace pianola::cli {

// An attempt that was launched before, and how it stands.
struct AskedAbout {
  core::AttemptKey key;
  world::Standing standing;
};

struct Rehearsal {
  core::State before;                   // as the journal has it
  core::State after;                    // once all is known that can be known without doing anything
  std::vector<core::Recorded> events;   // what would be recorded on the way
  std::vector<core::Command> commands;  // what git and the checks would be asked for, in order
  std::vector<AskedAbout> asked;        // attempts that would be adopted or concluded, in order
  std::vector<core::AttemptKey> ended;  // attempts that would be told to end
};

// The outside as a rehearsal may look at it. Neither changes anything.
struct RehearsalEyes {
  std::function<Result<world::Standing>(const core::AttemptKey&)> standing;
  // What is kept of a stream from `offset` on, a piece at a time; empty at its end.
  std::function<std::string(const core::AttemptKey&, agents::Stream, uint64_t offset)> output;
};

// Errors: integrity (the events do not fold), or how an attempt stands cannot be told.
Result<Rehearsal> rehearse(const std::vector<core::Recorded>& events, const engine::Roster& roster,
                           Instant now, const RehearsalEyes& eyes);

}  // namespace pianola::cli
