// How risky a plan is where it lies.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/program.h"
#include "plan/risk.h"

namespace pianola::cli {

// A plan's risk as `run` would see it here, or measured by the file named alone.
Result<plan::Risk> risk_here(const Program& program, const plan::Plan& plan, const std::string& config);

}  // namespace pianola::cli
