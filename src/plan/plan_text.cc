#include "plan/plan_text.h"

#include <utility>

#include "plan/json.h"
#include "plan/yaml.h"

namespace pianola::plan {

Notation notation_of(std::string_view file) {
  return file.ends_with(".md") ? Notation::checklist : Notation::yaml;
}

std::string dependency_words(Notation notation, std::string_view id) {
  return notation == Notation::checklist ? "depends: " + std::string(id)
                                         : "depends_on: [" + std::string(id) + "]";
}

Parsed parse_plan_text(std::string_view bytes, std::string_view file) {
  CheckedText checked = check_text_bytes(bytes);
  if (checked.fault) return {std::nullopt, std::move(checked.fault)};
  if (file.ends_with(".json")) return parse_json(checked.text);
  const size_t first = checked.text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && (checked.text[first] == '{' || checked.text[first] == '[')) {
    Parsed json = parse_json(checked.text);
    if (json.tree) return json;
  }
  return parse_yaml(checked.text);
}

}  // namespace pianola::plan
