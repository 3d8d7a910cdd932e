// How a tool use reads as one activity line: a verb, what it was done to, what came of it. Text stays as
// the agent wrote it apart from its length; whoever shows it passes it through display().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agents/adapter.h"

namespace pianola::agents {

inline constexpr size_t said_limit_bytes = 4'000;
inline constexpr size_t phrase_limit_bytes = 300;

// A shell command as an activity: `reads`, `searches`, `tests`, `commits` or `runs`, with the wrapping
// `bash -lc '...'` and a leading `cd ... &&` taken off.
ToolUsed shell_activity(std::string_view command);

// What came of a shell command: for tests the last line of the output, else `exit N`. `exit_code` is -1
// where the CLI does not say; then `failed` decides between `ended` and `failed`.
std::string shell_result(std::string_view verb, std::string_view output, int64_t exit_code, bool failed);

// `path` relative to `workspace` where it is inside, else as it is.
std::string relative_path(std::string_view path, std::string_view workspace);

// The first non-empty line, cut to phrase_limit_bytes.
std::string phrase(std::string_view text);

// Lines of `text`; a last one without newline counts.
int64_t line_count(std::string_view text);

}  // namespace pianola::agents
