// The sections `risk:` and `approval:` of a configuration, which have the same keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/risk.h"
#include "plan/sheet.h"

namespace pianola::plan {

// What configuration files say of risk; absent: as the next file has it, in the end the usual.
struct RiskSection {
  std::optional<std::vector<SensitivePattern>> sensitive_patterns;  // an empty list says nothing
  std::optional<int64_t> auto_approve_threshold;
  std::vector<std::string> always_require_human;
  friend bool operator==(const RiskSection&, const RiskSection&) = default;
};

// Reads one of the sections. Errors: an unknown key, a pattern that RE2 does not take, and a list of patterns
// or a threshold that the other section has already; what cannot be read never lowers a score.
void read_risk(Sheet& sheet, NodeIndex value, std::string_view section_key, RiskSection& section);

// The keys of such a section, those of an entry of a list as "sensitive_patterns[].weight".
std::vector<std::string> risk_keys();

// The keys that `first` has are its own, the others those of `second`; paths for a person are those of both.
RiskSection merged(const RiskSection& first, const RiskSection& second);

RiskPolicy policy_of(const RiskSection& section);

// What of `policy`, which has every path for a person that `other` has, asks less often than `other` would,
// as a person is asked to trust it; empty when nothing does. Policies that differ in it have different lines.
std::vector<std::string> looser_than(const RiskPolicy& policy, const RiskPolicy& other);

// Every part of a policy in a line of its own, as it is written.
std::vector<std::string> policy_lines(const RiskPolicy& policy);

}  // namespace pianola::plan
