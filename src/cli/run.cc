// run: a plan, checked and trusted, becomes a run that is carried out.
#include "base/hash.h"
#include "base/text.h"
#include "cli/approval.h"
#include "cli/carry_out.h"
#include "cli/configuration.h"
#include "cli/contract_base.h"
#include "cli/detach.h"
#include "cli/exit_code.h"
#include "cli/isolation.h"
#include "cli/launching.h"
#include "cli/list_marks.h"
#include "cli/network.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "cli/roster.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "cli/trust.h"
#include "plan/plan_text.h"
#include "plan/report.h"
#include "world/clock.h"
#include "world/files.h"
#include "world/git_lockfiles.h"
#include "world/journal.h"
#include "world/probe.h"

namespace pianola::cli {
namespace {

constexpr int default_jobs_max = 4;

// Everything that stands before the first event.
struct Prepared {
  world::Hub hub;
  PlanFile plan;
  Agents agents;
  core::RunStarted start;
  std::optional<core::Approval> approval;
  bool is_edited = false;  // by the person who was asked: to be prepared again
};

Result<core::Policy> policy_of(const Program& program, const RunOptions& options,
                               const Configuration& configuration, const Agents& agents) {
  core::Policy policy;
  const int cores = world::core_count();
  policy.jobs = options.jobs.value_or(configuration.jobs.value_or(std::min(default_jobs_max, cores)));
  policy.run_timeout_ms = options.timeout_s * 1000;
  policy.promote = promote_mode(options.promote.empty() ? configuration.promote : options.promote);
  policy.partial = options.partial;
  policy.isolation =
      TRY(isolation_level(program, {options.isolation, configuration.isolation, options.allow_unsandboxed}));
  policy.stale_environment = configuration.stale_environment;
  policy.default_agent = agents.default_agent;
  return policy;
}

std::string clock_note() {
  const Instant now = world::wall_now();
  if (world::is_set(now)) return {};
  return "the machine's clock says " + iso_utc(now) +
         ", so do the run's times; logins and certificates may fail; set it: timedatectl set-ntp true\n";
}

// The commands trusted, and a plan of some risk approved: in one question, since one list answers both.
Result<void> pass_gate(const Program& program, const RunOptions& options, const Configuration& configuration,
                       const core::Policy& policy, const std::string& base, Prepared& prepared) {
  const TrustOf of{.file = options.file,
                   .agent = options.agent,
                   .isolation = options.isolation,
                   .allow_unsandboxed = options.allow_unsandboxed};
  const plan::Plan& plan = *prepared.plan.loaded.plan;
  const plan::RiskPolicy risk_policy = plan::policy_of(configuration.risk);
  TrustRequest commands = trust_request({.agents = prepared.agents,
                                         .plan = plan,
                                         .isolation = policy.isolation,
                                         .looser = configuration.looser});
  const ApprovalRequest request =
      approval_request(program, {.file = options.file,
                                 .plan = prepared.plan,
                                 .commands = std::move(commands),
                                 .policy = risk_policy,
                                 .hub = prepared.hub,
                                 .tracked = tracked_paths(plan, prepared.hub, base)});
  prepared.is_edited =
      TRY(require_approval(program, request,
                           {.is_given = options.approve,
                            .can_edit = true,
                            .is_listed = false,
                            .see_all = approve_command(program, of, " --show"),
                            .allow = approve_command(program, of, " --yes") + ", or add --approve"})) ==
      Answer::edited;
  if (prepared.is_edited) return {};
  TRY(require_trust(program, request.commands,
                    {.is_given = options.approve,
                     .is_listed = false,
                     .see_all = trust_command(program, of, " --show"),
                     .allow = trust_command(program, of, " --yes") + ", or add --approve"}));
  const bool asked = request.risk.status != plan::RiskStatus::auto_approve;
  prepared.approval = core::Approval{.score = request.risk.score,
                                     .threshold = request.risk.threshold,
                                     .sha256 = asked ? request.sha256 : ""};
  return {};
}

Result<Prepared> prepare(const Program& program, const RunOptions& options) {
  Prepared prepared;
  prepared.plan = TRY(load_plan(program, options.file, plan::Strictness::every_rule));
  if (!prepared.plan.loaded.plan) return prepared;
  const plan::Plan& plan = *prepared.plan.loaded.plan;
  prepared.hub = TRY(find_hub(program));
  const world::DiscoverOptions discover{.dir = program.directory, .env = program.surroundings.env};
  TRY(world::check_settled(prepared.hub, discover.run_child));
  const Configuration configuration = TRY(load_configuration(program, prepared.hub.top));
  if (program.format == Format::text) {
    program.console.err(plan::warnings_text(prepared.plan.loaded.diagnostics) +
                        plan::warnings_text(configuration.warnings));
  }
  const std::string branch = options.target.empty() ? configuration.target : options.target;
  const world::RunStart from = TRY(world::choose_start(prepared.hub, branch, discover.run_child));
  std::vector<core::ContractVersion> contracts =
      TRY(contracts_at(prepared.hub, from.base, prepared.plan.loaded));
  std::string environment =
      TRY(world::environment_at(world::Git(prepared.hub.git, discover.run_child),
                                {.args = {}, .git_dir = prepared.hub.layout.git_dir}, from.base));
  const world::Identity identity = TRY(world::find_identity(prepared.hub, discover));
  prepared.agents =
      TRY(find_agents(program, configuration, plan, {.default_agent = options.agent, .run_dir = {}}));
  const core::Policy policy = TRY(policy_of(program, options, configuration, prepared.agents));
  TRY(check_reach(program, prepared.hub.layout, policy.isolation));
  TRY(check_env_from(program, plan));
  TRY(check_network(prepared.agents, plan, policy.isolation));
  program.console.err(network_note(prepared.agents, plan, policy.isolation));
  TRY(pass_gate(program, options, configuration, policy, from.base, prepared));
  if (prepared.is_edited) return prepared;
  const std::string note = world::dirty_note(TRY(world::count_dirty(prepared.hub, discover)), from.base);
  if (!note.empty()) program.console.err(note + "\n");
  program.console.err(clock_note());
  prepared.start = {.run = {},
                    .seed = world::random_seed(),
                    .plan_file = options.file,
                    .plan_sha256 = sha256_hex(prepared.plan.bytes),
                    .plan = plan,
                    .policy = policy,
                    .repository = {.path = prepared.hub.path,
                                   .target = from.target,
                                   .base = from.base,
                                   .author_name = identity.name,
                                   .author_email = identity.email},
                    .approval = prepared.approval,
                    .contracts = std::move(contracts),
                    .environment = std::move(environment)};
  return prepared;
}

// After an edit: one that broke the plan may be mended by another.
Result<Prepared> prepare_edited(const Program& program, const RunOptions& options) {
  Prepared prepared = TRY(prepare(program, options));
  while (!prepared.plan.loaded.plan) {
    report_bad_plan(program, prepared.plan.loaded, options.file);
    const std::string said = program.console.ask("[e]dit again  [N]o: ");
    if (said != "e" && said != "E") break;
    TRY(edit_plan(program, absolute(program.directory, options.file), prepared.plan.bytes));
    prepared = TRY(prepare(program, options));
  }
  return prepared;
}

Show shown_of(const Program& program, const RunOptions& options) {
  return program.format == Format::json ? Show::silent : options.show;
}

// Writes the first event alone, so that `resume` can carry the run out without this process.
Result<void> record_start(const Prepared& prepared, const core::RunId& run) {
  world::JournalOptions journal;
  journal.folder.dir = world::journal_dir(prepared.hub.layout, run);
  journal.folder.run = run.str();
  journal.lock_path = world::run_lock(prepared.hub.layout, run);
  const auto nothing_yet = [](core::Recorded&&) { return Result<void>(); };
  const auto file = TRY(world::FileJournal::open(std::move(journal), nothing_yet));
  return file->append({{.seq = 1, .at = world::wall_now(), .actor = "pianola", .event = prepared.start}});
}

}  // namespace

Result<Carried> carry_out(const Program& program, const RunOptions& options) {
  Prepared prepared = TRY(prepare(program, options));
  while (prepared.is_edited) prepared = TRY(prepare_edited(program, options));
  if (!prepared.plan.loaded.plan) return report_bad_plan(program, prepared.plan.loaded, options.file);
  TRY(world::probe_disk(prepared.hub.layout.state_dir));
  const core::RunId run = TRY(make_run_dir(prepared.hub.layout));
  const std::string run_dir = world::run_dir(prepared.hub.layout, run);
  prepared.start.run = run;
  const bool is_list = plan::notation_of(options.file) == plan::Notation::checklist;
  TRY(world::write_file(run_dir + (is_list ? "/plan.md" : "/plan.yaml"), prepared.plan.bytes,
                        world::Sync::none));
  if (is_list) {
    TRY(keep_marked_file(run_dir, marked_file(prepared.hub, prepared.start.repository.base,
                                              absolute(program.directory, options.file))));
  }
  TRY(use_copies(prepared.agents, run_dir));
  if (options.detach) {
    TRY(record_start(prepared, run));
    return TRY(detach(program, prepared.hub.layout, run));
  }
  core::State state = TRY(supervise(program, {.hub = prepared.hub,
                                              .run = run,
                                              .roster = prepared.agents.roster,
                                              .show = shown_of(program, options),
                                              .first = {core::StartRequested{prepared.start}},
                                              .at_end = at_end_of(prepared.start.policy.promote)}));
  return CarriedRun{.hub = std::move(prepared.hub), .state = std::move(state)};
}

Result<int> run_command(const Program& program, const RunOptions& options) {
  const Carried carried = TRY(carry_out(program, options));
  if (const int* code = std::get_if<int>(&carried)) return *code;
  const auto& [hub, state] = std::get<CarriedRun>(carried);
  return conclude(program, hub.layout, state, shown_of(program, options));
}

}  // namespace pianola::cli
