#include "plan/risk.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/check.h"
#include "plan/path_set.h"

namespace pianola::plan {
namespace {

constexpr size_t pattern_memory_bytes = 8 << 20;

RE2::Options pattern_options() {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  options.set_max_mem(pattern_memory_bytes);
  return options;
}

// Finds the first pattern of a list that a path matches: by all at once, and where that needs too much memory
// one by one, which never does.
class Patterns {
 public:
  explicit Patterns(const std::vector<SensitivePattern>& patterns)
      : together_(pattern_options(), RE2::UNANCHORED) {
    for (const SensitivePattern& one : patterns) {
      alone_.push_back(std::make_unique<RE2>(one.pattern, pattern_options()));
      CHECK(alone_.back()->ok(), "patterns are checked when they are read");
      is_together_ = is_together_ && together_.Add(one.pattern, nullptr) >= 0;
    }
    is_together_ = is_together_ && together_.Compile();
  }

  std::optional<size_t> first_in(const std::string& path) const {
    if (alone_.empty()) return std::nullopt;
    if (is_together_) {
      std::vector<int> found;
      RE2::Set::ErrorInfo error{};
      if (together_.Match(path, &found, &error)) {
        return static_cast<size_t>(*std::min_element(found.begin(), found.end()));
      }
      if (error.kind == RE2::Set::kNoError) return std::nullopt;
    }
    for (size_t at = 0; at < alone_.size(); ++at) {
      if (RE2::PartialMatch(path, *alone_[at])) return at;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::unique_ptr<RE2>> alone_;
  RE2::Set together_;
  bool is_together_ = true;
};

// A factor of a number: so many points for each one above what nobody minds.
struct Count {
  std::string_view name;
  int64_t free = 0;
  int64_t points = 0;
};
constexpr Count many_tasks{"many_tasks", 5, 5};
constexpr Count many_files{"many_files", 10, 3};
constexpr Count many_hot_files{"many_hot_files", 3, 5};
constexpr Count new_dependencies{"new_dependencies", 0, 3};
constexpr Count many_contracts{"many_contracts", 3, 5};
constexpr int64_t untested_points = 20;  // for a plan none of whose tasks is tested

void add(Risk& risk, std::string name, int64_t points) {
  risk.score += points;
  risk.factors.push_back({std::move(name), points});
}

// What makes an entry sensitive, if anything does.
class Sensitivity {
 public:
  Sensitivity(const std::vector<SensitivePattern>& sensitive, const std::vector<std::string>& tracked)
      : sensitive_(sensitive), patterns_(sensitive) {
    for (const std::string& path : tracked) {
      if (const auto first = patterns_.first_in(path)) tracked_.push_back({path, &sensitive_[*first]});
    }
  }

  const SensitivePattern* of(const std::string& entry) const {
    const std::optional<std::string> only = only_path(entry);
    if (const auto first = patterns_.first_in(only.value_or(entry))) return &sensitive_[*first];
    const SensitivePattern* most = nullptr;
    if (only) return most;
    for (const auto& [path, pattern] : tracked_) {
      if ((most == nullptr || pattern->weight > most->weight) && owns(entry, path)) most = pattern;
    }
    return most;
  }

 private:
  const std::vector<SensitivePattern>& sensitive_;
  Patterns patterns_;
  std::vector<std::pair<std::string, const SensitivePattern*>> tracked_;
};

template <class Look>
void for_each_written(const Task& task, Look look) {
  std::for_each(task.files_write.begin(), task.files_write.end(), look);
  std::for_each(task.files_append.begin(), task.files_append.end(), look);
}

void add_entries(Risk& risk, const Plan& plan, const Sensitivity& sensitivity) {
  for (const Task& task : plan.tasks) {
    for_each_written(task, [&](const std::string& entry) {
      const SensitivePattern* found = sensitivity.of(entry);
      if (found == nullptr) return;
      const std::string head = found->pattern.substr(0, found->pattern.find('|'));
      add(risk, fmt::format("sensitive_path:{}:{}", entry, head), found->weight);
    });
  }
}

void add_count(Risk& risk, const Count& count, size_t number) {
  const auto there = static_cast<int64_t>(number);
  if (there > count.free)
    add(risk, fmt::format("{}:{}", count.name, there), (there - count.free) * count.points);
}

void add_coverage(Risk& risk, size_t tested_tasks, size_t tasks) {
  if (tested_tasks == tasks) return;
  const auto all = static_cast<int64_t>(tasks);
  const auto tested = static_cast<int64_t>(tested_tasks);
  // Per cent, a half to the even neighbour.
  int64_t percent = (200 * tested + all) / (2 * all);
  if ((200 * tested + all) % (2 * all) == 0 && percent % 2 == 1) --percent;
  add(risk, fmt::format("incomplete_test_coverage:{}%", percent), (all - tested) * untested_points / all);
}

bool is_tested(const Task& task) {
  return std::any_of(task.verification.begin(), task.verification.end(),
                     [](const Check& check) { return check.type == "test"; });
}

void look_for_a_person(Risk& risk, const Plan& plan, const std::vector<std::string>& named) {
  if (named.empty()) return;
  std::set<std::string> seen;
  const auto look = [&](const std::string& entry) {
    if (!seen.insert(entry).second) return;
    const auto is_it = [&](const std::string& one) { return overlap(one, entry); };
    if (std::any_of(named.begin(), named.end(), is_it)) risk.for_a_person.push_back(entry);
  };
  for (const Task& task : plan.tasks) {
    for_each_written(task, look);
    for (const PatchIntent& intent : task.patch_intents) look(intent.file);
  }
}

RiskStatus status_of(const Risk& risk) {
  if (risk.score > 2 * risk.threshold) return RiskStatus::high_risk;
  if (risk.score > risk.threshold || !risk.for_a_person.empty()) return RiskStatus::requires_review;
  return RiskStatus::auto_approve;
}

}  // namespace

std::vector<SensitivePattern> usual_sensitive_patterns() {
  return {{"auth|security|crypto", 20}, {"payment|billing|stripe", 25},    {"prod|production|deploy", 30},
          {"admin|sudo|root", 15},      {R"(\.env|secret|key|token)", 25}, {"migration|schema|database", 15}};
}

std::string pattern_fault(const std::string& pattern) { return RE2(pattern, pattern_options()).error(); }

std::string_view risk_status_text(RiskStatus status) {
  switch (status) {
    case RiskStatus::auto_approve:
      return "AUTO-APPROVE";
    case RiskStatus::requires_review:
      return "REQUIRES REVIEW";
    case RiskStatus::high_risk:
      break;
  }
  return "HIGH RISK";
}

bool writes_several(const Plan& plan) {
  bool found = false;
  for (const Task& task : plan.tasks) {
    for_each_written(task, [&](const std::string& entry) { found = found || !only_path(entry); });
  }
  return found;
}

Risk assess_risk(const Plan& plan, const RiskPolicy& policy, const std::vector<std::string>& tracked) {
  Risk risk{.threshold = policy.auto_approve_threshold};
  size_t files = 0;
  size_t intents = 0;
  size_t dependencies = 0;
  size_t tested = 0;
  for (const Task& task : plan.tasks) {
    files += task.files_write.size();
    intents += task.patch_intents.size();
    dependencies += task.deps_runtime.size();
    tested += is_tested(task) ? 1U : 0U;
  }
  add_entries(risk, plan, Sensitivity(policy.sensitive_patterns, tracked));
  add_count(risk, many_tasks, plan.tasks.size());
  add_count(risk, many_files, files);
  add_count(risk, many_hot_files, intents);
  add_count(risk, new_dependencies, dependencies);
  add_count(risk, many_contracts, plan.contracts.size());
  add_coverage(risk, tested, plan.tasks.size());
  look_for_a_person(risk, plan, policy.always_require_human);
  risk.status = status_of(risk);
  return risk;
}

}  // namespace pianola::plan
