// A plan carried out in this process: asked about, recorded, supervised to its end or its pause.
#pragma once

#include <variant>

#include "base/result.h"
#include "cli/options.h"
#include "core/state.h"
#include "world/discover.h"

namespace pianola::cli {

struct CarriedRun {
  world::Hub hub;
  core::State state;  // durable, where the run stopped
};
// Or the exit code where nothing was carried out here: the plan is bad, which was said, or another process
// has the run.
using Carried = std::variant<int, CarriedRun>;

// Errors: what forbids the run before it begins (trust, approval, repository, sandbox), and what ended this
// supervisor.
Result<Carried> carry_out(const Program& program, const RunOptions& options);

}  // namespace pianola::cli
