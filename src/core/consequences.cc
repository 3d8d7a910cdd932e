// Facts that follow from the state alone.
#include <algorithm>

#include "core/core.h"
#include "core/ending.h"
#include "core/plant.h"

namespace pianola::core {
namespace {

// Something is under way that will report: what a stop waits for. Checks are not waited for when
// everything is to end.
bool in_flight(const State& state) {
  const bool to_the_end = state.stopping != Stopping::end_all;
  // A target that moved is merged again only when the run goes on.
  const bool promoting =
      state.phase == Phase::promoting && (state.finish.moved_target.empty() || state.finish.rebuilding);
  if (to_the_end && (promoting || state.phase == Phase::final_gates)) return true;
  if (to_the_end && !state.queue.empty()) return true;
  return std::any_of(state.agenda.moving.begin(), state.agenda.moving.end(), [&](size_t place) {
    const Stage stage = current(state.tasks[place])->stage;
    if (stage == Stage::prepared) return false;
    const bool saving =
        is_live(stage) || stage == Stage::preparing || stage == Stage::exited || stage == Stage::collecting;
    return to_the_end || saving;
  });
}

// Attempts that are over by what is known of them, and tasks that come to nothing by what became of those.
void judge(const State& state, Instant now, std::vector<Event>& out) {
  for (const size_t place : state.agenda.due) {
    if (auto settled = settlement(state, place)) out.push_back(std::move(*settled));
    if (state.tasks[place].phase != TaskPhase::active) continue;
    const auto ending = verdict(state, place);
    if (!ending) continue;
    for (Event& event : end_attempt(state, key_of(state, place), *ending, now))
      out.push_back(std::move(event));
    if (PIANOLA_PLANTED("judge-together")) continue;
    return;  // it may pause the run; the next ending is judged by the state that has folded that
  }
}

void skip_dependents(const State& state, std::vector<Event>& out) {
  for (const size_t place : state.agenda.doomed) {
    for (const TaskId& needed : state.plan.tasks[place].depends_on) {
      if (!is_lost(state.tasks[state.index.at(needed)].phase)) continue;
      out.push_back(TaskSkipped{.task = state.plan.tasks[place].id, .because = needed});
      break;
    }
  }
}

}  // namespace

std::vector<Event> consequences(const State& state, Instant now) {
  std::vector<Event> out;
  if (state.run.empty() || is_over(state)) return out;
  judge(state, now, out);
  if (!out.empty()) return out;
  skip_dependents(state, out);
  if (!out.empty()) return out;
  if (state.stopping != Stopping::no) {
    if (!state.paused && !in_flight(state)) out.push_back(RunPaused{.reason = "stopped by a person"});
    return out;
  }
  if (state.phase != Phase::running || state.paused) return out;
  const int64_t limit_ms = state.policy.run_timeout_ms;
  if (limit_ms > 0 && now - state.started_at >= Duration::from_ms(limit_ms) && !in_flight(state)) {
    return {RunFinished{.success = false, .reason = "the run's time limit"}};
  }
  if (state.agenda.settled < state.tasks.size()) return out;
  const size_t landed = state.agenda.landed;
  if (landed < state.tasks.size() && (landed == 0 || !state.policy.partial)) {
    out.push_back(RunFinished{.success = false,
                              .reason = std::to_string(state.tasks.size() - landed) + " of " +
                                        std::to_string(state.tasks.size()) + " tasks did not land"});
  }
  return out;
}

}  // namespace pianola::core
