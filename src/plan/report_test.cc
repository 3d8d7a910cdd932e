#include "plan/report.h"

#include <gtest/gtest.h>

#include <string>

#include "plan/loading.h"

namespace pianola::plan {
namespace {

const std::string shop = R"(tasks:
  - {id: user-model, files_write: [src/user.py], verification: [{command: pytest, type: test}]}
  - {id: session-store, files_write: [src/session.py], verification: [{command: pytest, type: test}]}
  - {id: login-service, depends_on: [user-model, session-store], files_write: [src/login/service.py], verification: [{command: pytest, type: test}]}
  - {id: login-page, depends_on: [login-service], files_write: [web/login.tsx], verification: [npm test]}
)";

const std::string clash = R"(tasks:
  - {id: a, files_write: [x], resources_write: ["route:/"], verification: [pytest]}
  - {id: b, files_write: ["*"], resources_read: ["route:/"], verification: [pytest]}
)";

TEST(CheckText, says_what_holds_in_two_lines) {
  EXPECT_EQ(check_text(load_text(shop), "tasks.yaml"),
            "tasks.yaml  ok: 4 tasks, 3 dependencies, 3 waves, no conflicts, 3 of 4 tested\n"
            "critical    user-model > login-service > login-page\n");
  EXPECT_EQ(check_text(load_text(one_task("    depends_on: []\n")), "tasks.yaml"),
            "tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 1 of 1 tested\ncritical    a\n");
}

TEST(CheckText, shows_warnings_before_what_holds) {
  EXPECT_EQ(check_text(load_text(one_task("    colour: red\n")), "tasks.yaml"),
            "tasks.yaml:5:5: warning: unknown key \"colour\"; expected a task key; it is ignored; a key of "
            "your own begins with x-\n"
            "tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 1 of 1 tested\ncritical    a\n");
  std::string many = one_task("");
  for (int i = 0; i < 25; ++i) many += "    unheard-of-" + std::to_string(i) + ": x\n";
  const std::string text = check_text(load_text(many), "tasks.yaml");
  EXPECT_NE(text.find("unheard-of-19\""), std::string::npos);
  EXPECT_EQ(text.find("unheard-of-20\""), std::string::npos);
  EXPECT_NE(text.find("\n5 more warnings\ntasks.yaml  ok:"), std::string::npos) << text;
}

TEST(CheckText, shows_the_first_twenty_errors_and_counts_all) {
  EXPECT_EQ(check_text(load_text("tasks: []\n"), "tasks.yaml"),
            "tasks.yaml:1:8: the plan has no tasks; expected at least one; write one under tasks:\n1 error "
            "in tasks.yaml, nothing changed\n");
  std::string text = "tasks:\n";
  for (int i = 0; i < 32; ++i)
    text += "- {id: t" + std::to_string(i) + ", files_write: [/x], verification: [pytest]}\n";
  const std::string report = check_text(load_text(text), "tasks.yaml");
  EXPECT_NE(report.find("tasks.yaml:21:"), std::string::npos);
  EXPECT_EQ(report.find("tasks.yaml:22:"), std::string::npos);
  EXPECT_TRUE(report.ends_with("\n32 errors in tasks.yaml, the first 20 shown, nothing changed\n")) << report;
}

TEST(CheckText, escapes_what_a_terminal_would_obey) {
  const std::string report = check_text(
      load_text("tasks: [{id: \"\\e[31mred\"}]\n", Strictness::well_formed, "a\x1b.yaml"), "a\x1b.yaml");
  EXPECT_EQ(report.find('\x1b'), std::string::npos);
  EXPECT_TRUE(report.starts_with("a\\x1b.yaml:1:14: id \"\\x1b[31mred\"; expected")) << report;
}

TEST(CheckJson, has_the_same_facts) {
  EXPECT_EQ(check_json(load_text(shop)),
            R"({"valid":true,"tasks":4,"dependencies":3,"waves":3,"conflicts":0,"tested":3,)"
            R"("critical_path":["user-model","login-service","login-page"],"warnings":[],"assumed":[]})");
  EXPECT_EQ(
      check_json(load_text("tasks: []\n")),
      R"({"error":{"code":"bad_plan","exit":3,"message":"the plan has no tasks; expected at least one",)"
      R"("at":{"file":"tasks.yaml","line":1,"col":8},"hint":"write one under tasks:"},)"
      R"("errors":[{"code":"bad_plan","exit":3,"message":"the plan has no tasks; expected at least one",)"
      R"("at":{"file":"tasks.yaml","line":1,"col":8},"hint":"write one under tasks:"}],"warnings":[],"valid":false})");
}

TEST(Dag, keeps_the_shapes_that_tools_know) {
  const Loaded good = load_text(shop, Strictness::well_formed);
  EXPECT_EQ(
      dag_json(good),
      R"({"valid":true,"total_waves":3,"waves":[["user-model","session-store"],["login-service"],["login-page"]],"total_tasks":4})");
  EXPECT_EQ(dag_text(good, "tasks.yaml"),
            "tasks.yaml  4 tasks, 3 waves\nwave 1     user-model, session-store\nwave 2     "
            "login-service\nwave 3     login-page\n");
  const Loaded cycle =
      load_text("tasks: [{id: a, depends_on: [b]}, {id: b, depends_on: [a]}]\n", Strictness::well_formed);
  EXPECT_EQ(
      dag_json(cycle),
      R"({"valid":false,"errors":["tasks.yaml:1:30: cycle a > b > a; expected no way back; drop one of 1:30 and 1:56"],)"
      R"("cycle":["a","b","a"]})");
  EXPECT_EQ(dag_text(cycle, "tasks.yaml"),
            "tasks.yaml:1:30: cycle a > b > a; expected no way back; drop one of 1:30 and 1:56\n1 error in "
            "tasks.yaml, nothing changed\n");
}

TEST(ConflictReport, names_each_pair_and_what_would_settle_it) {
  const Loaded loaded = load_text(clash, Strictness::well_formed);
  EXPECT_EQ(
      conflicts_json(loaded),
      R"({"count":2,"complete":true,"conflicts":[{"type":"file_write_write","tasks":["a","b"],"target":"x"},)"
      R"({"type":"resource","tasks":["a","b"],"target":"route:/"}]})");
  EXPECT_EQ(conflicts_text(loaded, "tasks.yaml"),
            "file_write_write  x  a, b; add to b: depends_on: [a]\n"
            "resource          route:/  a, b; add to b: depends_on: [a]\n2 conflicts in tasks.yaml\n");
  EXPECT_EQ(conflicts_text(load_text(shop), "tasks.yaml"), "tasks.yaml  no conflicts: 4 tasks\n");
  EXPECT_EQ(conflicts_json(load_text(shop)), R"({"count":0,"complete":true,"conflicts":[]})");
}

TEST(ConflictReport, says_when_there_are_more_than_it_shows) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 150; ++i) text += "- {id: t" + std::to_string(i) + ", files_write: [x]}\n";
  const Loaded loaded = load_text(text, Strictness::well_formed);
  EXPECT_TRUE(conflicts_text(loaded, "p").ends_with("\nmore than 10000 conflicts in p\n"));
  EXPECT_NE(conflicts_json(loaded).find("\"complete\":false"), std::string::npos);
}

}  // namespace
}  // namespace pianola::plan
