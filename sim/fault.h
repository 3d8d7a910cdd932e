// What may go wrong in the fake world. Each seed draws which faults are on and how often, so that rare
// combinations meet ("swarm testing", Groce et al. 2012).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/random.h"

namespace pianola::sim {

enum class Fault {
  agent_fails,         // exits with another code than 0
  agent_crashes,       // dies of a signal
  agent_idle,          // says it is done and changed nothing
  agent_outside,       // changes a file its task does not own
  agent_hangs,         // never ends by itself
  agent_stubborn,      // ends only on KILL
  agent_limited,       // quota, login, payment, overload
  agent_not_started,   // the program cannot be executed
  leftover_processes,  // something it started lives on
  keeper_lost,         // nobody saw the end
  exit_dropped,        // the report of an exit never arrives
  report_repeated,     // a report arrives twice, the second time late
  merge_conflicts,
  renames,           // merged with staging, a change leaves its task's files
  gates_red,         // a change fails its checks alone
  gates_red_paired,  // two changes fail only together
  final_red,         // two changes fail only in the final checks
  gates_broken,      // checks could not be run
  workspace_fails,
  collection_fails,
  candidate_fails,
  repository_paused,  // locks, disk: nothing was done
  staging_touched,    // somebody moved staging, and puts it back
  target_moves,       // somebody adds commits to the target
  target_rewritten,   // somebody replaces the target's commits
  promotion_left,     // the target's checkout is not ours to touch
  crash,              // the supervisor dies between two of its steps
  append_fails,       // the disk refuses; a part of the batch may be there
  wall_steps,         // the wall clock is set while no supervisor runs
  suspend,            // the machine sleeps for hours
  people_pause,
  people_stop,
  people_stop_task,
  people_say,
  people_repeat,  // every request twice
  count,
};

constexpr size_t fault_count = static_cast<size_t>(Fault::count);

// "agent_hangs".
std::string_view fault_text(Fault fault);
std::optional<Fault> fault_named(std::string_view name);

// How often each fault strikes, in percent of its occasions.
struct Swarm {
  std::array<int, fault_count> percent{};

  int of(Fault fault) const { return percent[static_cast<size_t>(fault)]; }
};

Swarm draw_swarm(Random& random);

}  // namespace pianola::sim
