// The fold's arms, one for each event. Each checks that its event is legal here and then writes; an illegal
// event changes nothing. evolve.cc has those of attempts and tasks, evolve_finish.cc those of a run's end,
// its pauses and its promotion.
#pragma once

#include "core/core.h"

namespace pianola::core {

using Verdict = const char*;  // null when the event was legal, else what is wrong with it
inline constexpr Verdict legal = nullptr;

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
    enter(*attempt, to);
    return legal;
  }
  void enter(Attempt& attempt, Stage stage) {
    attempt.stage = stage;
    attempt.stage_at = at_;
  }
  Verdict settle(const TaskId& id, TaskPhase phase, const std::string& reason);

  State& state_;
  Instant at_;
};

}  // namespace pianola::core
