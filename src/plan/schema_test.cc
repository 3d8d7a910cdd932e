// Keys, types and values: what one place of a plan can break.
#include "plan/schema.h"

#include <gtest/gtest.h>

#include <string>

#include "plan/loading.h"

namespace pianola::plan {
namespace {

// A plan of one whole task with this id, as it is written in the file.
std::string with_id(std::string_view id) {
  return "tasks:\n  - id: " + std::string(id) +
         "\n    files_write: [src/a]\n    verification: [{command: pytest}]\n";
}

std::string with_files(std::string_view entries) {
  return "tasks:\n  - id: a\n    files_write: [" + std::string(entries) +
         "]\n    verification: [{command: pytest}]\n";
}

std::string with_check(std::string_view check) {
  return "tasks:\n  - id: a\n    files_write: [x]\n    verification: [{" + std::string(check) + "}]\n";
}

const std::string every_key = R"(version: 1
request: shop
created_at: 2026-01-01
setup: [uv sync]
parallel_waves: [[a]]
risk_score: 3
x-note: {anything: [at, all]}
contracts:
  - {name: AuthProtocol, version: abc, file_path: contracts/auth.py, methods: [login, {name: logout}], consumers: [b]}
tasks:
  - id: a
    description: first
    files_write: [./src//a.py, src/lib/]
    files_read: [docs/**]
    files_append: [CHANGELOG.md]
    resources_write: ["route:/a"]
    resources_read: ["di:db"]
    depends_on: []
    verification:
      - {command: pytest -q, type: test, required: false, timeout: 12.5, description: d}
      - {command: [ls, "-l"], allow_trivial: true}
      - make lint
    patch_intents:
      - {file: main.py, action: add_router, intent: {prefix: /auth, other: 1}}
      - {file: main.py, action: add_config, intent: {}}
    deps_required: {runtime: [httpx], dev: [pytest]}
    context_keys: [auth-rules]
    allow_large_changes: true
    agent: sonnet
    model: sonnet-4
    role: worker
    priority: 1
    variants: 2
    timeout_s: 60
    network: model
    attempts: 5
    env_from: [WORK_KEY]
    setup: [npm ci]
  - {id: b, mode: read, depends_on: [a, a]}
)";

// The first task of every_key.
Task every_key_task() {
  Task a;
  a.id = TaskId("a");
  a.description = "first";
  a.files_write = {"src/a.py", "src/lib/"};
  a.files_read = {"docs/**"};
  a.files_append = {"CHANGELOG.md"};
  a.resources_write = {"route:/a"};
  a.resources_read = {"di:db"};
  a.verification = {Check{ShellCommand{"pytest -q"}, "test", false, 12'500, false, "d"},
                    Check{ArgvCommand{{"ls", "-l"}}, "check", true, 300'000, true, ""},
                    Check{ShellCommand{"make lint"}, "check", true, 300'000, false, ""}};
  a.patch_intents = {{"main.py", "add_router", "/auth"}, {"main.py", "add_config", std::nullopt}};
  a.deps_runtime = {"httpx"};
  a.deps_dev = {"pytest"};
  a.context_keys = {"auth-rules"};
  a.allow_large_changes = true;
  a.agent = "sonnet";
  a.model = "sonnet-4";
  a.role = "worker";
  a.priority = 1;
  a.variants = 2;
  a.timeout_ms = 60'000;
  a.network = "model";
  a.attempts = 5;
  a.env_from = {"WORK_KEY"};
  a.setup = {"npm ci"};
  return a;
}

TEST(Schema, every_key_of_the_specification_is_read) {
  const std::string& text = every_key;
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.plan) << finding(text);
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    EXPECT_TRUE(diagnostic.what.ends_with("has no effect in this version")) << diagnostic.text();
  }
  const Task a = every_key_task();
  EXPECT_EQ(loaded.plan->tasks[0], a);
  EXPECT_EQ(loaded.plan->tasks[1].mode, Mode::read);
  EXPECT_EQ(loaded.plan->tasks[1].depends_on, std::vector<TaskId>{TaskId("a")});
  EXPECT_EQ(loaded.plan->request, "shop");
  EXPECT_EQ(loaded.plan->setup, std::vector<std::string>{"uv sync"});
  EXPECT_EQ(loaded.plan->contracts,
            (std::vector<Contract>{{.name = "AuthProtocol",
                                    .version = "abc",
                                    .file_path = "contracts/auth.py",
                                    .methods = {{.name = "login"}, {.name = "logout"}},
                                    .imports = {},
                                    .producers = {},
                                    .consumers = {TaskId("b")}}}));
  EXPECT_EQ(loaded.plan->post_merge_checks, a.verification);
}

TEST(Schema, a_key_that_nothing_acts_on_yet_is_said_once_and_no_more) {
  const std::string entry = "files_write: [x], verification: [make], role: red, ";
  const Loaded loaded = load_text("setup: null\ntasks:\n  - {id: a, " + entry + "variants: 2}\n  - {id: b, " +
                                  "network: open, files_write: [y], verification: [make], role: red}\n");
  ASSERT_TRUE(loaded.plan);
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : loaded.diagnostics) lines.push_back(diagnostic.text());
  const std::string tail = " has no effect in this version";
  EXPECT_EQ(lines, (std::vector<std::string>{"tasks.yaml:3:53: warning: \"role\"" + tail,
                                             "tasks.yaml:3:64: warning: \"variants\"" + tail}));
}

TEST(Schema, a_set_up_is_a_list_of_commands) {
  const std::string tail = "\ntasks:\n  - {id: a, files_write: [a], verification: [make]}\n";
  const Loaded loaded = load_text("setup: [npm ci, \"uv sync\"]" + tail);
  ASSERT_TRUE(loaded.plan);
  EXPECT_EQ(loaded.plan->setup, (std::vector<std::string>{"npm ci", "uv sync"}));
  EXPECT_EQ(finding("setup: [npm ci, \" \"]" + tail),
            "tasks.yaml:1:17: an empty command; expected shell text such as npm ci");
  EXPECT_EQ(finding("setup: [\"a\\x1b\"]" + tail),
            "tasks.yaml:1:9: control characters in command \"a\\x1b\"; expected text, line ends and tabs");
  EXPECT_EQ(finding("setup: npm ci" + tail),
            "tasks.yaml:1:8: setup is text; expected a list of commands; write setup: [npm ci]");
  EXPECT_EQ(finding("setup: [[npm, ci]]" + tail),
            "tasks.yaml:1:9: an entry of setup is a list; expected text");
}

TEST(Schema, final_checks_are_those_of_all_tasks_once_unless_they_are_written) {
  const std::string two =
      "tasks:\n  - {id: a, files_write: [a], verification: [pytest, make a]}\n"
      "  - {id: b, files_write: [b], verification: [make b, pytest, {command: pytest, type: test}, "
      "[pytest]]}\n";
  const Loaded loaded = load_text(two);
  EXPECT_EQ(finding(two), "tasks.yaml:3:93: a check is a list; expected a mapping with command");
  const Loaded mended = load_text(two.substr(0, two.find(", [pytest]")) + "]}\n");
  ASSERT_TRUE(mended.plan);
  std::string order;
  for (const Check& check : mended.plan->post_merge_checks)
    order += command_text(check.command) + "/" + check.type + " ";
  EXPECT_EQ(order, "pytest/check make a/check make b/check pytest/test ");
  const Loaded written = load_text("post_merge_checks: [{command: make all}]\n" + one_task(""));
  ASSERT_TRUE(written.plan);
  EXPECT_EQ(written.plan->post_merge_checks, std::vector<Check>{Check{ShellCommand{"make all"}}});
  EXPECT_EQ(finding("post_merge_checks: [{command: \"true\"}]\n" + one_task("")),
            "tasks.yaml:1:31: command \"true\" cannot fail; expected a check that can; write one, or set "
            "allow_trivial: true");
}

TEST(Schema, P07_a_key_near_a_known_one_is_an_error_and_any_other_a_warning) {
  EXPECT_EQ(finding(one_task("    file_write: [x]\n")),
            "tasks.yaml:5:5: unknown key \"file_write\"; expected a task key; nearest is files_write");
  EXPECT_EQ(finding("task: []\n" + one_task("")),
            "tasks.yaml:1:1: unknown key \"task\"; expected a plan key; nearest is tasks");
  EXPECT_EQ(finding(with_check("comand: x, command: pytest")),
            "tasks.yaml:4:21: unknown key \"comand\"; expected a check key; nearest is command");
  EXPECT_EQ(finding(one_task("    colour: red\n")),
            "tasks.yaml:5:5: warning: unknown key \"colour\"; expected a task key; it is ignored; a key of "
            "your own begins with x-");
  EXPECT_TRUE(load_text(one_task("    colour: red\n")).plan);
  EXPECT_EQ(finding(one_task("    x-colour: red\n")), "");
}

TEST(Schema, P13_ids_are_text) {
  EXPECT_EQ(finding(with_id("1")), "tasks.yaml:2:9: id 1 is a number; expected text; write id: \"1\"");
  EXPECT_EQ(finding(with_id("1e3")), "tasks.yaml:2:9: id 1e3 is a number; expected text; write id: \"1e3\"");
  EXPECT_EQ(finding(with_id("true")),
            "tasks.yaml:2:9: id true is a boolean; expected text; write id: \"true\"");
  EXPECT_EQ(finding(with_id("null")), "tasks.yaml:2:9: id null is null; expected text; write id: \"null\"");
  EXPECT_EQ(finding(with_id("[a]")), "tasks.yaml:2:9: id is a list; expected text");
  EXPECT_EQ(finding(with_id("")), "tasks.yaml:2:8: id is null; expected text");
  EXPECT_EQ(finding(with_id("yes")),
            "tasks.yaml:2:9: warning: id yes is text here and a boolean to older YAML readers; expected a "
            "name both read "
            "alike; write id: \"yes\"");
  EXPECT_TRUE(load_text(with_id("yes")).plan);
  EXPECT_EQ(finding(with_id("\"1\"")), "");
  EXPECT_EQ(finding("tasks:\n  - files_write: [x]\n    verification: [pytest]\n"),
            "tasks.yaml:2:5: task 1 has no id; expected id; write id: and a name");
}

TEST(Schema, P14_ids_that_could_be_a_path_an_option_or_a_device_are_refused) {
  const std::string rule =
      "; expected a letter or digit, then at most 63 of letters, digits, \"-\" and \"_\"; rename it, or run: "
      "pianola check "
      "--fix tasks.yaml";
  for (const std::string id : {"../../x", "a/b", ".", "..", "-x", "_x", "a b", "é", "a.b", "a:b", "$(x)"}) {
    EXPECT_EQ(finding(with_id("\"" + id + "\"")), "tasks.yaml:2:9: id \"" + id + "\"" + rule);
  }
  EXPECT_EQ(finding(with_id("\"\"")), "tasks.yaml:2:9: id \"\"" + rule);
  EXPECT_EQ(finding(with_id(std::string(300, 'a'))),
            "tasks.yaml:2:9: id \"" + std::string(59, 'a') + "…\"" + rule);
  EXPECT_EQ(finding(with_id(std::string(64, 'a'))), "");
  EXPECT_NE(finding(with_id(std::string(65, 'a'))), "");
  for (const std::string id :
       {"con", "Main", "HEAD", "all", "broadcast", "staging", "pianola", "com1", "lpt9"}) {
    EXPECT_EQ(finding(with_id(id)),
              "tasks.yaml:2:9: id \"" + id +
                  "\" is reserved; expected another name; rename it, or run: pianola check --fix tasks.yaml");
  }
  EXPECT_EQ(finding(with_id("com0")), "");
}

TEST(Schema, P20_paths_outside_the_repository_are_refused) {
  const auto refused = [](std::string_view entry) {
    return finding(with_files(entry)).substr(sizeof("tasks.yaml:3:19: ") - 1);
  };
  EXPECT_EQ(refused("/etc/passwd"),
            "\"/etc/passwd\": an absolute path; expected a path inside the repository");
  EXPECT_EQ(refused("../x"), "\"../x\": a path that leaves the repository; expected one inside it");
  EXPECT_EQ(refused("a/../../x"), "\"a/../../x\": a path that leaves the repository; expected one inside it");
  EXPECT_EQ(refused("~/x"), "\"~/x\": a path below a home directory; expected a path inside the repository");
  EXPECT_EQ(refused(".git/config"), "\".git/config\": a path inside .git; expected a path of the work tree");
  EXPECT_EQ(refused(".GIT/x"), "\".GIT/x\": a path inside .git; expected a path of the work tree");
  EXPECT_EQ(refused("a/.Git/x"), "\"a/.Git/x\": a path inside .git; expected a path of the work tree");
  EXPECT_EQ(refused("\"\""), "\"\": an empty path; expected a path inside the repository");
  EXPECT_EQ(refused("\"a\\0b\""),
            "\"a\\x00b\": a path with a NUL byte; expected a path inside the repository");
  EXPECT_EQ(refused("."),
            "\".\": a path that names the whole repository; expected files or folders in it; write ** if all "
            "of it is meant");
}

TEST(Schema, P22_a_task_that_writes_nothing_says_so) {
  const std::string rest = "    verification: [pytest]\n";
  EXPECT_EQ(finding("tasks:\n  - id: a\n    files_write: []\n" + rest),
            "tasks.yaml:3:18: task \"a\" writes no files; expected files_write with at least one path; own a "
            "path, or set mode: read");
  EXPECT_EQ(finding("tasks:\n  - id: a\n" + rest),
            "tasks.yaml:2:5: task \"a\" writes no files; expected files_write with at least one path; own a "
            "path, or set mode: read");
  EXPECT_EQ(finding("tasks:\n  - id: a\n    mode: read\n"), "");
  EXPECT_EQ(finding("tasks:\n  - id: a\n    files_append: [x]\n" + rest), "");
  EXPECT_EQ(finding(one_task("    mode: read\n")),
            "tasks.yaml:5:11: task \"a\" is mode: read and owns files; expected one of the two; drop "
            "files_write and files_append, or mode");
  EXPECT_EQ(finding("tasks:\n  - id: a\n", Strictness::well_formed), "");
}

TEST(Schema, P25_D12_a_check_that_cannot_fail_is_an_error) {
  const std::string none =
      "task \"a\" has no verification; expected at least one check; write verification: [{command: ...}]";
  EXPECT_EQ(finding("tasks:\n  - {id: a, files_write: [x]}\n"), "tasks.yaml:2:5: " + none);
  EXPECT_EQ(finding("tasks:\n  - {id: a, files_write: [x], verification: []}\n"), "tasks.yaml:2:45: " + none);
  EXPECT_EQ(finding("tasks:\n  - {id: a, files_write: [x], verification: null}\n"),
            "tasks.yaml:2:45: " + none);
  EXPECT_EQ(finding(with_check("command: \"\"")),
            "tasks.yaml:4:30: an empty command; expected a check that can fail");
  EXPECT_EQ(finding(with_check("command: []")),
            "tasks.yaml:4:30: an empty command; expected a check that can fail");
  EXPECT_EQ(finding(with_check("type: test")),
            "tasks.yaml:4:20: a check without a command; expected command; write command: and what to run");
  EXPECT_EQ(finding(with_check("command: true")),
            "tasks.yaml:4:30: command \"true\" cannot fail; expected a check that can; write one, or set "
            "allow_trivial: true");
  EXPECT_EQ(finding(with_check("command: echo ok")),
            "tasks.yaml:4:30: command \"echo ok\" cannot fail; expected a check that can; write one, or set "
            "allow_trivial: true");
  EXPECT_EQ(finding(with_check("command: true, allow_trivial: true")), "");
  EXPECT_EQ(finding(with_check("command: true"), Strictness::well_formed), "");
}

TEST(Schema, P26_a_timeout_names_its_range_and_unit) {
  const auto timeout = [](std::string_view value) {
    return finding(with_check("command: pytest, timeout: " + std::string(value)));
  };
  const std::string range =
      "; expected more than 0 and at most 600 seconds; write a number of seconds, such as timeout: 300";
  EXPECT_EQ(timeout("-1"), "tasks.yaml:4:47: timeout -1 is out of range" + range);
  EXPECT_EQ(timeout("0"), "tasks.yaml:4:47: timeout 0 is out of range" + range);
  EXPECT_EQ(timeout("1e99"), "tasks.yaml:4:47: timeout 1e99 is out of range" + range);
  EXPECT_EQ(timeout(".inf"), "tasks.yaml:4:47: timeout .inf is out of range" + range);
  EXPECT_EQ(timeout("\"5 min\""), "tasks.yaml:4:47: timeout is text" + range);
  EXPECT_EQ(timeout("[5]"), "tasks.yaml:4:47: timeout is a list" + range);
  EXPECT_EQ(timeout("601"),
            "tasks.yaml:4:47: warning: timeout 601 is over the limit; expected more than 0 and at most 600 "
            "seconds; 600 is used");
  EXPECT_EQ(load_text(with_check("command: pytest, timeout: 601")).plan->tasks[0].verification[0].timeout_ms,
            600'000);
  EXPECT_EQ(load_text(with_check("command: pytest, timeout: 0.5")).plan->tasks[0].verification[0].timeout_ms,
            500);
  EXPECT_EQ(finding(one_task("    timeout_s: 0\n")),
            "tasks.yaml:5:16: timeout_s 0 is out of range; expected a whole number of 1 to 604800 seconds");
  EXPECT_EQ(finding(one_task("    attempts: 1.5\n")),
            "tasks.yaml:5:15: attempts 1.5 is out of range; expected a whole number of 1 to 20");
  EXPECT_EQ(finding(one_task("    priority: high\n")),
            "tasks.yaml:5:15: priority is text; expected a whole number of 1 to 3");
}

TEST(Schema, P27_commands_may_use_the_whole_shell) {
  const std::string text =
      "tasks:\n  - id: a\n    files_write: [x]\n    verification:\n      - command: |\n          cd \"$(git "
      "rev-parse)\"\n          pytest 'x'\n";
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.plan) << finding(text);
  EXPECT_EQ(command_text(loaded.plan->tasks[0].verification[0].command),
            "cd \"$(git rev-parse)\"\npytest 'x'\n");
}

TEST(Schema, P28_control_characters_in_a_command_are_refused) {
  const std::string rest = "; expected text, line ends and tabs";
  EXPECT_EQ(finding(with_check("command: \"pytest\\0\"")),
            "tasks.yaml:4:30: control characters in command \"pytest\\x00\"" + rest);
  EXPECT_EQ(finding(with_check("command: \"a\\eb\"")),
            "tasks.yaml:4:30: control characters in command \"a\\x1bb\"" + rest);
  EXPECT_EQ(finding(with_check("command: [pytest, \"\\x85\"]")),
            "tasks.yaml:4:30: control characters in command \"pytest '\\x85'\"" + rest);
  EXPECT_EQ(finding(with_check("command: \"a\\tb\\nc\"")), "");
}

TEST(Schema, P29_more_tasks_or_paths_than_the_limit_are_refused) {
  std::string tasks = "tasks:\n";
  for (int i = 0; i < 10'001; ++i) tasks += "- {id: t" + std::to_string(i) + "}\n";
  EXPECT_EQ(finding(tasks),
            "tasks.yaml:2:1: 10001 tasks; expected at most 10000 in one plan; split the plan");
  std::string paths = "a0";
  for (int i = 1; i < 1'000'000; ++i) paths += ",a" + std::to_string(i);
  EXPECT_EQ(finding(with_files(paths)),
            "tasks.yaml:3:1488909: more than 200000 path entries; expected at most 200000 in one plan; own "
            "folders or globs, or split the plan");
  std::string values = "x-a: [0";
  for (int i = 1; i < 2'000'000; ++i) values += ",0";
  EXPECT_EQ(finding(values + "]\n"),
            "tasks.yaml:1:4000001: more than 2000000 values; expected at most 2000000; split the plan");
}

TEST(Schema, P31_values_of_the_environment_have_no_place_in_a_plan) {
  EXPECT_EQ(finding(one_task("    env: {API_KEY: sk-12345}\n")),
            "tasks.yaml:5:10: environment values in a plan; expected names only, as a plan may be public; "
            "write env_from: "
            "[NAME] and set NAME where pianola runs");
  EXPECT_EQ(finding(one_task("    env_from: [API_KEY=sk-12345]\n")),
            "tasks.yaml:5:15: env_from \"API_KEY\" with a value; expected names of environment variables; "
            "write the name alone");
  EXPECT_EQ(finding(one_task("    env_from: [1X]\n")),
            "tasks.yaml:5:15: env_from \"1X\"; expected names of environment variables");
}

TEST(Schema, P33_a_newer_format_is_said_alone) {
  EXPECT_EQ(finding("version: 2\nfuture: [x]\ntasks: what\n"),
            "tasks.yaml:1:10: plan version 2 needs pianola >= 2.0; expected version: 1; install a newer "
            "pianola: pianola version");
  EXPECT_EQ(finding("version: one\n" + one_task("")),
            "tasks.yaml:1:10: version one is not a plan version; expected version: 1");
  EXPECT_EQ(finding("version: 1\n" + one_task("")), "");
}

TEST(Schema, D06_every_wrong_type_is_a_finding_and_null_is_an_empty_list) {
  EXPECT_EQ(finding(""),
            "tasks.yaml:1:1: the plan has no tasks; expected at least one; write one under tasks:");
  EXPECT_EQ(finding("just text\n"),
            "tasks.yaml:1:1: the plan is text; expected a mapping with tasks; begin with tasks:");
  EXPECT_EQ(finding("- a\n"),
            "tasks.yaml:1:1: the plan is a list; expected a mapping with tasks; begin with tasks:");
  EXPECT_EQ(finding("tasks: {a: b}\n"), "tasks.yaml:1:8: tasks is a mapping; expected a list of tasks");
  EXPECT_EQ(finding("tasks: [x]\n"), "tasks.yaml:1:9: task 1 is text; expected a mapping with id");
  EXPECT_EQ(finding("tasks:\n  - {id: a, files_write: src/a.py, verification: [pytest]}\n",
                    Strictness::well_formed),
            "tasks.yaml:2:26: files_write is text; expected a list of paths; write files_write: [src/a.py]");
  EXPECT_EQ(finding(one_task("    depends_on: b\n")),
            "tasks.yaml:5:17: depends_on is text; expected a list of task ids; write depends_on: [b]");
  EXPECT_EQ(finding(one_task("    depends_on:\n    deps_required: null\n    files_read:\n")), "");
  EXPECT_EQ(finding(one_task("    deps_required: [a]\n")),
            "tasks.yaml:5:20: deps_required is a list; expected a mapping of runtime and dev");
  EXPECT_EQ(finding(one_task("    files_read: [[a], null]\n")),
            "tasks.yaml:5:18: an entry of files_read is a list; expected text | tasks.yaml:5:23: an entry of "
            "files_read is null; expected text");
  EXPECT_EQ(finding(one_task("    allow_large_changes: yes\n")),
            "tasks.yaml:5:26: allow_large_changes is text; expected true or false");
  EXPECT_EQ(finding(one_task("    mode: wriet\n")),
            "tasks.yaml:5:11: mode \"wriet\"; expected one of write, read; nearest is write");
  EXPECT_EQ(finding(one_task("    network: all\n")),
            "tasks.yaml:5:14: network \"all\"; expected one of model, open, none");
  EXPECT_EQ(finding(one_task("    agent: --yolo\n")), "tasks.yaml:5:12: agent \"--yolo\"; expected one word");
  EXPECT_EQ(finding(one_task("    description: 2026\n")), "");
  EXPECT_EQ(
      finding(one_task("    patch_intents: [x]\n")),
      "tasks.yaml:5:21: an entry of patch_intents is text; expected a mapping of file, action and intent");
  EXPECT_EQ(finding(with_check("command: {a: b}")),
            "tasks.yaml:4:30: command is a mapping; expected text for sh -c, or a list of arguments");
  EXPECT_EQ(finding(with_check("command: pytest, type: a b")),
            "tasks.yaml:4:44: type \"a b\"; expected one word, such as test");
  EXPECT_EQ(finding(one_task("    resources_write: [\"\"]\n")),
            "tasks.yaml:5:23: resource \"\"; expected a name such as route:/login");
  EXPECT_EQ(finding(one_task("    setup: [\"a\\eb\"]\n")),
            "tasks.yaml:5:13: control characters in command \"a\\x1b"
            "b\"; expected text, line ends and tabs");
}

TEST(Schema, all_findings_of_a_file_stand_together_in_file_order) {
  const std::string text =
      "tasks:\n  - id: a b\n    files_write: [../x, ok]\n    depends_on: [zz]\n    verification: [{command: "
      "\":\"}]\n    colour: 1\n";
  const std::vector<std::string> all = findings(text);
  ASSERT_EQ(all.size(), 5U) << finding(text);
  const char* places[] = {
      "tasks.yaml:2:9:", "tasks.yaml:3:19:", "tasks.yaml:4:18:", "tasks.yaml:5:30:", "tasks.yaml:6:5:"};
  for (size_t i = 0; i < all.size(); ++i) EXPECT_TRUE(all[i].starts_with(places[i])) << all[i];
}

TEST(Commands, are_shown_as_a_shell_would_read_them) {
  EXPECT_EQ(command_text(ShellCommand{"make | cat"}), "make | cat");
  EXPECT_EQ(command_text(ArgvCommand{{"pytest", "-q", "a b", "it's", ""}}), "pytest -q 'a b' 'it'\\''s' ''");
}

std::string finding_of(std::string_view text, const TaskRules& rules,
                       Strictness strictness = Strictness::every_rule) {
  std::string all;
  const Loaded loaded = load(text, {.file = "tasks.yaml", .strictness = strictness, .rules = rules});
  for (const Diagnostic& found : loaded.diagnostics) all += (all.empty() ? "" : " | ") + found.text();
  return all;
}

TEST(TaskRules, give_a_task_that_says_none_its_attempts) {
  const Loaded loaded = load(
      "tasks:\n  - {id: a, files_write: [x], verification: [make]}\n"
      "  - {id: b, files_write: [y], verification: [make], attempts: 4}\n",
      {.rules = {.attempts = 7}});
  ASSERT_TRUE(loaded.plan);
  EXPECT_EQ(loaded.plan->tasks[0].attempts, 7);
  EXPECT_EQ(loaded.plan->tasks[1].attempts, 4);
}

TEST(TaskRules, ask_every_task_that_writes_for_so_many_checks) {
  const std::string text =
      "tasks:\n  - {id: a, files_write: [x], verification: [make, make test]}\n"
      "  - {id: b, files_write: [y], verification: [make]}\n"
      "  - {id: c, mode: read}\n";
  const TaskRules two{.checks_min = 2, .asked_at = "c.yaml:2:24"};
  EXPECT_EQ(finding_of(text, two),
            "tasks.yaml:3:45: task \"b\" has 1 check; expected at least 2, as min_checks_per_task asks "
            "(c.yaml:2:24); write another");
  EXPECT_EQ(finding_of(text, two, Strictness::well_formed), "");
  EXPECT_EQ(finding_of(text, {}), "");
  EXPECT_EQ(finding_of("tasks:\n  - {id: a, files_write: [x], verification: []}\n", two),
            "tasks.yaml:2:45: task \"a\" has no verification; expected at least one check; write "
            "verification: [{command: ...}]");
  EXPECT_EQ(finding_of("tasks:\n  - {id: a, files_write: [x], verification: [make, true]}\n", two),
            "tasks.yaml:2:52: command \"true\" cannot fail; expected a check that can; write one, or set "
            "allow_trivial: true")
      << "an entry that was refused is not missing as well";
}

}  // namespace
}  // namespace pianola::plan
