// The bytes of a plan file -> tree, in whichever format they are.
#pragma once

#include <string>
#include <string_view>

#include "plan/tree.h"

namespace pianola::plan {

// How a plan is written, by its name: ".md" is a Markdown check list (checklist.h), all else YAML or JSON.
enum class Notation { yaml, checklist };
Notation notation_of(std::string_view file);
// What to write for one dependency: "depends_on: [a]" or "depends: a".
std::string dependency_words(Notation notation, std::string_view id);

// Of YAML and JSON. A name that ends in ".json" asks for strict JSON. Elsewhere a text that begins with "{"
// or "[" is read as JSON when it is, and as YAML when it is not. Offsets of the tree count from behind a byte
// order mark.
Parsed parse_plan_text(std::string_view bytes, std::string_view file);

}  // namespace pianola::plan
