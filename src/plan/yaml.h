// YAML text -> tree, through libyaml's events. yaml.cc is the only file that names libyaml.
#pragma once

#include <string_view>

#include "plan/tree.h"

namespace pianola::plan {

// One document of YAML 1.2 without tags, directives and merge keys; flow style reads JSON as well. Never
// recurses; stops at the first fault. `text` is what check_text_bytes accepted.
Parsed parse_yaml(std::string_view text);

}  // namespace pianola::plan
