// How much a plan deserves a person's look before anything starts: a score of seven factors, each with its
// words, and paths that always want a person. What a plan runs on this machine is another question: trust.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"

namespace pianola::plan {

// Searched for in paths, without regard to case (RE2 syntax).
struct SensitivePattern {
  std::string pattern;  // one that pattern_fault finds nothing wrong with
  int64_t weight = 10;  // points, 0 to risk_points_max
  friend bool operator==(const SensitivePattern&, const SensitivePattern&) = default;
};

inline constexpr int64_t risk_points_max = 1'000'000;

// In their order: of a path the first that matches counts.
std::vector<SensitivePattern> usual_sensitive_patterns();

// What a score is measured by.
struct RiskPolicy {
  std::vector<SensitivePattern> sensitive_patterns = usual_sensitive_patterns();
  int64_t auto_approve_threshold = 25;            // a score up to it asks nobody; 0 to risk_points_max
  std::vector<std::string> always_require_human;  // normalised path entries (path_set.h)
  friend bool operator==(const RiskPolicy&, const RiskPolicy&) = default;
};

// Why RE2 cannot take a pattern; "" when it can.
std::string pattern_fault(const std::string& pattern);

enum class RiskStatus { auto_approve, requires_review, high_risk };
std::string_view risk_status_text(RiskStatus status);  // AUTO-APPROVE, REQUIRES REVIEW, HIGH RISK

struct RiskFactor {
  std::string name;  // sensitive_path:<path>:<pattern up to the first |>, many_tasks:<n>, ...
  int64_t points = 0;
  friend bool operator==(const RiskFactor&, const RiskFactor&) = default;
};

struct Risk {
  int64_t score = 0;
  int64_t threshold = 0;
  std::vector<RiskFactor> factors;        // of the entries in plan order, then the counts, coverage last
  std::vector<std::string> for_a_person;  // entries of the plan that always_require_human names, each once
  RiskStatus status = RiskStatus::auto_approve;
  friend bool operator==(const Risk&, const Risk&) = default;
};

// A score up to the threshold is approved by itself, up to twice the threshold it requires a review, above it
// is high. A plan with an entry for a person requires at least a review.
//
// `tracked` are the paths that the repository has. An entry is sensitive by its own words, and one that owns
// several paths also by those of them that are tracked, then with the largest weight. files_append counts as
// files_write.
Risk assess_risk(const Plan& plan, const RiskPolicy& policy, const std::vector<std::string>& tracked = {});

// True when an entry of the plan that may be written owns more than the path it names.
bool writes_several(const Plan& plan);

}  // namespace pianola::plan
