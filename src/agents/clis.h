// The adapters there are; registry.cc is the only reader. Each lives in the file of its name.
#pragma once

#include "agents/adapter.h"

namespace pianola::agents {

const Adapter* claude_adapter();
const Adapter* codex_adapter();
const Adapter* command_adapter();
const Adapter* gemini_adapter();
const Adapter* opencode_adapter();
const Adapter* qwen_adapter();

// How much of stderr is kept for the claim, and how many unknown event types are told apart.
inline constexpr size_t error_tail_bytes = 1'500;
inline constexpr size_t unknown_types_limit = 32;

// --- what their files share ------------------------------------------------------------------------------

// The program of the definition, or `program` where it names none.
std::vector<std::string> program_of(const Definition& definition, std::string_view program);

// Refuses a model or a session that could be read as an option. Errors: bad_plan.
Result<void> check_words(const Definition& definition, const Assignment& assignment);

}  // namespace pianola::agents
