// The bytes of a plan file -> tree, in whichever of the two formats they are.
#pragma once

#include <string_view>

#include "plan/tree.h"

namespace pianola::plan {

// A name that ends in ".json" asks for strict JSON. Elsewhere a text that begins with "{" or "[" is read as
// JSON when it is, and as YAML when it is not. Offsets of the tree count from behind a byte order mark.
Parsed parse_plan_text(std::string_view bytes, std::string_view file);

}  // namespace pianola::plan
