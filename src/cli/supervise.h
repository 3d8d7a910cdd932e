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
      until_settled;  // leave as soon as this task is; else when nothing is to be done
  // Nothing is started: what lives is ended, and an agent that never began stays that way.
  bool starts_nothing = false;
  // What becomes of a run that ends verified and left; `ask` asks when a person sits at the terminal.
  core::PromoteMode at_end = core::PromoteMode::leave;
};

// Folds the journal, asks the world about every open intent, and serves. Returns the state it ended in.
// Errors: held, integrity, paused (disk), or what a first request was refused with.
Result<core::State> supervise(const Program& program, const SuperviseOptions& options);

// The exit code of a run that stands like this, and the report of its end on the console.
int conclude(const Program& program, const world::Layout& layout, const core::State& state, Show show);

// The mode a word of --promote or `promote:` means; "" is ask.
core::PromoteMode promote_mode(const std::string& word);

// What becomes of a run at its end that was started with this mode. What the run does itself is done by then.
core::PromoteMode at_end_of(core::PromoteMode mode);

}  // namespace pianola::cli
