// Which files a configuration comes from, and whose word counts.
#include <fmt/format.h>

#include <utility>

#include "cli/configuration.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

constexpr size_t configuration_bytes_max = 1 << 20;

// What one file says; nothing where there is none.
Result<Configuration> read_configuration_file(const std::string& path) {
  const Result<std::optional<std::string>> bytes = world::read_file_if_present(path, configuration_bytes_max);
  if (!bytes) {
    return refuse(Error{.kind = ErrorKind::bad_plan,
                        .where = path,
                        .what = bytes.error().what,
                        .expected = "a configuration of at most 1 MB",
                        .next = "mend it or move it away"});
  }
  if (!*bytes) return Configuration{};
  ReadConfiguration read = read_configuration(**bytes, path);
  std::string errors;
  for (const plan::Diagnostic& found : read.diagnostics) {
    if (found.severity == plan::Severity::error) errors += (errors.empty() ? "" : "\n") + found.text();
    if (found.severity == plan::Severity::warning) read.configuration.warnings.push_back(found);
  }
  if (!errors.empty()) return refuse(Error{.kind = ErrorKind::bad_plan, .where = {}, .what = errors});
  return std::move(read.configuration);
}

// The first of its names that is there.
std::string file_of(const std::string& top) {
  for (const char* name : {"/.pianola.yaml", "/.claude-agents.yaml"}) {
    if (world::exists(top + name)) return name;
  }
  return "/.claude-agents.yml";
}

// Adds what `into` does not say itself.
void add_missing(Configuration& into, Configuration from) {
  if (!into.jobs) into.jobs = from.jobs;
  if (!into.attempts) into.attempts = from.attempts;
  // What is stricter counts whoever says it.
  if (from.stale_environment == core::StaleEnvironment::conflicts)
    into.stale_environment = from.stale_environment;
  if (from.checks.min > into.checks.min) into.checks = std::move(from.checks);
  for (const auto limit :
       {&LimitsEntry::memory_mb, &LimitsEntry::processes, &LimitsEntry::cpu_weight, &LimitsEntry::disk_mb}) {
    if (!(into.limits.*limit)) into.limits.*limit = from.limits.*limit;
  }
  for (const auto text : {&Configuration::target, &Configuration::isolation, &Configuration::promote,
                          &Configuration::worker, &Configuration::planner, &Configuration::worker_model,
                          &Configuration::planner_model, &Configuration::verifier_model}) {
    if ((into.*text).empty()) into.*text = std::move(from.*text);
  }
  // One answer to one question, so that a user's checks never stand before a repository's `test`.
  if (into.verifier_checks.empty() && into.test.empty()) {
    into.verifier_checks = std::move(from.verifier_checks);
    into.test = std::move(from.test);
  }
  if (into.post_merge_checks.empty()) into.post_merge_checks = std::move(from.post_merge_checks);
  into.agents.merge(from.agents);
  into.risk = plan::merged(into.risk, from.risk);
  for (std::string& file : from.files) into.files.push_back(std::move(file));
  for (plan::Diagnostic& warning : from.warnings) into.warnings.push_back(std::move(warning));
}

void add_wider(std::vector<Looser>& ways, const char* name, int64_t limit, int64_t without) {
  const bool is_wider = without != 0 && (limit == 0 || limit > without);
  if (is_wider) ways.push_back({"limits", fmt::format("{} {} instead of {}", name, limit, without)});
}

// What `configuration` is less careful in than `without` would be.
std::vector<Looser> looser_ways(const Configuration& configuration, const Configuration& without) {
  std::vector<Looser> ways;
  for (std::string& way :
       plan::looser_than(plan::policy_of(configuration.risk), plan::policy_of(without.risk)))
    ways.push_back({"risk", std::move(way)});
  if (configuration.promote == "checkout" && without.promote != "checkout")
    ways.push_back({"promote", "checkout instead of " + (without.promote.empty() ? "ask" : without.promote)});
  if (configuration.target != without.target)
    ways.push_back(
        {"target", configuration.target + " instead of " +
                       (without.target.empty() ? "the branch that is checked out" : without.target)});
  const world::Limits limits = limits_of(configuration);
  const world::Limits usual = limits_of(without);
  add_wider(ways, "memory_mb", limits.memory_bytes >> 20, usual.memory_bytes >> 20);
  add_wider(ways, "processes", limits.processes, usual.processes);
  add_wider(ways, "disk_mb", limits.disk_bytes >> 20, usual.disk_bytes >> 20);
  return ways;
}

}  // namespace

Result<Configuration> read_named_configuration(const std::string& path, const std::string& by) {
  if (!world::exists(path)) {
    return refuse(Error{.kind = ErrorKind::bad_plan,
                        .where = path,
                        .what = "no such file, and " + by + " names it",
                        .expected = "a configuration",
                        .next = "write the file, or leave " + by + " out"});
  }
  return read_configuration_file(path);
}

plan::TaskRules task_rules(const Configuration& configuration) {
  plan::TaskRules rules{.checks_min = configuration.checks.min, .asked_at = configuration.checks.place};
  if (configuration.attempts) rules.attempts = *configuration.attempts;
  return rules;
}

world::Limits limits_of(const Configuration& configuration) {
  world::Limits limits = world::usual_limits();
  const LimitsEntry& asked = configuration.limits;
  if (asked.memory_mb) limits.memory_bytes = *asked.memory_mb << 20;
  if (asked.processes) limits.processes = *asked.processes;
  if (asked.cpu_weight) limits.cpu_weight = static_cast<int>(*asked.cpu_weight);
  if (asked.disk_mb) limits.disk_bytes = *asked.disk_mb << 20;
  return limits;
}

Result<Configuration> load_configuration(const Program& program, const std::string& top) {
  Configuration configuration;
  const std::string named = program.env("PIANOLA_CONFIG");
  if (!named.empty()) {
    configuration =
        TRY(read_named_configuration(absolute(program.surroundings.cwd, named), "PIANOLA_CONFIG"));
  } else if (!top.empty()) {
    configuration = TRY(read_configuration_file(top + file_of(top)));
  }
  const std::string home = program.env("HOME");
  const std::string xdg = program.env("XDG_CONFIG_HOME");
  const std::string user_dir = !xdg.empty() && xdg.front() == '/' ? xdg : home + "/.config";
  Configuration of_user;
  if (user_dir.front() == '/') of_user = TRY(read_configuration_file(user_dir + "/pianola/config.yaml"));
  const Configuration without = of_user;
  add_missing(configuration, std::move(of_user));
  // Whoever sets PIANOLA_CONFIG names the file as their own.
  if (named.empty()) configuration.looser = looser_ways(configuration, without);
  return configuration;
}

}  // namespace pianola::cli
