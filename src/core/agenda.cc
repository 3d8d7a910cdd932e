#include "core/agenda.h"

#include "core/ending.h"
#include "core/plant.h"
#include "core/state.h"

namespace pianola::core {
namespace {

template <class Key>
void keep(std::set<Key>& all, const Key& one, bool belongs) {
  if (belongs) {
    all.insert(one);
  } else {
    all.erase(one);
  }
}

bool has_removable(const State& state, size_t place) {
  for (const auto& [generation, workspace] : state.tasks[place].workspaces) {
    if (is_removable(state, place, generation)) return true;
  }
  return false;
}

// Files the task at `place` where it belongs now.
void file(const State& state, Agenda& agenda, size_t place) {
  const TaskRun& run = state.tasks[place];
  const Attempt* attempt = current(run);
  const bool active = run.phase == TaskPhase::active;
  const bool free = agenda.met[place] == 0 || PIANOLA_PLANTED("ignore-conflicts");
  const bool complete = agenda.missing[place] == 0 || PIANOLA_PLANTED("ignore-dependencies");
  const bool waiting = run.phase == TaskPhase::waiting;
  keep(agenda.ready, rank_of(state, place), waiting && complete && free && !run.stop_asked);
  keep(agenda.delayed, {run.retry_at, place}, run.phase == TaskPhase::backoff && free && !run.stop_asked);
  keep(agenda.doomed, place, waiting && agenda.lost[place] > 0);
  keep(agenda.due, place, active ? verdict(state, place).has_value() : settlement(state, place).has_value());
  keep(agenda.moving, place, active && attempt->stage != Stage::queued);
  const bool occupies = active && (attempt->stage == Stage::preparing || attempt->stage == Stage::prepared ||
                                   is_live(attempt->stage));
  keep(agenda.occupying, place, occupies);
  keep(agenda.removable, place, has_removable(state, place));
}

template <class Change>
void change_rivals(State& state, size_t place, Change change) {
  const auto rivals = state.conflicting.find(place);
  if (rivals == state.conflicting.end()) return;
  for (const size_t rival : rivals->second) {
    change(state.agenda.met[rival]);
    file(state, state.agenda, rival);
  }
}

}  // namespace

Agenda::Rank rank_of(const State& state, size_t place) {
  return {state.plan.tasks[place].priority, -state.tails[place], place};
}

bool is_removable(const State& state, size_t place, int generation) {
  const TaskRun& run = state.tasks[place];
  const Attempt* attempt = current(run);
  const Workspace& workspace = run.workspaces.at(generation);
  const bool superseded = attempt != nullptr && generation < attempt->generation;
  const bool saved = workspace.saved || PIANOLA_PLANTED("remove-unsaved");
  return (run.phase == TaskPhase::landed || superseded) && saved && !workspace.removing;
}

Agenda agenda_of(const State& state) {
  Agenda agenda;
  const size_t count = state.tasks.size();
  agenda.dependents.resize(count);
  agenda.missing.resize(count);
  agenda.lost.resize(count);
  agenda.met.resize(count);
  for (size_t place = 0; place < count; ++place) {
    for (const TaskId& needed : state.plan.tasks[place].depends_on) {
      const size_t before = state.index.at(needed);
      const TaskPhase phase = state.tasks[before].phase;
      agenda.dependents[before].push_back(place);
      agenda.missing[place] += phase == TaskPhase::landed ? 0U : 1U;
      agenda.lost[place] += is_lost(phase) ? 1U : 0U;
    }
    agenda.settled += is_settled(state.tasks[place].phase) ? 1U : 0U;
    agenda.landed += state.tasks[place].phase == TaskPhase::landed ? 1U : 0U;
  }
  for (const auto& [place, rivals] : state.conflicting) {
    for (const size_t rival : rivals) {
      agenda.met[place] += state.tasks[rival].phase == TaskPhase::active ? 1U : 0U;
    }
  }
  for (size_t place = 0; place < count; ++place) file(state, agenda, place);
  return agenda;
}

void refresh(State& state, size_t place, TaskPhase before) {
  Agenda& agenda = state.agenda;
  const TaskPhase now = state.tasks[place].phase;
  if (now != before) {
    if (now == TaskPhase::active) change_rivals(state, place, [](size_t& met) { ++met; });
    if (before == TaskPhase::active) change_rivals(state, place, [](size_t& met) { --met; });
    agenda.settled += is_settled(now) && !is_settled(before) ? 1U : 0U;
    agenda.landed += now == TaskPhase::landed ? 1U : 0U;
    for (const size_t dependent : agenda.dependents[place]) {
      agenda.missing[dependent] -= now == TaskPhase::landed ? 1U : 0U;
      agenda.lost[dependent] += is_lost(now) ? 1U : 0U;
      file(state, agenda, dependent);
    }
  }
  file(state, agenda, place);
}

}  // namespace pianola::core
