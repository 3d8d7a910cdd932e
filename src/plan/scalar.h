// What a plain scalar is under the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).
#pragma once

#include <optional>
#include <string_view>

namespace pianola::plan {

enum class ScalarType { text, null, boolean, integer, number };

ScalarType scalar_type(std::string_view plain);

// True for words that YAML 1.1 readers take for booleans and 1.2 for text: yes, no, on, off, y, n.
bool is_old_boolean(std::string_view plain);

// The value of an integer or number scalar; nothing when it is text or too large for a double.
std::optional<double> scalar_number(std::string_view plain);

}  // namespace pianola::plan
