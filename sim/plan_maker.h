// Plans for the simulator: small mostly, with dependencies, shared files and resources, in any order.
#pragma once

#include <cstddef>

#include "base/random.h"
#include "core/event.h"

namespace pianola::sim {

// The run that a seed plays: its plan and limits.
core::RunStarted draw_run(uint64_t seed, Random& random);

// `count` tasks that each depend on `width` before them at most, with calm limits: for scenarios and for
// measuring.
core::RunStarted even_run(size_t count, size_t width, int jobs);

// What the plan's contract stands in, where it has one.
inline constexpr const char* contract_file = "contracts/c.py";
// What every third task owns in some plans.
inline constexpr const char* lockfile = "go.sum";

// True when the two may not be in work together: told from the plan's text alone, without plan/conflict.h.
bool share_something(const plan::Task& a, const plan::Task& b);

}  // namespace pianola::sim
