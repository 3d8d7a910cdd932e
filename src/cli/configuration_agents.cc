// `agents:` and `roles:` the coding-agent CLIs of a run, and which of them does what.
#include <array>
#include <utility>

#include "cli/configuration_keys.h"
#include "world/host_port.h"

namespace pianola::cli {

using plan::Field;
using plan::Finding;
using plan::NodeIndex;
using plan::Sheet;

namespace {

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
    {"account", nullptr, plan::Effect::later},
}};

struct Role {
  std::string agent;
};
const std::array<Field<Role>, 8> role_fields = {{
    {"agent",
     [](Sheet& sheet, NodeIndex value, Role& role) { read_text(sheet, value, "agent", role.agent); }},
    {"fallback", nullptr, plan::Effect::later},
    {"keywords", nullptr, plan::Effect::later},
    {"share", nullptr, plan::Effect::later},
    {"tools_allow", nullptr, plan::Effect::later},
    {"tools_deny", nullptr, plan::Effect::later},
    {"prompt", nullptr, plan::Effect::later},
    {"schema", nullptr, plan::Effect::later},
}};

}  // namespace

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

void list_agent_keys(const std::string& section, std::vector<KnownKey>& names) {
  list_fields(section + ".NAME", std::span<const Field<AgentEntry>>(agent_fields), names);
}

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
    if (tree.text(key) == "planner") configuration.planner = role.agent;
    key = tree.node(node).next;
  }
}

void list_role_keys(const std::string& section, std::vector<KnownKey>& names) {
  list_fields(section + ".NAME", std::span<const Field<Role>>(role_fields), names);
}

}  // namespace pianola::cli
