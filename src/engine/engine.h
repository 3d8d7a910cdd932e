// The turn: wait, admit, evolve, decide, make durable, and only then act, answer and show.
//
// Nothing outside the process may see state that is not durable, and no effect is tried before its intent
// is. While turns are being stored the next are gathered, and the journal takes those that wait for the disk
// together. If a store fails, the process drops its state and with it all that was gathered on top. The
// engine has no syscalls and no memory of its own but the readers of running agents' output, which are
// rebuilt from that output after a restart.
#pragma once

#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/core.h"
#include "engine/ports.h"

namespace pianola::engine {

// What an agent was last seen doing. For people only; never decided on, never stored.
struct Activity {
  Instant at;
  std::string text;  // one line, raw bytes
  core::Usage usage;
  int64_t context_used = -1;
  int64_t context_size = -1;
};
using Activities = std::map<AttemptKey, Activity>;

// Whoever watches the run.
class Viewer {
 public:
  virtual ~Viewer() = default;
  // The state is not to be shown until the next call of turned(): it is ahead of the journal.
  virtual void hold() = 0;
  // `state` and all of `events`, those since the last call, are durable.
  virtual void turned(const core::State& state, const std::vector<core::Recorded>& events,
                      const Activities& activities) = 0;
};

// Agents by the name the plan calls them.
using Roster = std::map<std::string, agents::Definition>;

class Engine {
 public:
  // References outlive the engine. `viewer` may be null.
  Engine(Ports ports, Roster roster, Viewer* viewer);
  ~Engine();

  // Folds what the journal holds, before the first turn. Errors: integrity.
  Result<void> fold(const std::vector<core::Recorded>& events);

  // Waits until something arrives or a deadline passes, and carries turns on as far as they get. On an
  // error the engine is not to be used any more: the state may be ahead of the journal.
  Result<void> turn();

  const core::State& state() const { return state_; }
  // False while state() is ahead of the journal.
  bool is_durable() const { return storing_.empty(); }
  const Activities& activities() const { return activities_; }

 private:
  // What one turn gathers.
  struct Turn {
    Instant now;
    std::vector<core::Recorded> events;
    std::vector<core::Command> commands;
    bool end_checks = false;  // checks are to end that nobody may have ended
    bool failed = false;      // an intent may have failed and still be open
    bool reopen = false;      // every open intent is asked about again: commands are theirs
    std::vector<std::pair<uint64_t, Reply>> answers;
  };

  Result<Turn> gather(const std::vector<Arrival>& arrivals);
  void store(Turn turn);
  Result<void> settle_oldest();
  void show();
  void conclude_eventless();
  void conclude(Turn turn);
  Result<void> take(const Arrival& arrival, Turn& turn);
  Result<uint64_t> admit(const core::Input& input, const std::string& actor, Turn& turn);
  Result<void> follow(Turn& turn);
  Result<void> record(core::Event event, const std::string& actor, Turn& turn);
  void perform(const core::Command& command, bool again);
  agents::Definition definition_of(const std::string& agent) const;
  Launch launch_of(const core::LaunchAgent& command) const;
  CheckRun checks_of(const core::RunGates& command) const;
  std::vector<core::Input> read(const Report& report);
  std::vector<core::Input> read_output(const AgentOutput& output);
  std::vector<std::string> findings(const AttemptKey& key,
                                    const std::vector<verify::TreeChange>& changes) const;

  Ports ports_;
  Roster roster_;
  Viewer* viewer_;
  core::State state_;
  std::deque<Turn> storing_;  // the journal has their events; those without wait for the ones before
  size_t events_storing_ = 0;
  size_t settled_untold_ = 0;           // batches awaited before their Stored came
  std::vector<core::Recorded> unseen_;  // durable, and not yet shown
  // When decide() last had nothing to say; before the first turn, never.
  Instant silent_at_{std::numeric_limits<int64_t>::min()};
  std::map<AttemptKey, std::unique_ptr<agents::OutputReader>> readers_;
  Activities activities_;
};

}  // namespace pianola::engine
