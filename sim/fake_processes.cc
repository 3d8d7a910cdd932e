#include "sim/fake_processes.h"

#include <algorithm>

#include "sim/plan_maker.h"

namespace pianola::sim {
namespace {

constexpr int kill_signal = 9;
constexpr int term_signal = 15;

core::ExitStatus by_signal(int number) {
  return {.kind = core::ExitKind::signal, .value = number, .tree_empty = true, .detail = {}};
}

core::FailureClass any_limit(Fate& fate) {
  using enum core::FailureClass;
  constexpr std::array classes = {quota,  auth,    billing, transient, context,
                                  policy, sandbox, timeout, invalid};
  return classes[fate.below(classes.size())];
}

bool same_checks(const engine::CheckRun& a, const engine::CheckRun& b) {
  return a.subject_of == b.subject_of && a.subject == b.subject && a.commit == b.commit;
}

}  // namespace

FakeProcesses::FakeProcesses(Grounds& grounds) : grounds_(grounds), storm_(any_limit(grounds.fate)) {}

void FakeProcesses::launch(const engine::Launch& launch) {
  if (!grounds_.fate.step()) return;
  grounds_.watch.launches(launch, false);
  begin(launch);
}

void FakeProcesses::recover(const engine::Launch& launch) {
  if (!grounds_.fate.step()) return;
  grounds_.watch.launches(launch, true);
  const auto at = agents_.find(launch.key);
  if (at == agents_.end()) return begin(launch);
  at->second.watcher = grounds_.fate.supervisor();
  if (at->second.over) return tell_exit(at->second);
  tell_progress(at->second);
}

int FakeProcesses::living() const {
  return static_cast<int>(
      std::count_if(agents_.begin(), agents_.end(), [](const auto& one) { return one.second.running; }));
}

// --- an agent's life ---------------------------------------------------------------------------------------

void FakeProcesses::begin(const engine::Launch& launch) {
  Fate& fate = grounds_.fate;
  Agent& agent = agents_[launch.key];
  agent.key = launch.key;
  agent.generation = launch.generation;
  agent.watcher = fate.supervisor();
  if (fate.strikes(Fault::agent_not_started)) {
    agent.over = true;
    agent.exit = {
        .kind = core::ExitKind::not_started, .value = 0, .tree_empty = true, .detail = "no program"};
    return tell_exit(agent);
  }
  agent.running = true;
  grounds_.watch.began(launch.key, launch.generation);
  grounds_.tell(core::AgentHasSpawned{launch.key, 1'000 + static_cast<int64_t>(agents_.size())});
  tell_progress(agent);
  draw_end(agent);
}

void FakeProcesses::draw_end(Agent& agent) {
  Fate& fate = grounds_.fate;
  agent.stubborn = fate.strikes(Fault::agent_stubborn);
  agent.idle = grounds_.task(grounds_.place(agent.key.task)).mode == plan::Mode::read ||
               fate.strikes(Fault::agent_idle);
  agent.outside = fate.strikes(Fault::agent_outside);
  agent.red = fate.strikes(Fault::gates_red);
  agent.claims = fate.chance(50);
  core::ExitStatus exit{.kind = core::ExitKind::code, .value = 0, .tree_empty = true, .detail = {}};
  if (fate.strikes(Fault::agent_fails)) exit.value = 1;
  if (fate.strikes(Fault::agent_crashes)) exit = by_signal(11);
  if (fate.strikes(Fault::keeper_lost)) {
    exit = {.kind = core::ExitKind::lost, .value = 0, .tree_empty = false, .detail = "the keeper died"};
  }
  if (fate.strikes(Fault::leftover_processes)) exit.tree_empty = false;
  agent.exit = exit;
  draw_claim(agent);
  if (fate.strikes(Fault::agent_hangs)) return;
  const Duration life = fate.between_ms(100, fate.chance(10) ? 2'000'000 : 120'000);
  fate.later(life, [this, key = agent.key, exit] { finish(key, exit); });
}

void FakeProcesses::draw_claim(Agent& agent) {
  Fate& fate = grounds_.fate;
  agent.claim = {};
  agent.claim.session = "s" + std::to_string(agent.key.number);
  if (fate.strikes(Fault::agent_limited)) {
    agent.claims = true;
    // An account that is out of money is so for all agents at once.
    agent.claim.failure = fate.chance(70) ? storm_ : any_limit(fate);
    return;
  }
  const bool well = agent.exit.kind == core::ExitKind::code && agent.exit.value == 0;
  agent.claim.success = well;
  if (!well) agent.claim.failure = core::FailureClass::crash;
}

// Not drawn, so that the other seeds play as they did before: those who own such a file change it at every
// second try.
bool FakeProcesses::changes(const core::AttemptKey& key, const char* file) const {
  const std::vector<std::string>& owned = grounds_.task(grounds_.place(key.task)).files_write;
  return key.number % 2 == 1 && std::find(owned.begin(), owned.end(), file) != owned.end();
}

void FakeProcesses::work(Agent& agent) {
  const size_t place = grounds_.place(agent.key.task);
  const auto desk = grounds_.desks.find({place, agent.generation});
  if (agent.idle || desk == grounds_.desks.end()) return;
  desk->second.head =
      grounds_.git.commit_patch(desk->second.head, {.task = static_cast<int>(place),
                                                    .attempt = agent.key.number,
                                                    .base = desk->second.base,
                                                    .red = agent.red,
                                                    .outside = agent.outside,
                                                    .renegotiates = changes(agent.key, contract_file),
                                                    .locks = changes(agent.key, lockfile)});
  grounds_.watch.rooms[{place, agent.generation}].unsaved = true;
}

void FakeProcesses::finish(const core::AttemptKey& key, const core::ExitStatus& exit) {
  Agent& agent = agents_[key];
  if (!agent.running) return;
  const bool cut_short = exit.kind == core::ExitKind::signal;
  if (!cut_short || grounds_.fate.chance(50)) work(agent);
  agent.running = false;
  agent.over = true;
  agent.exit = exit;
  if (cut_short) agent.claim.success = false;
  if (exit.tree_empty) {
    grounds_.watch.rooms[{grounds_.place(key.task), agent.generation}].occupied = false;
  }
  if (agent.watcher != grounds_.fate.supervisor() || !grounds_.fate.is_alive()) return;
  if (!grounds_.fate.strikes(Fault::exit_dropped)) tell_exit(agent);
}

void FakeProcesses::tell_progress(const Agent& agent) {
  const std::string output = "reading\nwriting " + agent.key.task.str() + "\n";
  const size_t cut = grounds_.fate.below(output.size());
  const Duration delay = grounds_.fate.between_ms(1, 5'000);
  using engine::AgentOutput;
  grounds_.tell(AgentOutput{agent.key, agents::Stream::out, output.substr(0, cut)}, delay);
  grounds_.tell(AgentOutput{agent.key, agents::Stream::out, output.substr(cut)}, delay);
}

void FakeProcesses::tell_exit(const Agent& agent) {
  if (agent.claims) {
    grounds_.tell(core::AgentHasExited{.key = agent.key, .exit = agent.exit, .claim = agent.claim});
  } else {
    grounds_.tell(engine::AgentExit{agent.key, agent.exit});
  }
}

void FakeProcesses::end(const core::AttemptKey& key, int64_t grace_ms) {
  Fate& fate = grounds_.fate;
  if (!fate.step()) return;
  grounds_.watch.ends(key);
  Agent& agent = agents_[key];
  agent.key = key;
  agent.watcher = fate.supervisor();
  if (!agent.running && !agent.over) {
    agent.over = true;  // closed: it can never begin now
    agent.exit = {
        .kind = core::ExitKind::not_started, .value = 0, .tree_empty = true, .detail = "ended before"};
  }
  if (agent.over) return tell_exit(agent);
  if (!agent.stubborn) {
    fate.later(fate.between_ms(1, 2'000), [this, key] { finish(key, by_signal(term_signal)); });
  }
  fate.later(Duration::from_ms(grace_ms), [this, key] { finish(key, by_signal(kill_signal)); });
}

// --- checks ------------------------------------------------------------------------------------------------

void FakeProcesses::run_checks(const engine::CheckRun& run) {
  Fate& fate = grounds_.fate;
  if (!fate.step()) return;
  grounds_.watch.runs_checks(run);
  std::erase_if(checking_, [&](const Checking& one) { return one.owner != fate.supervisor(); });
  const auto runs_already = [&](const Checking& one) { return same_checks(one.run, run); };
  if (std::any_of(checking_.begin(), checking_.end(), runs_already)) return;
  if (fate.strikes(Fault::gates_broken)) return tell_checks_broken(run, "no workspace for the checks");
  const uint64_t number = ++checks_begun_;
  checking_.push_back({.run = run, .owner = fate.supervisor(), .number = number});
  const Duration life = fate.between_ms(100, fate.chance(10) ? 600'000 : 30'000);
  fate.timeline.at(fate.timeline.now() + life, fate.supervisor(), [this, number] { conclude(number); });
}

void FakeProcesses::conclude(uint64_t number) {
  const auto at = std::find_if(checking_.begin(), checking_.end(),
                               [&](const Checking& one) { return one.number == number; });
  if (at == checking_.end()) return;
  const engine::CheckRun run = at->run;
  checking_.erase(at);
  const auto* key = std::get_if<core::AttemptKey>(&run.subject_of);
  const auto suite = key == nullptr ? GitModel::Suite::whole : GitModel::Suite::task;
  const bool green = grounds_.git.is_green(GitModel::number(run.commit), suite);
  grounds_.watch.checked(run, green);
  if (key == nullptr) {
    grounds_.tell(core::FinalGatesWereRun{run.commit, results(run, green)});
  } else {
    grounds_.tell(core::GatesWereRun{
        .key = *key, .subject = run.subject, .commit = run.commit, .checks = results(run, green)});
  }
}

std::vector<core::CheckResult> FakeProcesses::results(const engine::CheckRun& run, bool green) {
  std::vector<core::CheckResult> all;
  bool blamed = green;
  for (const plan::Check& check : run.checks) {
    core::CheckResult one;
    one.command = plan::command_text(check.command);
    one.required = check.required;
    one.passed = true;
    if (check.required && !blamed) {
      one.passed = false;
      one.exit_value = 1;
      one.tail = "red\n";
      blamed = true;
    }
    all.push_back(one);
  }
  return all;
}

void FakeProcesses::tell_checks_broken(const engine::CheckRun& run, const std::string& reason) {
  const auto* key = std::get_if<core::AttemptKey>(&run.subject_of);
  if (key == nullptr) return grounds_.tell(core::FinalGatesFailed{reason});
  grounds_.tell(core::GatesFailed{.key = *key, .subject = run.subject, .reason = reason});
}

void FakeProcesses::end_checks() {
  if (!grounds_.fate.step()) return;
  for (const Checking& one : checking_) {
    if (one.owner == grounds_.fate.supervisor()) tell_checks_broken(one.run, "stopped");
  }
  checking_.clear();
}

}  // namespace pianola::sim
