#include "plan/template.h"

#include <gtest/gtest.h>

#include "plan/conflict.h"
#include "plan/loading.h"

namespace pianola::plan {
namespace {

std::vector<FolderChecks> checks() {
  Check shell;
  shell.command = ShellCommand{"cd 'a b' && npm test -- \"x: y\" # \\ {"};
  shell.type = "test";
  Check argv;
  argv.command = ArgvCommand{{"make", "check, all", "-j"}};
  argv.timeout_ms = 90'500;
  argv.required = false;
  argv.description = "it: all";
  return {{.folder = {}, .checks = {shell, argv}}};
}

TEST(Templates, are_plans_without_a_finding_or_a_conflict) {
  for (const Template& each : templates()) {
    const std::string text = template_text(each, checks());
    const Loaded loaded = load_text(text);
    ASSERT_TRUE(loaded.plan) << each.name << ": " << loaded.diagnostics.front().text();
    EXPECT_TRUE(loaded.diagnostics.empty()) << each.name << ": " << loaded.diagnostics.front().text();
    EXPECT_TRUE(conflicts(*loaded.plan).empty()) << each.name;
    EXPECT_EQ(loaded.plan->request, each.request);
    ASSERT_EQ(loaded.plan->tasks.size(), each.tasks.size());
    for (const Task& task : loaded.plan->tasks) {
      EXPECT_FALSE(task.description.empty());
      if (task.mode == Mode::write) {
        EXPECT_EQ(task.verification, checks().front().checks) << each.name << " " << task.id.str();
      }
    }
  }
}

TEST(Templates, have_the_sizes_that_their_names_promise) {
  EXPECT_EQ(find_template("mvp5")->tasks.size(), 5U);
  EXPECT_EQ(find_template("prod15")->tasks.size(), 15U);
  EXPECT_EQ(find_template("enterprise50")->tasks.size(), 50U);
  EXPECT_EQ(find_template("mvp"), nullptr);
}

TEST(Templates, that_review_have_a_reader_behind_every_builder) {
  const Loaded loaded = load_text(template_text(*find_template("review-integrated"), checks()));
  ASSERT_TRUE(loaded.plan);
  size_t readers = 0;
  for (const Task& task : loaded.plan->tasks) {
    if (task.mode != Mode::read) continue;
    ++readers;
    ASSERT_EQ(task.depends_on.size(), 1U);
    EXPECT_EQ(task.id.str(), task.depends_on.front().str() + "-review");
  }
  EXPECT_EQ(readers, 3U);
}

TEST(Templates, that_test_first_let_nobody_else_write_the_tests) {
  const Loaded loaded = load_text(template_text(*find_template("test-first"), checks()));
  ASSERT_TRUE(loaded.plan);
  for (const Task& task : loaded.plan->tasks) {
    for (const std::string& entry : task.files_write) EXPECT_EQ(entry == "tests/", task.id.str() == "tests");
  }
}

}  // namespace
}  // namespace pianola::plan
