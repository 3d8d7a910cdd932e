// What kind of failure the answer of a model's server was, from the words a CLI hands on.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/outcome.h"

namespace pianola::agents {

// Words with a meaning decide first, since servers refuse a key or a full account with status 400 too;
// then the HTTP status: `status`, or where it is 0 the one that `text` names. `crash` when neither says.
core::FailureClass failure_of_api_error(std::string_view text, int64_t status = 0);

// How gemini and qwen put such an answer where the model's own words would stand.
inline constexpr std::string_view api_error_mark = "[API Error: ";

}  // namespace pianola::agents
