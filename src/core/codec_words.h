// The words the journal is written with: the type and version of every event, the word of every enum value.
#pragma once

#include <array>
#include <string_view>
#include <type_traits>

#include "core/event.h"

namespace pianola::core {

template <class T>
using Of = std::type_identity<T>;

// The version goes up when old lines need another reading than new ones. Adding a key does not.
struct EventForm {
  std::string_view type;
  int version;
};

// clang-format off
constexpr EventForm form_of(Of<RunStarted>) { return {"run_started", 1}; }
constexpr EventForm form_of(Of<SupervisorStarted>) { return {"supervisor_started", 1}; }
constexpr EventForm form_of(Of<RunOpened>) { return {"run_opened", 1}; }
constexpr EventForm form_of(Of<AttemptStarted>) { return {"attempt_started", 1}; }
constexpr EventForm form_of(Of<WorkspaceMade>) { return {"workspace_made", 1}; }
constexpr EventForm form_of(Of<AgentLaunched>) { return {"agent_launched", 1}; }
constexpr EventForm form_of(Of<AgentSpawned>) { return {"agent_spawned", 1}; }
constexpr EventForm form_of(Of<AgentProgressed>) { return {"agent_progressed", 1}; }
constexpr EventForm form_of(Of<AttemptEnding>) { return {"attempt_ending", 1}; }
constexpr EventForm form_of(Of<AgentExited>) { return {"agent_exited", 1}; }
constexpr EventForm form_of(Of<CollectionStarted>) { return {"collection_started", 1}; }
constexpr EventForm form_of(Of<SideCommitsKept>) { return {"side_commits_kept", 1}; }
constexpr EventForm form_of(Of<WorkCollected>) { return {"work_collected", 1}; }
constexpr EventForm form_of(Of<CandidateStarted>) { return {"candidate_started", 1}; }
constexpr EventForm form_of(Of<CandidateBuilt>) { return {"candidate_built", 1}; }
constexpr EventForm form_of(Of<GatesStarted>) { return {"gates_started", 1}; }
constexpr EventForm form_of(Of<GatesFinished>) { return {"gates_finished", 1}; }
constexpr EventForm form_of(Of<LandingStarted>) { return {"landing_started", 1}; }
constexpr EventForm form_of(Of<TaskLanded>) { return {"task_landed", 1}; }
constexpr EventForm form_of(Of<AttemptEnded>) { return {"attempt_ended", 1}; }
constexpr EventForm form_of(Of<TaskFailed>) { return {"task_failed", 1}; }
constexpr EventForm form_of(Of<TaskSkipped>) { return {"task_skipped", 1}; }
constexpr EventForm form_of(Of<TaskStopAsked>) { return {"task_stop_asked", 1}; }
constexpr EventForm form_of(Of<TaskStopped>) { return {"task_stopped", 1}; }
constexpr EventForm form_of(Of<WorkspaceRemoving>) { return {"workspace_removing", 1}; }
constexpr EventForm form_of(Of<WorkspaceRemoved>) { return {"workspace_removed", 1}; }
constexpr EventForm form_of(Of<FinalGatesStarted>) { return {"final_gates_started", 1}; }
constexpr EventForm form_of(Of<FinalGatesFinished>) { return {"final_gates_finished", 1}; }
constexpr EventForm form_of(Of<PromotionRequested>) { return {"promotion_requested", 1}; }
constexpr EventForm form_of(Of<PromotionStarted>) { return {"promotion_started", 1}; }
constexpr EventForm form_of(Of<TargetPromoted>) { return {"target_promoted", 1}; }
constexpr EventForm form_of(Of<PromotionLeft>) { return {"promotion_left", 1}; }
constexpr EventForm form_of(Of<TargetMoved>) { return {"target_moved", 1}; }
constexpr EventForm form_of(Of<RebuildStarted>) { return {"rebuild_started", 1}; }
constexpr EventForm form_of(Of<StagingRebuilt>) { return {"staging_rebuilt", 1}; }
constexpr EventForm form_of(Of<RunPaused>) { return {"run_paused", 1}; }
constexpr EventForm form_of(Of<RunResumed>) { return {"run_resumed", 1}; }
constexpr EventForm form_of(Of<RunStopping>) { return {"run_stopping", 1}; }
constexpr EventForm form_of(Of<RunFinished>) { return {"run_finished", 1}; }
constexpr EventForm form_of(Of<NoteSaid>) { return {"note_said", 1}; }
constexpr EventForm form_of(Of<UndoStarted>) { return {"undo_started", 1}; }
constexpr EventForm form_of(Of<PromotionUndone>) { return {"promotion_undone", 1}; }
constexpr EventForm form_of(Of<UndoLeft>) { return {"undo_left", 1}; }
constexpr EventForm form_of(Of<WorkspaceSaved>) { return {"workspace_saved", 1}; }
// clang-format on

// The words of an enum. They are stored for ever: a word may be added, never changed.
template <class E>
struct Word {
  E value;
  std::string_view word;
};

constexpr auto words_of(Of<PromoteMode>) {
  using enum PromoteMode;
  return std::to_array<Word<PromoteMode>>({{ask, "ask"}, {checkout, "checkout"}, {leave, "leave"}});
}
constexpr auto words_of(Of<StaleEnvironment>) {
  using enum StaleEnvironment;
  return std::to_array<Word<StaleEnvironment>>({{lands, "lands"}, {conflicts, "conflicts"}});
}
constexpr auto words_of(Of<Isolation>) {
  using enum Isolation;
  return std::to_array<Word<Isolation>>(
      {{sealed, "sealed"}, {landlock, "landlock"}, {worktree, "worktree"}, {none, "none"}});
}
constexpr auto words_of(Of<EndReason>) {
  using enum EndReason;
  return std::to_array<Word<EndReason>>({{task_timeout, "task_timeout"},
                                         {run_timeout, "run_timeout"},
                                         {stopped, "stopped"},
                                         {aborted, "aborted"}});
}
constexpr auto words_of(Of<ExitKind>) {
  using enum ExitKind;
  return std::to_array<Word<ExitKind>>(
      {{code, "code"}, {signal, "signal"}, {lost, "lost"}, {policy, "policy"}, {not_started, "not_started"}});
}
constexpr auto words_of(Of<FailureClass>) {
  using enum FailureClass;
  return std::to_array<Word<FailureClass>>({{none, "none"},
                                            {quota, "quota"},
                                            {auth, "auth"},
                                            {billing, "billing"},
                                            {transient, "transient"},
                                            {context, "context"},
                                            {crash, "crash"},
                                            {timeout, "timeout"},
                                            {empty, "empty"},
                                            {invalid, "invalid"},
                                            {policy, "policy"},
                                            {sandbox, "sandbox"}});
}
constexpr auto words_of(Of<Outcome>) {
  using enum Outcome;
  return std::to_array<Word<Outcome>>({{delivered, "delivered"},
                                       {empty, "empty"},
                                       {failed, "failed"},
                                       {crashed, "crashed"},
                                       {timeout, "timeout"},
                                       {lost, "lost"},
                                       {refused, "refused"},
                                       {red, "red"},
                                       {conflicted, "conflicted"},
                                       {limited, "limited"},
                                       {policy, "policy"},
                                       {stopped, "stopped"}});
}
constexpr auto words_of(Of<GateSubject>) {
  using enum GateSubject;
  return std::to_array<Word<GateSubject>>({{candidate, "candidate"}, {head, "head"}});
}
constexpr auto words_of(Of<PauseKind>) {
  using enum PauseKind;
  return std::to_array<Word<PauseKind>>({{paused, "paused"}, {integrity, "integrity"}});
}
constexpr auto words_of(Of<Stopping>) {
  using enum Stopping;
  return std::to_array<Word<Stopping>>(
      {{no, "no"}, {finish_running, "finish_running"}, {end_all, "end_all"}});
}
constexpr auto words_of(Of<plan::Mode>) {
  using enum plan::Mode;
  return std::to_array<Word<plan::Mode>>({{write, "write"}, {read, "read"}});
}

}  // namespace pianola::core
