#include "sim/fault.h"

namespace pianola::sim {
namespace {

constexpr std::array<std::string_view, fault_count> names = {
    "agent_fails",        "agent_crashes",     "agent_idle",      "agent_outside",
    "agent_hangs",        "agent_stubborn",    "agent_limited",   "agent_not_started",
    "leftover_processes", "keeper_lost",       "exit_dropped",    "report_repeated",
    "merge_conflicts",    "renames",           "gates_red",       "gates_red_paired",
    "final_red",          "gates_broken",      "workspace_fails", "collection_fails",
    "candidate_fails",    "repository_paused", "staging_touched", "target_moves",
    "target_rewritten",   "promotion_left",    "crash",           "append_fails",
    "wall_steps",         "suspend",           "people_pause",    "people_stop",
    "people_stop_task",   "people_say",        "people_repeat"};

}  // namespace

std::string_view fault_text(Fault fault) { return names[static_cast<size_t>(fault)]; }

std::optional<Fault> fault_named(std::string_view name) {
  for (size_t i = 0; i < fault_count; ++i) {
    if (names[i] == name) return static_cast<Fault>(i);
  }
  return std::nullopt;
}

Swarm draw_swarm(Random& random) {
  constexpr std::array strengths = {2, 5, 10, 25, 50, 80};
  Swarm swarm;
  const bool calm = random.chance(5);
  const uint64_t breadth = 10 + random.below(50);
  for (int& percent : swarm.percent) {
    const bool on = random.chance(breadth);
    const int strength = strengths[random.below(strengths.size())];
    percent = on && !calm ? strength : 0;
  }
  return swarm;
}

}  // namespace pianola::sim
