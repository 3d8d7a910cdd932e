#include "view/snapshot.h"

#include <algorithm>

#include "view/numbers.h"
#include "view/reasons.h"

namespace pianola::view {
namespace {

using core::Attempt;
using core::Phase;
using core::Stage;
using core::State;
using core::TaskPhase;
using core::TaskRun;

std::string word_of_stage(Stage stage) {
  switch (stage) {
    case Stage::preparing:
    case Stage::prepared:
    case Stage::launching:
    case Stage::starting:
      return "starting";
    case Stage::working:
      return "working";
    case Stage::exited:
    case Stage::collecting:
    case Stage::queued:
    case Stage::building:
    case Stage::built:
    case Stage::gating:
    case Stage::red:
    case Stage::gating_head:
    case Stage::ended:
      return "checking";
    case Stage::green:
    case Stage::landing:
      return "landing";
  }
  return "";
}

// When the last of the task's dependencies landed; the run's start when it has none.
Instant ready_since(const State& state, size_t place) {
  Instant since = state.started_at;
  for (const core::TaskId& id : state.plan.tasks[place].depends_on) {
    since = std::max(since, state.tasks[state.index.at(id)].landed_at);
  }
  return since;
}

std::optional<Instant> since_of(const State& state, size_t place, const std::string& word) {
  const TaskRun& run = state.tasks[place];
  const Attempt* attempt = current(run);
  switch (run.phase) {
    case TaskPhase::waiting:
      return word == "ready" ? ready_since(state, place) : state.started_at;
    case TaskPhase::active:
      return word == "starting" ? attempt->started_at : attempt->stage_at;
    case TaskPhase::backoff:
      return word == "ready" ? run.retry_at : attempt->ended_at;
    case TaskPhase::landed:
      return run.landed_at;
    case TaskPhase::failed:
      return attempt == nullptr ? std::nullopt : std::optional(attempt->ended_at);
    case TaskPhase::skipped:
    case TaskPhase::stopped:
      return std::nullopt;  // the journal's fold does not keep it
  }
  return std::nullopt;
}

void add_usage(core::Usage& sum, const Attempt& attempt, const Activity* activity) {
  const bool only_seen = activity != nullptr && attempt.claim.usage == core::Usage{};
  add(sum, only_seen ? activity->usage : attempt.claim.usage);
}

TaskRow row_of(const State& state, size_t place, const Activities& activities, Instant now) {
  const plan::Task& task = state.plan.tasks[place];
  const TaskRun& run = state.tasks[place];
  const Attempt* attempt = current(run);
  TaskRow row;
  row.id = task.id.str();
  row.state = state_word(state, place, now);
  row.attempt = static_cast<int>(run.attempts.size());
  row.attempts_max = task.attempts;
  row.agent = task.agent.empty() ? state.policy.default_agent : task.agent;
  row.isolation = isolation_text(state.policy.isolation);
  row.since = since_of(state, place, row.state);
  row.reason = task_reason(state, place, row.state);
  row.needs = task_needs(state, place, row.state);
  if (row.state == "retry") row.wakes_at = run.retry_at;
  if (attempt == nullptr) return row;

  const auto seen = activities.find({.task = task.id, .number = attempt->number});
  const Activity* activity = seen == activities.end() ? nullptr : &seen->second;
  const Instant end = attempt->stage == Stage::ended ? attempt->ended_at : now;
  row.agent = attempt->agent;
  row.elapsed_ms = std::max<int64_t>(0, (end - attempt->started_at).ms());
  for (const Attempt& one : run.attempts) add_usage(row.usage, one, &one == attempt ? activity : nullptr);
  if (activity != nullptr) {
    row.context_used = activity->context_used;
    row.context_size = activity->context_size;
    row.last_activity = activity->text;
  }
  return row;
}

void put_attention(Snapshot& shown, const State& state) {
  shown.reason = run_reason(state);
  if (state.phase == Phase::left) {
    shown.needs = "pianola promote";
  } else if (is_over(state)) {
    shown.needs = "";
  } else if (state.paused) {
    shown.needs = "pianola resume";
  } else if (!shown.supervised) {
    shown.reason = "no supervisor runs it";
    shown.needs = "pianola resume";
  }
}

}  // namespace

std::string state_word(const State& state, size_t place, Instant now) {
  const TaskRun& run = state.tasks[place];
  switch (run.phase) {
    case TaskPhase::waiting:
      return dependencies_landed(state, place) ? "ready" : "waiting";
    case TaskPhase::active:
      return word_of_stage(current(run)->stage);
    case TaskPhase::backoff:
      // A run that is over starts nothing any more.
      return is_over(state) ? "failed" : now < run.retry_at ? "retry" : "ready";
    case TaskPhase::landed:
      return "landed";
    case TaskPhase::failed:
      return "failed";
    case TaskPhase::skipped:
      return "skipped";
    case TaskPhase::stopped:
      return "stopped";
  }
  return "";
}

Snapshot snapshot(const State& state, const Activities& activities, const SnapshotOptions& options) {
  Snapshot shown;
  shown.run = state.run.str();
  shown.phase = phase_text(state);
  shown.isolation = isolation_text(state.policy.isolation);
  shown.repository = state.repository.path;
  shown.target = short_ref(state.repository.target);
  shown.plan_file = state.plan_file;
  shown.plan_sha256 = state.plan_sha256;
  shown.seq = state.seq;
  shown.started_at = state.started_at;
  if (is_over(state)) shown.finished_at = state.finished_at;
  shown.now = std::max(options.now, state.at);
  shown.stopping = state.stopping != core::Stopping::no && !state.paused && !is_over(state);
  shown.supervised = options.supervised;
  shown.jobs = state.policy.jobs;
  put_attention(shown, state);
  const std::vector<int> held = held_tasks(state);
  shown.tasks.reserve(state.tasks.size());
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    shown.tasks.push_back(row_of(state, place, activities, shown.now));
    TaskRow& row = shown.tasks.back();
    row.holds = held[place];
    ++shown.summary[row.state];
    add(shown.usage, row.usage);
  }
  return shown;
}

}  // namespace pianola::view
