// The oracle: named laws, checked at every step against what the world really did. It keeps a state of its
// own, folded from what is durable, and judges with that; it shares no decision with the code it watches.
//
//   write-ahead        no effect before its intent is durable
//   replay-equals-life the fold of the journal is the engine's state, also when it was read back from text
//   legal-events       the core records nothing that its own fold refuses, after any prefix of a journal;
//                      time and numbers never go back
//   accounting (G9)    a task lands once, and leaves no final phase
//   order (G35)        dependencies landed and seen, no two that share something at work, slots, pauses
//   retries            attempts and starts are counted, delays kept
//   one-start          the agent of an attempt is started once, and no two live in one workspace
//   fencing            what is recorded of an attempt is what the world told of exactly that attempt
//   boundary (G14)     work outside its task's files never reaches the train or staging
//   verified (G15)     staging and target move only to commits whose own checks passed
//   kept-work (G16)    saved before reused or removed; merged once; nothing on a ref is lost; an undo goes
//                      back to where the target was, and keeps what it leaves
//   contracts          an attempt works by the contract of its base and lands on no other
//   environment        an attempt records the lockfiles of its base, and lands on others only if it may
//   silence            a turn that nothing caused and that changed nothing is not repeated
//   progress (G36)     with faults off, the run ends or waits for a person
//   answers            whoever asked is answered once, and only with what is durable
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/core.h"
#include "engine/ports.h"
#include "sim/git_model.h"

namespace pianola::sim {

struct Violation {
  std::string checker;
  std::string what;
  std::string text() const { return checker + ": " + what; }
};

// "t3/2".
std::string text_of(const core::AttemptKey& key);

// What the world told about one attempt.
struct Told {
  bool made = false;
  bool spawned = false;
  std::vector<core::ExitStatus> exits;
  std::set<std::string> heads;
  std::set<std::string> candidates;
  std::set<std::string> moved_to;
  std::vector<std::vector<core::CheckResult>> checks;
  int begun = 0;  // times its agent began to run
  int launched = 0;
};

// A workspace as it is on disk.
struct Room {
  core::AttemptKey tenant;  // whose agent was last in it
  bool occupied = false;    // a process of that agent lives
  bool unsaved = false;     // holds work that no ref has
};

class Watch {
 public:
  Watch(const core::RunStarted& run, const GitModel& git);

  const std::optional<Violation>& violation() const { return violation_; }
  void fail(std::string checker, std::string what);

  // These events are durable now.
  void stored(const std::vector<core::Recorded>& events);
  // The engine asks for an effect.
  void performs(const core::Command& command);
  void launches(const engine::Launch& launch, bool again);
  void ends(const core::AttemptKey& key);
  void runs_checks(const engine::CheckRun& run);
  // The world did something.
  void told(const engine::Report& report);
  void began(const core::AttemptKey& key, int generation);
  void checked(const engine::CheckRun& run, bool green);
  void moves_staging(const core::MoveStaging& command);
  void rebuilds_staging(CommitNumber from, CommitNumber onto);
  void moves_target(CommitNumber from, CommitNumber onto);
  void puts_target_back(CommitNumber from, CommitNumber onto);
  void removes(const core::RemoveWorkspace& command);
  void answered(uint64_t asker, const engine::Reply& reply);
  // A turn is over.
  void turned(const core::State& state, bool something_arrived);
  // The run is over, or as far as it gets.
  void ended(const core::State& state);

  const core::State& durable() const { return durable_; }
  const std::vector<core::Recorded>& journal() const { return journal_; }
  std::map<std::pair<size_t, int>, Room> rooms;                    // by task and generation
  std::map<std::string, std::vector<verify::TreeChange>> changes;  // of heads and candidates
  // For a violation's text: which tasks are in which stage.
  std::string where_it_stands() const;

 private:
  void before(const core::Recorded& recorded);
  void before_start(const core::AttemptStarted& started, Instant at);
  void check_contracts(const core::AttemptStarted& started);
  void check_contracts(const core::MoveStaging& command);
  void check_environment(const core::AttemptStarted& started);
  void check_environment(const core::MoveStaging& command);
  bool is_bound(size_t place) const;
  std::vector<plan::Check> due_of(size_t place, const engine::CheckRun& run) const;
  void check_codec();
  void check_prefixes();
  bool is_stale(const core::Attempt& attempt) const;
  void count_blame(const core::AttemptStarted& started);
  void check_truth(const core::Event& event);
  void check_stages(const core::Command& command);
  const core::Attempt* durable_attempt(const core::AttemptKey& key) const;
  std::vector<plan::Check> due_at_the_end() const;
  bool stands_at(const core::AttemptKey& key, core::Stage stage) const;
  size_t place(const core::TaskId& task) const { return durable_.index.at(task); }

  const GitModel& git_;
  core::State durable_;
  std::vector<core::Recorded> journal_;
  std::map<core::AttemptKey, Told> told_;
  std::map<core::AttemptKey, std::string> prompts_;  // their digests, as recorded
  std::map<size_t, int> landings_;                   // recorded
  std::map<size_t, int> merges_;                     // on staging
  std::set<size_t> at_work_;
  // Green check runs: the commit, and the task's place or -1 for the final ones.
  std::set<std::pair<std::string, int>> green_;
  std::set<uint64_t> answered_;
  CommitNumber promoted_ = no_commit;
  std::map<CommitNumber, CommitNumber> before_promotion_;  // of the target, by where it was moved
  int renegotiations_ = 0;                                 // that staging has
  std::set<uint64_t> put_back_;                            // undone promotions, by event
  uint64_t silent_turns_ = 0;
  uint64_t seen_seq_ = 0;
  std::optional<Violation> violation_;
};

}  // namespace pianola::sim
