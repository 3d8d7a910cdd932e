#include "core/places.h"

#include <algorithm>
#include <variant>

#include "plan/conflict.h"

namespace pianola::core {

std::map<TaskId, size_t> index_of(const plan::Plan& plan) {
  std::map<TaskId, size_t> index;
  for (size_t place = 0; place < plan.tasks.size(); ++place) index.emplace(plan.tasks[place].id, place);
  return index;
}

bool knows_dependencies(const plan::Plan& plan, const std::map<TaskId, size_t>& index) {
  return std::all_of(plan.tasks.begin(), plan.tasks.end(), [&](const plan::Task& task) {
    return std::all_of(task.depends_on.begin(), task.depends_on.end(),
                       [&](const TaskId& needed) { return index.contains(needed); });
  });
}

std::map<size_t, std::vector<size_t>> conflicting_of(const plan::Plan& plan,
                                                     const std::map<TaskId, size_t>& index) {
  std::map<size_t, std::vector<size_t>> conflicting;
  for (const plan::Conflict& conflict : plan::conflicts(plan)) {
    const size_t first = index.at(conflict.first);
    const size_t second = index.at(conflict.second);
    std::vector<size_t>& rivals = conflicting[first];
    if (!rivals.empty() && rivals.back() == second) continue;
    rivals.push_back(second);
    conflicting[second].push_back(first);
  }
  return conflicting;
}

const size_t* task_of(const State& state, const Event& event) {
  return std::visit(
      [&](const auto& e) -> const size_t* {
        if constexpr (requires { e.key.task; }) return find(state, e.key.task);
        if constexpr (requires { e.task; }) return find(state, e.task);
        return nullptr;
      },
      event);
}

}  // namespace pianola::core
