// What a plan says of its tasks by their places, worked out once when a run starts.
#pragma once

#include <map>
#include <vector>

#include "core/event.h"
#include "core/state.h"
#include "plan/plan.h"

namespace pianola::core {

// Two tasks of one id share a place.
std::map<TaskId, size_t> index_of(const plan::Plan& plan);

// True when every dependency is a task of the plan.
bool knows_dependencies(const plan::Plan& plan, const std::map<TaskId, size_t>& index);

// Pairs that must not be in work together; each once on either side, though it may share several things.
std::map<size_t, std::vector<size_t>> conflicting_of(const plan::Plan& plan,
                                                     const std::map<TaskId, size_t>& index);

// Place of the task that `event` is about, null when it is about none, or an unknown one.
const size_t* task_of(const State& state, const Event& event);

}  // namespace pianola::core
