#include "plan/fix.h"

#include <gtest/gtest.h>

#include <string>

#include "plan/loading.h"

namespace pianola::plan {
namespace {

std::string fixed(std::string_view text, std::string_view file = "tasks.yaml") {
  const auto result = fix(text, file);
  return result ? result->bytes : result.error().text();
}

TEST(Fix, rewrites_ids_and_every_reference_and_nothing_else) {
  const std::string text =
      "# plan\r\ntasks:   # all of it\n"
      "  - id: api.v1   # the \"api\"\n    description: api.v1 is first\n    files_write: [ api.v1 ]\n"
      "  - {id: \"ui/a b\", depends_on: [api.v1,'api.v1'], files_write: [x]}\n"
      "contracts:\n  - {name: A, consumers: [ui/a b]}\n";
  const auto result = fix(text, "tasks.yaml");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->bytes,
            "# plan\r\ntasks:   # all of it\n"
            "  - id: api-v1   # the \"api\"\n    description: api.v1 is first\n    files_write: [ api.v1 ]\n"
            "  - {id: \"ui-a-b\", depends_on: [api-v1,'api-v1'], files_write: [x]}\n"
            "contracts:\n  - {name: A, consumers: [ui-a-b]}\n");
  ASSERT_EQ(result->changes.size(), 5U);
  EXPECT_EQ(result->changes[0], (Change{{"tasks.yaml", 3, 9}, "api.v1", "api-v1"}));
  EXPECT_EQ(result->changes[1], (Change{{"tasks.yaml", 6, 10}, "ui/a b", "ui-a-b"}));
  EXPECT_EQ(result->changes[4], (Change{{"tasks.yaml", 8, 27}, "ui/a b", "ui-a-b"}));
}

TEST(Fix, a_fixed_plan_has_no_findings_about_ids) {
  const std::string text =
      "tasks:\n- {id: 1, files_write: [a], verification: [x]}\n- {id: ../../x, files_write: [b], "
      "verification: [x]}\n"
      "- {id: yes, files_write: [c], verification: [x], depends_on: [1, ../../x, main]}\n"
      "- {id: main, files_write: [d], verification: [x]}\n- {id: \"\", files_write: [e], verification: [x]}\n"
      "- {id: -x, files_write: [f], verification: [x]}\n- {id: X, files_write: [g], verification: [x]}\n";
  const std::string after = fixed(text);
  EXPECT_EQ(
      after,
      "tasks:\n- {id: \"1\", files_write: [a], verification: [x]}\n- {id: x-2, files_write: [b], "
      "verification: [x]}\n"
      "- {id: yes, files_write: [c], verification: [x], depends_on: [\"1\", x-2, main-task]}\n"
      "- {id: main-task, files_write: [d], verification: [x]}\n- {id: \"task-5\", files_write: [e], "
      "verification: [x]}\n"
      "- {id: x-3, files_write: [f], verification: [x]}\n- {id: X, files_write: [g], verification: [x]}\n");
  EXPECT_TRUE(load_text(after).plan) << finding(after);
  EXPECT_EQ(fixed(after), after);
}

TEST(Fix, keeps_the_byte_order_mark_and_json_and_anchors) {
  EXPECT_EQ(fixed("\xEF\xBB\xBFtasks: [{id: a.b}]\n"), "\xEF\xBB\xBFtasks: [{id: a-b}]\n");
  EXPECT_EQ(fixed("{\"tasks\": [{\"id\": \"a.b\"}, {\"id\": 7, \"depends_on\": [\"a.b\"]}]}", "p.json"),
            "{\"tasks\": [{\"id\": \"a-b\"}, {\"id\": \"7\", \"depends_on\": [\"a-b\"]}]}");
  EXPECT_EQ(fixed("tasks:\n- {id: &n a.b}\n- {id: c, depends_on: [*n ]}\n"),
            "tasks:\n- {id: &n a-b}\n- {id: c, depends_on: [a-b ]}\n");
  EXPECT_EQ(
      fixed("x-d: &d [a.b]\ntasks:\n- {id: a.b}\n- {id: c, depends_on: *d}\n- {id: e, depends_on: *d}\n"),
      "x-d: &d [a-b]\ntasks:\n- {id: a-b}\n- {id: c, depends_on: *d}\n- {id: e, depends_on: *d}\n");
  EXPECT_EQ(fixed("tasks: [{id: caf\xC3\xA9}]\n"), "tasks: [{id: caf}]\n");
}

TEST(Fix, leaves_alone_what_is_right_or_not_on_one_line) {
  for (const std::string text : {"", "# x\n", "tasks: []\n", "tasks: x\n", "- a\n", "tasks: [a, {b: c}]\n",
                                 "tasks: [{id: a}]\n", "tasks:\n- id: |\n    a.b\n",
                                 "tasks:\n- id: a\n    b\n", "tasks: [{id: [a.b]}]\n", "tasks: [{id: }]\n"}) {
    const auto result = fix(text, "tasks.yaml");
    ASSERT_TRUE(result) << text;
    EXPECT_EQ(result->bytes, text);
    EXPECT_TRUE(result->changes.empty());
  }
}

TEST(Fix, refuses_what_is_not_a_plan_text) {
  EXPECT_EQ(fixed("tasks: [\n"),
            "tasks.yaml:2:1: did not find expected node content; expected well-formed YAML; while parsing a "
            "flow node that begins at 2:1");
  EXPECT_EQ(fix("a: \xff", "tasks.yaml").error().kind, ErrorKind::bad_plan);
}

TEST(Fix, gives_valid_ids_for_anything) {
  EXPECT_EQ(valid_id("../../etc/x y", 1), "etc-x-y");
  EXPECT_EQ(valid_id("__a", 1), "a");
  EXPECT_EQ(valid_id("\xC3\xA9", 3), "task-3");
  EXPECT_EQ(valid_id("CON", 1), "CON-task");
  EXPECT_EQ(valid_id(std::string(100, 'a'), 1), std::string(64, 'a'));
  EXPECT_EQ(valid_id(std::string(63, 'a') + "..b", 1), std::string(63, 'a'));
}

TEST(Fix, ten_thousand_ids_that_become_one_are_numbered) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 10'000; ++i)
    text += "- id: \"" + std::string(static_cast<size_t>(1 + i % 50), '.') + "a" +
            std::string(static_cast<size_t>(1 + i / 50), '.') + "\"\n";
  const std::string after = fixed(text);
  EXPECT_NE(after.find("- id: \"a\"\n- id: \"a-2\"\n"), std::string::npos);
  EXPECT_NE(after.find("\"a-10000\""), std::string::npos);
}

}  // namespace
}  // namespace pianola::plan
