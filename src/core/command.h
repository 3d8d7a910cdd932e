// Imperatives for the world. Each is performed only after its intent is durable, may be performed again
// after a crash, and answers with an Input; it returns nothing.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"

namespace pianola::core {

// Pin the base (refs/pianola/base/<run>) and create staging at it. Answer: RunWasOpened, RunWasRefused.
struct OpenRun {
  RunId run;
  std::string base;
  friend bool operator==(const OpenRun&, const OpenRun&) = default;
};
// Make the workspace <task>.<generation> at `base`. Answer: WorkspaceWasMade, WorkspaceFailed.
struct MakeWorkspace {
  AttemptKey key;
  int generation = 0;
  std::string base;
  friend bool operator==(const MakeWorkspace&, const MakeWorkspace&) = default;
};
// Start the agent in the workspace; the engine adds prompt and argv. Answers: AgentHasSpawned,
// AgentHasProgressed, AgentHasExited (the last always).
struct LaunchAgent {
  AttemptKey key;
  int generation = 0;
  std::string agent;
  friend bool operator==(const LaunchAgent&, const LaunchAgent&) = default;
};
// End the attempt's whole process tree: TERM, grace, KILL. Answer: its AgentHasExited.
struct EndAttempt {
  AttemptKey key;
  EndReason reason = EndReason::stopped;
  int64_t grace_ms = 10'000;
  friend bool operator==(const EndAttempt&, const EndAttempt&) = default;
};
// Fetch what the workspace holds into refs/pianola/in (to land) or refs/pianola/saved (to keep).
// Answer: WorkWasCollected, CollectionFailed.
enum class CollectFor { landing, keeping };
struct CollectWork {
  AttemptKey key;
  int generation = 0;
  std::string base;
  CollectFor purpose = CollectFor::landing;
  std::vector<std::string> named_files = {};  // the task owns them by name: taken also when git ignores them
  friend bool operator==(const CollectWork&, const CollectWork&) = default;
};
// The file of a contract of the plan.
struct ContractPath {
  std::string name;
  std::string path;
  friend bool operator==(const ContractPath&, const ContractPath&) = default;
};
// Merge `head` into `staging` as objects. Equal commands give the equal commit. Answer:
// CandidateWasBuilt, CandidateConflicted, CandidateFailed.
struct BuildCandidate {
  AttemptKey key;
  std::string staging;
  std::string head;
  std::string subject;                       // first line of the merge commit
  Instant at;                                // author and commit date
  std::vector<ContractPath> contracts = {};  // whose versions are told where the candidate changes them
  friend bool operator==(const BuildCandidate&, const BuildCandidate&) = default;
};
// Run the task's checks on `commit` in a fresh workspace. Answer: GatesWereRun, GatesFailed.
struct RunGates {
  AttemptKey key;
  GateSubject subject = GateSubject::candidate;
  std::string commit;
  friend bool operator==(const RunGates&, const RunGates&) = default;
};
// End checks that are running; their intents stay open. No answer is waited for.
struct EndChecks {
  friend bool operator==(const EndChecks&, const EndChecks&) = default;
};
// Compare-and-swap staging. Answer: StagingWasMoved (also when it already is at `to`), StagingWasRefused.
struct MoveStaging {
  AttemptKey key;
  std::string from;
  std::string to;
  friend bool operator==(const MoveStaging&, const MoveStaging&) = default;
};
// Remove the workspace; what is in it was collected. Answer: WorkspaceWasRemoved.
struct RemoveWorkspace {
  TaskId task;
  int generation = 0;
  friend bool operator==(const RemoveWorkspace&, const RemoveWorkspace&) = default;
};
// Run post_merge_checks on `commit` in a fresh workspace. Answer: FinalGatesWereRun, FinalGatesFailed.
struct RunFinalGates {
  std::string commit;
  friend bool operator==(const RunFinalGates&, const RunFinalGates&) = default;
};
// Move the target from `from` to `to` (design.md decision 6). Answer: TargetWasPromoted, PromotionWasLeft,
// TargetHadMoved.
struct PromoteTarget {
  std::string from;
  std::string to;
  PromoteMode mode = PromoteMode::ask;
  friend bool operator==(const PromoteTarget&, const PromoteTarget&) = default;
};
// Merge the moved target into staging and move staging to the merge. Answer: StagingWasRebuilt,
// RebuildConflicted.
struct RebuildStaging {
  std::string target;
  std::string staging;
  Instant at;
  friend bool operator==(const RebuildStaging&, const RebuildStaging&) = default;
};

// Move the target back from `from` to `to`, after `from` is kept as saved/<run>/undone/<of>. Answer:
// TargetWasPutBack (also when it is at `to` already), UndoWasLeft.
struct PutTargetBack {
  uint64_t of = 0;
  std::string from;
  std::string to;
  friend bool operator==(const PutTargetBack&, const PutTargetBack&) = default;
};

using Command = std::variant<OpenRun, MakeWorkspace, LaunchAgent, EndAttempt, CollectWork, BuildCandidate,
                             RunGates, EndChecks, MoveStaging, RemoveWorkspace, RunFinalGates, PromoteTarget,
                             RebuildStaging, PutTargetBack>;

}  // namespace pianola::core
