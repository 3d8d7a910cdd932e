#include "cli/configuration.h"

#include <algorithm>
#include <array>
#include <utility>

#include "plan/fields.h"
#include "plan/yaml.h"
#include "world/files.h"
#include "world/host_port.h"

namespace pianola::cli {
namespace {

using plan::Effect;
using plan::Field;
using plan::Finding;
using plan::NodeIndex;
using plan::Sheet;

constexpr size_t configuration_bytes_max = 1 << 20;

// "a, b or c".
std::string listed(const std::vector<std::string>& choices) {
  std::string list;
  for (size_t i = 0; i < choices.size(); ++i) {
    list += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + choices[i];
  }
  return list;
}

void read_choice(Sheet& sheet, NodeIndex value, std::string_view key, const std::vector<std::string>& choices,
                 std::string& out) {
  const auto text = sheet.text(value, key);
  if (!text) return;
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) {
    out = *text;
    return;
  }
  sheet.error(value, Finding{.what = std::string(key) + " is " + plan::shown(*text),
                             .expected = listed(choices),
                             .next = {}});
}

void read_text(Sheet& sheet, NodeIndex value, std::string_view key, std::string& out) {
  if (auto text = sheet.text(value, key)) out = std::move(*text);
}

// --- one agent -------------------------------------------------------------------------------------------

void read_env(Sheet& sheet, NodeIndex value, AgentEntry& entry) {
  if (!sheet.map(value, "env", "NAME: value")) return;
  const plan::Tree& tree = sheet.tree();
  for (NodeIndex key = tree.node(value).first; key != plan::no_node;) {
    const NodeIndex text_at = tree.node(key).next;
    if (auto text = sheet.text(text_at, tree.text(key))) {
      entry.definition.env[std::string(tree.text(key))] = std::move(*text);
    }
    key = tree.node(text_at).next;
  }
}

void read_allow(Sheet& sheet, NodeIndex value, AgentEntry& entry) {
  entry.definition.allow = sheet.texts(value, "allow", "endpoints");
  for (const std::string& endpoint : entry.definition.allow) {
    if (world::parse_host_port(endpoint)) continue;
    sheet.error(value, Finding{.what = "allow has " + plan::shown(endpoint),
                               .expected = "host:port, such as files.example.test:443",
                               .next = {}});
  }
}

const std::array<Field<AgentEntry>, 8> agent_fields = {{
    {"kind",
     [](Sheet& sheet, NodeIndex value, AgentEntry& entry) {
       read_choice(sheet, value, "kind", agents::adapter_kinds(), entry.definition.kind);
     }},
    {"argv",
     [](Sheet& sheet, NodeIndex value, AgentEntry& entry) {
       entry.definition.argv = sheet.texts(value, "argv", "the program and its arguments");
     }},
    {"model", [](Sheet& sheet, NodeIndex value,
                 AgentEntry& entry) { read_text(sheet, value, "model", entry.definition.model); }},
    {"env", read_env},
    {"config_dir",
     [](Sheet& sheet, NodeIndex value, AgentEntry& entry) {
       read_text(sheet, value, "config_dir", entry.definition.config_dir);
     }},
    {"network",
     [](Sheet& sheet, NodeIndex value, AgentEntry& entry) {
       read_choice(sheet, value, "network", {"model", "open", "none"}, entry.definition.network);
     }},
    {"allow", read_allow},
    {"account", nullptr, Effect::later},
}};

void read_agents(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  if (!sheet.map(value, "agents", "NAME: {kind: ..}")) return;
  const plan::Tree& tree = sheet.tree();
  for (NodeIndex key = tree.node(value).first; key != plan::no_node;) {
    const NodeIndex node = tree.node(key).next;
    AgentEntry entry;
    entry.definition.name = std::string(tree.text(key));
    entry.file = sheet.file();
    entry.place = sheet.file() + ":" + sheet.position(key);
    if (sheet.map(node, entry.definition.name, "kind: " + listed(agents::adapter_kinds()))) {
      plan::read_fields(sheet, node, std::span<const Field<AgentEntry>>(agent_fields), "agent", entry);
      const bool needs_argv = entry.definition.kind == "command" && entry.definition.argv.empty();
      if (entry.definition.kind.empty() || needs_argv) {
        sheet.error(key,
                    Finding{.what = "agent " + plan::shown(entry.definition.name) +
                                    (needs_argv ? " has no argv" : " has no kind"),
                            .expected = needs_argv ? "the program to run" : listed(agents::adapter_kinds()),
                            .next = needs_argv ? "add argv: [./agent.sh]" : "add kind: command"});
      }
    }
    configuration.agents[entry.definition.name] = std::move(entry);
    key = tree.node(node).next;
  }
}

// --- roles and the top level -----------------------------------------------------------------------------

struct Role {
  std::string agent;
};
const std::array<Field<Role>, 8> role_fields = {{
    {"agent",
     [](Sheet& sheet, NodeIndex value, Role& role) { read_text(sheet, value, "agent", role.agent); }},
    {"fallback", nullptr, Effect::later},
    {"keywords", nullptr, Effect::later},
    {"share", nullptr, Effect::later},
    {"tools_allow", nullptr, Effect::later},
    {"tools_deny", nullptr, Effect::later},
    {"prompt", nullptr, Effect::later},
    {"schema", nullptr, Effect::later},
}};

void read_roles(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  if (!sheet.map(value, "roles", "NAME: {agent: ..}")) return;
  const plan::Tree& tree = sheet.tree();
  for (NodeIndex key = tree.node(value).first; key != plan::no_node;) {
    const NodeIndex node = tree.node(key).next;
    Role role;
    if (sheet.map(node, tree.text(key), "agent: NAME")) {
      plan::read_fields(sheet, node, std::span<const Field<Role>>(role_fields), "role", role);
    }
    if (tree.text(key) == "worker") configuration.worker = role.agent;
    key = tree.node(node).next;
  }
}

constexpr int64_t mb_max = int64_t{1} << 30;

const std::array<Field<LimitsEntry>, 4> limits_fields = {{
    {"memory_mb",
     [](Sheet& sheet, NodeIndex value, LimitsEntry& limits) {
       limits.memory_mb = sheet.whole_number(value, "memory_mb", {.least = 0, .most = mb_max, .unit = "MB"});
     }},
    {"processes",
     [](Sheet& sheet, NodeIndex value, LimitsEntry& limits) {
       limits.processes =
           sheet.whole_number(value, "processes", {.least = 0, .most = 4'194'304, .unit = "processes"});
     }},
    {"cpu_weight",
     [](Sheet& sheet, NodeIndex value, LimitsEntry& limits) {
       limits.cpu_weight = sheet.whole_number(value, "cpu_weight", {.least = 0, .most = 10'000, .unit = ""});
     }},
    {"disk_mb",
     [](Sheet& sheet, NodeIndex value, LimitsEntry& limits) {
       limits.disk_mb = sheet.whole_number(value, "disk_mb", {.least = 0, .most = mb_max, .unit = "MB"});
     }},
}};

void read_limits(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  if (!sheet.map(value, "limits", "memory_mb, processes, cpu_weight, disk_mb")) return;
  plan::read_fields(sheet, value, std::span<const Field<LimitsEntry>>(limits_fields), "limits",
                    configuration.limits);
}

const std::array<Field<Configuration>, 18> top_fields = {{
    {"jobs",
     [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
       const auto number =
           sheet.whole_number(value, "jobs", {.least = 1, .most = jobs_max, .unit = "agents"});
       if (number) configuration.jobs = static_cast<int>(*number);
     }},
    {"target", [](Sheet& sheet, NodeIndex value,
                  Configuration& configuration) { read_text(sheet, value, "target", configuration.target); }},
    {"isolation",
     [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
       read_choice(sheet, value, "isolation", {"sealed", "landlock", "worktree", "none"},
                   configuration.isolation);
     }},
    {"promote",
     [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
       read_choice(sheet, value, "promote", {"ask", "checkout", "leave"}, configuration.promote);
     }},
    {"limits", read_limits},
    {"test", nullptr, Effect::later},
    {"agents", read_agents},
    {"roles", read_roles},
    {"accounts", nullptr, Effect::later},
    {"failover", nullptr, Effect::later},
    {"risk", [](Sheet& sheet, NodeIndex value,
                Configuration& configuration) { plan::read_risk(sheet, value, "risk", configuration.risk); }},
    {"approval",
     [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
       plan::read_risk(sheet, value, "approval", configuration.risk);
     }},
    {"orchestration", nullptr, Effect::later},
    {"verification", nullptr, Effect::later},
    {"boundaries", nullptr, Effect::later},
    {"dependencies", nullptr, Effect::later},
    {"contracts", nullptr, Effect::later},
    {"ui", nullptr, Effect::later},
}};

}  // namespace

ReadConfiguration read_configuration(std::string_view bytes, const std::string& file) {
  ReadConfiguration read;
  const auto syntax = [&](const plan::SyntaxFault& fault) {
    read.diagnostics.push_back({.severity = plan::Severity::error,
                                .at = {.file = file, .line = fault.at.line, .col = fault.at.col},
                                .what = fault.what,
                                .expected = fault.expected,
                                .next = fault.next});
    return read;
  };
  const plan::CheckedText text = plan::check_text_bytes(bytes);
  if (text.fault) return syntax(*text.fault);
  const plan::Parsed parsed = plan::parse_yaml(text.text);
  if (!parsed.tree) return syntax(*parsed.fault);
  if (parsed.tree->root() == plan::no_node) return read;
  const plan::LoadOptions options{.file = file};
  Sheet sheet(*parsed.tree, options);
  if (sheet.map(parsed.tree->root(), "the configuration", "keys such as agents: and jobs:")) {
    plan::read_fields(sheet, parsed.tree->root(), std::span<const Field<Configuration>>(top_fields),
                      "configuration", read.configuration);
  }
  read.configuration.files = {file};
  read.diagnostics = sheet.take_diagnostics();
  return read;
}

namespace {

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
  for (const auto limit :
       {&LimitsEntry::memory_mb, &LimitsEntry::processes, &LimitsEntry::cpu_weight, &LimitsEntry::disk_mb}) {
    if (!(into.limits.*limit)) into.limits.*limit = from.limits.*limit;
  }
  for (const auto text :
       {&Configuration::target, &Configuration::isolation, &Configuration::promote, &Configuration::worker}) {
    if ((into.*text).empty()) into.*text = std::move(from.*text);
  }
  into.agents.merge(from.agents);
  into.risk = plan::merged(into.risk, from.risk);
  for (std::string& file : from.files) into.files.push_back(std::move(file));
  for (plan::Diagnostic& warning : from.warnings) into.warnings.push_back(std::move(warning));
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
  const plan::RiskPolicy without = plan::policy_of(of_user.risk);
  add_missing(configuration, std::move(of_user));
  // Whoever sets PIANOLA_CONFIG names the file as their own.
  if (named.empty())
    configuration.looser_risk = plan::looser_than(plan::policy_of(configuration.risk), without);
  return configuration;
}

}  // namespace pianola::cli
