// Order between tasks: waves, longest chains and who must land before whom.
#pragma once

#include <cstddef>
#include <vector>

#include "plan/plan.h"

namespace pianola::plan {

// Tasks by longest-path level; plan order inside a level. The same on every run. O(tasks + dependencies).
std::vector<std::vector<TaskId>> waves(const Plan& plan);

// For each task (plan order), the number of tasks on the longest chain that starts with it, itself
// included: the weight of the critical path when every task weighs 1.
std::vector<int> tail_lengths(const Plan& plan);

// One longest chain of tasks, first to last.
std::vector<TaskId> critical_path(const Plan& plan);

}  // namespace pianola::plan
