// Ids, references, order and ownership: what takes two places of a plan to break.
#include "plan/rules.h"

#include <gtest/gtest.h>

#include <string>

#include "plan/loading.h"

namespace pianola::plan {
namespace {

// "- {id: a, <rest>, verification: ...}" for each pair.
std::string tasks(std::initializer_list<std::pair<std::string_view, std::string_view>> list) {
  std::string out = "tasks:\n";
  for (const auto& [id, rest] : list) {
    out += "- {id: " + std::string(id) + ", " + std::string(rest) + ", verification: [pytest]}\n";
  }
  return out;
}

TEST(Rules, P15_D05_two_equal_ids_are_named_with_both_lines) {
  EXPECT_EQ(finding(tasks({{"a", "files_write: [x]"}, {"a", "files_write: [y]"}})),
            "tasks.yaml:3:8: id \"a\" stands twice, first at 2:8; expected ids that differ when case is "
            "ignored; rename one of 2:8 and 3:8");
  EXPECT_EQ(finding(tasks({{"Ab", "files_write: [x]"}, {"aB", "files_write: [y]"}})),
            "tasks.yaml:3:8: id \"aB\" differs from \"Ab\" (2:8) in case only; expected ids that differ when "
            "case is ignored; rename one of 2:8 and 3:8");
  // Two forms of one accented id are each refused by the id rule.
  EXPECT_EQ(
      findings(tasks({{"\"\xC3\xA9\"", "files_write: [x]"}, {"\"e\xCC\x81\"", "files_write: [y]"}})).size(),
      2U);
}

TEST(Rules, tasks_that_share_an_id_are_not_told_to_depend_on_themselves) {
  EXPECT_EQ(findings(tasks({{"a", "files_write: [x]"}, {"a", "files_write: [x]"}})).size(), 1U);
}

TEST(Rules, ten_thousand_warnings_do_not_hide_an_error) {
  std::string text = "tasks:\n- id: a\n";
  for (int i = 0; i < 10'001; ++i) text += "  unheard-of-" + std::to_string(i) + ": x\n";
  const Loaded loaded = load_text(text + "  depends_on: [b]\n", Strictness::well_formed);
  EXPECT_FALSE(loaded.plan);
  ASSERT_EQ(loaded.diagnostics.size(), 10'001U);
  EXPECT_EQ(loaded.diagnostics.back().severity, Severity::error);
}

TEST(Rules, P16_an_unknown_dependency_names_the_nearest_id) {
  EXPECT_EQ(
      finding(tasks(
          {{"login-service", "files_write: [x]"}, {"b", "files_write: [y], depends_on: [login-servce]"}})),
      "tasks.yaml:3:42: no task \"login-servce\"; expected an id of this plan; nearest is login-service");
  EXPECT_EQ(finding(tasks({{"a", "files_write: [x]"}, {"b", "files_write: [y], depends_on: [zebra]"}})),
            "tasks.yaml:3:42: no task \"zebra\"; expected an id of this plan; ids are a, b");
}

TEST(Rules, P17_D08_a_cycle_is_printed_as_a_path) {
  const std::string text = tasks({{"cart", "files_write: [x], depends_on: [checkout]"},
                                  {"free", "files_write: [f]"},
                                  {"checkout", "files_write: [y], depends_on: [free, cart]"}});
  EXPECT_EQ(finding(text),
            "tasks.yaml:2:45: cycle cart > checkout > cart; expected no way back; drop one of 2:45 and 4:55");
  EXPECT_EQ(load_text(text).cycle, (std::vector<std::string>{"cart", "checkout", "cart"}));
  EXPECT_EQ(finding(text, Strictness::well_formed), finding(text));
  const std::string self = tasks({{"a", "files_write: [x], depends_on: [a]"}});
  EXPECT_EQ(finding(self), "tasks.yaml:2:42: cycle a > a; expected no way back; drop it");
  EXPECT_EQ(load_text(self).cycle, (std::vector<std::string>{"a", "a"}));
}

TEST(Rules, a_long_cycle_is_shortened_in_the_middle) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 30; ++i) {
    text += "- {id: t" + std::to_string(i) + ", depends_on: [t" + std::to_string((i + 29) % 30) + "]}\n";
  }
  const std::string line = finding(text, Strictness::well_formed);
  EXPECT_NE(line.find("t9 > ... 11 more > t21"), std::string::npos) << line;
  EXPECT_NE(line.find("drop one of 2:25, 3:25, 4:25, 5:25, 6:25, ..."), std::string::npos) << line;
  EXPECT_EQ(load_text(text, Strictness::well_formed).cycle.size(), 31U);
}

TEST(Rules, P18_one_path_of_two_unordered_tasks_names_both_lines_and_the_dependency) {
  EXPECT_EQ(finding(tasks({{"a", "files_write: [src/a.c]"}, {"b", "files_write: [y, ./src/a.c]"}})),
            "tasks.yaml:3:28: \"src/a.c\" is owned by a too (2:25), and b and a have no order; expected one "
            "owner at a time; "
            "add to b: depends_on: [a]");
  EXPECT_EQ(
      finding(tasks({{"a", "files_write: [src/a.c]"}, {"b", "files_write: [src/a.c], depends_on: [a]"}})),
      "");
  EXPECT_EQ(finding(tasks({{"a", "files_write: [src/a.c]"}, {"b", "files_write: [src/a.c]"}}),
                    Strictness::well_formed),
            "");
}

TEST(Rules, P19_overlapping_entries_name_a_path_both_own) {
  EXPECT_EQ(finding(tasks({{"a", "files_write: [src/a.c]"}, {"b", "files_write: [\"src/**\"]"}})),
            "tasks.yaml:3:25: \"src/**\" overlaps \"src/a.c\" (2:25), and b and a have no order; expected "
            "one owner at a time; "
            "add to b: depends_on: [a]");
  EXPECT_EQ(finding(tasks({{"a", "files_write: [\"src/a*\"]"}, {"b", "files_write: [\"src/*.c\"]"}})),
            "tasks.yaml:3:25: \"src/*.c\" overlaps \"src/a*\" (2:25), both own src/a.c, and b and a have no "
            "order; expected "
            "one owner at a time; add to b: depends_on: [a]");
}

TEST(Rules, D01_an_order_between_two_of_three_owners_saves_only_that_pair) {
  const std::vector<std::string> all = findings(tasks(
      {{"a", "files_write: [x]"}, {"b", "files_write: [x], depends_on: [a]"}, {"c", "files_write: [x]"}}));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(all[0].find("c and a have no order"), std::string::npos);
  EXPECT_NE(all[1].find("c and b have no order"), std::string::npos);
}

TEST(Rules, D02_paths_are_compared_and_not_strings) {
  std::string text = "tasks:\n";
  int number = 0;
  for (const std::string entry :
       {"src/*.py", "src/a.py", "./src/a.py", "src/", "src//a.py", "lib/../src/a.py"}) {
    text += "- {id: t" + std::to_string(number++) + ", files_write: [\"" + entry +
            "\"], verification: [pytest]}\n";
  }
  EXPECT_EQ(findings(text).size(), 15U);  // all pairs of six
  EXPECT_EQ(
      finding(tasks({{"a", "files_write: [src/a.py]"}, {"b", "files_write: [SRC/A.py]"}})),
      "tasks.yaml:3:25: \"SRC/A.py\" and \"src/a.py\" (2:25) are one path where case or the form of accents "
      "does not "
      "count, and b and a have no order; expected one spelling; write both as \"src/a.py\", or rename one");
}

TEST(Rules, spellings_of_one_path_in_ordered_tasks_are_a_warning) {
  const std::string text = tasks(
      {{"a", "files_write: [\"caf\xC3\xA9\"]"}, {"b", "files_write: [\"cafe\xCC\x81\"], depends_on: [a]"}});
  EXPECT_TRUE(load_text(text).plan);
  EXPECT_EQ(finding(text),
            "tasks.yaml:3:25: warning: \"cafe\xCC\x81\" and \"caf\xC3\xA9\" (2:25) are one path where case "
            "or the form of "
            "accents does not count; expected one spelling; write both as \"caf\xC3\xA9\", or rename one");
  EXPECT_EQ(findings(tasks({{"a", "files_write: [A, a]"}})).size(), 1U);
}

TEST(Rules, D03_a_task_never_conflicts_with_itself) {
  EXPECT_EQ(
      finding(tasks(
          {{"a",
            "files_write: [x, x, ./x, \"*\"], resources_write: [\"route:/auth\"], patch_intents: [{file: x, "
            "action: add_router, intent: {prefix: /auth}}]"}})),
      "");
}

TEST(Rules, D04_a_dependency_written_twice_is_one) {
  const Loaded loaded =
      load_text(tasks({{"a", "files_write: [x]"}, {"b", "files_write: [y], depends_on: [a, a]"}}));
  ASSERT_TRUE(loaded.plan);
  EXPECT_EQ(loaded.plan->tasks[1].depends_on.size(), 1U);
}

TEST(Rules, a_shared_resource_needs_an_order_and_a_shared_read_gets_a_warning) {
  EXPECT_EQ(
      finding(tasks(
          {{"a", "files_write: [x], resources_write: [\"route:/auth\"]"},
           {"b",
            "files_write: [y], patch_intents: [{file: m, action: add_router, intent: {prefix: /auth}}]"}})),
      "tasks.yaml:3:45: \"route:/auth\" is owned by a too (2:47), and b and a have no order; expected one "
      "owner at a "
      "time; add to b: depends_on: [a]");
  EXPECT_EQ(finding(tasks({{"a", "files_write: [x]"}, {"b", "files_write: [y], files_read: [\"*\"]"}})),
            "tasks.yaml:3:42: warning: \"x\" is read here and written by a (2:25), and b and a have no "
            "order; expected "
            "readers before or after the writer; add to b: depends_on: [a]");
  EXPECT_EQ(finding(tasks({{"a", "files_write: [x], files_read: [y]"}, {"b", "files_write: [y]"}})),
            "tasks.yaml:3:25: warning: \"y\" is written here and read by a (2:42), and b and a have no "
            "order; expected "
            "readers before or after the writer; add to b: depends_on: [a]");
}

TEST(Rules, the_four_errors_of_the_guide_stand_as_it_shows_them) {
  const std::string text = R"(tasks:
  - {id: login-service, files_write: [src/login/service.py], verification: [pytest]}
  - id: login-routes
    file_write: [x]
    files_write: [src/login/]
    depends_on: [login-servce]
    verification: [{command: "true"}]
)";
  EXPECT_EQ(
      findings(text),
      (std::vector<std::string>{
          "tasks.yaml:4:5: unknown key \"file_write\"; expected a task key; nearest is files_write",
          "tasks.yaml:5:19: \"src/login/\" overlaps \"src/login/service.py\" (2:39), and login-routes and "
          "login-service have no order; expected one owner at a time; add to login-routes: depends_on: "
          "[login-service]",
          "tasks.yaml:6:18: no task \"login-servce\"; expected an id of this plan; nearest is login-service",
          "tasks.yaml:7:30: command \"true\" cannot fail; expected a check that can; write one, or set "
          "allow_trivial: true",
      }));
}

}  // namespace
}  // namespace pianola::plan
