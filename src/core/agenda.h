// Which tasks wait for what: an index over the tasks of a State, so that a turn costs what has changed and
// not what there is. It follows from the rest of the State alone and is kept by evolve().
#pragma once

#include <cstddef>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "base/instant.h"

namespace pianola::core {

struct State;
enum class TaskPhase;

struct Agenda {
  // The plan's arrows the other way round, by place.
  std::vector<std::vector<size_t>> dependents;
  // By place, how many of a task's dependencies have not landed, how many never will, and how many tasks
  // that it must not meet are at work.
  std::vector<size_t> missing;
  std::vector<size_t> lost;
  std::vector<size_t> met;
  // Waiting tasks that may start, by priority, longest chain first, place.
  using Rank = std::tuple<int, int, size_t>;
  std::set<Rank> ready;
  // Tasks that may start again, by when; those that meet nobody at work.
  std::set<std::pair<Instant, size_t>> delayed;
  std::set<size_t> doomed;     // wait for something that will never land
  std::set<size_t> due;        // their attempt, or they themselves, have come to an end that is not recorded
  std::set<size_t> moving;     // at work, and not merely queued for the train
  std::set<size_t> occupying;  // hold a slot
  std::set<size_t> removable;  // have a workspace that is not needed any more
  size_t settled = 0;
  size_t landed = 0;
  friend bool operator==(const Agenda&, const Agenda&) = default;
};

// Where the task at `place` stands among those that may start.
Agenda::Rank rank_of(const State& state, size_t place);

// A superseded or landed task's workspace that can be removed, of the task at `place`.
bool is_removable(const State& state, size_t place, int generation);

// The index of `state`, from nothing.
Agenda agenda_of(const State& state);

// Brings the index up to date after an event of the task at `place`, whose phase was `before`.
void refresh(State& state, size_t place, TaskPhase before);

}  // namespace pianola::core
