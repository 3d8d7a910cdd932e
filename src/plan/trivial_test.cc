#include "plan/trivial.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pianola::plan {
namespace {

bool is_trivial_text(std::string text) { return is_trivial(ShellCommand{std::move(text)}); }

TEST(Trivial, commands_that_cannot_fail_are_known_by_their_words) {
  for (const char* text : {
           "true",
           ":",
           "exit 0",
           "echo ok",
           "echo",
           "printf '%s' x",
           "test 1",
           "[ 1 ]",
           "ls",
           "ls -la src",
           "/bin/true",
           "python -c \"import x\"",
           "python3 -c 'import x, y.z'",
           "python3.11 -c 'pass'",
           "  true  ",
           "'true'",
           "t\\rue",
           "true;",
           "true; echo ok",
           "true && echo ok",
           "echo a && echo b ; :",
           "pytest || true",
           "pytest -q || echo failed",
           "make && pytest || true",
           "true || pytest",
           "pytest; echo done",
           "make; exit 0",
           "pytest\ntrue",
           "pytest &",
           "pytest | echo x",
           "# nothing",
           "true # pytest",
           "A=1 true",
           "echo $(pytest)",
           "echo `pytest`",
           "echo \"$(pytest)\"",
           "true > /dev/null 2>&1",
           "echo x &> out",
           "sh -c true",
           "bash -lc 'pytest || true'",
           "sh -c \"sh -c 'echo ok'\"",
           "test foo",
           "[ foo ]",
           "echo ok && ls;",
       }) {
    EXPECT_TRUE(is_trivial_text(text)) << text;
  }
}

TEST(Trivial, commands_that_can_fail_are_left_alone) {
  for (const char* text : {
           "pytest",
           "pytest -q",
           "make test",
           "exit 1",
           "false",
           "test -f x",
           "[ -f x ]",
           "[ -n \"$X\" ]",
           "test $X",
           "true && pytest",
           "echo start; pytest",
           "pytest && echo ok",
           "pytest; exit 1",
           "echo x | grep y",
           "./true.sh",
           "truely",
           "echo ok || pytest; pytest",
           "python -c \"import x; x.check()\"",
           "python -c 'assert 1'",
           "python -m x",
           "python x.py",
           "set -e; pytest; echo ok",
           "test -f x || exit 1; echo ok",
           "(true)",
           "if pytest; then true; fi",
           "sh -c pytest",
           "sh -ec 'pytest; echo ok'",
           "grep -q true x",
           "'true pytest'",
           "cmp a b",
           "! true",
           "cargo test --quiet",
           "A=1 pytest",
           "pytest > log 2>&1",
           "pytest 2>/dev/null",
           "git diff --exit-code",
       }) {
    EXPECT_FALSE(is_trivial_text(text)) << text;
  }
}

TEST(Trivial, a_module_that_can_be_imported_and_a_file_that_is_there_prove_nothing) {
  for (const char* text :
       {"python -c \"import app\"", "python3 -c 'import app.main as m'",
        "python3 -c \"from app import main\"", "/usr/bin/python -c 'import app'",
        "PYTHONPATH=src python -c 'import app'", "ls src/app.py", "ls -l src/app.py README.md",
        "ls src/app.py && python -c 'import app'", "ls src/app.py > /dev/null"}) {
    EXPECT_TRUE(is_trivial_text(text)) << text;
  }
  for (const char* text : {"python -c 'from app import main; main()'", "python -c 'import app; app.check()'",
                           "python -m app", "ls src | grep app.py", "ls src/app.py && pytest"}) {
    EXPECT_FALSE(is_trivial_text(text)) << text;
  }
  EXPECT_TRUE(is_trivial(ArgvCommand{{"ls", "src/app.py"}}));
}

TEST(Trivial, argument_lists_are_commands_without_a_shell) {
  EXPECT_TRUE(is_trivial(ArgvCommand{{"true"}}));
  EXPECT_TRUE(is_trivial(ArgvCommand{{"echo", "a", "&&", "pytest"}}));
  EXPECT_TRUE(is_trivial(ArgvCommand{{"sh", "-c", "pytest || true"}}));
  EXPECT_TRUE(is_trivial(ArgvCommand{{"/usr/bin/python3", "-c", "import x"}}));
  EXPECT_FALSE(is_trivial(ArgvCommand{{"pytest", "||", "true"}}));
  EXPECT_FALSE(is_trivial(ArgvCommand{{"sh", "-c", "pytest"}}));
  EXPECT_FALSE(is_trivial(ArgvCommand{{"sh", "check.sh"}}));
}

TEST(Trivial, text_that_no_shell_would_read_ends_the_reading) {
  for (const char* text : {"'", "\"", "echo '", "echo \"a", "echo $(", "`", "echo `a", "$(", "\\", "a\\", ">",
                           "|", "&&", ";;", ")", "true >"}) {
    is_trivial_text(text);
  }
  std::string long_text;
  for (int i = 0; i < 100'000; ++i) long_text += "true;";
  EXPECT_TRUE(is_trivial_text(long_text));
}

}  // namespace
}  // namespace pianola::plan
