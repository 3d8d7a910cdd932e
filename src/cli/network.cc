#include "cli/network.h"

#include <algorithm>

#include "agents/network.h"
#include "world/files.h"
#include "world/landlock.h"

namespace pianola::cli {
namespace {

constexpr uint16_t proxy_port = 3128;
constexpr uint16_t first_free_port = 1024;  // those below are root's, also in a namespace of one's own
constexpr size_t settings_max_bytes = 1 << 20;
constexpr const char* own_places = "localhost,127.0.0.1,::1";

void add_endpoint(std::vector<world::HostPort>& list, const std::optional<world::HostPort>& to) {
  if (to && std::find(list.begin(), list.end(), *to) == list.end()) list.push_back(*to);
}

// The URLs that send this agent elsewhere than to its kind's own endpoints.
std::vector<std::string> base_urls(const WayOutOf& of, const agents::NetworkNeeds& needs) {
  std::vector<std::string> urls;
  for (const std::string& name : needs.base_url_variables) {
    const auto set = of.env.find(name);
    if (set != of.env.end()) urls.push_back(set->second);
  }
  for (const auto& [name, value] : of.definition.env) {
    if (agents::is_base_url_variable(name)) urls.push_back(value);
  }
  // A folder named from where somebody happened to stand may be a stranger's.
  if (needs.settings.empty() || !of.settings_dir.starts_with('/')) return urls;
  const auto text = world::read_file_if_present(of.settings_dir + "/" + needs.settings, settings_max_bytes);
  if (!text || !*text) return urls;
  for (std::string& url : agents::base_urls_in(**text)) urls.push_back(std::move(url));
  return urls;
}

}  // namespace

world::Seal::Network network_level(const agents::Definition& definition) {
  if (definition.network == "open") return world::Seal::Network::open;
  if (definition.network == "none") return world::Seal::Network::none;
  return world::Seal::Network::model;
}

Result<world::WayOut> way_out(const WayOutOf& of) {
  const agents::NetworkNeeds needs = agents::network_needs(of.definition.kind);
  world::WayOut out;
  out.door.dir = of.attempt_dir;
  out.door.rules.optional = needs.optional;
  std::vector<world::HostPort>& allowed = out.door.rules.allowed;
  for (const std::string& endpoint : needs.endpoints) add_endpoint(allowed, world::parse_host_port(endpoint));
  for (const std::string& url : base_urls(of, needs)) add_endpoint(allowed, world::endpoint_of_url(url));
  for (const std::string& endpoint : of.definition.allow) {
    add_endpoint(allowed, world::parse_host_port(endpoint));
  }
  out.proxy_port = proxy_port;
  for (const world::HostPort& to : allowed) {
    if (!world::is_loopback_host(to.host)) continue;
    if (to.port < first_free_port) {
      return refuse(Error{.kind = ErrorKind::missing,
                          .where = "agent \"" + of.definition.name + "\"",
                          .what = to.text() + " cannot be had inside the seal",
                          .expected = "a port of loopback above 1023",
                          .next = "use another port, or network: open"});
    }
    out.relays.push_back(to);
  }
  const auto is_taken = [&](const world::HostPort& to) { return to.port == out.proxy_port; };
  while (std::any_of(out.relays.begin(), out.relays.end(), is_taken)) ++out.proxy_port;
  return out;
}

void add_proxy(std::map<std::string, std::string>& env, const world::WayOut& out, const std::string& kind) {
  const std::string proxy = "http://127.0.0.1:" + std::to_string(out.proxy_port);
  for (const char* name : {"HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"})
    env.emplace(name, proxy);
  for (const char* name : {"NO_PROXY", "no_proxy"}) env.emplace(name, own_places);
  for (const auto& [name, value] : agents::network_needs(kind).proxy_env) env.emplace(name, value);
}

Result<void> check_network(const Agents& agents, const plan::Plan& plan, core::Isolation isolation) {
  // Without namespaces it is the filter of system calls that keeps none.
  if (isolation == core::Isolation::sealed || isolation == core::Isolation::landlock) return {};
  std::string whose;
  for (const auto& [name, definition] : agents.roster) {
    if (definition.network == "none") whose = "agent \"" + name + "\"";
  }
  for (const plan::Task& task : plan.tasks) {
    if (task.network == "none") whose = "task " + task.id.str();
  }
  if (whose.empty()) return {};
  return refuse(Error{.kind = ErrorKind::bad_plan,
                      .where = whose,
                      .what = "network: none cannot be kept without a seal",
                      .expected = "isolation sealed",
                      .next = "cut the network outside pianola, and drop the key"});
}

namespace {

// Of the network `model`, which is the default: what this kernel's Landlock does not keep of it.
std::string landlock_note(const Agents& agents, const plan::Plan& plan) {
  const auto is_model = [&](const plan::Task& task) {
    const std::string& name = task.agent.empty() ? agents.default_agent : task.agent;
    const auto agent = agents.roster.find(name);
    const std::string of_agent = agent == agents.roster.end() ? "" : agent->second.network;
    const std::string& network = task.network.empty() ? of_agent : task.network;
    return network.empty() || network == "model";
  };
  if (std::none_of(plan.tasks.begin(), plan.tasks.end(), is_model)) return "";
  if (world::landlock_abi() < world::landlock_abi_of_tcp)
    return "isolation landlock: on this kernel network: model keeps UDP out and leaves all of TCP open\n";
  return "isolation landlock: network: model keeps TCP to its ports, and not to its machines\n";
}

}  // namespace

std::string network_note(const Agents& agents, const plan::Plan& plan, core::Isolation isolation) {
  if (isolation == core::Isolation::sealed) return "";
  if (isolation == core::Isolation::landlock) return landlock_note(agents, plan);
  std::string note;
  const auto add = [&](const std::string& whose) {
    note += whose + ": network: model is not kept without a seal; the network is open\n";
  };
  for (const plan::Task& task : plan.tasks) {
    if (task.network == "model") add("task " + task.id.str());
  }
  for (const auto& [name, definition] : agents.roster) {
    if (definition.network == "model" || !definition.allow.empty()) add("agent \"" + name + "\"");
  }
  return note;
}

}  // namespace pianola::cli
