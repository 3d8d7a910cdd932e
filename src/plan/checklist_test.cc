#include "plan/checklist.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "plan/loading.h"

namespace pianola::plan {
namespace {

std::vector<FolderChecks> npm_test() {
  Check check;
  check.command = ShellCommand{"npm test"};
  check.type = "test";
  return {{.folder = {}, .checks = {check}}};
}

Loaded load_list(std::string_view text, std::vector<FolderChecks> assumed = npm_test()) {
  LoadOptions options;
  options.file = "tasks.md";
  options.assumed = std::move(assumed);
  return load(text, options);
}

std::string list_findings(std::string_view text) {
  std::string all;
  for (const Diagnostic& found : load_list(text).diagnostics) all += found.text() + "\n";
  return all;
}

std::vector<std::string> ids_of(std::string_view text) {
  std::vector<std::string> ids;
  for (const NamedItem& item : read_checklist(text).items) ids.push_back(item.id);
  return ids;
}

TEST(Checklist, items_are_tasks_with_keys_context_and_section) {
  const Loaded loaded = load_list(
      "# Shop\n\n## Backend ##\n\n"
      "- [ ] Write  the schema {#schema} files: db/\n"
      "  Tables for users.\n\n"
      "  - with indexes\n"
      "    - [ ] and keys\n"
      "+ [~] Build the API depends: schema model: small\n"
      "\tfiles: src/api/, `docs/api.md`\n"
      "  - test: npm run api\n"
      "  - test: `npm run files: x`\n");
  ASSERT_TRUE(loaded.plan) << loaded.diagnostics.front().text();
  ASSERT_EQ(loaded.plan->tasks.size(), 2U);
  const Task& schema = loaded.plan->tasks[0];
  EXPECT_EQ(schema.id.str(), "schema");
  EXPECT_EQ(schema.description,
            "Write the schema\nSection: Shop > Backend\nTables for users.\n- with indexes\n  - [ ] and keys");
  EXPECT_EQ(schema.files_write, (std::vector<std::string>{"db/"}));
  ASSERT_EQ(schema.verification.size(), 1U);
  EXPECT_EQ(command_text(schema.verification[0].command), "npm test");
  const Task& api = loaded.plan->tasks[1];
  EXPECT_EQ(api.id.str(), stable_id("Build the API"));
  EXPECT_EQ(api.depends_on, (std::vector<TaskId>{TaskId("schema")}));
  EXPECT_EQ(api.files_write, (std::vector<std::string>{"src/api/", "docs/api.md"}));
  EXPECT_EQ(api.model, "small");
  ASSERT_EQ(api.verification.size(), 2U);
  EXPECT_EQ(command_text(api.verification[0].command), "npm run api");
  EXPECT_EQ(command_text(api.verification[1].command), "npm run files: x");
  EXPECT_EQ(api.description, "Build the API\nSection: Shop > Backend");
  ASSERT_EQ(loaded.assumed.size(), 1U);
  EXPECT_EQ(loaded.assumed[0].command, "npm test");
  EXPECT_EQ(loaded.assumed[0].tasks, (std::vector<TaskId>{TaskId("schema")}));
}

TEST(Checklist, every_bullet_at_any_indentation_is_an_item_unless_it_lies_in_one) {
  EXPECT_EQ(
      ids_of(
          "- [ ] a {#a}\n* [ ] b {#b}\n+ [ ] c {#c}\n    - [ ] in c {#in}\n\n   - [ ] d {#d}\n - [ ] e {#e}\n"
          "- plain\n  - [ ] f {#f}\n- [x] g {#g}\n\ttab below {#no}\n- [X] h {#h}\n- [-] i {#i}\n"),
      (std::vector<std::string>{"a", "b", "c", "e", "f", "g", "h", "i"}))
      << "d is indented below c";
}

TEST(Checklist, code_comments_rules_and_prose_hold_no_items) {
  EXPECT_EQ(ids_of("- [ ] a {#a}\n```\n- [ ] code {#code}\n```\n~~~sh\n- [ ] code\n```\n~~~~\n<!-- \n- [ ] "
                   "hidden\n-->\n"
                   "<!-- - [ ] hidden too -->\n---\n* * *\n[ ] prose\n-[ ] prose\n- [a](link)\n- ```\n  - [ "
                   "] code\n  ```\n"
                   "- [ ] b {#b}\n  ```\n- [ ] code\n  ```\n- [ ] c {#c}\n"),
            (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Checklist, line_ends_tabs_and_a_byte_order_mark_change_nothing) {
  const std::string text =
      "# S\n- [ ] a\n\tmore\n\tfiles: x\n- [ ] b depends: " + stable_id("a") + " files: y\n";
  std::string crlf = "\xEF\xBB\xBF";
  for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  std::string cr = text;
  std::replace(cr.begin(), cr.end(), '\n', '\r');
  const Loaded loaded = load_list(text);
  ASSERT_TRUE(loaded.plan);
  EXPECT_EQ(loaded.plan->tasks[0].description, "a\nSection: S\nmore");
  EXPECT_EQ(load_list(crlf).plan, loaded.plan);
  EXPECT_EQ(load_list(cr).plan, loaded.plan);
}

TEST(Checklist, what_landed_is_no_task_and_satisfies_who_depends_on_it) {
  const Loaded loaded =
      load_list("- [x] a {#a}\n- [-] b {#b}\n- [ ] c {#c} depends: a, d files: c\n- [~] d {#d} files: d\n");
  ASSERT_TRUE(loaded.plan);
  ASSERT_EQ(loaded.plan->tasks.size(), 2U);
  EXPECT_EQ(loaded.plan->tasks[0].depends_on, (std::vector<TaskId>{TaskId("d")}));
  EXPECT_EQ(list_findings("- [-] b {#b}\n- [ ] c {#c} depends: b files: c\n"),
            "tasks.md:2:23: \"b\" was discarded (1:1); expected an item that is open or has landed; drop it, "
            "or open that item again: [ ]\n");
  EXPECT_EQ(list_findings("- [x] b {#b}\n"),
            "tasks.md:1:1: no item is open; expected at least one; write one: - [ ] "
            "what is to be done\n");
}

TEST(Checklist, items_of_one_text_are_refused_with_both_lines) {
  EXPECT_EQ(list_findings("- [ ] Fix it files: a\n\n- [ ] Fix  it files: b\n"),
            "tasks.md:3:1: \"Fix it\" stands twice, first at 1:1; expected items that can be told apart; add "
            "{#id} to one of 1:1 and 3:1\n");
  EXPECT_EQ(list_findings("- [ ] Fix it {#one} files: a\n- [ ] Fix it files: b\n"), "");
  EXPECT_EQ(list_findings("- [x] Fix it\n- [x] Fix it\n- [ ] go on files: b\n"), "");
  EXPECT_EQ(list_findings("- [x] Fix it\n- [ ] Fix it files: b\n- [ ] x files: x\n"),
            "tasks.md:2:1: \"Fix it\" stands twice, first at 1:1; expected items that can be told apart; add "
            "{#id} to one of 1:1 and 2:1\n");
  EXPECT_EQ(list_findings("- [ ] a {#x} files: a\n- [ ] b {#X} files: b\n"),
            "tasks.md:2:11: id \"X\" stands twice, first at 1:1; expected ids that differ when case is "
            "ignored; rename one\n");
}

TEST(Checklist, keys_that_were_likely_meant_are_errors_and_prose_is_prose) {
  EXPECT_EQ(list_findings("- [ ] a files: a\n  fles: b\n"),
            "tasks.md:2:3: unknown key \"fles\"; expected role, depends, files, test or model; write "
            "\"files: \", or other words before the colon\n");
  EXPECT_EQ(list_findings("- [ ] a files: a\n  - depends_on: b\n"),
            "tasks.md:2:5: unknown key \"depends_on\"; expected role, depends, files, test or model; write "
            "\"depends: \", or other words before the colon\n");
  EXPECT_EQ(list_findings("- [ ] a files: a\n  files:b\n"),
            "tasks.md:2:3: unknown key \"files\"; expected role, depends, files, test or model; write "
            "\"files: \", or other words before the colon\n");
  EXPECT_EQ(list_findings(
                "- [ ] a: b, note: x `test: y` npm run test:unit files: a\n  Note: this\n  See files: b\n"),
            "");
  EXPECT_EQ(list_findings("- [ ] a files: a\n  model: x\n  model: y\n"),
            "tasks.md:3:3: model: stands twice, first at 2:3; expected once for each item; drop one\n");
  EXPECT_EQ(list_findings("- [ ] a files: a test:\n"),
            "tasks.md:1:18: test: has no value; expected one on the same line\n");
}

TEST(Checklist, what_looks_like_an_item_and_is_none_is_told) {
  EXPECT_EQ(
      list_findings("- [ ] a files: a\n1. [ ] b\n2. c\n- [y] d\n- [] e\n"),
      "tasks.md:2:1: warning: a numbered line is no item; expected a bullet: -, * or +; write \"- [ ]\" "
      "in place of the number\n"
      "tasks.md:4:1: warning: \"- [y] d\" has no mark of an item, and is none; expected [ ], [~], [x] "
      "or [-] and a blank\n"
      "tasks.md:5:1: warning: \"- [] e\" has no mark of an item, and is none; expected [ ], [~], [x] "
      "or [-] and a blank\n");
  EXPECT_EQ(list_findings("- [ ]  \n- [ ] a files: a\n"),
            "tasks.md:1:1: an item without text; expected what is to be done; write it, or drop the line\n");
  EXPECT_EQ(list_findings("- [ ] a files: a\n  ```sh\n- [ ] b\n"),
            "tasks.md:2:3: a block of code that never ends; expected ``` on a line of its own; close it, so "
            "that what follows is read\n");
  EXPECT_EQ(
      list_findings("- [ ] a files: a\n<!--\n- [ ] b\n"),
      "tasks.md:2:1: a comment that never ends; expected -->; close it, so that what follows is read\n");
}

TEST(Checklist, the_rules_of_a_plan_hold_with_the_places_and_words_of_the_list) {
  EXPECT_EQ(list_findings("- [ ] a {#a}\n"),
            "tasks.md:1:1: task \"a\" writes no files; expected what it may change; add files: src/\n");
  EXPECT_EQ(
      list_findings("- [ ] a {#a} files: src/\n- [ ] b {#b} files: x, src/b\n"),
      "tasks.md:2:24: \"src/b\" overlaps \"src/\" (1:21), and b and a have no order; expected one owner "
      "at a time; add to b: depends: a\n");
  EXPECT_EQ(
      list_findings("- [ ] a {#a.b} files: a\n"),
      "tasks.md:1:11: id \"a.b\"; expected a letter or digit, then at most 63 of letters, digits, \"-\" "
      "and \"_\"; write another between {# and }\n");
  EXPECT_EQ(list_findings("- [ ] a files: a test: true\n"),
            "tasks.md:1:24: command \"true\" cannot fail; expected a check that can; write one\n");
  EXPECT_EQ(list_findings("- [ ] a {#a} files: a depends: b\n- [ ] b {#b} files: b depends: a\n"),
            "tasks.md:1:32: cycle a > b > a; expected no way back; drop one of 1:32 and 2:32\n");
}

TEST(Checklist, ids_follow_from_the_text_alone) {
  EXPECT_EQ(stable_id("Write the tests"), "write-the-tests-" + stable_id("Write the tests").substr(16));
  EXPECT_EQ(stable_id("a").substr(0, 2), "a-");
  EXPECT_EQ(stable_id("\xE6\x97\xA5").substr(0, 5), "task-");
  EXPECT_EQ(stable_id(std::string(200, 'x')).size(), 47U);
  EXPECT_EQ(ids_of("- [ ] **Fix** it files: a role: b\n"),
            ids_of("* [x]   **Fix**   it   test: npm run it\n  more\n"));
  EXPECT_NE(stable_id("Fix it"), stable_id("fix it")) << "one slug, two texts";
}

// Whoever numbers items by their place starts another's work when one is put before it.
TEST(Checklist, inserting_moving_and_editing_others_never_changes_an_id) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    const auto pick = [&](size_t count) { return static_cast<size_t>(random.next() % count); };
    std::vector<std::string> texts;
    for (int i = 0; i < 12; ++i)
      texts.push_back("Do thing " + std::to_string(i) + " of " + std::to_string(seed));
    const std::string watched = texts[pick(texts.size())];
    for (int step = 0; step < 20; ++step) {
      const size_t at = pick(texts.size());
      const std::string fresh = "New " + std::to_string(seed) + " " + std::to_string(step);
      if (pick(3) == 0) {
        texts.insert(texts.begin() + static_cast<std::ptrdiff_t>(at), fresh);
      } else if (pick(2) == 0) {
        std::swap(texts[at], texts[pick(texts.size())]);
      } else if (texts[at] != watched) {
        texts[at] = fresh;
      }
      std::string list;
      for (const std::string& text : texts) {
        constexpr std::string_view bullets = "-*+";
        constexpr std::string_view marks = " ~xX-";
        if (pick(5) == 0) list += "\n## Part " + std::to_string(pick(9)) + "\n\n";
        list += std::string(1, bullets[pick(3)]) + " [" + marks[pick(5)] + "] " + text;
        list += pick(2) == 0 ? " files: src/" + std::to_string(pick(9)) + "\n" : "\n  some words\n";
      }
      const std::vector<std::string> ids = ids_of(list);
      ASSERT_EQ(ids.size(), texts.size()) << list;
      ASSERT_EQ(std::count(ids.begin(), ids.end(), stable_id(watched)), 1) << "seed " << seed << "\n" << list;
      ASSERT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size()) << "one id, two tasks";
    }
  }
}

TEST(Checklist, hostile_lists_are_read_in_their_size) {
  std::string fences;
  for (int i = 0; i < 200'000; ++i) fences += "` `` ``` ";
  EXPECT_FALSE(load_list("- [ ] " + fences).plan);
  std::string braces;
  for (int i = 0; i < 500'000; ++i) braces += "{# ";
  EXPECT_FALSE(load_list("- [ ] " + braces).plan);
  std::string keys = "- [ ] a\n";
  for (int i = 0; i < 200'000; ++i) keys += "  files: a\n";
  load_list(keys);
  std::string items;
  for (int i = 0; i < 20'000; ++i)
    items += "- [ ] item " + std::to_string(i) + " files: f" + std::to_string(i) + "\n";
  EXPECT_EQ(list_findings(items),
            "tasks.md:1:1: 20000 tasks; expected at most 10000 in one plan; split the plan\n");
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += std::string(static_cast<size_t>(i) * 2, ' ') + "- [ ] deep\n";
  EXPECT_EQ(ids_of(deep).size(), 1U);
}

TEST(Checklist, bytes_that_are_no_text_are_refused) {
  EXPECT_EQ(
      list_findings("- [ ] \xFF\n"),
      "tasks.md:1:7: byte 0xff at offset 6 is not UTF-8; expected UTF-8 text; save the file as UTF-8\n");
  EXPECT_EQ(list_findings(""),
            "tasks.md:1:1: no item is open; expected at least one; write one: - [ ] what is to be "
            "done\n");
}

}  // namespace
}  // namespace pianola::plan
