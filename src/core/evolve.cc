#include <utility>

#include "core/contracts.h"
#include "core/folding.h"
#include "core/places.h"
#include "core/plant.h"
#include "plan/graph.h"

namespace pianola::core {
namespace {

void leave_train(State& state, size_t place) {
  if (state.landing == place) state.landing.reset();
  std::erase(state.queue, place);
}

}  // namespace

Verdict Fold::operator()(const RunStarted& e) {
  if (!state_.run.empty()) return "the run has started already";
  std::map<TaskId, size_t> index = index_of(e.plan);
  if (index.size() != e.plan.tasks.size()) return "two tasks have one id";
  if (!knows_dependencies(e.plan, index)) return "a dependency is not in the plan";
  state_.run = e.run;
  state_.seed = e.seed;
  state_.plan_file = e.plan_file;
  state_.plan_sha256 = e.plan_sha256;
  state_.plan = e.plan;
  state_.policy = e.policy;
  state_.repository = e.repository;
  state_.approval = e.approval;
  state_.started_at = at_;
  state_.tasks.resize(e.plan.tasks.size());
  state_.index = std::move(index);
  state_.tails = plan::tail_lengths(e.plan);
  state_.conflicting = conflicting_of(e.plan, state_.index);
  state_.agenda = agenda_of(state_);
  state_.contracts = contracts_after({}, e.contracts);
  state_.environment = e.environment;
  state_.finish.mode = e.policy.promote;
  state_.finish.promoting_from = e.repository.base;
  return legal;
}

Verdict Fold::operator()(const RunOpened&) {
  if (state_.phase != Phase::unopened) return "the run is open already";
  state_.phase = Phase::running;
  state_.staging = state_.repository.base;
  return legal;
}

Verdict Fold::operator()(const AttemptStarted& e) {
  TaskRun* run = task(e.key.task);
  if (run == nullptr) return "no such task";
  const bool may_start = run->phase == TaskPhase::waiting || run->phase == TaskPhase::backoff;
  if (!may_start) return "the task is not waiting";
  if (e.key.number != static_cast<int>(run->attempts.size()) + 1) return "attempt numbers have no gaps";
  Attempt attempt;
  attempt.number = e.key.number;
  attempt.generation = e.generation;
  attempt.reused = e.reused;
  attempt.base = e.base;
  attempt.agent = e.agent;
  attempt.notes = e.notes;
  attempt.contracts = e.contracts;
  attempt.environment = e.environment;
  attempt.started_at = at_;
  enter(attempt, e.reused ? Stage::prepared : Stage::preparing);
  run->attempts.push_back(std::move(attempt));
  run->phase = TaskPhase::active;
  run->workspaces[e.generation];
  return legal;
}

Verdict Fold::operator()(const AgentLaunched& e) {
  if (Verdict wrong = step(e.key, Stage::prepared, Stage::launching)) return wrong;
  Attempt& attempt = *present(e.key);
  attempt.launched_at = at_;
  attempt.notes = static_cast<int>(task(e.key.task)->said.size());
  task(e.key.task)->workspaces[attempt.generation].saved = false;
  return legal;
}

Verdict Fold::operator()(const AgentProgressed& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr || !is_live(attempt->stage)) return "the agent is not running";
  if (attempt->stage != Stage::working) enter(*attempt, Stage::working);
  if (!e.session.empty()) attempt->session = e.session;
  return legal;
}

Verdict Fold::operator()(const AttemptEnding& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr || !is_live(attempt->stage)) return "the agent is not running";
  if (!attempt->ending) attempt->ending = e.reason;
  attempt->stage_at = at_;
  return legal;
}

Verdict Fold::operator()(const AgentExited& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr || !is_live(attempt->stage)) return "the agent is not running";
  attempt->exit = e.exit;
  attempt->claim = e.claim;
  if (!e.claim.session.empty()) attempt->session = e.claim.session;
  enter(*attempt, Stage::exited);
  return legal;
}

Verdict Fold::operator()(const SideCommitsKept& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr || attempt->stage != Stage::collecting) return "nothing is being collected";
  attempt->side_commits = e.commits;
  return legal;
}

Verdict Fold::operator()(const WorkCollected& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr || attempt->stage != Stage::collecting) return "nothing is being collected";
  attempt->collected = true;
  attempt->head = e.head;
  attempt->files_changed = e.files_changed;
  attempt->findings = e.findings;
  task(e.key.task)->workspaces[attempt->generation].saved = true;
  enter(*attempt, Stage::queued);
  state_.queue.push_back(*find(state_, e.key.task));
  return legal;
}

Verdict Fold::operator()(const CandidateStarted& e) {
  if (state_.landing && *state_.landing != *find(state_, e.key.task))
    return "another candidate is on the train";
  if (e.staging != state_.staging) return "not what staging holds";
  if (Verdict wrong = step(e.key, Stage::queued, Stage::building)) return wrong;
  Attempt& attempt = *present(e.key);
  attempt.staging_from = e.staging;
  attempt.candidate_at = at_;
  state_.landing = *find(state_, e.key.task);
  return legal;
}

Verdict Fold::operator()(const CandidateBuilt& e) {
  if (Verdict wrong = step(e.key, Stage::building, Stage::built)) return wrong;
  Attempt& attempt = *present(e.key);
  attempt.candidate = e.commit;
  attempt.findings = e.findings;
  attempt.renegotiated = e.contracts;
  attempt.new_environment = e.environment;
  return legal;
}

Verdict Fold::operator()(const GatesStarted& e) {
  return e.subject == GateSubject::candidate ? step(e.key, Stage::built, Stage::gating)
                                             : step(e.key, Stage::red, Stage::gating_head);
}

Verdict Fold::operator()(const GatesFinished& e) {
  if (e.subject == GateSubject::head) {
    Attempt* attempt = present(e.key);
    return attempt != nullptr && attempt->stage == Stage::gating_head ? legal : "no gate runs on the head";
  }
  const bool green = all_green(e.checks) || PIANOLA_PLANTED("land-on-red");
  if (Verdict wrong = step(e.key, Stage::gating, green ? Stage::green : Stage::red)) return wrong;
  present(e.key)->checks = e.checks;
  return legal;
}

Verdict Fold::operator()(const TaskLanded& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr || attempt->stage != Stage::landing) return "the task is not landing";
  if (e.commit != attempt->candidate) return "staging is not at the tested commit";
  const size_t place = *find(state_, e.key.task);
  TaskRun& run = state_.tasks[place];
  attempt->outcome = Outcome::delivered;
  attempt->ended_at = at_;
  enter(*attempt, Stage::ended);
  run.phase = PIANOLA_PLANTED("double-land") ? TaskPhase::backoff : TaskPhase::landed;
  run.landed_as = e.commit;
  run.landed_at = at_;
  state_.staging = e.commit;
  state_.contracts = contracts_after(std::move(state_.contracts), attempt->renegotiated);
  if (!attempt->new_environment.empty() && !PIANOLA_PLANTED("forget-environment"))
    state_.environment = attempt->new_environment;
  leave_train(state_, place);
  return legal;
}

Verdict Fold::operator()(const AttemptEnded& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr) return "not the present attempt";
  if (is_live(attempt->stage)) return "the agent still runs";
  const size_t place = *find(state_, e.key.task);
  TaskRun& run = state_.tasks[place];
  // What others landed may forbid a candidate that stands; that is no conflict of the merge, the first of
  // which is free.
  const bool is_by_others = attempt->stage == Stage::built && attempt->findings.empty();
  attempt->outcome = e.outcome;
  attempt->reason = e.reason;
  attempt->feedback = e.feedback;
  attempt->counted = e.counted;
  attempt->ended_at = at_;
  enter(*attempt, Stage::ended);
  run.counted_attempts += e.counted ? 1 : 0;
  run.failed_starts += e.failed_start ? 1 : 0;
  run.conflicts += e.outcome == Outcome::conflicted && !is_by_others ? 1 : 0;
  run.retry_at = e.retry_at;
  run.phase = TaskPhase::backoff;
  leave_train(state_, place);
  return legal;
}

Verdict Fold::operator()(const TaskStopAsked& e) {
  TaskRun* run = task(e.task);
  if (run == nullptr || is_settled(run->phase)) return "the task is over";
  run->stop_asked = true;
  return legal;
}

Verdict Fold::settle(const TaskId& id, TaskPhase phase, const std::string& reason) {
  TaskRun* run = task(id);
  if (run == nullptr || is_settled(run->phase)) return "the task is over already";
  if (run->phase == TaskPhase::active) return "an attempt is still open";
  run->phase = phase;
  run->reason = reason;
  return legal;
}

Verdict Fold::operator()(const WorkspaceRemoving& e) {
  TaskRun* run = task(e.task);
  const auto at = run == nullptr ? std::map<int, Workspace>::iterator() : run->workspaces.find(e.generation);
  if (run == nullptr || at == run->workspaces.end()) return "no such workspace";
  if (!at->second.saved) return "its work is not saved";
  at->second.removing = true;
  return legal;
}

Verdict Fold::operator()(const WorkspaceRemoved& e) {
  TaskRun* run = task(e.task);
  if (run == nullptr || run->workspaces.erase(e.generation) == 0) return "no such workspace";
  return legal;
}

Verdict Fold::operator()(const NoteSaid& e) {
  TaskRun* run = task(e.task);
  if (run == nullptr) return "no such task";
  run->said.push_back(e.text);
  return legal;
}

Verdict Fold::operator()(const WorkspaceSaved& e) {
  if (!is_over(state_)) return "the run is not over";
  TaskRun* run = task(e.task);
  const auto at = run == nullptr ? std::map<int, Workspace>::iterator() : run->workspaces.find(e.generation);
  if (run == nullptr || at == run->workspaces.end()) return "no such workspace";
  at->second.saved = true;
  return legal;
}

Result<void> evolve(State& state, const Recorded& recorded) {
  const auto illegal = [&](const std::string& what) {
    return refuse(Error{.kind = ErrorKind::integrity,
                        .where = "event " + std::to_string(recorded.seq),
                        .what = what,
                        .expected = {},
                        .next = "nothing was changed; look: pianola log tail"});
  };
  if (recorded.seq != state.seq + 1) {
    return illegal("the number before it is " + std::to_string(state.seq));
  }
  const bool starts = std::holds_alternative<RunStarted>(recorded.event);
  if (state.run.empty() && !starts) return illegal("a journal starts with run_started");
  const size_t* place = task_of(state, recorded.event);
  const TaskPhase before = place == nullptr ? TaskPhase::waiting : state.tasks[*place].phase;
  if (Verdict wrong = std::visit(Fold(state, recorded.at), recorded.event)) return illegal(wrong);
  if (place != nullptr) refresh(state, *place, before);
  state.seq = recorded.seq;
  if (recorded.at > state.at) state.at = recorded.at;
  return {};
}

}  // namespace pianola::core
