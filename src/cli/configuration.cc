#include "cli/configuration.h"

#include <array>
#include <utility>

#include "cli/configuration_keys.h"
#include "plan/yaml.h"

namespace pianola::cli {
namespace {

using plan::Field;
using plan::NodeIndex;
using plan::Sheet;

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

void list_limits(const std::string& section, std::vector<KnownKey>& names) {
  list_fields(section, std::span<const Field<LimitsEntry>>(limits_fields), names);
}

void list_risk(const std::string& section, std::vector<KnownKey>& names) {
  for (const std::string& key : plan::risk_keys()) names.push_back({section + "." + key, Effect::now});
}

const std::array<Key, 23> top_keys = {{
    {.name = "jobs",
     .read =
         [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
           const auto number =
               sheet.whole_number(value, "jobs", {.least = 1, .most = jobs_max, .unit = "agents"});
           if (number) configuration.jobs = static_cast<int>(*number);
         }},
    {.name = "target",
     .read = [](Sheet& sheet, NodeIndex value,
                Configuration& configuration) { read_text(sheet, value, "target", configuration.target); }},
    {.name = "isolation",
     .read =
         [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
           read_choice(sheet, value, "isolation", {"sealed", "landlock", "worktree", "none"},
                       configuration.isolation);
         }},
    {.name = "promote",
     .read =
         [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
           read_choice(sheet, value, "promote", {"ask", "checkout", "leave"}, configuration.promote);
         }},
    {.name = "limits", .read = read_limits, .list = list_limits},
    {.name = "test", .read = read_test},
    {.name = "quality", .shape = Shape::mapping, .below = quality_keys},
    {.name = "agents", .read = read_agents, .list = list_agent_keys},
    {.name = "roles", .read = read_roles, .list = list_role_keys},
    {.name = "accounts", .effect = Effect::later},
    {.name = "failover", .effect = Effect::later},
    {.name = "risk",
     .read = [](Sheet& sheet, NodeIndex value,
                Configuration& configuration) { plan::read_risk(sheet, value, "risk", configuration.risk); },
     .list = list_risk},
    {.name = "approval",
     .read =
         [](Sheet& sheet, NodeIndex value, Configuration& configuration) {
           plan::read_risk(sheet, value, "approval", configuration.risk);
         },
     .list = list_risk},
    {.name = "orchestration", .shape = Shape::mapping, .below = orchestration_keys},
    {.name = "verification", .shape = Shape::mapping, .below = verification_keys},
    {.name = "boundaries", .shape = Shape::mapping, .below = boundary_keys},
    {.name = "patch_intents", .shape = Shape::mapping, .below = patch_intent_keys},
    {.name = "resources", .shape = Shape::mapping, .below = resource_keys},
    {.name = "dependencies", .shape = Shape::mapping, .below = dependency_keys},
    {.name = "contracts", .shape = Shape::mapping, .below = contract_keys},
    {.name = "mailbox", .shape = Shape::mapping, .below = mailbox_keys},
    {.name = "phases", .shape = Shape::mapping, .below = phase_keys},
    {.name = "ui", .effect = Effect::later},
}};

std::span<const Key> top_table() { return top_keys; }

}  // namespace

std::vector<KnownKey> known_keys() {
  std::vector<KnownKey> names;
  list_keys("", top_table, names);
  return names;
}

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
    read_keys(sheet, parsed.tree->root(), "", top_table, read.configuration);
  }
  read.configuration.files = {file};
  read.diagnostics = sheet.take_diagnostics();
  return read;
}

}  // namespace pianola::cli
