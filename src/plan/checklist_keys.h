// The keys that stand inside the lines of a check list: "Build the API depends: schema files: src/api/".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/checklist_lines.h"

namespace pianola::plan {

enum class InlineKey { role, depends, files, test, model };
std::string_view inline_key_text(InlineKey key);

struct InlineValue {
  InlineKey key = InlineKey::test;
  Span name;
  Span value;  // up to the next key, without blanks and one pair of `backticks` around it; may be empty
};

// A line in its parts.
struct KeyedLine {
  Span text;  // before the first key, without blanks around it
  std::vector<InlineValue> values;
};

// A key is one of the five, a colon and a blank, at the begin of the line or behind a blank; words in
// `backticks` are none.
KeyedLine read_keys(std::string_view text, Span line);

// The parts `a, b` of a value, without blanks and backticks around them; empty ones are left out.
std::vector<Span> parts_of(std::string_view text, Span value);

// A line that begins with a word and a colon which is no key, and was likely meant to be one.
struct NearKey {
  Span word;
  InlineKey nearest = InlineKey::test;
};
std::optional<NearKey> near_key(std::string_view text, Span line);

// "{#name}" in an item's line, outside of `backticks`.
struct ExplicitId {
  Span whole;
  Span name;
};
std::optional<ExplicitId> find_explicit_id(std::string_view text, Span line);

}  // namespace pianola::plan
