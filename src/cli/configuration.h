// The configuration: `.pianola.yaml` of the repository over the user's `config.yaml` (design.md section 6).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/adapter.h"
#include "base/result.h"
#include "cli/program.h"
#include "core/state.h"
#include "plan/load.h"
#include "plan/risk_policy.h"
#include "world/cgroup.h"

namespace pianola::cli {

inline constexpr int jobs_max = 500;  // agents at once, by key or by flag

// An agent as a configuration file names it.
struct AgentEntry {
  agents::Definition definition;  // argv as written
  std::string file;               // the configuration file that names it
  std::string place;              // "file:line:col" of the entry
  friend bool operator==(const AgentEntry&, const AgentEntry&) = default;
};

// Of each agent and each check; absent: world::usual_limits(); 0: none.
struct LimitsEntry {
  std::optional<int64_t> memory_mb;
  std::optional<int64_t> processes;
  std::optional<int64_t> cpu_weight;
  std::optional<int64_t> disk_mb;
};

// How many checks each task that writes must have, and "file:line:col" of who says so.
struct ChecksEntry {
  int min = 1;
  std::string place;
  friend bool operator==(const ChecksEntry&, const ChecksEntry&) = default;
};

// A way in which a repository's file is less careful than what would count without it.
struct Looser {
  std::string of;   // risk, promote, target, limits
  std::string way;  // for people: "checkout instead of ask"
  friend bool operator==(const Looser&, const Looser&) = default;
};

struct Configuration {
  std::optional<int> jobs;
  std::optional<int> attempts;  // of a task that says none
  ChecksEntry checks;
  LimitsEntry limits;
  std::string target;     // short branch name, "" = the branch that is checked out
  std::string isolation;  // sealed, landlock, worktree, none; "" = default
  std::string promote;    // ask, checkout, leave; "" = ask
  std::string worker;     // agent of the worker role, "" = none named
  core::StaleEnvironment stale_environment = core::StaleEnvironment::lands;
  std::string planner;         // agent of the planner role, "" = none named
  std::string worker_model;    // of the worker role's agent, where it names none; "" = none named
  std::string planner_model;   // nothing reads it yet
  std::string verifier_model;  // nothing reads it yet
  std::map<std::string, AgentEntry> agents;
  std::string test;                            // the project's own test command, "" = none named
  std::vector<plan::Check> verifier_checks;    // of tasks that have none, before `test`
  std::vector<plan::Check> post_merge_checks;  // beside those of a plan that lists none of its own
  plan::RiskSection risk;
  std::vector<Looser> looser;  // what the repository's file makes of the user's own, for whoever trusts it
  std::vector<std::string> files;          // what was read, the repository's first
  std::vector<plan::Diagnostic> warnings;  // of these files
};

// Reads the repository's file (`.pianola.yaml`, else `.claude-agents.yaml`) from `top`, or the one
// PIANOLA_CONFIG names, over the user's. No file at all is an empty configuration. Errors: bad_plan with
// every finding's text in one Error when there are several.
Result<Configuration> load_configuration(const Program& program, const std::string& top);

// The file at `path` (absolute) alone, which `by`, a flag or a variable, names. Errors (bad_plan): there is
// none, or its findings.
Result<Configuration> read_named_configuration(const std::string& path, const std::string& by);

// What it asks of every task of a plan.
plan::TaskRules task_rules(const Configuration& configuration);

world::Limits limits_of(const Configuration& configuration);

// What comes of a key: something; nothing yet; nothing ever. Or the value is as it says whatever is written,
// and another one is a remark (kept) or an error (required).
enum class Effect { now, later, never, kept, required };

// A key by its dotted name: "jobs", "agents.NAME.model", "patch_intents.hot_files[].path".
struct KnownKey {
  std::string name;
  Effect effect = Effect::now;
};
// Every key that a configuration may have, in the order of its tables.
std::vector<KnownKey> known_keys();

// One configuration text; for tests.
struct ReadConfiguration {
  Configuration configuration;
  std::vector<plan::Diagnostic> diagnostics;
};
ReadConfiguration read_configuration(std::string_view bytes, const std::string& file);

}  // namespace pianola::cli
