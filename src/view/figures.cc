#include "view/figures.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "view/numbers.h"
#include "view/reasons.h"

namespace pianola::view {
namespace {

using core::Attempt;
using core::Outcome;
using core::State;
using core::TaskPhase;
using core::TaskRun;

Instant end_of(const State& state) { return is_over(state) ? state.finished_at : state.at; }

std::optional<Duration> critical_path(const State& state) {
  std::vector<Duration> longest(state.tasks.size());
  std::optional<Duration> path;
  for (const size_t place : dependency_order(state)) {
    const TaskRun& run = state.tasks[place];
    if (run.phase != TaskPhase::landed) continue;
    Duration before;
    for (const core::TaskId& id : state.plan.tasks[place].depends_on) {
      before = std::max(before, longest[state.index.at(id)]);
    }
    longest[place] = {before.ns + (run.landed_at - run.attempts.front().started_at).ns};
    if (!path || longest[place] > *path) path = longest[place];
  }
  return path;
}

Instant slot_freed(const State& state, const Attempt& attempt) {
  if (!attempt.candidate.empty() || attempt.candidate_at.ns != 0) return attempt.candidate_at;
  return attempt.stage == core::Stage::ended ? attempt.ended_at : end_of(state);
}

std::optional<int> slots_used(const State& state, Duration wall) {
  std::vector<std::pair<Instant, int>> changes;
  for (const TaskRun& run : state.tasks) {
    for (const Attempt& attempt : run.attempts) {
      changes.emplace_back(attempt.started_at, 1);
      changes.emplace_back(slot_freed(state, attempt), -1);
    }
  }
  const int jobs = state.policy.jobs;
  if (changes.empty() || wall.ns <= 0 || jobs <= 0) return std::nullopt;
  std::sort(changes.begin(), changes.end());
  double used_ns = 0;
  int live = 0;
  Instant before = changes.front().first;
  for (const auto& [at, change] : changes) {
    used_ns += static_cast<double>((at - before).ns) * std::min(live, jobs);
    live += change;
    before = at;
  }
  return static_cast<int>(100.0 * used_ns / (static_cast<double>(wall.ns) * jobs) + 0.5);
}

void count_outcome(Figures& figures, Outcome outcome) {
  switch (outcome) {
    case Outcome::delivered:
      return;
    case Outcome::red:
      ++figures.red;
      return;
    case Outcome::refused:
      ++figures.refused;
      return;
    case Outcome::conflicted:
      ++figures.conflicted;
      return;
    case Outcome::lost:
      ++figures.lost;
      return;
    case Outcome::empty:
    case Outcome::failed:
    case Outcome::crashed:
    case Outcome::timeout:
    case Outcome::limited:
    case Outcome::policy:
    case Outcome::stopped:
      ++figures.other;
      return;
  }
}

}  // namespace

Figures figures_of(const State& state) {
  Figures figures;
  figures.wall = end_of(state) - state.started_at;
  figures.critical_path = critical_path(state);
  figures.slots_used = slots_used(state, figures.wall);
  figures.tasks = state.tasks.size();
  figures.unpriced_tokens = unpriced_tokens(state);
  for (const TaskRun& run : state.tasks) {
    figures.landed += run.phase == TaskPhase::landed ? 1 : 0;
    figures.attempts += run.attempts.size();
    for (const Attempt& attempt : run.attempts) {
      if (attempt.outcome) count_outcome(figures, *attempt.outcome);
      add(figures.usage, attempt.claim.usage);
      if (attempt.exit && attempt.claim.usage == core::Usage{}) ++figures.silent;
    }
  }
  return figures;
}

}  // namespace pianola::view
