// resume --dry-run: what resume would do, from the journal and the world as they are.
#pragma once

#include "base/result.h"
#include "cli/program.h"
#include "cli/runs.h"
#include "core/state.h"
#include "engine/engine.h"

namespace pianola::cli {

// Prints it. Nothing is written, and no lock is kept. Errors: integrity, or the world cannot be looked at.
Result<void> foretell(const Program& program, const world::Hub& hub, const FoundRun& run,
                      const engine::Roster& roster, core::PromoteMode at_end);

}  // namespace pianola::cli
