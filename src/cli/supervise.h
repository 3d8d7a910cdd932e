// A supervisor: the engine with its real doors, serving one run until it is over, paused or stopped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "cli/program.h"
#include "engine/engine.h"
#include "world/discover.h"

namespace pianola::cli {

struct SuperviseOptions {
  world::Hub hub;
  core::RunId run;
  engine::Roster roster;
  Show show = Show::by_terminal;
  // What is asked of the run first, before its own matters: RunStarted for a new run, a promotion, a stop.
  std::vector<core::Input> first;
  std::optional<core::TaskId>
      until_settled;            // leave as soon as this task is; else when nothing is to be done
  bool ask_to_promote = false;  // at the end, when a person sits at the terminal
};

// Folds the journal, asks the world about every open intent, and serves. Returns the state it ended in.
// Errors: held, integrity, paused (disk), or what a first request was refused with.
Result<core::State> supervise(const Program& program, const SuperviseOptions& options);

// The exit code of a run that stands like this, and the report of its end on the console.
int conclude(const Program& program, const world::Layout& layout, const core::State& state, Show show);

// Starts `pianola resume` for the run in a session of its own and waits until it serves. Errors: what that
// ended with before, in its own words.
Result<void> detach(const Program& program, const world::Layout& layout, const core::RunId& run);

}  // namespace pianola::cli
