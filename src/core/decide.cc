// What is to be done now, read off the state alone.
#include <algorithm>
#include <set>
#include <tuple>

#include "core/contracts.h"
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

// When a live attempt has had its time. One that was launched before this supervisor came gets a minute to
// be heard first: it may have ended within its time while nobody listened.
Instant limit_of(const State& state, size_t place) {
  constexpr Duration hearing = Duration::from_s(60);
  const Attempt& attempt = *current(state.tasks[place]);
  const Instant limit = attempt.launched_at + Duration::from_ms(state.plan.tasks[place].timeout_ms);
  const bool adopted = attempt.launched_at < state.supervised_at;
  return adopted ? std::max(limit, state.supervised_at + hearing) : limit;
}

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
  if (PIANOLA_PLANTED("no-task-timeout")) return std::nullopt;
  return now >= limit_of(state, place) ? std::optional(EndReason::task_timeout) : std::nullopt;
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

// The next attempt goes on in the same workspace when that is known to be whole and empty of processes
// and its base still serves; a conflict needs today's staging.
bool may_reuse(const State& state, size_t place) {
  const TaskRun& run = state.tasks[place];
  const Attempt* before = current(run);
  if (PIANOLA_PLANTED("reuse-dirty-workspace")) return before != nullptr && before->launched_at.ns > 0;
  if (before == nullptr || !before->collected || !before->exit || !before->exit->tree_empty) return false;
  // What works by the contract of before cannot land.
  if (before->contracts != contracts_at_staging(state, state.plan.tasks[place].id)) return false;
  const bool must_be_of_today = state.policy.stale_environment == StaleEnvironment::conflicts;
  if (must_be_of_today && before->environment != state.environment) return false;
  return before->outcome != Outcome::conflicted && run.workspaces.contains(before->generation);
}

AttemptStarted start_of(const State& state, size_t place) {
  const TaskRun& run = state.tasks[place];
  const plan::Task& task = state.plan.tasks[place];
  const Attempt* before = current(run);
  const bool reuse = may_reuse(state, place);
  const int last_generation = before == nullptr ? 0 : before->generation;
  return {.key = {.task = task.id, .number = static_cast<int>(run.attempts.size()) + 1},
          .generation = reuse ? last_generation : last_generation + 1,
          .reused = reuse,
          .base = reuse                           ? before->base
                  : PIANOLA_PLANTED("stale-base") ? state.repository.base
                                                  : state.staging,
          .agent = task.agent.empty() ? state.policy.default_agent : task.agent,
          .notes = static_cast<int>(run.said.size()),
          .contracts = contracts_at_staging(state, task.id),
          .environment = reuse ? before->environment : state.environment};
}

// Those that may start now, in the order in which they should; a task that `jobs` leave no room for is not
// looked at.
void start_ready(const State& state, Instant now, std::vector<Event>& out) {
  int free_slots = state.policy.jobs - busy_slots(state);
  if (PIANOLA_PLANTED("one-slot-too-many")) ++free_slots;
  if (free_slots <= 0) return;
  std::set<Agenda::Rank> again;
  for (const auto& [retry_at, place] : state.agenda.delayed) {
    if (retry_at > now) break;
    again.insert(rank_of(state, place));
  }
  std::set<size_t> beside;  // must not be at work with what starts here
  auto fresh = state.agenda.ready.begin();
  auto old = again.begin();
  while (free_slots > 0 && (fresh != state.agenda.ready.end() || old != again.end())) {
    const bool takes_old = old != again.end() && (fresh == state.agenda.ready.end() || *old < *fresh);
    const size_t place = std::get<2>(takes_old ? *old++ : *fresh++);
    if (beside.contains(place)) continue;
    --free_slots;
    out.push_back(start_of(state, place));
    const auto rivals = state.conflicting.find(place);
    if (rivals == state.conflicting.end() || PIANOLA_PLANTED("ignore-conflicts")) continue;
    beside.insert(rivals->second.begin(), rivals->second.end());
  }
}

// --- what is left over, and the end ----------------------------------------------------------------------

void remove_workspaces(const State& state, size_t place, std::vector<Event>& out) {
  for (const auto& [generation, workspace] : state.tasks[place].workspaces) {
    if (!is_removable(state, place, generation)) continue;
    out.push_back(WorkspaceRemoving{state.plan.tasks[place].id, generation});
  }
}

void finish(const State& state, std::vector<Event>& out) {
  if (state.paused || state.stopping != Stopping::no) return;
  const bool settled = state.agenda.settled == state.tasks.size() || PIANOLA_PLANTED("finish-early");
  if (state.phase == Phase::running && settled) {
    out.push_back(FinalGatesStarted{state.staging});
  } else if (state.phase == Phase::promotable) {
    out.push_back(PromotionStarted{state.finish.promoting_from, state.finish.verified, state.finish.mode});
  } else if (state.phase == Phase::promoting && !state.finish.moved_target.empty() &&
             !state.finish.rebuilding) {
    out.push_back(RebuildStarted{state.finish.moved_target, state.staging});
  }
}

// Tasks that something may have to be decided about, in plan order.
std::vector<size_t> places_of_interest(const State& state) {
  const Agenda& agenda = state.agenda;
  std::vector<size_t> places(agenda.moving.begin(), agenda.moving.end());
  places.insert(places.end(), agenda.removable.begin(), agenda.removable.end());
  if (!state.queue.empty()) places.push_back(state.queue.front());
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

}  // namespace

std::vector<Event> decide(const State& state, Instant now) {
  std::vector<Event> out;
  if (state.run.empty() || is_over(state) || state.phase == Phase::unopened) return out;
  for (const size_t place : places_of_interest(state)) {
    if (state.tasks[place].phase == TaskPhase::active) advance(state, place, now, out);
    if (state.agenda.removable.contains(place)) remove_workspaces(state, place, out);
  }
  if (may_start_things(state, now)) start_ready(state, now, out);
  finish(state, out);
  return out;
}

std::optional<Instant> next_deadline(const State& state, Instant silent_at) {
  std::optional<Instant> soonest;
  const auto at = [&](Instant instant) {
    const bool new_then = instant > silent_at || PIANOLA_PLANTED("wake-for-nothing");
    if (new_then && (!soonest || instant < *soonest)) soonest = instant;
  };
  if (state.run.empty() || is_over(state)) return soonest;
  const bool starts = !state.paused && state.stopping == Stopping::no && !PIANOLA_PLANTED("forget-retry");
  if (starts && busy_slots(state) < state.policy.jobs) {
    const auto next = state.agenda.delayed.upper_bound({silent_at, state.tasks.size()});
    if (next != state.agenda.delayed.end()) at(next->first);
  }
  for (const size_t place : state.agenda.occupying) {
    const Attempt& attempt = *current(state.tasks[place]);
    if (!is_live(attempt.stage)) continue;
    at(attempt.ending ? attempt.stage_at + end_again : limit_of(state, place));
  }
  const bool limited = state.policy.run_timeout_ms > 0 && state.phase == Phase::running;
  if (limited) at(state.started_at + Duration::from_ms(state.policy.run_timeout_ms));
  return soonest;
}

}  // namespace pianola::core
