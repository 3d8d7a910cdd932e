// A plan as a page for people: in which order, by whom, how risky, how much.
#pragma once

#include <string>

#include "plan/plan.h"
#include "plan/risk.h"

namespace pianola::plan {

// Markdown of one plan: its waves and longest chain, what each task may change and what proves it, contracts,
// risk, and how many runs of agents it takes at least and at most. Words of the plan are shown escaped.
// `file` is the plan's own name.
std::string execution_plan(const Plan& plan, const Risk& risk, const std::string& file);

}  // namespace pianola::plan
