// The score of a plan: seven factors, exact, and never lower for what cannot be read (seed-003 section 4, D9
// to D11).
#include "plan/risk.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/loading.h"
#include "plan/risk_policy.h"
#include "plan/risk_report.h"
#include "plan/yaml.h"

namespace pianola::plan {
namespace {

Plan plan_of(std::string_view text) {
  Loaded loaded = load_text(text, Strictness::well_formed);
  EXPECT_TRUE(loaded.plan.has_value()) << text;
  return loaded.plan ? *loaded.plan : Plan{};
}

// `tested` of `all` tasks with a check of type test, which write nothing worth a point.
Plan plan_with_tests(size_t tested, size_t all) {
  std::string text = "tasks:\n";
  for (size_t i = 0; i < all; ++i) {
    text +=
        fmt::format("  - {{id: t{}, files_write: [a/b{}.py], verification: [{{command: c, type: {}}}]}}\n", i,
                    i, i < tested ? "test" : "lint");
  }
  return plan_of(text);
}

Plan plan_writing(const std::string& entries) {
  return plan_of("tasks: [{id: a, files_write: [" + entries +
                 "], verification: [{command: c, type: test}]}]");
}

std::vector<std::string> texts(const Risk& risk) {
  std::vector<std::string> out;
  for (const RiskFactor& factor : risk.factors)
    out.push_back(fmt::format("{} {}", factor.name, factor.points));
  return out;
}

using Texts = std::vector<std::string>;

TEST(Risk, every_path_counts_once_by_the_first_pattern_that_matches) {
  const Risk risk = assess_risk(plan_writing("src/auth_admin.py, src/ADMIN.py, src/a.py, src/admin.css"), {});
  EXPECT_EQ(texts(risk),
            (Texts{"sensitive_path:src/auth_admin.py:auth 20", "sensitive_path:src/ADMIN.py:admin 15",
                   "sensitive_path:src/admin.css:admin 15"}));
  EXPECT_EQ(risk.score, 50);
}

TEST(Risk, the_usual_patterns_are_those_of_the_original) {
  const std::vector<std::pair<std::string, int64_t>> paths = {{"src/products/list.py", 30},
                                                              {"author_bio.py", 20},
                                                              {"keyboard.ts", 25},
                                                              {"monkey.md", 25},
                                                              {"tokenizer.py", 25},
                                                              {"root.css", 15},
                                                              {"x.env", 25},
                                                              {"db/schema.sql", 15},
                                                              {"billing/a", 25},
                                                              {"src/list.py", 0}};
  for (const auto& [path, points] : paths)
    EXPECT_EQ(assess_risk(plan_writing(path), {}).score, points) << path;
  const Risk keyboard = assess_risk(plan_writing("keyboard.ts"), {});
  EXPECT_EQ(texts(keyboard), (Texts{"sensitive_path:keyboard.ts:\\.env 25"}));
}

TEST(Risk, a_repeated_path_counts_again_for_each_task) {
  const Plan plan = plan_of(
      "tasks:\n  - {id: a, files_write: [x.env], verification: [{command: c, type: test}]}\n"
      "  - {id: b, depends_on: [a], files_write: [x.env], verification: [{command: c, type: test}]}\n");
  EXPECT_EQ(assess_risk(plan, {}).score, 50);
}

TEST(Risk, counts_start_above_what_nobody_minds) {
  EXPECT_EQ(assess_risk(plan_with_tests(5, 5), {}).score, 0);
  EXPECT_EQ(texts(assess_risk(plan_with_tests(8, 8), {})), (Texts{"many_tasks:8 15"}));
  EXPECT_EQ(texts(assess_risk(plan_writing("a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12"), {})),
            (Texts{"many_files:12 6"}));
  const Plan plan = plan_of(
      "contracts: [{name: A}, {name: B}, {name: C}, {name: D}]\n"
      "tasks:\n  - id: a\n    files_write: [m]\n    verification: [{command: c, type: test}]\n"
      "    deps_required: {runtime: [x, y], dev: [z]}\n    patch_intents:\n"
      "      - {file: m, action: one}\n      - {file: m, action: two}\n      - {file: m, action: three}\n"
      "      - {file: m, action: four}\n      - {file: m, action: five}\n");
  EXPECT_EQ(texts(assess_risk(plan, {})),
            (Texts{"many_hot_files:5 10", "new_dependencies:2 6", "many_contracts:4 5"}));
}

TEST(Risk, D11_coverage_is_counted_in_whole_numbers) {
  EXPECT_EQ(texts(assess_risk(plan_with_tests(4, 5), {})), (Texts{"incomplete_test_coverage:80% 4"}));
  EXPECT_EQ(texts(assess_risk(plan_with_tests(9, 10), {})),
            (Texts{"many_tasks:10 25", "incomplete_test_coverage:90% 2"}));
  EXPECT_EQ(texts(assess_risk(plan_with_tests(0, 1), {})), (Texts{"incomplete_test_coverage:0% 20"}));
  EXPECT_EQ(texts(assess_risk(plan_with_tests(2, 3), {})), (Texts{"incomplete_test_coverage:67% 6"}));
  EXPECT_EQ(texts(assess_risk(plan_with_tests(1, 8), {}))[1], "incomplete_test_coverage:12% 17");
  EXPECT_EQ(texts(assess_risk(plan_with_tests(3, 8), {}))[1], "incomplete_test_coverage:38% 12");
}

TEST(Risk, the_threshold_itself_asks_nobody_and_twice_the_threshold_is_not_high) {
  const auto status = [](int64_t score, int64_t threshold) {
    const RiskPolicy policy{.sensitive_patterns = {{"x", score}}, .auto_approve_threshold = threshold};
    return assess_risk(plan_writing("x"), policy).status;
  };
  EXPECT_EQ(status(25, 25), RiskStatus::auto_approve);
  EXPECT_EQ(status(26, 25), RiskStatus::requires_review);
  EXPECT_EQ(status(50, 25), RiskStatus::requires_review);
  EXPECT_EQ(status(51, 25), RiskStatus::high_risk);
  EXPECT_EQ(status(0, 0), RiskStatus::auto_approve);
  EXPECT_EQ(status(1, 0), RiskStatus::high_risk);
  EXPECT_EQ(status(risk_points_max, risk_points_max), RiskStatus::auto_approve);
}

TEST(Risk, a_path_for_a_person_is_never_approved_by_itself) {
  const RiskPolicy policy{.sensitive_patterns = {{"nothing", 1}},
                          .always_require_human = {"**/.env*", "db/migrations/**"}};
  const Risk risk = assess_risk(plan_writing("conf/.environment, db/**, src/a.py"), policy);
  EXPECT_EQ(risk.score, 0);
  EXPECT_EQ(risk.status, RiskStatus::requires_review);
  EXPECT_EQ(risk.for_a_person, (Texts{"conf/.environment", "db/**"}));
  EXPECT_EQ(assess_risk(plan_writing("src/a.py"), policy).status, RiskStatus::auto_approve);
}

// D9: a pattern that costs the original a second, so that it skips those after it.
TEST(Risk, D09_a_costly_pattern_hides_no_other) {
  const RiskPolicy policy{.sensitive_patterns = {{"(a+)+$", 1}, {"^(.{0,400}){2}$x", 1}, {"a!", 99}}};
  const std::string path = std::string(4000, 'a') + "!";
  EXPECT_EQ(assess_risk(plan_writing("\"" + path + "\""), policy).score, 99);
}

TEST(Risk, patterns_too_large_to_be_searched_together_are_searched_alone) {
  RiskPolicy policy{.sensitive_patterns = {}};
  for (int i = 0; i < 60; ++i)
    policy.sensitive_patterns.push_back({fmt::format("(x|{}[a-z]{{1,90}}){{1,8}}q", i), 1});
  policy.sensitive_patterns.push_back({"last", 7});
  EXPECT_EQ(assess_risk(plan_writing("src/last"), policy).score, 7);
}

// --- the sections of a configuration ---------------------------------------------------------------------

struct ReadSections {
  RiskSection section;
  Texts findings;
};

ReadSections read(std::string_view text) {
  const Parsed parsed = parse_yaml(text);
  EXPECT_TRUE(parsed.tree.has_value());
  const LoadOptions options{.file = "c.yaml"};
  Sheet sheet(*parsed.tree, options);
  ReadSections out;
  for (const std::string_view key : {"risk", "approval"}) {
    const NodeIndex value = parsed.tree->find(parsed.tree->root(), key);
    if (value != no_node) read_risk(sheet, value, key, out.section);
  }
  for (const Diagnostic& one : sheet.take_diagnostics()) out.findings.push_back(one.text());
  return out;
}

TEST(RiskSection, D10_both_names_of_the_section_are_read) {
  for (const std::string_view name : {"risk", "approval"}) {
    const ReadSections found =
        read(std::string(name) +
             ": {auto_approve_threshold: 5, sensitive_patterns: [abc, {pattern: d|e, weight: 3}],"
             " always_require_human: [\"./**/.env*\"]}");
    EXPECT_EQ(found.findings, Texts{});
    EXPECT_EQ(found.section, (RiskSection{.sensitive_patterns = {{{"abc", 10}, {"d|e", 3}}},
                                          .auto_approve_threshold = 5,
                                          .always_require_human = {"**/.env*"}}));
  }
}

TEST(RiskSection, an_empty_list_of_patterns_keeps_the_usual_ones) {
  EXPECT_EQ(policy_of(read("risk: {sensitive_patterns: []}").section), RiskPolicy{});
}

TEST(RiskSection, D09_what_cannot_be_read_is_an_error_with_its_place) {
  EXPECT_EQ(
      read("risk: {auto_approve_threshold: high}").findings,
      Texts{"c.yaml:1:32: auto_approve_threshold is text; expected a whole number of 0 to 1000000 points"});
  EXPECT_EQ(read("risk: {sensitive_patterns: [\"(a\"]}").findings,
            Texts{"c.yaml:1:29: pattern \"(a\": missing ): (a; expected a regular expression (RE2)"});
  EXPECT_EQ(read("risk: {sensitive_patterns: [{pattern: a, weight: -3}]}").findings.size(), 1U);
  EXPECT_EQ(read("risk: {sensitive_patterns: [{weight: 3}]}").findings,
            Texts{"c.yaml:1:29: pattern \"\" finds everything; expected a regular expression (RE2)"});
  EXPECT_EQ(read("risk: {auto_aprove_threshold: 5}").findings.size(), 1U);
  EXPECT_EQ(read("risk: 25").findings.size(), 1U);
  EXPECT_EQ(read("risk: {always_require_human: [/etc/passwd]}").findings.size(), 1U);
  EXPECT_EQ(read("risk: {auto_approve_threshold: 5}\napproval: {auto_approve_threshold: 5}").findings,
            Texts{"c.yaml:2:36: auto_approve_threshold stands in risk: and in approval:; expected one of "
                  "them; drop one"});
}

TEST(RiskSection, of_two_files_the_first_wins_and_paths_for_a_person_add_up) {
  const RiskSection first{.auto_approve_threshold = 5, .always_require_human = {"a"}};
  const RiskSection second{
      .sensitive_patterns = {{{"x", 1}}}, .auto_approve_threshold = 7, .always_require_human = {"b"}};
  EXPECT_EQ(merged(first, second), (RiskSection{.sensitive_patterns = {{{"x", 1}}},
                                                .auto_approve_threshold = 5,
                                                .always_require_human = {"a", "b"}}));
}

TEST(Risk, an_entry_that_owns_several_paths_counts_as_the_worst_that_is_tracked) {
  const std::vector<std::string> tracked = {"src/auth.py", "src/deploy.sh", "docs/a.md"};
  const auto score = [&](const std::string& entry) {
    return assess_risk(plan_writing(entry), {}, tracked).score;
  };
  EXPECT_EQ(score("\"**\""), 30);
  EXPECT_EQ(score("src/"), 30);
  EXPECT_EQ(score("src/aut?.py"), 20);
  EXPECT_EQ(score("\"src/[a]uth.py\""), 20);
  EXPECT_EQ(score("docs/"), 0);
  EXPECT_EQ(score("src/new.py"), 0);
}

TEST(Risk, what_may_be_appended_to_may_be_written) {
  const Plan plan = plan_of(
      "tasks: [{id: a, files_write: [x], files_append: [src/auth.py], verification: [{command: c, type: "
      "test}]}]");
  EXPECT_EQ(assess_risk(plan, {}).score, 20);
}

TEST(Risk, many_entries_for_a_person_are_no_problem) {
  std::string entries;
  for (int i = 0; i < 60'000; ++i) entries += fmt::format("{}s{}", i == 0 ? "" : ", ", i);
  EXPECT_EQ(assess_risk(plan_writing(entries), {.always_require_human = {"s*"}}).for_a_person.size(),
            60'000U);
}

TEST(RiskSection, only_what_asks_less_often_is_looser) {
  const RiskPolicy usual;
  RiskPolicy stricter;
  stricter.auto_approve_threshold = 5;
  stricter.sensitive_patterns.push_back({"more", 10});
  stricter.always_require_human = {"a"};
  EXPECT_EQ(looser_than(stricter, usual), Texts{});
  RiskPolicy heavier;
  for (SensitivePattern& one : heavier.sensitive_patterns) one.weight = 99;
  EXPECT_EQ(looser_than(heavier, usual), Texts{});
  EXPECT_EQ(looser_than({.auto_approve_threshold = 30}, usual), Texts{"threshold 30 instead of 25"});
  RiskPolicy before;
  before.sensitive_patterns.insert(before.sensitive_patterns.begin(), {"auth", 0});
  EXPECT_EQ(looser_than(before, usual).front(), "only sensitive auth +0");
}

TEST(RiskSection, two_looser_policies_are_never_trusted_as_one) {
  const auto lines = [](std::string pattern, int64_t weight) {
    return looser_than({.sensitive_patterns = {{std::move(pattern), weight}}}, {});
  };
  EXPECT_NE(lines("auth", 30), lines("zzz", 30));
  EXPECT_NE(lines("auth", 30), lines("auth", 3));
}

TEST(RiskSection, an_unknown_key_may_be_a_limit_that_somebody_relies_on) {
  EXPECT_EQ(read("approval: {threshold: 3}").findings,
            Texts{"c.yaml:1:12: unknown key \"threshold\" of approval:; expected sensitive_patterns, "
                  "auto_approve_threshold or always_require_human"});
  EXPECT_EQ(read("risk: {x-note: 3}").findings, Texts{});
}

// --- what is said of it ----------------------------------------------------------------------------------

TEST(RiskReport, keeps_the_originals_shape_of_json) {
  const Risk risk = assess_risk(plan_writing("src/auth.py"), {});
  EXPECT_EQ(risk_json(risk),
            R"({"score":20,"factors":["sensitive_path:src/auth.py:auth"],"points":[20],"for_a_person":[],)"
            R"("auto_approve":true,"auto_approve_threshold":25,"status":"AUTO-APPROVE"})");
}

TEST(RiskReport, puts_as_many_factors_in_a_line_as_eighty_columns_hold) {
  const Risk risk = assess_risk(plan_writing("auth/one.py, auth/two.py, auth/three.py"), {});
  EXPECT_EQ(verdict_text(risk), "60 HIGH RISK (threshold 25)");
  EXPECT_EQ(factor_lines(risk, 12, 2),
            "            +20 sensitive_path:auth/one.py:auth\n"
            "            +20 sensitive_path:auth/two.py:auth   and 1 more\n");
}

}  // namespace
}  // namespace pianola::plan
