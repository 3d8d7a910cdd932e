#include "agents/activity.h"

#include <gtest/gtest.h>

namespace pianola::agents {
namespace {

std::string line(std::string_view command) {
  const ToolUsed use = shell_activity(command);
  return use.verb + " " + use.object;
}

TEST(Activity, a_shell_command_has_the_verb_of_what_it_does) {
  EXPECT_EQ(line("cat src/a.py"), "reads src/a.py");
  EXPECT_EQ(line("sed -n 1,20p src/a.py"), "reads -n 1,20p src/a.py");
  EXPECT_EQ(line("rg -n csv src"), "searches -n csv src");
  EXPECT_EQ(line("pytest -q"), "tests pytest -q");
  EXPECT_EQ(line("pytestify"), "runs pytestify");
  EXPECT_EQ(line("ruff check"), "runs ruff check");
  EXPECT_EQ(line("cat a > b"), "runs cat a > b");
  EXPECT_EQ(line("cat $(ls)"), "runs cat $(ls)");
  EXPECT_EQ(line("python3 - <<'EOF'\nprint(1)\nEOF"), "runs python3 - <<'EOF'");
  EXPECT_EQ(line(""), "runs ");
}

TEST(Activity, a_commit_is_named_by_its_subject) {
  EXPECT_EQ(line("git add -A && git commit -qm 'add hello' && git log"), "commits add hello");
  EXPECT_EQ(line("git commit -a -m \"two words\nbody\""), "commits two words");
  EXPECT_EQ(line("git commit -am word"), "commits word");
  EXPECT_EQ(line("git commit --amend --no-edit"), "commits git commit --amend --no-edit");
  EXPECT_EQ(line("git commit -m"), "commits git commit -m");
}

TEST(Activity, what_only_wraps_a_command_is_taken_off) {
  EXPECT_EQ(line("/bin/bash -lc 'cd /w/task && pytest -q tests'"), "tests pytest -q tests");
  EXPECT_EQ(line("bash -lc \"echo \\\"a b\\\"\""), "runs echo \"a b\"");
  EXPECT_EQ(line("sh -c 'it'\"'\"'s'"), "runs it's");
  EXPECT_EQ(line("bash script.sh"), "runs bash script.sh");
  EXPECT_EQ(line("cd src"), "runs cd src");
  EXPECT_EQ(line("bash -lc '"), "runs ");
}

TEST(Activity, a_result_is_the_exit_or_the_last_line_of_tests) {
  EXPECT_EQ(shell_result("runs", "out\n", 0, false), "exit 0");
  EXPECT_EQ(shell_result("runs", "", -1, true), "failed");
  EXPECT_EQ(shell_result("runs", "", -1, false), "ended");
  EXPECT_EQ(shell_result("tests", "...\n12 passed\n\n", 0, false), "12 passed");
  EXPECT_EQ(shell_result("tests", "\n", 2, true), "exit 2");
}

TEST(Activity, paths_are_relative_to_the_workspace) {
  EXPECT_EQ(relative_path("/w/t/a.py", "/w/t"), "a.py");
  EXPECT_EQ(relative_path("/w/tx/a.py", "/w/t"), "/w/tx/a.py");
  EXPECT_EQ(relative_path("/w/t", "/w/t"), "/w/t");
  EXPECT_EQ(relative_path("a.py", ""), "a.py");
}

TEST(Activity, lines_are_counted_with_a_last_one_that_is_open) {
  EXPECT_EQ(line_count(""), 0);
  EXPECT_EQ(line_count("a"), 1);
  EXPECT_EQ(line_count("a\nb\n"), 2);
}

}  // namespace
}  // namespace pianola::agents
