// The dependencies of a plan as indices: what waves, cycles and conflicts are computed from.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/plan.h"

namespace pianola::plan {

using TaskIndex = uint32_t;

struct Links {
  std::vector<std::vector<TaskIndex>> needs;   // per task, in the order of its depends_on
  std::vector<std::vector<TaskIndex>> needed;  // per task, in plan order
};

// Ids that no task has are left out, and of several tasks with one id the first is meant, so that a plan
// that is still being checked can be linked.
Links links_of(const std::vector<Task>& tasks);

// Tasks by Kahn's method, plan order among those that are free at the same level; `levels[task]` is the
// length of the longest chain before it. Tasks on or behind a cycle are not in `tasks`.
struct TopologicalOrder {
  std::vector<TaskIndex> tasks;
  std::vector<int> levels;
};
TopologicalOrder topological_order(const Links& links);

// One cycle as task indices, each needed by the next and the last by the first, beginning with the one
// that comes first in the plan; empty when there is none.
std::vector<TaskIndex> find_cycle(const Links& links);

}  // namespace pianola::plan
