#include "plan/risk_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plan/fields.h"
#include "plan/path_set.h"

namespace pianola::plan {
namespace {

const Sheet::Range points{.least = 0, .most = risk_points_max, .unit = "points"};

void refuse_second(Sheet& sheet, NodeIndex value, std::string_view key) {
  sheet.error(value, {.what = fmt::format("{} stands in risk: and in approval:", key),
                      .expected = "one of them",
                      .next = "drop one"});
}

const std::array<Field<SensitivePattern>, 2> pattern_fields = {{
    {"pattern",
     [](Sheet& sheet, NodeIndex value, SensitivePattern& one) {
       if (auto text = sheet.text(value, "pattern")) one.pattern = std::move(*text);
     }},
    {"weight",
     [](Sheet& sheet, NodeIndex value, SensitivePattern& one) {
       if (const auto weight = sheet.whole_number(value, "weight", points)) one.weight = *weight;
     }},
}};

void read_pattern(Sheet& sheet, NodeIndex item, std::vector<SensitivePattern>& patterns) {
  SensitivePattern one;
  const size_t errors = sheet.errors();
  if (sheet.tree().node(item).kind == NodeKind::map) {
    read_fields(sheet, item, std::span<const Field<SensitivePattern>>(pattern_fields), "pattern", one);
  } else if (auto text = sheet.text(item, "pattern")) {
    one.pattern = std::move(*text);
  }
  if (sheet.errors() > errors) return;
  const std::string fault = pattern_fault(one.pattern);
  if (one.pattern.empty() || !fault.empty()) {
    sheet.error(item, {.what = "pattern \"" + shown(one.pattern) + "\"" +
                               (fault.empty() ? " finds everything" : ": " + fault),
                       .expected = "a regular expression (RE2)",
                       .next = {}});
    return;
  }
  patterns.push_back(std::move(one));
}

void read_patterns(Sheet& sheet, NodeIndex value, RiskSection& section) {
  if (section.sensitive_patterns) return refuse_second(sheet, value, "sensitive_patterns");
  if (!sheet.list(value, "sensitive_patterns", "regular expressions")) return;
  std::vector<SensitivePattern> patterns;
  for (NodeIndex item = sheet.tree().node(value).first; item != no_node;
       item = sheet.tree().node(item).next) {
    read_pattern(sheet, item, patterns);
  }
  if (!patterns.empty()) section.sensitive_patterns = std::move(patterns);
}

void read_threshold(Sheet& sheet, NodeIndex value, RiskSection& section) {
  if (section.auto_approve_threshold) return refuse_second(sheet, value, "auto_approve_threshold");
  const auto number = sheet.whole_number(value, "auto_approve_threshold", points);
  if (number) section.auto_approve_threshold = *number;
}

void read_for_a_person(Sheet& sheet, NodeIndex value, RiskSection& section) {
  for (const std::string& entry : sheet.texts(value, "always_require_human", "path entries")) {
    Result<std::string> normal = normalise_entry(entry);
    if (normal) {
      section.always_require_human.push_back(std::move(*normal));
    } else {
      sheet.error(value, {.what = "always_require_human has " + shown(entry) + ": " + normal.error().what,
                          .expected = "a path entry, as in files_write",
                          .next = {}});
    }
  }
}

const std::array<Field<RiskSection>, 3> section_fields = {{
    {"sensitive_patterns", read_patterns},
    {"auto_approve_threshold", read_threshold},
    {"always_require_human", read_for_a_person},
}};

}  // namespace

void read_risk(Sheet& sheet, NodeIndex value, std::string_view section_key, RiskSection& section) {
  if (!sheet.map(value, section_key, "auto_approve_threshold: 25")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex key = tree.node(value).first; key != no_node; key = tree.node(tree.node(key).next).next) {
    const std::string_view name = tree.text(key);
    const auto* field = std::find_if(section_fields.begin(), section_fields.end(),
                                     [&](const Field<RiskSection>& one) { return one.key == name; });
    if (field != section_fields.end()) {
      field->read(sheet, tree.node(key).next, section);
    } else if (!name.starts_with("x-")) {
      // Elsewhere a strange key is a warning; here it may be a limit that somebody relies on.
      sheet.error(key, {.what = fmt::format("unknown key \"{}\" of {}:", shown(name), section_key),
                        .expected = "sensitive_patterns, auto_approve_threshold or always_require_human",
                        .next = {}});
    }
  }
}

std::vector<std::string> risk_keys() {
  std::vector<std::string> keys;
  for (const Field<RiskSection>& field : section_fields) {
    keys.emplace_back(field.key);
    if (field.read != read_patterns) continue;
    for (const Field<SensitivePattern>& below : pattern_fields)
      keys.push_back(fmt::format("{}[].{}", field.key, below.key));
  }
  return keys;
}

RiskSection merged(const RiskSection& first, const RiskSection& second) {
  RiskSection both = first;
  if (!both.sensitive_patterns) both.sensitive_patterns = second.sensitive_patterns;
  if (!both.auto_approve_threshold) both.auto_approve_threshold = second.auto_approve_threshold;
  for (const std::string& entry : second.always_require_human) both.always_require_human.push_back(entry);
  return both;
}

RiskPolicy policy_of(const RiskSection& section) {
  RiskPolicy policy;
  if (section.sensitive_patterns) policy.sensitive_patterns = *section.sensitive_patterns;
  if (section.auto_approve_threshold) policy.auto_approve_threshold = *section.auto_approve_threshold;
  policy.always_require_human = section.always_require_human;
  return policy;
}

namespace {

std::string pattern_line(const SensitivePattern& one) {
  return fmt::format("sensitive {} +{}", one.pattern, one.weight);
}

// The first that matches counts, so one before them could take their place.
bool has_all(const std::vector<SensitivePattern>& mine, const std::vector<SensitivePattern>& theirs) {
  return mine.size() >= theirs.size() &&
         std::equal(theirs.begin(), theirs.end(), mine.begin(), [](const auto& their, const auto& my) {
           return my.pattern == their.pattern && my.weight >= their.weight;
         });
}

}  // namespace

std::vector<std::string> looser_than(const RiskPolicy& policy, const RiskPolicy& other) {
  std::vector<std::string> lines;
  if (policy.auto_approve_threshold > other.auto_approve_threshold) {
    lines.push_back(fmt::format("threshold {} instead of {}", policy.auto_approve_threshold,
                                other.auto_approve_threshold));
  }
  if (!has_all(policy.sensitive_patterns, other.sensitive_patterns)) {
    for (const SensitivePattern& one : policy.sensitive_patterns)
      lines.push_back("only " + pattern_line(one));
  }
  return lines;
}

std::vector<std::string> policy_lines(const RiskPolicy& policy) {
  std::vector<std::string> lines{fmt::format("threshold {}", policy.auto_approve_threshold)};
  for (const SensitivePattern& one : policy.sensitive_patterns) lines.push_back(pattern_line(one));
  for (const std::string& entry : policy.always_require_human)
    lines.push_back("always_require_human " + entry);
  return lines;
}

}  // namespace pianola::plan
