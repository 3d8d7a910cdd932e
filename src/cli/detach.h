// A run that goes on without this terminal.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/program.h"
#include "core/state.h"
#include "world/layout.h"

namespace pianola::cli {

// Starts `pianola resume` for the run, with `more` words, in a session of its own, waits until it serves and
// prints the run's id. Errors: what that ended with before, in its own words.
Result<int> detach(const Program& program, const world::Layout& layout, const core::RunId& run,
                   const std::vector<std::string>& more = {});

}  // namespace pianola::cli
