// What the world or a person told us. Unrecorded until admitted: admit() turns an input into events, into
// nothing (it is of the past, or seen before), or into a refusal for whoever asked.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"

namespace pianola::core {

// --- the world's answers to commands -----------------------------------------------------------------
struct RunWasOpened {};
struct RunWasRefused {
  std::string reason;
};  // refs could not be pinned
struct WorkspaceWasMade {
  AttemptKey key;
};
struct WorkspaceFailed {
  AttemptKey key;
  std::string reason;
};
struct AgentHasSpawned {
  AttemptKey key;
  int64_t pid = 0;
};
struct AgentHasProgressed {
  AttemptKey key;
  std::string session;
};
struct AgentHasExited {
  AttemptKey key;
  ExitStatus exit;
  Claim claim;
};
struct SideCommitsWereKept {  // told before the attempt's WorkWasCollected
  AttemptKey key;
  std::vector<SideCommit> commits;
};
// `outside` holds the paths the task does not own; `refusals` other boundary findings, one line each.
struct WorkWasCollected {
  AttemptKey key;
  std::string head;  // "" when nothing new
  bool leftovers = false;
  int files_changed = 0;
  std::vector<std::string> findings;  // empty when the boundary holds
};
struct CollectionFailed {
  AttemptKey key;
  std::string reason;
};
struct CandidateWasBuilt {
  AttemptKey key;
  std::string commit;
  std::vector<std::string> findings;            // second boundary check: staging against candidate
  std::vector<ContractVersion> contracts = {};  // those whose file it changes, as it has them
  std::string environment = {};                 // of it, "" when it changes no lockfile
};
struct CandidateConflicted {
  AttemptKey key;
  std::vector<std::string> paths;
};
struct CandidateFailed {
  AttemptKey key;
  std::string reason;
};
struct GatesWereRun {
  AttemptKey key;
  GateSubject subject = GateSubject::candidate;
  std::string commit;  // what they ran on
  std::vector<CheckResult> checks;
};
struct GatesFailed {
  AttemptKey key;
  GateSubject subject = GateSubject::candidate;
  std::string reason;
  PauseKind kind = PauseKind::paused;
};
struct StagingWasMoved {
  AttemptKey key;
  std::string commit;
};
struct StagingWasRefused {
  AttemptKey key;
  std::string is_at;
};  // somebody else moved it
struct WorkspaceWasRemoved {
  TaskId task;
  int generation = 0;
};
struct FinalGatesWereRun {
  std::string commit;
  std::vector<CheckResult> checks;
};
struct FinalGatesFailed {
  std::string reason;
  PauseKind kind = PauseKind::paused;
};
struct TargetWasPromoted {
  std::string commit;
};
struct PromotionWasLeft {
  std::string reason;
};
struct TargetHadMoved {
  std::string commit;
  bool descends = false;  // from the run's base
  std::string from;       // where the promotion that found this expected it
};
// `target` is the commit that was merged: a report about another is of the past.
struct StagingWasRebuilt {
  std::string commit;
  std::string target;
  std::string environment = {};  // of it, "" when the target changes no lockfile
};
struct RebuildConflicted {
  std::vector<std::string> paths;
  std::string target;
};
struct TargetWasPutBack {
  uint64_t of = 0;
  std::string commit;
};
struct UndoWasLeft {
  uint64_t of = 0;
  std::string reason;
};
struct RepositoryPaused {
  std::string reason;
  PauseKind kind = PauseKind::paused;
};  // disk, locks, damage: try again later

// --- people and the outside --------------------------------------------------------------------------
struct StartRequested {
  RunStarted run;
};
struct SupervisorArrived {
  int64_t pid = 0;
  std::string version;
};
struct StopRequested {
  Stopping how = Stopping::finish_running;
};
struct TaskStopRequested {
  TaskId task;
};
struct PauseRequested {
  std::string reason;
};
struct ResumeRequested {};
struct PromoteRequested {
  PromoteMode mode = PromoteMode::checkout;
};
struct UndoRequested {
  uint64_t of = 0;  // number of a target_promoted
};
struct SayRequested {
  TaskId task;
  std::string text;
};

using Input =
    std::variant<RunWasOpened, RunWasRefused, WorkspaceWasMade, WorkspaceFailed, AgentHasSpawned,
                 AgentHasProgressed, AgentHasExited, SideCommitsWereKept, WorkWasCollected, CollectionFailed,
                 CandidateWasBuilt, CandidateConflicted, CandidateFailed, GatesWereRun, GatesFailed,
                 StagingWasMoved, StagingWasRefused, WorkspaceWasRemoved, FinalGatesWereRun, FinalGatesFailed,
                 TargetWasPromoted, PromotionWasLeft, TargetHadMoved, StagingWasRebuilt, RebuildConflicted,
                 RepositoryPaused, StartRequested, SupervisorArrived, StopRequested, TaskStopRequested,
                 PauseRequested, ResumeRequested, PromoteRequested, SayRequested, TargetWasPutBack,
                 UndoWasLeft, UndoRequested>;

}  // namespace pianola::core
