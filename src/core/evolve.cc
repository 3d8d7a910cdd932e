// The fold. Each arm checks that its event is legal here and then writes; an illegal event changes nothing.
#include <utility>

#include "core/contracts.h"
#include "core/core.h"
#include "core/places.h"
#include "core/plant.h"
#include "plan/graph.h"

namespace pianola::core {
namespace {

using Verdict = const char*;  // null when the event was legal, else what is wrong with it
constexpr Verdict legal = nullptr;

void enter(Attempt& attempt, Stage stage, Instant at) {
  attempt.stage = stage;
  attempt.stage_at = at;
}

void leave_train(State& state, size_t place) {
  if (state.landing == place) state.landing.reset();
  std::erase(state.queue, place);
}

// Folds one event into `state`. The arms read as a table: from which stage, to which.
class Fold {
 public:
  Fold(State& state, Instant at) : state_(state), at_(at) {}

  Verdict operator()(const RunStarted& e);
  Verdict operator()(const SupervisorStarted&) {
    ++state_.supervisors;
    state_.supervised_at = at_;
    return legal;
  }
  Verdict operator()(const RunOpened&);
  Verdict operator()(const AttemptStarted& e);
  Verdict operator()(const WorkspaceMade& e) { return step(e.key, Stage::preparing, Stage::prepared); }
  Verdict operator()(const AgentLaunched& e);
  Verdict operator()(const AgentSpawned& e) { return step(e.key, Stage::launching, Stage::starting); }
  Verdict operator()(const AgentProgressed& e);
  Verdict operator()(const AttemptEnding& e);
  Verdict operator()(const AgentExited& e);
  Verdict operator()(const CollectionStarted& e) { return step(e.key, Stage::exited, Stage::collecting); }
  Verdict operator()(const SideCommitsKept& e);
  Verdict operator()(const WorkCollected& e);
  Verdict operator()(const CandidateStarted& e);
  Verdict operator()(const CandidateBuilt& e);
  Verdict operator()(const GatesStarted& e);
  Verdict operator()(const GatesFinished& e);
  Verdict operator()(const LandingStarted& e) { return step(e.key, Stage::green, Stage::landing); }
  Verdict operator()(const TaskLanded& e);
  Verdict operator()(const AttemptEnded& e);
  Verdict operator()(const TaskFailed& e) { return settle(e.task, TaskPhase::failed, e.reason); }
  Verdict operator()(const TaskSkipped& e) {
    return settle(e.task, TaskPhase::skipped, e.because.str() + " did not land");
  }
  Verdict operator()(const TaskStopAsked& e);
  Verdict operator()(const TaskStopped& e) { return settle(e.task, TaskPhase::stopped, e.reason); }
  Verdict operator()(const WorkspaceRemoving& e);
  Verdict operator()(const WorkspaceRemoved& e);
  Verdict operator()(const FinalGatesStarted& e);
  Verdict operator()(const FinalGatesFinished& e);
  Verdict operator()(const PromotionRequested& e);
  Verdict operator()(const PromotionStarted& e);
  Verdict operator()(const TargetPromoted& e);
  Verdict operator()(const PromotionLeft& e);
  Verdict operator()(const TargetMoved& e);
  Verdict operator()(const RebuildStarted&);
  Verdict operator()(const StagingRebuilt& e);
  Verdict operator()(const RunPaused& e);
  Verdict operator()(const RunResumed&);
  Verdict operator()(const RunStopping& e);
  Verdict operator()(const RunFinished& e);
  Verdict operator()(const NoteSaid& e);
  Verdict operator()(const UndoStarted& e);
  Verdict operator()(const PromotionUndone& e);
  Verdict operator()(const UndoLeft& e);
  Verdict operator()(const WorkspaceSaved& e);

 private:
  TaskRun* task(const TaskId& id) {
    const size_t* place = find(state_, id);
    return place == nullptr ? nullptr : &state_.tasks[*place];
  }
  // The attempt of `key` when it is the task's present one and not over.
  Attempt* present(const AttemptKey& key) {
    TaskRun* run = task(key.task);
    Attempt* attempt = run == nullptr ? nullptr : current(*run);
    const bool is_it = attempt != nullptr && attempt->number == key.number && attempt->stage != Stage::ended;
    return is_it ? attempt : nullptr;
  }
  Verdict step(const AttemptKey& key, Stage from, Stage to) {
    Attempt* attempt = present(key);
    if (attempt == nullptr) return "not the present attempt";
    if (attempt->stage != from) return "the attempt is in another stage";
    enter(*attempt, to, at_);
    return legal;
  }
  Verdict settle(const TaskId& id, TaskPhase phase, const std::string& reason);

  State& state_;
  Instant at_;
};

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
  attempt.started_at = at_;
  enter(attempt, e.reused ? Stage::prepared : Stage::preparing, at_);
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
  if (attempt->stage != Stage::working) enter(*attempt, Stage::working, at_);
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
  enter(*attempt, Stage::exited, at_);
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
  enter(*attempt, Stage::queued, at_);
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
  enter(*attempt, Stage::ended, at_);
  run.phase = PIANOLA_PLANTED("double-land") ? TaskPhase::backoff : TaskPhase::landed;
  run.landed_as = e.commit;
  run.landed_at = at_;
  state_.staging = e.commit;
  state_.contracts = contracts_after(std::move(state_.contracts), attempt->renegotiated);
  leave_train(state_, place);
  return legal;
}

Verdict Fold::operator()(const AttemptEnded& e) {
  Attempt* attempt = present(e.key);
  if (attempt == nullptr) return "not the present attempt";
  if (is_live(attempt->stage)) return "the agent still runs";
  const size_t place = *find(state_, e.key.task);
  TaskRun& run = state_.tasks[place];
  attempt->outcome = e.outcome;
  attempt->reason = e.reason;
  attempt->feedback = e.feedback;
  attempt->counted = e.counted;
  attempt->ended_at = at_;
  enter(*attempt, Stage::ended, at_);
  run.counted_attempts += e.counted ? 1 : 0;
  run.failed_starts += e.failed_start ? 1 : 0;
  run.conflicts += e.outcome == Outcome::conflicted ? 1 : 0;
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

Verdict Fold::operator()(const FinalGatesStarted& e) {
  if (state_.phase != Phase::running) return "the run is not at its end";
  if (e.commit != state_.staging) return "not what staging holds";
  state_.phase = Phase::final_gates;
  return legal;
}

Verdict Fold::operator()(const FinalGatesFinished& e) {
  if (state_.phase != Phase::final_gates || e.commit != state_.staging) return "no final checks run on it";
  state_.finish.checks = e.checks;
  if (!all_green(e.checks) && !PIANOLA_PLANTED("promote-unverified")) return legal;
  state_.finish.verified = e.commit;
  state_.phase = Phase::promotable;
  return legal;
}

Verdict Fold::operator()(const PromotionRequested& e) {
  if (state_.phase != Phase::left) return "nothing waits for promotion";
  state_.finish.mode = e.mode;
  state_.finish.rebuilds = 0;  // who asks once more gets new tries
  state_.phase = Phase::promotable;
  return legal;
}

Verdict Fold::operator()(const PromotionStarted& e) {
  if (state_.phase != Phase::promotable) return "nothing waits for promotion";
  if (e.to != state_.finish.verified || e.to != state_.staging) return "not the verified commit";
  state_.phase = Phase::promoting;
  return legal;
}

Verdict Fold::operator()(const TargetPromoted& e) {
  if (state_.phase != Phase::promoting || e.commit != state_.finish.verified)
    return "not the verified commit";
  state_.finish.promotions.push_back(
      {.seq = state_.seq + 1, .from = state_.finish.promoting_from, .to = e.commit, .undone_by = 0});
  return legal;
}

Verdict Fold::operator()(const PromotionLeft& e) {
  if (state_.phase != Phase::promoting) return "no promotion is under way";
  state_.phase = Phase::left;
  state_.finish.rebuilding = false;
  state_.finish.moved_target.clear();
  state_.finish.reason = e.reason;
  state_.finished_at = at_;
  return legal;
}

Verdict Fold::operator()(const TargetMoved& e) {
  if (state_.phase != Phase::promoting) return "no promotion is under way";
  state_.finish.moved_target = e.commit;
  return legal;
}

Verdict Fold::operator()(const RebuildStarted& e) {
  if (state_.phase != Phase::promoting || state_.finish.moved_target.empty())
    return "the target has not moved";
  if (e.staging != state_.staging) return "not what staging holds";
  state_.finish.rebuilding = true;
  state_.finish.rebuild_at = at_;
  ++state_.finish.rebuilds;
  return legal;
}

Verdict Fold::operator()(const StagingRebuilt& e) {
  if (!state_.finish.rebuilding) return "staging is not being rebuilt";
  state_.finish.rebuilding = false;
  state_.finish.promoting_from = std::exchange(state_.finish.moved_target, "");
  state_.finish.verified.clear();
  state_.staging = e.commit;
  state_.phase = Phase::running;
  return legal;
}

Verdict Fold::operator()(const RunPaused& e) {
  if (is_over(state_) || state_.paused) return "the run is over or paused";
  state_.paused = true;
  state_.pause_reason = e.reason;
  state_.pause_kind = e.kind.value_or(PauseKind::paused);
  return legal;
}

Verdict Fold::operator()(const RunResumed&) {
  state_.paused = false;
  state_.pause_reason.clear();
  state_.pause_kind = PauseKind::paused;
  state_.stopping = Stopping::no;
  return legal;
}

Verdict Fold::operator()(const RunStopping& e) {
  if (is_over(state_)) return "the run is over";
  state_.stopping = e.how;
  return legal;
}

Verdict Fold::operator()(const RunFinished& e) {
  if (is_over(state_)) return "the run is over";
  if (e.success && state_.phase != Phase::promoting) return "nothing was promoted";
  state_.phase = e.success ? Phase::done : Phase::failed;
  state_.finish.reason = e.reason;
  state_.finished_at = at_;
  return legal;
}

Verdict Fold::operator()(const NoteSaid& e) {
  TaskRun* run = task(e.task);
  if (run == nullptr) return "no such task";
  run->said.push_back(e.text);
  return legal;
}

Verdict Fold::operator()(const UndoStarted& e) {
  const PromotionRecord* promotion = find_promotion(state_, e.of);
  if (state_.phase != Phase::done || state_.finish.undoing != 0) return "nothing stands promoted";
  if (promotion == nullptr || promotion != &state_.finish.promotions.back() || promotion->undone_by != 0)
    return "not the last promotion";
  if (e.from != promotion->to || e.to != promotion->from) return "not what it moved";
  state_.finish.undoing = e.of;
  state_.finish.undo_refusal.clear();
  return legal;
}

Verdict Fold::operator()(const PromotionUndone& e) {
  if (state_.finish.undoing == 0 || e.of != state_.finish.undoing) return "it is not being undone";
  PromotionRecord& promotion = state_.finish.promotions.back();
  if (e.commit != promotion.from) return "not where it was";
  promotion.undone_by = state_.seq + 1;
  state_.finish.undoing = 0;
  // It is what it was before: verified, and not on the target.
  state_.finish.promoting_from = e.commit;
  state_.finish.reason = "undone by a person";
  state_.phase = Phase::left;
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

Verdict Fold::operator()(const UndoLeft& e) {
  if (state_.finish.undoing == 0 || e.of != state_.finish.undoing) return "it is not being undone";
  state_.finish.undoing = 0;
  state_.finish.undo_refusal = e.reason;
  return legal;
}

}  // namespace

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
