#include "plan/project.h"

#include <gtest/gtest.h>

#include "plan/assumed.h"

namespace pianola::plan {
namespace {

using Names = std::vector<std::string>;
using Texts = std::map<std::string, std::string>;

Names commands(Names names, Texts texts = {}) {
  return test_commands({.path = {}, .names = std::move(names), .texts = std::move(texts)});
}

std::string npm(const std::string& script) { return R"({"scripts": {"test": ")" + script + "\"}}"; }

TEST(TestCommands, follow_from_the_files_of_each_kind_of_project) {
  EXPECT_EQ(commands({"package.json"}, {{"package.json", npm("jest")}}), Names{"npm test"});
  for (const char* name : {"pyproject.toml", "setup.cfg", "pytest.ini", "tests/test_a.py"}) {
    EXPECT_EQ(commands({name}), Names{"python3 -m pytest"}) << name;
  }
  EXPECT_EQ(commands({"Cargo.toml"}), Names{"cargo test"});
  EXPECT_EQ(commands({"go.mod"}), Names{"go test ./..."});
  EXPECT_EQ(commands({"CMakeLists.txt"}, {{"CMakeLists.txt", "project(a)\nenable_testing()\n"}}),
            Names{"ctest --test-dir build"});
  EXPECT_EQ(commands({"CMakeLists.txt", "CMakePresets.json"}), Names{"ctest --test-dir build"});
  EXPECT_EQ(commands({"CTestTestfile.cmake"}), Names{"ctest --test-dir build"});
}

TEST(TestCommands, are_those_of_all_kinds_in_one_order) {
  EXPECT_EQ(commands({"go.mod", "package.json", "pytest.ini"}, {{"package.json", npm("jest")}}),
            (Names{"npm test", "python3 -m pytest", "go test ./..."}));
}

TEST(TestCommands, are_none_where_nothing_is_tested) {
  EXPECT_EQ(commands({"README.md", "tests/data.txt"}), Names{});
  EXPECT_EQ(commands({"CMakeLists.txt"}, {{"CMakeLists.txt", "project(a)\n"}}), Names{});
  EXPECT_EQ(commands({"CMakePresets.json"}), Names{});
  for (const char* text : {"", "[", "[]", "{}", R"({"scripts": []})", R"({"scripts": {"test": 1}})",
                           R"({"scripts": {"test": ""}})", R"({"scripts": {"test": "exit 0"}})",
                           R"({"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}})"}) {
    EXPECT_EQ(commands({"package.json"}, {{"package.json", text}}), Names{}) << text;
  }
}

std::vector<ProjectFolder> monorepo() {
  return {{.path = "api", .names = {"go.mod"}, .texts = {}},
          {.path = "docs", .names = {"index.md"}, .texts = {}},
          {.path = "my web", .names = {"package.json"}, .texts = {{"package.json", npm("jest")}}}};
}

Names checks_of(const Names& files, const std::vector<ProjectFolder>& folders) {
  Task task;
  task.files_write = files;
  Names out;
  for (const Check& check : checks_for(task, project_checks(folders)))
    out.push_back(command_text(check.command));
  return out;
}

TEST(ProjectChecks, are_those_of_the_folder_that_holds_all_files_of_a_task) {
  EXPECT_EQ(checks_of({"api/x.go", "api/sub/"}, monorepo()), Names{"cd api && go test ./..."});
  EXPECT_EQ(checks_of({"my web/**"}, monorepo()), Names{"cd 'my web' && npm test"});
  const Names all = {"cd api && go test ./...", "cd 'my web' && npm test"};
  EXPECT_EQ(checks_of({"api/x.go", "my web/y"}, monorepo()), all);
  EXPECT_EQ(checks_of({"docs/"}, monorepo()), all);
  EXPECT_EQ(checks_of({"apis/x"}, monorepo()), all);
  EXPECT_EQ(checks_of({"a*/x"}, monorepo()), all);
}

TEST(ProjectChecks, of_the_top_are_those_of_every_task) {
  EXPECT_EQ(checks_of({"api/x.go"}, {{.path = {}, .names = {"Cargo.toml"}, .texts = {}}}),
            Names{"cargo test"});
}

TEST(ProjectChecks, never_take_a_name_for_shell_text) {
  EXPECT_EQ(checks_of({"x"}, {{.path = "a'; rm -rf $HOME", .names = {"go.mod"}, .texts = {}}}),
            Names{"cd 'a'\\''; rm -rf $HOME' && go test ./..."});
  EXPECT_EQ(checks_of({"x"}, {{.path = "-P", .names = {"go.mod"}, .texts = {}}}),
            Names{"cd ./-P && go test ./..."});
  EXPECT_EQ(checks_of({"x"}, {{.path = "a\nb", .names = {"go.mod"}, .texts = {}}}), Names{});
  EXPECT_EQ(checks_of({"x"}, {{.path = "a\xFF", .names = {"go.mod"}, .texts = {}}}), Names{});
}

TEST(FinalChecks, are_added_once) {
  Check check;
  check.command = ShellCommand{"npm test"};
  Plan plan;
  plan.post_merge_checks = {check};
  Check other = check;
  other.timeout_ms = 1;
  add_final_checks(plan, {check, other, other});
  EXPECT_EQ(plan.post_merge_checks, (std::vector<Check>{check, other}));
}

}  // namespace
}  // namespace pianola::plan
