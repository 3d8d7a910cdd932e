// Why a task or a run stands where it stands, in words, and the command that moves it on.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/state.h"

namespace pianola::view {

// Why the task is in the state `word`; "" when the word says it all.
std::string task_reason(const core::State& state, size_t place, const std::string& word);

// The command that moves a failed task on; "" for every other state word.
std::string task_needs(const core::State& state, size_t place, const std::string& word);

// "pianola logs TASK", with --gate when the attempt ended on a check.
std::string logs_command(const core::TaskId& task, const core::Attempt* attempt);

// A reason without the "then: pianola resume" it may end in: whoever shows a run that waits says itself how
// it goes on, once.
std::string without_remedy(const std::string& reason);

// Why the run is in its phase; "" while it simply runs.
std::string run_reason(const core::State& state);

// "2 of 3": which of the counted attempts the next one is.
std::string next_try_text(const core::State& state, size_t place);

// True when the task's dependencies have all landed.
bool dependencies_landed(const core::State& state, size_t place);

// For each task, how many waiting tasks need it, directly or through others.
std::vector<int> held_tasks(const core::State& state);

// Places of all tasks so that every dependency stands before those that need it.
std::vector<size_t> dependency_order(const core::State& state);

}  // namespace pianola::view
