// What one attempt is started with: argv, environment, prompt, folders (design.md section 6).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "cli/program.h"
#include "engine/ports.h"
#include "plan/plan.h"
#include "world/kept_records.h"
#include "world/layout.h"
#include "world/sealer.h"

namespace pianola::cli {

// The variables every agent and every check gets from the user's environment: PATH (absolute entries only),
// LANG, LC_*, TERM, TZ, COLUMNS, SSL_CERT_*.
std::map<std::string, std::string> common_environment(const Program& program);

// Errors (missing): a task names a variable in env_from that is not set here.
Result<void> check_env_from(const Program& program, const plan::Plan& plan);

// Turns a launch into what its keeper runs: writes the prompt into the attempt's folder, makes the private
// HOME beside the workspace, and with a sealer puts the seal around it.
std::function<Result<world::KeptSpec>(const engine::Launch& launch, const std::string& attempt_dir)> launcher(
    const Program& program, const world::Layout& layout, const core::RunId& run,
    const std::optional<world::Sealer>& sealer);

// Puts the seal around a command in `workspace`, a check or a step of a set-up: nothing to write but that.
using Enclose = std::function<Result<world::KeptSpec>(world::KeptSpec spec, const std::string& workspace,
                                                      world::Seal::Network network)>;
Enclose command_sealer(const Program& program, const world::Layout& layout, const world::Sealer& sealer);

// Where such a command finds its workspace inside a root of its own; what a set-up installed there works in
// every workspace, for which a link of this name stands in the agents' seals.
std::string command_place(const world::Layout& layout);

}  // namespace pianola::cli
