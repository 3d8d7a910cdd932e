// How much of the network an agent gets: `open`, `none`, or `model`, what it needs to reach its model.
#pragma once

#include <map>
#include <string>

#include "agents/adapter.h"
#include "base/result.h"
#include "cli/roster.h"
#include "core/state.h"
#include "plan/plan.h"
#include "world/seal.h"

namespace pianola::cli {

// The level of a sealed agent: what its definition says (a task's word stands there already), else model.
world::Seal::Network network_level(const agents::Definition& definition);

struct WayOutOf {
  const agents::Definition& definition;
  const std::map<std::string, std::string>& env;  // all that it is given
  std::string settings_dir;                       // its CLI's folder on this machine, "" = none
  std::string attempt_dir;
};
// The endpoints of its kind, of its base URLs and of `allow`; those of loopback are relayed. Errors
// (missing): an endpoint that cannot be relayed.
Result<world::WayOut> way_out(const WayOutOf& of);

// Says where the proxy is to every program that asks its environment; what is set already stays.
void add_proxy(std::map<std::string, std::string>& env, const world::WayOut& out, const std::string& kind);

// Errors (bad_plan): a task or an agent is to have no network, and there is no seal to keep that.
Result<void> check_network(const Agents& agents, const plan::Plan& plan, core::Isolation isolation);

// What is not kept of `network: model`: without a seal a line for each task or agent that asks for it, at
// level landlock a line when any has it; "" when there is nothing to say.
std::string network_note(const Agents& agents, const plan::Plan& plan, core::Isolation isolation);

}  // namespace pianola::cli
