// The one read model: what the command line, the live view, the screens and the API show of a run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "core/event.h"
#include "core/state.h"

namespace pianola::view {

// What an agent was last seen doing; from a live supervisor only, absent otherwise.
struct Activity {
  Instant at;
  std::string text;  // raw bytes, one line
  core::Usage usage;
  int64_t context_used = -1;
  int64_t context_size = -1;
};
using Activities = std::map<core::AttemptKey, Activity>;

// One task as it stands. Texts are raw bytes; whoever prints them passes display().
struct TaskRow {
  std::string id;
  std::string state;  // one of the 17 words of ui.md 1.2
  int attempt = 0;    // 0 before the first
  int attempts_max = 0;
  std::string agent;
  std::string isolation;
  std::optional<Instant> since;  // when it entered this state, as far as the journal says
  int64_t elapsed_ms = 0;        // of the present attempt, or of the last one; 0 before the first
  core::Usage usage;             // all attempts together
  int64_t context_used = -1;
  int64_t context_size = -1;
  std::string last_activity;
  std::string reason;               // why it is in this state, for people
  std::optional<Instant> wakes_at;  // of retry: when the next attempt may start
  std::string needs;                // the command that moves it on, "" when pianola does
  int holds = 0;                    // tasks that wait for it, directly or through others
  friend bool operator==(const TaskRow&, const TaskRow&) = default;
};

struct Snapshot {
  std::string run;
  std::string phase;   // ui.md 1.2
  std::string reason;  // why it is in this phase: of paused, left, failed, promoting, stopping; else ""
  std::string needs;   // the command that moves the run on, "" when pianola does or it is over
  std::string isolation;
  std::string repository;
  std::string target;  // short name
  std::string plan_file;
  std::string plan_sha256;
  uint64_t seq = 0;
  Instant started_at;
  std::optional<Instant> finished_at;  // when it was over
  Instant now;
  bool stopping = false;               // nothing new is started; what runs may still finish
  bool supervised = false;             // a supervisor holds the run now
  std::map<std::string, int> summary;  // state word -> tasks, words with none left out
  core::Usage usage;
  int jobs = 0;
  std::vector<TaskRow> tasks;  // plan order
};

struct SnapshotOptions {
  Instant now;
  bool supervised = false;
};

// The state word of one task (ui.md 1.2); `place` indexes State::tasks.
std::string state_word(const core::State& state, size_t place, Instant now);

Snapshot snapshot(const core::State& state, const Activities& activities, const SnapshotOptions& options);

}  // namespace pianola::view
