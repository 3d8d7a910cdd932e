// What one attempt is started with: argv, environment, prompt, folders (design.md section 6).
#pragma once

#include <functional>
#include <map>
#include <string>

#include "cli/program.h"
#include "engine/ports.h"
#include "plan/plan.h"
#include "world/kept_records.h"
#include "world/layout.h"

namespace pianola::cli {

// The variables every agent and every check gets from the user's environment: PATH (absolute entries only),
// LANG, LC_*, TERM, TZ, COLUMNS, SSL_CERT_*.
std::map<std::string, std::string> common_environment(const Program& program);

// Errors (missing): a task names a variable in env_from that is not set here.
Result<void> check_env_from(const Program& program, const plan::Plan& plan);

// Turns a launch into what its keeper runs: writes the prompt into the attempt's folder and makes the
// private HOME beside the workspace. The seam where a sandbox will stand.
std::function<Result<world::KeptSpec>(const engine::Launch& launch, const std::string& attempt_dir)> launcher(
    const Program& program, const world::Layout& layout, const core::RunId& run);

}  // namespace pianola::cli
