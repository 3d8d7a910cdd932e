#include "plan/graph.h"

#include <algorithm>

#include "base/check.h"
#include "plan/links.h"

namespace pianola::plan {
namespace {

std::vector<int> tails(const Links& links);

}  // namespace

std::vector<std::vector<TaskId>> waves(const Plan& plan) {
  const TopologicalOrder order = topological_order(links_of(plan.tasks));
  CHECK(order.tasks.size() == plan.tasks.size(), "an accepted plan has no cycle");
  std::vector<std::vector<TaskId>> out;
  for (size_t task = 0; task < plan.tasks.size(); ++task) {
    const auto level = static_cast<size_t>(order.levels[task]);
    if (level >= out.size()) out.resize(level + 1);
    out[level].push_back(plan.tasks[task].id);
  }
  return out;
}

std::vector<int> tail_lengths(const Plan& plan) { return tails(links_of(plan.tasks)); }

std::vector<TaskId> critical_path(const Plan& plan) {
  const Links links = links_of(plan.tasks);
  const std::vector<int> length = tails(links);
  std::vector<TaskId> path;
  if (length.empty()) return path;
  auto task = static_cast<TaskIndex>(std::max_element(length.begin(), length.end()) - length.begin());
  while (true) {
    path.push_back(plan.tasks[task].id);
    const auto& next = links.needed[task];
    const auto follower =
        std::find_if(next.begin(), next.end(), [&](TaskIndex n) { return length[n] + 1 == length[task]; });
    if (follower == next.end()) return path;
    task = *follower;
  }
}

namespace {

std::vector<int> tails(const Links& links) {
  const TopologicalOrder order = topological_order(links);
  CHECK(order.tasks.size() == links.needs.size(), "an accepted plan has no cycle");
  std::vector<int> length(links.needs.size(), 1);
  for (size_t at = order.tasks.size(); at > 0; --at) {
    const TaskIndex task = order.tasks[at - 1];
    for (const TaskIndex need : links.needs[task]) length[need] = std::max(length[need], length[task] + 1);
  }
  return length;
}

}  // namespace
}  // namespace pianola::plan
