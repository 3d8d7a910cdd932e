#include "plan/links.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace pianola::plan {

Links links_of(const std::vector<Task>& tasks) {
  Links links{std::vector<std::vector<TaskIndex>>(tasks.size()),
              std::vector<std::vector<TaskIndex>>(tasks.size())};
  std::unordered_map<std::string_view, TaskIndex> index;
  index.reserve(tasks.size());
  for (TaskIndex task = 0; task < tasks.size(); ++task) index.emplace(tasks[task].id.str(), task);
  for (TaskIndex task = 0; task < tasks.size(); ++task) {
    for (const TaskId& id : tasks[task].depends_on) {
      const auto found = index.find(id.str());
      if (found == index.end()) continue;
      links.needs[task].push_back(found->second);
      links.needed[found->second].push_back(task);
    }
  }
  return links;
}

TopologicalOrder topological_order(const Links& links) {
  const size_t count = links.needs.size();
  TopologicalOrder order;
  order.levels.resize(count);
  order.tasks.reserve(count);
  std::vector<size_t> missing(count);
  for (TaskIndex task = 0; task < count; ++task) {
    missing[task] = links.needs[task].size();
    if (missing[task] == 0) order.tasks.push_back(task);
  }
  for (size_t at = 0; at < order.tasks.size(); ++at) {
    const TaskIndex task = order.tasks[at];
    for (const TaskIndex next : links.needed[task]) {
      order.levels[next] = std::max(order.levels[next], order.levels[task] + 1);
      if (--missing[next] == 0) order.tasks.push_back(next);
    }
  }
  return order;
}

std::vector<TaskIndex> find_cycle(const Links& links) {
  const size_t count = links.needs.size();
  std::vector<bool> is_free(count);
  const TopologicalOrder order = topological_order(links);
  if (order.tasks.size() == count) return {};
  for (const TaskIndex task : order.tasks) is_free[task] = true;
  // Every task that is not free needs one that is not free: walking that way must come round.
  auto task = static_cast<TaskIndex>(std::find(is_free.begin(), is_free.end(), false) - is_free.begin());
  std::vector<bool> seen(count);
  std::vector<TaskIndex> walk;
  while (!seen[task]) {
    seen[task] = true;
    walk.push_back(task);
    const auto& needs = links.needs[task];
    task = *std::find_if(needs.begin(), needs.end(), [&](TaskIndex need) { return !is_free[need]; });
  }
  std::vector<TaskIndex> cycle(std::find(walk.begin(), walk.end(), task), walk.end());
  std::reverse(cycle.begin(), cycle.end());
  std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
  return cycle;
}

}  // namespace pianola::plan
