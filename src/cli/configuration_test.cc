#include "cli/configuration.h"

#include <gtest/gtest.h>

#include <set>

namespace pianola::cli {
namespace {

std::string texts_of(const std::vector<plan::Diagnostic>& diagnostics) {
  std::string all;
  for (const plan::Diagnostic& found : diagnostics) all += (all.empty() ? "" : " | ") + found.text();
  return all;
}

// Whatever `text` makes different from no configuration at all, findings last.
std::string difference(const std::string& text) {
  const auto [read, diagnostics] = read_configuration(text, "c.yaml");
  std::string all;
  const auto add = [&](const std::string& part) { all += (all.empty() ? "" : " | ") + part; };
  if (read.jobs) add("jobs " + std::to_string(*read.jobs));
  const plan::TaskRules rules = task_rules(read);
  if (rules.attempts != 3) add("attempts " + std::to_string(rules.attempts));
  if (rules.checks_min != 1) add("checks " + std::to_string(rules.checks_min) + " at " + rules.asked_at);
  if (read.stale_environment == core::StaleEnvironment::conflicts) add("stale environments conflict");
  for (const plan::Check& check : read.verifier_checks) add("verifier " + plan::command_text(check.command));
  for (const plan::Check& check : read.post_merge_checks) add("final " + plan::command_text(check.command));
  if (!read.worker_model.empty()) add("worker " + read.worker_model);
  if (!read.planner_model.empty()) add("planner " + read.planner_model);
  if (!read.verifier_model.empty()) add("verifier " + read.verifier_model);
  const plan::RiskPolicy policy = plan::policy_of(read.risk);
  if (policy.auto_approve_threshold != 25) add("threshold " + std::to_string(policy.auto_approve_threshold));
  if (read.risk.sensitive_patterns)
    add("pattern " + policy.sensitive_patterns.front().pattern + " " +
        std::to_string(policy.sensitive_patterns.front().weight));
  for (const std::string& entry : policy.always_require_human) add("person " + entry);
  if (!diagnostics.empty()) add(texts_of(diagnostics));
  return all;
}

struct Row {
  std::string key;  // dotted, as the tables name it
  std::string text;
  std::string difference;
};

std::string later(const std::string& place, const std::string& key, const std::string& why = "") {
  return "c.yaml:" + place + ": warning: \"" + key + "\" has no effect in this version" + why;
}
std::string never(const std::string& place, const std::string& what, const std::string& why) {
  return "c.yaml:" + place + ": warning: \"" + what + "\" has no effect: " + why;
}

std::vector<Row> orchestration_rows() {
  const std::string yet = ": no command verifies by a model yet";
  return {
      {"orchestration.planner_model", "orchestration: {planner_model: haiku}", "planner haiku"},
      {"orchestration.supervisor_model", "orchestration: {supervisor_model: haiku}",
       never("1:17", "orchestration.supervisor_model", "the engine is deterministic and uses no model")},
      {"orchestration.worker_model", "orchestration: {worker_model: haiku}", "worker haiku"},
      {"orchestration.verifier_model", "orchestration: {verifier_model: haiku}",
       "verifier haiku | " + later("1:17", "orchestration.verifier_model", yet)},
      {"orchestration.max_parallel_workers", "orchestration: {max_parallel_workers: 7}", "jobs 7"},
      {"orchestration.max_iterations", "orchestration: {max_iterations: 5}", "attempts 5"},
      {"orchestration.merge_strategy", "orchestration: {merge_strategy: squash}",
       "c.yaml:1:33: orchestration.merge_strategy is squash; expected merge_bubble; a task lands by a commit "
       "of two parents and no other way"},
      {"orchestration.worktree_dir", "orchestration: {worktree_dir: trees}",
       never(
           "1:17", "orchestration.worktree_dir",
           "workspaces lie in <repo>.pianola/ beside the checkout, where its watchers and test discovery do "
           "not walk")},
  };
}

std::vector<Row> gate_rows() {
  const std::string guess = "checks are commands; none is guessed from the names of files";
  const std::string boundaries = "boundaries.";
  return {
      {"quality.verifier_checks", "quality: {verifier_checks: [make check]}", "verifier make check"},
      {"quality.post_merge_checks", "quality: {post_merge_checks: [make all]}", "final make all"},
      {"approval.auto_approve_threshold", "approval: {auto_approve_threshold: 5}", "threshold 5"},
      {"approval.sensitive_patterns", "approval: {sensitive_patterns: [car]}", "pattern car 10"},
      {"approval.sensitive_patterns[].pattern", "approval: {sensitive_patterns: [{pattern: car}]}",
       "pattern car 10"},
      {"approval.sensitive_patterns[].weight", "approval: {sensitive_patterns: [{pattern: car, weight: 3}]}",
       "pattern car 3"},
      {"approval.always_require_human", "approval: {always_require_human: [db/]}", "person db/"},
      {"verification.require_executable_checks", "verification: {require_executable_checks: false}",
       never("1:43", "verification.require_executable_checks: false",
             "a task without a check stays an error")},
      {"verification.min_checks_per_task", "verification: {min_checks_per_task: 2}",
       "checks 2 at c.yaml:1:37"},
      {"verification.template_resolution.test_file_patterns",
       "verification: {template_resolution: {test_file_patterns: [spec/x]}}",
       never("1:38", "verification.template_resolution.test_file_patterns", guess)},
      {"verification.template_resolution.fallback_on_no_match",
       "verification: {template_resolution: {fallback_on_no_match: spec/}}",
       never("1:38", "verification.template_resolution.fallback_on_no_match", guess)},
      {"boundaries.enforce_via_git_diff", "boundaries: {enforce_via_git_diff: false}",
       "c.yaml:1:36: boundaries.enforce_via_git_diff is false; expected true; what a task changed is read "
       "from "
       "git always, and no configuration loosens that"},
      {"boundaries.reject_excessive_churn", "boundaries: {reject_excessive_churn: false}",
       later("1:14", boundaries + "reject_excessive_churn")},
      {"boundaries.churn_threshold_lines", "boundaries: {churn_threshold_lines: 9}",
       later("1:14", boundaries + "churn_threshold_lines")},
      {"boundaries.reject_formatting_churn", "boundaries: {reject_formatting_churn: false}",
       later("1:14", boundaries + "reject_formatting_churn")},
      {"boundaries.formatting_check_allowlist", "boundaries: {formatting_check_allowlist: [.js]}",
       later("1:14", boundaries + "formatting_check_allowlist")},
      {"boundaries.formatting_check_denylist", "boundaries: {formatting_check_denylist: [.py]}",
       later("1:14", boundaries + "formatting_check_denylist")},
      {"boundaries.forbidden_patterns", "boundaries: {forbidden_patterns: [dist/]}",
       later("1:14", boundaries + "forbidden_patterns")},
  };
}

std::vector<Row> coordination_rows() {
  const std::string implied = "resources that intents imply count still";
  const std::string hot = "patch_intents: {hot_files: [{path: src/main.py, actions: [add_router]}]}";
  const std::string noted = later("1:17", "patch_intents.hot_files");
  const std::string barrier =
      "phases: {barrier_checks: [make, {name: tests, command: make test, required: true}]}";
  const std::string of_barrier = later("1:10", "phases.barrier_checks");
  return {
      {"patch_intents.enabled", "patch_intents: {enabled: false}",
       never("1:26", "patch_intents.enabled: false", implied)},
      {"patch_intents.adapter", "patch_intents: {adapter: generic}", later("1:17", "patch_intents.adapter")},
      {"patch_intents.hot_files", hot, noted},
      {"patch_intents.hot_files[].path", hot, noted},
      {"patch_intents.hot_files[].actions", hot, noted},
      {"patch_intents.fallback", "patch_intents: {fallback: error}", later("1:17", "patch_intents.fallback")},
      {"patch_intents.region_markers.auto_insert", "patch_intents: {region_markers: {auto_insert: false}}",
       later("1:34", "patch_intents.region_markers.auto_insert")},
      {"patch_intents.region_markers.style", "patch_intents: {region_markers: {style: block}}",
       later("1:34", "patch_intents.region_markers.style")},
      {"resources.enabled", "resources: {enabled: false}",
       never("1:22", "resources.enabled: false",
             "tasks that share a resource conflict still, and resources that intents imply count")},
      {"resources.auto_emit_from_intents", "resources: {auto_emit_from_intents: false}",
       never("1:37", "resources.auto_emit_from_intents: false", implied)},
      {"mailbox.enabled", "mailbox: {enabled: false}", later("1:11", "mailbox.enabled")},
      {"mailbox.message_types", "mailbox: {message_types: [info]}", later("1:11", "mailbox.message_types")},
      {"phases.stabilization_gate", "phases: {stabilization_gate: false}",
       later("1:10", "phases.stabilization_gate")},
      {"phases.barrier_checks", barrier, of_barrier},
      {"phases.barrier_checks[].name", barrier, of_barrier},
      {"phases.barrier_checks[].command", barrier, of_barrier},
      {"phases.barrier_checks[].required", barrier, of_barrier},
  };
}

std::vector<Row> dependency_rows() {
  const std::string python = "dependencies: {ecosystems: {python: {manager: uv, manifest: a, lockfile: b}}}";
  const std::string noted = later("1:16", "dependencies.ecosystems");
  return {
      {"dependencies.install_phase", "dependencies: {install_phase: wave_1}",
       later("1:16", "dependencies.install_phase")},
      {"dependencies.detect_conflicts_early", "dependencies: {detect_conflicts_early: false}",
       later("1:16", "dependencies.detect_conflicts_early")},
      {"dependencies.allow_worker_installs", "dependencies: {allow_worker_installs: true}",
       never("1:39", "dependencies.allow_worker_installs: true",
             "sealed agents have no network to registries; install by setup: in the plan")},
      {"dependencies.verify_env_hash", "dependencies: {verify_env_hash: true}",
       "stale environments conflict"},
      {"dependencies.auto_approve", "dependencies: {auto_approve: true}",
       later("1:16", "dependencies.auto_approve")},
      {"dependencies.allowed_packages", "dependencies: {allowed_packages: [six]}",
       later("1:16", "dependencies.allowed_packages")},
      {"dependencies.ecosystems", python, noted},
      {"dependencies.ecosystems.NAME.manager", python, noted},
      {"dependencies.ecosystems.NAME.manifest", python, noted},
      {"dependencies.ecosystems.NAME.lockfile", python, noted},
      {"contracts.version_enforcement", "contracts: {version_enforcement: warn}",
       "c.yaml:1:34: contracts.version_enforcement is warn; expected strict; work by an old version of a "
       "contract never lands, and no configuration loosens that"},
      {"contracts.max_renegotiations", "contracts: {max_renegotiations: 3}",
       "c.yaml:1:33: contracts.max_renegotiations is 3; expected at most 2; one more asks a person always, "
       "and "
       "no configuration loosens that"},
      {"contracts.track_renegotiations", "contracts: {track_renegotiations: false}",
       never("1:35", "contracts.track_renegotiations: false", "every renegotiation is recorded always")},
  };
}

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const auto& some : {orchestration_rows(), gate_rows(), coordination_rows(), dependency_rows()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

bool is_of_original(const std::string& key) {
  for (const char* section :
       {"orchestration.", "approval.", "verification.", "quality.", "boundaries.", "patch_intents.",
        "resources.", "dependencies.", "contracts.", "mailbox.", "phases."}) {
    if (key.starts_with(section)) return true;
  }
  return false;
}

TEST(Configuration, each_key_of_the_original_makes_a_difference_away_from_its_default) {
  for (const Row& row : rows()) EXPECT_EQ(difference(row.text), row.difference) << row.key;
}

TEST(Configuration, no_key_of_the_original_is_without_a_row_here_or_unknown_to_the_tables) {
  std::set<std::string> shown;
  for (const Row& row : rows()) EXPECT_TRUE(shown.insert(row.key).second) << row.key << " stands twice";
  std::set<std::string> known;
  for (const KnownKey& key : known_keys()) {
    if (is_of_original(key.name)) known.insert(key.name);
  }
  EXPECT_EQ(shown, known);
}

// What the original's own documents show, at the defaults it has.
constexpr const char* defaults = R"(orchestration:
  worker_model: sonnet
  max_parallel_workers: 5
  max_iterations: 3
  merge_strategy: merge_bubble
approval:
  auto_approve_threshold: 25
verification:
  require_executable_checks: true
  min_checks_per_task: 1
boundaries:
  enforce_via_git_diff: true
resources:
  enabled: true
  auto_emit_from_intents: true
dependencies:
  allow_worker_installs: false
  ecosystems:
contracts:
  version_enforcement: true
  max_renegotiations: 2
  track_renegotiations: true
)";

TEST(Configuration, what_is_as_pianola_does_it_is_taken_without_a_word) {
  EXPECT_EQ(difference(defaults), "jobs 5 | worker sonnet");
  EXPECT_EQ(difference("contracts: {version_enforcement: strict}"), "");
  EXPECT_EQ(difference("contracts: {version_enforcement: True}"), "");
  EXPECT_EQ(difference("phases:\nmailbox: {enabled: }\nverification: {template_resolution: null}\n"), "")
      << "null asks for nothing";
}

TEST(Configuration, a_number_of_agents_is_said_once_or_alike) {
  EXPECT_EQ(difference("jobs: 4\norchestration: {max_parallel_workers: 4}\n"), "jobs 4");
  const std::string after = texts_of(
      read_configuration("jobs: 4\norchestration: {max_parallel_workers: 5}\n", "c.yaml").diagnostics);
  EXPECT_EQ(
      after,
      "c.yaml:2:39: orchestration.max_parallel_workers is 5, and jobs is 4 (1:7); expected one number of "
      "agents; drop one of 2:39 and 1:7");
  const std::string before = texts_of(
      read_configuration("orchestration: {max_parallel_workers: 5}\njobs: 4\n", "c.yaml").diagnostics);
  EXPECT_EQ(
      before,
      "c.yaml:1:39: orchestration.max_parallel_workers is 5, and jobs is 4 (2:7); expected one number of "
      "agents; drop one of 1:39 and 2:7");
}

TEST(Configuration, a_value_of_another_shape_is_refused_where_it_stands) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"orchestration: [a]",
       "c.yaml:1:16: orchestration is a list; expected a mapping of planner_model, supervisor_model, "
       "worker_model, verifier_model, max_parallel_workers, max_iterations, merge_strategy or worktree_dir"},
      {"orchestration: {max_parallel_workers: 0}",
       "c.yaml:1:39: orchestration.max_parallel_workers 0 is out of range; expected a whole number of 1 to "
       "500 "
       "agents"},
      {"orchestration: {max_iterations: 21}",
       "c.yaml:1:33: orchestration.max_iterations 21 is out of range; expected a whole number of 1 to 20 "
       "attempts"},
      {"orchestration: {worker_model: [a]}",
       "c.yaml:1:31: orchestration.worker_model is a list; expected text"},
      {"boundaries: {reject_excessive_churn: yes}",
       "c.yaml:1:38: boundaries.reject_excessive_churn is text; expected true or false"},
      {"boundaries: {churn_threshold_lines: many}",
       "c.yaml:1:37: boundaries.churn_threshold_lines is text; expected a whole number of 1 to 1000000000 "
       "lines"},
      {"boundaries: {forbidden_patterns: dist/}",
       "c.yaml:1:34: boundaries.forbidden_patterns is text; expected a list of texts; write "
       "boundaries.forbidden_patterns: [dist/]"},
      {"patch_intents: {hot_files: [src/main.py]}",
       "c.yaml:1:29: patch_intents.hot_files[] is text; expected a mapping of path or actions"},
      {"dependencies: {ecosystems: {python: uv}}",
       "c.yaml:1:37: dependencies.ecosystems.python is text; expected a mapping of manager, manifest or "
       "lockfile"},
      {"phases: {barrier_checks: [{required: 1}]}",
       "c.yaml:1:38: phases.barrier_checks[].required is a number; expected true or false"},
  };
  for (const auto& [text, finding] : table) EXPECT_EQ(difference(text), finding) << text;
}

TEST(Configuration, an_unknown_key_of_a_section_is_refused_with_the_nearest_known_one) {
  EXPECT_EQ(
      difference("orchestration: {max_iteration: 4}"),
      "c.yaml:1:17: unknown key \"max_iteration\" of orchestration; expected a key it knows; nearest is "
      "max_iterations");
  EXPECT_EQ(difference("mailbox: {size: 4}"),
            "c.yaml:1:11: unknown key \"size\" of mailbox; expected enabled or message_types");
  EXPECT_EQ(
      difference("dependencies: {ecosystems: {go: {manger: go}}}"),
      "c.yaml:1:34: unknown key \"manger\" of dependencies.ecosystems.go; expected a key it knows; nearest "
      "is manager");
  EXPECT_EQ(difference("mailbox: {x-size: 4}"), "");
  EXPECT_EQ(difference("boundarys: {}"),
            "c.yaml:1:1: unknown key \"boundarys\"; expected a configuration key; nearest is boundaries");
}

TEST(Configuration, keys_of_a_section_without_effect_are_named_together_for_each_reason) {
  EXPECT_EQ(difference("boundaries:\n  churn_threshold_lines: 9\n  enforce_via_git_diff: true\n"
                       "  forbidden_patterns: [dist/]\n  reject_excessive_churn: true\n"),
            "c.yaml:2:3: warning: \"boundaries\" has keys without effect in this version "
            "(churn_threshold_lines, forbidden_patterns, reject_excessive_churn)");
  EXPECT_EQ(
      difference("orchestration: {worktree_dir: x, supervisor_model: y}"),
      never("1:17", "orchestration.worktree_dir",
            "workspaces lie in <repo>.pianola/ beside the checkout, where its watchers and test discovery do "
            "not walk") +
          " | " +
          never("1:34", "orchestration.supervisor_model", "the engine is deterministic and uses no model"));
  EXPECT_EQ(difference("accounts: {}\nui: {}\n"), later("1:1", "accounts") + " | " + later("2:1", "ui"));
}

TEST(Configuration, what_would_not_loosen_is_kept_as_a_remark_for_a_version_that_can) {
  EXPECT_EQ(
      difference("contracts: {max_renegotiations: 1}"),
      "c.yaml:1:33: warning: \"contracts.max_renegotiations: 1\" has no effect in this version: a contract "
      "may change 2 times");
  EXPECT_EQ(difference("patch_intents: {enabled: true}"),
            "c.yaml:1:26: warning: \"patch_intents.enabled\" has no effect in this version: an intent only "
            "implies a resource");
  EXPECT_EQ(
      difference("verification: {min_checks_per_task: 0}"),
      "c.yaml:1:37: warning: \"verification.min_checks_per_task: 0\" has no effect: a task without a check "
      "stays an error");
}

}  // namespace
}  // namespace pianola::cli
