// The doors of the engine. The real ones are in world/, the fakes in sim/; one contract suite runs on
// both. perform-like verbs return nothing: every outcome comes back through the Inbox as a Report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agents/adapter.h"
#include "base/instant.h"
#include "base/result.h"
#include "core/core.h"
#include "verify/boundary.h"

namespace pianola::engine {

using core::AttemptKey;

// --- raw reports that the engine reads before they become inputs ---------------------------------------
struct AgentOutput {  // never journaled
  AttemptKey key;
  agents::Stream stream = agents::Stream::out;
  std::string bytes;
};
struct AgentExit {
  AttemptKey key;
  core::ExitStatus exit;
};
struct CollectedTree {
  AttemptKey key;
  std::string head;  // "" when nothing new
  bool leftovers = false;
  std::vector<verify::TreeChange> changes;  // base against head
  std::vector<std::string> outside = {};    // what else was changed that is not its own, a line each
};
struct CandidateTree {
  AttemptKey key;
  std::string commit;
  std::vector<verify::TreeChange> changes;            // staging against candidate
  std::vector<core::ContractVersion> contracts = {};  // those whose file it changes
  std::string environment = {};                       // of it, "" when it changes no lockfile
};

// So many more batches of the journal are settled: await() does not wait for them.
struct Stored {
  size_t batches = 1;
};

using Report = std::variant<core::Input, AgentOutput, AgentExit, CollectedTree, CandidateTree, Stored>;

// A report, with who sent it and how to answer them.
struct Arrival {
  Report report;
  std::string actor = "pianola";
  uint64_t asker = 0;  // 0 = nobody waits for an answer
};

// The run's own clock; see Instant.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;
};

// The durable log of one run. It stores batches in the order in which they are begun, those that wait for
// the disk together; a report Stored comes whenever some are settled.
class Journal {
 public:
  virtual ~Journal() = default;
  // Begins to store all of `events`, after the batches that were begun before.
  virtual void begin(const std::vector<core::Recorded>& events) = 0;
  // Waits until the oldest batch that was begun and not awaited is durable, or none of it counts: after an
  // error the journal refuses everything and the process must drop its state. Errors: paused (disk full or
  // failing), integrity.
  virtual Result<void> await() = 0;

  Result<void> append(const std::vector<core::Recorded>& events) {
    begin(events);
    return await();
  }
};

// What is started for one attempt.
struct Launch {
  AttemptKey key;
  int generation = 0;
  agents::Definition agent;
  std::string prompt;
  std::string session;                // conversation to go on with
  std::vector<std::string> env_from;  // names of variables it is given as they are here
};

// The checks of a task, or the final ones, on one commit.
struct CheckRun {
  std::variant<AttemptKey, std::monostate> subject_of;  // monostate: the final checks
  core::GateSubject subject = core::GateSubject::candidate;
  std::string commit;
  std::vector<plan::Check> checks;
};

class Processes {
 public:
  virtual ~Processes() = default;
  // Reports AgentHasSpawned, then AgentOutput, then AgentExit. Idempotent by key: an attempt that was
  // launched before (by this process or one that died) is adopted or concluded, never started twice.
  virtual void launch(const Launch& launch) = 0;
  // The same for an attempt whose intent is old: adopts it when it lives, reports its exit when it is
  // over, starts it only when it provably never began.
  virtual void recover(const Launch& launch) = 0;
  virtual void end(const AttemptKey& key, int64_t grace_ms) = 0;
  // Asked for again while the same checks run (a resume after another failure), it does nothing.
  // Reports GatesWereRun / GatesFailed, or FinalGatesWereRun / FinalGatesFailed.
  virtual void run_checks(const CheckRun& run) = 0;
  // Ends checks that are running; they report GatesFailed / FinalGatesFailed with the reason "stopped".
  virtual void end_checks() = 0;
};

// After a failure was reported and the run resumed, everything that is open is asked for again, also what is
// still being carried out: the second must give the same answer or wait for the first.
class Repository {
 public:
  virtual ~Repository() = default;
  virtual void perform(const core::OpenRun& command) = 0;
  virtual void perform(const core::MakeWorkspace& command) = 0;
  virtual void perform(const core::CollectWork& command) = 0;     // CollectedTree or CollectionFailed
  virtual void perform(const core::BuildCandidate& command) = 0;  // CandidateTree, CandidateConflicted, ...
  virtual void perform(const core::MoveStaging& command) = 0;
  virtual void perform(const core::RemoveWorkspace& command) = 0;
  virtual void perform(const core::PromoteTarget& command) = 0;
  virtual void perform(const core::RebuildStaging& command) = 0;
  virtual void perform(const core::PutTargetBack& command) = 0;
};

// What an asker is told: the sequence number of the last event their request made durable, or a refusal.
using Reply = Result<uint64_t>;

class Inbox {
 public:
  virtual ~Inbox() = default;
  // Everything that arrived, waiting until something does or `until` is reached. At most 1,000 at a time.
  virtual std::vector<Arrival> wait(std::optional<Instant> until) = 0;
  virtual void answer(uint64_t asker, const Reply& reply) = 0;
};

struct Ports {
  Clock& clock;
  Journal& journal;
  Processes& processes;
  Repository& repository;
  Inbox& inbox;
};

}  // namespace pianola::engine
