// Facts, past tense: the only thing stored. An event is added by the checklist in CONTRIBUTING.md.
//
// An *intent* is written before its effect is tried (marked below); the outcome is another event, made
// from what the world reports. After a crash every intent without its outcome is asked about again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "core/outcome.h"
#include "core/state.h"

namespace pianola::core {

struct RunStarted {  // intent: pin the base, create staging
  RunId run;
  uint64_t seed = 0;
  std::string plan_file;
  std::string plan_sha256;
  plan::Plan plan;
  Policy policy;
  Repository repository;
  std::optional<Approval> approval;
  std::vector<ContractVersion> contracts;  // those of the plan that have a file, as the base has them
  std::string environment;  // of the base (plan/environment.h); "" in runs from before it was recorded
  friend bool operator==(const RunStarted&, const RunStarted&) = default;
};
struct SupervisorStarted {
  int64_t pid = 0;
  std::string version;
  friend bool operator==(const SupervisorStarted&, const SupervisorStarted&) = default;
};
struct RunOpened {
  friend bool operator==(const RunOpened&, const RunOpened&) = default;
};
struct AttemptStarted {  // intent: make the workspace, unless it is reused
  AttemptKey key;
  int generation = 0;
  bool reused = false;
  std::string base;
  std::string agent;
  int notes = 0;                           // how many of the task's notes its prompt holds
  std::vector<ContractVersion> contracts;  // that the task works by, as `base` has them
  std::string environment;                 // of `base`
  friend bool operator==(const AttemptStarted&, const AttemptStarted&) = default;
};
struct WorkspaceMade {
  AttemptKey key;
  friend bool operator==(const WorkspaceMade&, const WorkspaceMade&) = default;
};
struct AgentLaunched {  // intent: start the keeper and the agent
  AttemptKey key;
  std::string prompt_sha256;
  friend bool operator==(const AgentLaunched&, const AgentLaunched&) = default;
};
struct AgentSpawned {
  AttemptKey key;
  int64_t pid = 0;
  friend bool operator==(const AgentSpawned&, const AgentSpawned&) = default;
};
struct AgentProgressed {  // its stream said something for the first time
  AttemptKey key;
  std::string session;
  friend bool operator==(const AgentProgressed&, const AgentProgressed&) = default;
};
struct AttemptEnding {  // intent: end its process tree
  AttemptKey key;
  EndReason reason = EndReason::stopped;
  friend bool operator==(const AttemptEnding&, const AttemptEnding&) = default;
};
struct AgentExited {
  AttemptKey key;
  ExitStatus exit;
  Claim claim;
  friend bool operator==(const AgentExited&, const AgentExited&) = default;
};
struct CollectionStarted {  // intent: fetch what the workspace holds
  AttemptKey key;
  friend bool operator==(const CollectionStarted&, const CollectionStarted&) = default;
};
struct SideCommitsKept {  // they take no part in what lands
  AttemptKey key;
  std::vector<SideCommit> commits;
  friend bool operator==(const SideCommitsKept&, const SideCommitsKept&) = default;
};
struct WorkCollected {
  AttemptKey key;
  std::string head;  // "" when the workspace holds nothing new
  bool leftovers = false;
  int files_changed = 0;
  std::vector<std::string> findings;  // empty when the change stays inside its task's files
  friend bool operator==(const WorkCollected&, const WorkCollected&) = default;
};
struct CandidateStarted {  // intent: merge the head into staging, in objects only
  AttemptKey key;
  std::string staging;
  friend bool operator==(const CandidateStarted&, const CandidateStarted&) = default;
};
struct CandidateBuilt {
  AttemptKey key;
  std::string commit;
  std::vector<std::string> findings;       // second boundary check: staging against candidate
  std::vector<ContractVersion> contracts;  // those whose file it changes, as it has them
  std::string environment;                 // of it, "" when it is that of staging
  friend bool operator==(const CandidateBuilt&, const CandidateBuilt&) = default;
};
enum class GateSubject { candidate, head };
struct GatesStarted {  // intent: run the task's checks on the candidate, or on the head alone
  AttemptKey key;
  GateSubject subject = GateSubject::candidate;
  friend bool operator==(const GatesStarted&, const GatesStarted&) = default;
};
struct GatesFinished {
  AttemptKey key;
  GateSubject subject = GateSubject::candidate;
  std::vector<CheckResult> checks;
  friend bool operator==(const GatesFinished&, const GatesFinished&) = default;
};
struct LandingStarted {  // intent: move staging to exactly the candidate
  AttemptKey key;
  friend bool operator==(const LandingStarted&, const LandingStarted&) = default;
};
struct TaskLanded {
  AttemptKey key;
  std::string commit;  // what staging now is
  friend bool operator==(const TaskLanded&, const TaskLanded&) = default;
};
struct AttemptEnded {
  AttemptKey key;
  Outcome outcome = Outcome::failed;
  std::string reason;
  std::string feedback;
  bool counted = false;       // against the task's attempts
  bool failed_start = false;  // against the task's starts
  Instant retry_at;           // when the next attempt may start, if there is to be one
  friend bool operator==(const AttemptEnded&, const AttemptEnded&) = default;
};
struct TaskFailed {
  TaskId task;
  std::string reason;
  friend bool operator==(const TaskFailed&, const TaskFailed&) = default;
};
struct TaskSkipped {
  TaskId task;
  TaskId because;
  friend bool operator==(const TaskSkipped&, const TaskSkipped&) = default;
};
struct TaskStopAsked {  // by a person; the attempt is ended, its work kept
  TaskId task;
  friend bool operator==(const TaskStopAsked&, const TaskStopAsked&) = default;
};
struct TaskStopped {
  TaskId task;
  std::string reason;
  friend bool operator==(const TaskStopped&, const TaskStopped&) = default;
};
struct WorkspaceRemoving {  // intent
  TaskId task;
  int generation = 0;
  friend bool operator==(const WorkspaceRemoving&, const WorkspaceRemoving&) = default;
};
struct WorkspaceSaved {  // once more, after the run was over: whatever it held by then
  TaskId task;
  int generation = 0;
  std::string commit;  // "" when it holds nothing
  friend bool operator==(const WorkspaceSaved&, const WorkspaceSaved&) = default;
};
struct WorkspaceRemoved {
  TaskId task;
  int generation = 0;
  friend bool operator==(const WorkspaceRemoved&, const WorkspaceRemoved&) = default;
};
struct FinalGatesStarted {  // intent: run post_merge_checks on staging
  std::string commit;
  friend bool operator==(const FinalGatesStarted&, const FinalGatesStarted&) = default;
};
struct FinalGatesFinished {
  std::string commit;
  std::vector<CheckResult> checks;
  friend bool operator==(const FinalGatesFinished&, const FinalGatesFinished&) = default;
};
struct PromotionRequested {  // by a person, after it was left
  PromoteMode mode = PromoteMode::checkout;
  friend bool operator==(const PromotionRequested&, const PromotionRequested&) = default;
};
struct PromotionStarted {  // intent: move the target to exactly the verified commit
  std::string from;
  std::string to;
  PromoteMode mode = PromoteMode::ask;
  friend bool operator==(const PromotionStarted&, const PromotionStarted&) = default;
};
struct TargetPromoted {
  std::string commit;
  friend bool operator==(const TargetPromoted&, const TargetPromoted&) = default;
};
struct PromotionLeft {
  std::string reason;
  friend bool operator==(const PromotionLeft&, const PromotionLeft&) = default;
};
struct UndoStarted {  // intent: put the target back; asked for by a person
  uint64_t of = 0;    // the target_promoted that is taken back
  std::string from;
  std::string to;
  friend bool operator==(const UndoStarted&, const UndoStarted&) = default;
};
struct PromotionUndone {  // the target is at `commit` again; what it was at is kept under saved/
  uint64_t of = 0;
  std::string commit;
  friend bool operator==(const PromotionUndone&, const PromotionUndone&) = default;
};
struct UndoLeft {  // the target was not touched
  uint64_t of = 0;
  std::string reason;
  friend bool operator==(const UndoLeft&, const UndoLeft&) = default;
};
struct TargetMoved {  // somebody else moved it since; `commit` is where it is, a descendant of our base
  std::string commit;
  friend bool operator==(const TargetMoved&, const TargetMoved&) = default;
};
struct RebuildStarted {  // intent: merge the moved target into staging and move staging there
  std::string target;
  std::string staging;
  friend bool operator==(const RebuildStarted&, const RebuildStarted&) = default;
};
struct StagingRebuilt {
  std::string commit;
  std::string environment = {};  // of it, "" when it is as before
  friend bool operator==(const StagingRebuilt&, const StagingRebuilt&) = default;
};
struct RunPaused {
  std::string reason;
  std::optional<PauseKind> kind = {};  // absent: it waits
  friend bool operator==(const RunPaused&, const RunPaused&) = default;
};
struct RunResumed {
  friend bool operator==(const RunResumed&, const RunResumed&) = default;
};
struct RunStopping {
  Stopping how = Stopping::finish_running;
  friend bool operator==(const RunStopping&, const RunStopping&) = default;
};
struct RunFinished {
  bool success = false;
  std::string reason;
  friend bool operator==(const RunFinished&, const RunFinished&) = default;
};
struct NoteSaid {  // a person's words for a task; in its next prompt
  TaskId task;
  std::string text;
  friend bool operator==(const NoteSaid&, const NoteSaid&) = default;
};

using Event =
    std::variant<RunStarted, SupervisorStarted, RunOpened, AttemptStarted, WorkspaceMade, AgentLaunched,
                 AgentSpawned, AgentProgressed, AttemptEnding, AgentExited, CollectionStarted, WorkCollected,
                 CandidateStarted, CandidateBuilt, GatesStarted, GatesFinished, LandingStarted, TaskLanded,
                 AttemptEnded, TaskFailed, TaskSkipped, TaskStopAsked, TaskStopped, WorkspaceRemoving,
                 WorkspaceRemoved, FinalGatesStarted, FinalGatesFinished, PromotionRequested,
                 PromotionStarted, TargetPromoted, PromotionLeft, TargetMoved, RebuildStarted, StagingRebuilt,
                 RunPaused, RunResumed, RunStopping, RunFinished, NoteSaid, SideCommitsKept, UndoStarted,
                 PromotionUndone, UndoLeft, WorkspaceSaved>;

// An event with its place in the journal.
struct Recorded {
  uint64_t seq = 0;  // from 1, without gaps
  Instant at;
  std::string actor;  // "pianola", "agent:<task>/<n>", "user:<name>", "import:<line>" of a foreign log
  Event event;
  friend bool operator==(const Recorded&, const Recorded&) = default;
};

}  // namespace pianola::core
