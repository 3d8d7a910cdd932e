// resume and promote: a run that stopped goes on; a run that was left lands.
#include "cli/configuration.h"
#include "cli/detach.h"
#include "cli/exit_code.h"
#include "cli/foretell.h"
#include "cli/isolation.h"
#include "cli/launching.h"
#include "cli/network.h"
#include "cli/options.h"
#include "cli/roster.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "cli/trust.h"

namespace pianola::cli {
namespace {

// The agents of a run, found again as its start found them, and what is trusted of them.
struct AgentsAgain {
  Agents agents;
  TrustRequest request;
};

Result<AgentsAgain> find_agents_again(const Program& program, const world::Hub& hub,
                                      const core::State& state) {
  const Configuration configuration = TRY(load_configuration(program, hub.top));
  const std::string run_dir = world::run_dir(hub.layout, state.run);
  Agents agents = TRY(find_agents(program, configuration, state.plan, {state.policy.default_agent, run_dir}));
  TRY(check_reach(program, hub.layout, state.policy.isolation));
  TRY(check_env_from(program, state.plan));
  TRY(check_network(agents, state.plan, state.policy.isolation));
  TrustRequest request = trust_request({.agents = agents,
                                        .plan = state.plan,
                                        .isolation = state.policy.isolation,
                                        .looser = configuration.looser});
  return AgentsAgain{.agents = std::move(agents), .request = std::move(request)};
}

// With the run's own copies of the files they name; trust is asked for again, since a configuration may have
// changed since.
Result<engine::Roster> find_roster(const Program& program, const world::Hub& hub, const core::State& state,
                                   bool is_approved) {
  auto [agents, request] = TRY(find_agents_again(program, hub, state));
  TRY(require_trust(program, request,
                    {.is_given = is_approved,
                     .is_listed = false,
                     .see_all = {},
                     .allow = program.typed("resume " + state.run.str() + " --approve")}));
  TRY(use_copies(agents, world::run_dir(hub.layout, state.run)));
  return agents.roster;
}

// Refuses as find_roster() does, and asks, stores and copies nothing.
Result<engine::Roster> look_for_roster(const Program& program, const world::Hub& hub,
                                       const core::State& state, bool is_approved) {
  const AgentsAgain found = TRY(find_agents_again(program, hub, state));
  if (is_approved) return found.agents.roster;
  Program silent = program;
  silent.format = Format::json;
  TRY(require_trust(silent, found.request,
                    {.is_given = false,
                     .is_listed = false,
                     .see_all = {},
                     .allow = program.typed("resume " + state.run.str() + " --approve")}));
  return found.agents.roster;
}

Error nothing_to_resume(const core::State& state) {
  const bool left = state.phase == core::Phase::left;
  const std::string how = left ? "ended verified, and left: " + state.finish.reason
                               : "is " + core::phase_text(state) + " already";
  return Error{.kind = left ? ErrorKind::paused : ErrorKind::usage,
               .where = state.run.str(),
               .what = how,
               .expected = "a run that stopped or paused",
               .next = left ? "land it: pianola promote" : "start another: pianola run tasks.yaml"};
}

// A run started to land in the checkout does so itself, before anybody is asked.
Error too_late(const core::State& state, const std::string& promote) {
  return Error{.kind = ErrorKind::usage,
               .where = state.run.str(),
               .what = "was started with --promote checkout, too late for " + promote,
               .expected = "the same",
               .next = "go on: pianola resume " + state.run.str()};
}

}  // namespace

Result<int> run_command(const Program& program, const ResumeOptions& options) {
  const FoundRun found = TRY(choose_run(program, options.run));
  const core::State state = TRY(fold_run(found));
  if (core::is_over(state)) return refuse(nothing_to_resume(state));
  if (state.policy.promote == core::PromoteMode::checkout && !options.promote.empty() &&
      promote_mode(options.promote) != core::PromoteMode::checkout) {
    return refuse(too_late(state, options.promote));
  }
  const world::Hub hub = TRY(find_hub(program));
  const core::PromoteMode at_end =
      options.promote.empty() ? at_end_of(state.policy.promote) : promote_mode(options.promote);
  if ((options.detach || options.dry_run) && found.holder)
    return refuse(world::held_error(*found.holder, found.id.str()));
  if (options.dry_run) {
    const engine::Roster roster = TRY(look_for_roster(program, hub, state, options.approve));
    TRY(foretell(program, hub, found, roster, at_end));
    return exit_done;
  }
  const engine::Roster roster = TRY(find_roster(program, hub, state, options.approve));
  if (options.detach) {
    std::vector<std::string> more;
    if (!options.promote.empty()) more = {"--promote", options.promote};
    return detach(program, hub.layout, found.id, more);
  }
  const Show show = program.format == Format::json ? Show::silent : options.show;
  const core::State ended = TRY(
      supervise(program, {.hub = hub, .run = found.id, .roster = roster, .show = show, .at_end = at_end}));
  return conclude(program, hub.layout, ended, show);
}

Result<int> run_command(const Program& program, const PromoteOptions& options) {
  const FoundRun found = TRY(choose_run(program, options.run));
  const core::State state = TRY(fold_run(found));
  if (state.phase != core::Phase::left) {
    return refuse(Error{.kind = ErrorKind::usage,
                        .where = found.id.str(),
                        .what = "nothing waits for promotion",
                        .expected = "a run that ended verified and was left",
                        .next = core::is_over(state) ? "look: pianola status" : "go on: pianola resume"});
  }
  const world::Hub hub = TRY(find_hub(program));
  const core::State ended =
      TRY(supervise(program, {.hub = hub,
                              .run = found.id,
                              .roster = {},
                              .show = Show::silent,
                              .first = {core::PromoteRequested{core::PromoteMode::checkout}}}));
  return conclude(program, hub.layout, ended, Show::plain);
}

}  // namespace pianola::cli
