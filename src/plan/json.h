// JSON text (RFC 8259) -> the same tree as YAML, with the line and column of every fault.
#pragma once

#include <string_view>

#include "plan/tree.h"

namespace pianola::plan {

// Strict: no comments, no trailing commas, each key once, numbers a double can hold. Iterative.
Parsed parse_json(std::string_view text);

}  // namespace pianola::plan
