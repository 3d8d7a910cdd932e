// Contracts as a plan lists them.
#include <gtest/gtest.h>

#include <string>

#include "plan/loading.h"
#include "plan/schema.h"

namespace pianola::plan {
namespace {

std::string with_check(std::string_view check) {
  return "tasks:\n  - id: a\n    files_write: [x]\n    verification: [{" + std::string(check) + "}]\n";
}

TEST(Schema, P34_a_contract_outside_the_repository_or_with_code_for_a_name_is_refused) {
  EXPECT_EQ(finding("contracts:\n  - {name: A, file_path: ../a.py}\n" + one_task("")),
            "tasks.yaml:2:26: \"../a.py\": a path that leaves the repository; expected one inside it");
  EXPECT_EQ(finding("contracts:\n  - {name: \"A\\nimport os\"}\n" + one_task("")),
            "tasks.yaml:2:12: contract name \"A\\nimport os\"; expected an identifier: letters, digits and "
            "_, no digit first");
  EXPECT_EQ(finding("contracts:\n  - {version: 1}\n" + one_task("")),
            "tasks.yaml:2:5: a contract without a name; expected name");
  EXPECT_EQ(finding("contracts:\n  - {name: A, consumers: [b]}\n" + one_task("")),
            "tasks.yaml:2:27: no task \"b\"; expected an id of this plan; nearest is a");
}

TEST(Schema, a_contract_is_read_with_its_methods_in_each_of_their_forms) {
  const Loaded loaded = load_text(
      "contracts:\n  - name: A\n    file_path: c/a.py\n    imports: [from m import T]\n    producers: [a]\n"
      "    methods: [\"f(x: int) -> T\", {name: g, params: {x: int, y: }, returns: T, doc: Say.},\n"
      "      {name: h, params: [\"x: int\", {name: y, type: str}, z]}, {name: i, params: \"x: int, y\"}]\n" +
      with_check("command: mypy, type: typecheck"));
  ASSERT_TRUE(loaded.plan);
  const std::vector<Method> methods = {
      {.name = "f", .parameters = {{"x", "int"}}, .returns = "T", .doc = {}},
      {.name = "g", .parameters = {{"x", "int"}, {"y", ""}}, .returns = "T", .doc = "Say."},
      {.name = "h", .parameters = {{"x", "int"}, {"y", "str"}, {"z", ""}}, .returns = {}, .doc = {}},
      {.name = "i", .parameters = {{"x", "int"}, {"y", ""}}, .returns = {}, .doc = {}}};
  ASSERT_EQ(loaded.plan->contracts.size(), 1U);
  EXPECT_EQ(loaded.plan->contracts[0].methods, methods);
  EXPECT_EQ(loaded.plan->contracts[0].producers, std::vector<TaskId>{TaskId("a")});
}

std::string with_contract(std::string_view keys) {
  return "contracts:\n  - {name: A, " + std::string(keys) + "}\n" + one_task("");
}

TEST(Schema, D17_what_would_put_code_into_the_file_of_a_contract_is_refused) {
  EXPECT_EQ(finding(with_contract("methods: [\"f\\nimport os\"]")),
            "tasks.yaml:2:25: method \"f\\nimport os\"; expected a name, or a whole one: login(user: str) -> "
            "Token");
  EXPECT_EQ(finding(with_contract("methods: [{name: f, returns: \"int: pass\\n\"}]")),
            "tasks.yaml:2:44: returns \"int: pass\\n\"; expected a type such as str, int? or list[User]");
  EXPECT_EQ(finding(with_contract("methods: [{name: f, params: {\"a, b\": int}}]")),
            "tasks.yaml:2:44: parameter \"a, b\"; expected a name");
  EXPECT_EQ(finding(with_contract("methods: [{name: f, doc: \"a\\\\\"}]")),
            "tasks.yaml:2:40: doc \"a\\\\\"; expected lines without control characters, backslashes and "
            "marks of comments, at most 2000 bytes");
  EXPECT_EQ(
      finding(with_contract("file_path: c/a.py, imports: [import os; evil()]")),
      "tasks.yaml:2:5: contract A: \"import os; evil()\" is no import of python; expected one line such as "
      "from app.models import User");
}

TEST(Schema, contracts_that_no_file_can_hold_are_refused) {
  EXPECT_EQ(finding(with_contract("file_path: c/a.proto, methods: [f]")), "")
      << "not every language is known";
  EXPECT_EQ(finding(with_contract("file_path: c/, methods: [f]")),
            "tasks.yaml:2:26: \"c/\" is more than one file; expected the path of a file");
  EXPECT_EQ(finding(with_contract("file_path: c/a.py, methods: [class]")),
            "tasks.yaml:2:5: contract A: \"class\" is a word of python; expected another name");
  EXPECT_EQ(finding("contracts:\n  - {name: A, file_path: a.py}\n  - {name: A, file_path: ./a.py}\n" +
                    one_task("")),
            "tasks.yaml:3:5: contract A stands twice; expected a name of its own | tasks.yaml:3:5: two "
            "contracts in a.py; expected a file of its own");
}

TEST(Schema, a_task_that_uses_a_contract_has_a_type_check) {
  EXPECT_EQ(
      finding(with_contract("file_path: c/a.ts, methods: [f], consumers: [a]")),
      "tasks.yaml:2:60: task \"a\" uses contract A and has no required check of type typecheck; expected "
      "one that would see a wrong type; write verification: [{type: typecheck, command: tsc --noEmit}]");
  EXPECT_EQ(finding(with_contract("consumers: [a]"), Strictness::well_formed), "");
}

}  // namespace
}  // namespace pianola::plan
