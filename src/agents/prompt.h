// The text an agent is given: a fixed template over the state, so that equal states give equal prompts.
#pragma once

#include <string>

#include "core/state.h"

namespace pianola::agents {

// Task, scope, how to finish, notes from people, and what the attempt before ran into. Text that others
// wrote (plan, gate output, notes) stands in blocks whose delimiter does not occur in it, with its source
// named and its length limited (gate output: last 8,000 bytes). `key` must be the task's present attempt.
std::string prompt_for(const core::State& state, const core::AttemptKey& key);

}  // namespace pianola::agents
