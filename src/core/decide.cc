// What is to be done now, read off the state alone.
#include <algorithm>
#include <tuple>

#include "core/core.h"
#include "core/plant.h"

namespace pianola::core {
namespace {

// How often a tree that was told to end is told again, should its exit never be reported.
constexpr Duration end_again = Duration::from_s(60);

bool run_timed_out(const State& state, Instant now) {
  const int64_t limit_ms = state.policy.run_timeout_ms;
  return limit_ms > 0 && now - state.started_at >= Duration::from_ms(limit_ms);
}

bool may_start_things(const State& state, Instant now) {
  const bool held = state.paused || state.stopping != Stopping::no;
  return state.phase == Phase::running && (!held || PIANOLA_PLANTED("ignore-pause")) &&
         !run_timed_out(state, now);
}

// --- one attempt ---------------------------------------------------------------------------------------

// Why a live attempt is to be ended now, if it is.
std::optional<EndReason> reason_to_end(const State& state, size_t place, Instant now) {
  const TaskRun& run = state.tasks[place];
  const Attempt& attempt = *current(run);
  if (attempt.ending) {
    const bool overdue = now - attempt.stage_at >= end_again;
    return overdue ? attempt.ending : std::nullopt;
  }
  if (run.stop_asked) return EndReason::stopped;
  if (state.stopping == Stopping::end_all) return EndReason::aborted;
  if (run_timed_out(state, now)) return EndReason::run_timeout;
  const int64_t limit_ms = state.plan.tasks[place].timeout_ms;
  if (PIANOLA_PLANTED("no-task-timeout")) return std::nullopt;
  return now - attempt.launched_at >= Duration::from_ms(limit_ms) ? std::optional(EndReason::task_timeout)
                                                                  : std::nullopt;
}

void advance(const State& state, size_t place, Instant now, std::vector<Event>& out) {
  const Attempt& attempt = *current(state.tasks[place]);
  const AttemptKey key = key_of(state, place);
  const bool active = !state.paused && state.stopping != Stopping::end_all;
  const bool train_free = !state.landing && !state.queue.empty() && state.queue.front() == place;
  if (is_live(attempt.stage)) {
    if (const auto reason = reason_to_end(state, place, now)) {
      out.push_back(AttemptEnding{key, *reason});
    }
  } else if (attempt.stage == Stage::prepared) {
    if (may_start_things(state, now)) out.push_back(AgentLaunched{key, {}});
  } else if (attempt.stage == Stage::exited) {
    out.push_back(CollectionStarted{key});
  } else if (attempt.stage == Stage::queued) {
    if (active && train_free) out.push_back(CandidateStarted{key, state.staging});
  } else if (attempt.stage == Stage::built) {
    if (active) out.push_back(GatesStarted{key, GateSubject::candidate});
  } else if (attempt.stage == Stage::red) {
    if (active) out.push_back(GatesStarted{key, GateSubject::head});
  } else if (attempt.stage == Stage::green) {
    if (active) out.push_back(LandingStarted{key});
  }
}

// --- starts --------------------------------------------------------------------------------------------

bool dependencies_landed(const State& state, size_t place) {
  if (PIANOLA_PLANTED("ignore-dependencies")) return true;
  const auto landed = [&](const TaskId& id) {
    return state.tasks[state.index.at(id)].phase == TaskPhase::landed;
  };
  const std::vector<TaskId>& needed = state.plan.tasks[place].depends_on;
  return std::all_of(needed.begin(), needed.end(), landed);
}

bool clashes(const State& state, size_t place, const std::vector<size_t>& starting) {
  const auto rivals = state.conflicting.find(place);
  if (rivals == state.conflicting.end() || PIANOLA_PLANTED("ignore-conflicts")) return false;
  return std::any_of(rivals->second.begin(), rivals->second.end(), [&](size_t rival) {
    return state.tasks[rival].phase == TaskPhase::active ||
           std::find(starting.begin(), starting.end(), rival) != starting.end();
  });
}

bool is_ready(const State& state, size_t place, Instant now) {
  const TaskRun& run = state.tasks[place];
  if (run.stop_asked) return false;
  if (run.phase == TaskPhase::backoff) return now >= run.retry_at;
  return run.phase == TaskPhase::waiting && dependencies_landed(state, place);
}

// The next attempt goes on in the same workspace when that is known to be whole and empty of processes
// and its base still serves; a conflict needs today's staging.
bool may_reuse(const TaskRun& run) {
  const Attempt* before = current(run);
  if (PIANOLA_PLANTED("reuse-dirty-workspace")) return before != nullptr && before->launched_at.ns > 0;
  if (before == nullptr || !before->collected || !before->exit || !before->exit->tree_empty) return false;
  return before->outcome != Outcome::conflicted && run.workspaces.contains(before->generation);
}

AttemptStarted start_of(const State& state, size_t place) {
  const TaskRun& run = state.tasks[place];
  const plan::Task& task = state.plan.tasks[place];
  const Attempt* before = current(run);
  const bool reuse = may_reuse(run);
  const int last_generation = before == nullptr ? 0 : before->generation;
  return {.key = {.task = task.id, .number = static_cast<int>(run.attempts.size()) + 1},
          .generation = reuse ? last_generation : last_generation + 1,
          .reused = reuse,
          .base = reuse                           ? before->base
                  : PIANOLA_PLANTED("stale-base") ? state.repository.base
                                                  : state.staging,
          .agent = task.agent.empty() ? state.policy.default_agent : task.agent,
          .notes = static_cast<int>(run.said.size())};
}

void start_ready(const State& state, Instant now, std::vector<Event>& out) {
  int free_slots = state.policy.jobs - busy_slots(state);
  if (PIANOLA_PLANTED("one-slot-too-many")) ++free_slots;
  if (free_slots <= 0) return;
  std::vector<size_t> ready;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    if (is_ready(state, place, now)) ready.push_back(place);
  }
  std::sort(ready.begin(), ready.end(), [&](size_t a, size_t b) {
    return std::tuple(state.plan.tasks[a].priority, -state.tails[a], a) <
           std::tuple(state.plan.tasks[b].priority, -state.tails[b], b);
  });
  std::vector<size_t> starting;
  for (const size_t place : ready) {
    if (static_cast<int>(starting.size()) >= free_slots) break;
    if (clashes(state, place, starting)) continue;
    starting.push_back(place);
    out.push_back(start_of(state, place));
  }
}

// --- what is left over, and the end ----------------------------------------------------------------------

void remove_workspaces(const State& state, size_t place, std::vector<Event>& out) {
  const TaskRun& run = state.tasks[place];
  const Attempt* attempt = current(run);
  for (const auto& [generation, workspace] : run.workspaces) {
    const bool superseded = attempt != nullptr && generation < attempt->generation;
    const bool done_with = run.phase == TaskPhase::landed || superseded;
    const bool saved = workspace.saved || PIANOLA_PLANTED("remove-unsaved");
    if (done_with && saved && !workspace.removing) {
      out.push_back(WorkspaceRemoving{state.plan.tasks[place].id, generation});
    }
  }
}

void finish(const State& state, std::vector<Event>& out) {
  if (state.paused || state.stopping != Stopping::no) return;
  const bool settled = std::all_of(state.tasks.begin(), state.tasks.end(),
                                   [](const TaskRun& run) { return is_settled(run.phase); });
  if (state.phase == Phase::running && settled) {
    out.push_back(FinalGatesStarted{state.staging});
  } else if (state.phase == Phase::promotable) {
    out.push_back(PromotionStarted{state.finish.promoting_from, state.finish.verified, state.finish.mode});
  } else if (state.phase == Phase::promoting && !state.finish.moved_target.empty() &&
             !state.finish.rebuilding) {
    out.push_back(RebuildStarted{state.finish.moved_target, state.staging});
  }
}

}  // namespace

std::vector<Event> decide(const State& state, Instant now) {
  std::vector<Event> out;
  if (state.run.empty() || is_over(state) || state.phase == Phase::unopened) return out;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    if (state.tasks[place].phase == TaskPhase::active) advance(state, place, now, out);
    if (!state.tasks[place].workspaces.empty()) remove_workspaces(state, place, out);
  }
  if (may_start_things(state, now)) start_ready(state, now, out);
  finish(state, out);
  return out;
}

std::optional<Instant> next_deadline(const State& state, Instant silent_at) {
  std::optional<Instant> soonest;
  const auto at = [&](Instant instant) {
    if (instant > silent_at && (!soonest || instant < *soonest)) soonest = instant;
  };
  if (state.run.empty() || is_over(state)) return soonest;
  const bool limited = state.policy.run_timeout_ms > 0 && state.phase == Phase::running;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    const TaskRun& run = state.tasks[place];
    const Attempt* attempt = current(run);
    const bool forgotten = PIANOLA_PLANTED("forget-retry");
    if (run.phase == TaskPhase::backoff && !forgotten && !state.paused && state.stopping == Stopping::no)
      at(run.retry_at);
    if (attempt == nullptr || !is_live(attempt->stage)) continue;
    if (attempt->ending) {
      at(attempt->stage_at + end_again);
    } else {
      at(attempt->launched_at + Duration::from_ms(state.plan.tasks[place].timeout_ms));
    }
  }
  if (limited) at(state.started_at + Duration::from_ms(state.policy.run_timeout_ms));
  return soonest;
}

}  // namespace pianola::core
