#include "plan/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "plan/scalar.h"

namespace pianola::plan {

std::vector<Diagnostic> Sheet::take_diagnostics() {
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const Placed& a, const Placed& b) { return a.at < b.at; });
  std::vector<Diagnostic> out;
  out.reserve(findings_.size());
  for (Placed& placed : findings_) out.push_back(std::move(placed.diagnostic));
  findings_.clear();
  return out;
}

void Sheet::add(Severity severity, NodeIndex at, Finding finding) {
  note(severity, tree_.mark(at), std::move(finding));
}

void Sheet::note(Severity severity, Mark mark, Finding finding) {
  if (++(severity == Severity::error ? errors_ : warnings_) > finding_limit) return;
  findings_.push_back(
      {mark, Diagnostic{severity, Place{options_.file, mark.line, mark.col}, std::move(finding.what),
                        std::move(finding.expected), std::move(finding.next)}});
}

void Sheet::note_without_effect(NodeIndex key, NodeIndex value) {
  const std::string_view name = tree_.text(key);
  if (is_null(value) || !without_effect_.insert(name).second) return;
  warning(key, {fmt::format("\"{}\" has no effect in this version", shown(name)), {}, {}});
}

std::string_view Sheet::kind_text(NodeIndex value) const {
  const Node& node = tree_.node(value);
  if (node.kind == NodeKind::list) return "a list";
  if (node.kind == NodeKind::map) return "a mapping";
  if (!node.plain) return "text";
  switch (scalar_type(tree_.text(value))) {
    case ScalarType::text:
      return "text";
    case ScalarType::null:
      return "null";
    case ScalarType::boolean:
      return "a boolean";
    case ScalarType::integer:
    case ScalarType::number:
      return "a number";
  }
  return "text";
}

bool Sheet::is_null(NodeIndex value) const {
  const Node& node = tree_.node(value);
  return node.kind == NodeKind::scalar && node.plain && scalar_type(tree_.text(value)) == ScalarType::null;
}

std::string Sheet::position(NodeIndex value) const {
  const Mark mark = tree_.mark(value);
  return fmt::format("{}:{}", mark.line, mark.col);
}

std::optional<std::string> Sheet::text(NodeIndex value, std::string_view key) {
  if (tree_.node(value).kind == NodeKind::scalar && !is_null(value)) return std::string(tree_.text(value));
  error(value, {fmt::format("{} is {}", key, kind_text(value)), "text", {}});
  return std::nullopt;
}

std::optional<bool> Sheet::boolean(NodeIndex value, std::string_view key) {
  const std::string_view written = tree_.text(value);
  if (tree_.node(value).plain && scalar_type(written) == ScalarType::boolean)
    return written[0] == 't' || written[0] == 'T';
  error(value, {fmt::format("{} is {}", key, kind_text(value)), "true or false", {}});
  return std::nullopt;
}

std::optional<int64_t> Sheet::whole_number(NodeIndex value, std::string_view key, const Range& range) {
  const std::string_view written = tree_.text(value);
  const auto number = tree_.node(value).plain ? scalar_number(written) : std::nullopt;
  const bool is_number = kind_text(value) == "a number";
  if (number && std::trunc(*number) == *number && *number >= static_cast<double>(range.least) &&
      *number <= static_cast<double>(range.most)) {
    return static_cast<int64_t>(*number);
  }
  error(value, {is_number ? fmt::format("{} {} is out of range", key, shown(written))
                          : fmt::format("{} is {}", key, kind_text(value)),
                fmt::format("a whole number of {} to {}{}{}", range.least, range.most,
                            range.unit.empty() ? "" : " ", range.unit),
                {}});
  return std::nullopt;
}

bool Sheet::list(NodeIndex value, std::string_view key, std::string_view items) {
  if (is_null(value)) return false;
  const Node& node = tree_.node(value);
  if (node.kind == NodeKind::list) return true;
  const bool is_scalar = node.kind == NodeKind::scalar;
  error(value, {fmt::format("{} is {}", key, kind_text(value)), fmt::format("a list of {}", items),
                is_scalar ? fmt::format("write {}: [{}]", key, shown(tree_.text(value))) : std::string()});
  return false;
}

bool Sheet::map(NodeIndex value, std::string_view key, std::string_view entries) {
  if (is_null(value)) return false;
  if (tree_.node(value).kind == NodeKind::map) return true;
  error(value, {fmt::format("{} is {}", key, kind_text(value)), fmt::format("a mapping of {}", entries), {}});
  return false;
}

std::vector<std::string> Sheet::texts(NodeIndex value, std::string_view key, std::string_view items) {
  std::vector<std::string> out;
  if (!list(value, key, items)) return out;
  out.reserve(tree_.node(value).count);
  for (NodeIndex item = tree_.node(value).first; item != no_node; item = tree_.node(item).next) {
    if (auto read = text(item, fmt::format("an entry of {}", key))) out.push_back(std::move(*read));
  }
  return out;
}

bool Sheet::count_path_entry(NodeIndex at) {
  if (++path_entries_ == path_entry_limit + 1) {
    error(at, {fmt::format("more than {} path entries", path_entry_limit),
               fmt::format("at most {} in one plan", path_entry_limit),
               "own folders or globs, or split the plan"});
  }
  return path_entries_ <= path_entry_limit;
}

std::string shown(std::string_view value) { return fit(display(value.substr(0, 240)).str(), 60); }

bool has_control_characters(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte < 0x20 && text[at] != '\n' && text[at] != '\t') || byte == 0x7F) return true;
    // U+0080 to U+009F, the C1 controls, in UTF-8.
    const bool is_c1 =
        byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (is_c1) return true;
  }
  return false;
}

}  // namespace pianola::plan
