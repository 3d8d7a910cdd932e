#include "view/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "view/numbers.h"

namespace pianola::view {
namespace {

using core::Attempt;
using core::Phase;
using core::Stage;
using core::State;
using core::Stopping;
using core::TaskPhase;
using core::TaskRun;

std::string waiting_reason(const State& state, size_t place) {
  constexpr size_t names_shown = 3;
  std::string names;
  size_t missing = 0;
  for (const core::TaskId& needed : state.plan.tasks[place].depends_on) {
    if (state.tasks[state.index.at(needed)].phase == TaskPhase::landed) continue;
    if (++missing > names_shown) continue;
    names += (names.empty() ? "" : ", ") + needed.str();
  }
  if (missing > names_shown) names += fmt::format(" and {} more", missing - names_shown);
  return "after " + names;
}

// What keeps everything from starting; "" when nothing does.
std::string standstill(const State& state) {
  if (is_over(state)) return "the run is over";
  if (state.paused) return "the run is paused";
  if (state.stopping != Stopping::no) return "the run is stopping";
  return state.phase == Phase::unopened ? "the run is being opened" : "";
}

std::string ready_reason(const State& state, size_t place) {
  if (std::string still = standstill(state); !still.empty()) return still;
  if (const auto rivals = state.conflicting.find(place); rivals != state.conflicting.end()) {
    for (const size_t rival : rivals->second) {
      if (state.tasks[rival].phase != TaskPhase::active) continue;
      return "waits for " + state.plan.tasks[rival].id.str() + ", which touches the same files";
    }
  }
  const int used = busy_slots(state);
  if (used >= state.policy.jobs)
    return fmt::format("waits for a slot, {} of {} used", used, state.policy.jobs);
  return "starts next";
}

std::string ending_reason(core::EndReason reason) {
  switch (reason) {
    case core::EndReason::task_timeout:
      return "is being ended: its time limit";
    case core::EndReason::run_timeout:
      return "is being ended: the run's time limit";
    case core::EndReason::stopped:
    case core::EndReason::aborted:
      return "is being ended: stopped by a person";
  }
  return "";
}

std::string queue_reason(const State& state, size_t place) {
  const auto at = std::find(state.queue.begin(), state.queue.end(), place);
  const auto before = static_cast<size_t>(at - state.queue.begin());
  return before == 0 ? "its gates start next" : counted(before, "change") + " to check before it";
}

std::string attempt_reason(const State& state, size_t place, const Attempt& attempt) {
  switch (attempt.stage) {
    case Stage::preparing:
      return "workspace is being made";
    case Stage::prepared: {
      const std::string still = standstill(state);
      return still.empty() ? "workspace ready" : "workspace ready; " + still;
    }
    case Stage::launching:
    case Stage::starting:
    case Stage::working:
      if (attempt.ending) return ending_reason(*attempt.ending);
      return attempt.stage == Stage::launching  ? "agent is being started"
             : attempt.stage == Stage::starting ? "waits for its first word"
                                                : "";
    case Stage::exited:
    case Stage::collecting:
      return attempt.claim.success ? "its work is being fetched" : "its work is being saved";
    case Stage::queued:
      return queue_reason(state, place);
    case Stage::building:
      return "is merged onto staging " + short_hash(attempt.staging_from);
    case Stage::built:
      return "candidate " + short_hash(attempt.candidate) + ", gates start";
    case Stage::gating:
      return counted(state.plan.tasks[place].verification.size(), "gate") + " on " +
             short_hash(attempt.candidate);
    case Stage::red:
      return "red with what landed meanwhile";
    case Stage::gating_head:
      return "red with what landed meanwhile; its gates run on it alone";
    case Stage::green:
      return "gates green on " + short_hash(attempt.candidate);
    case Stage::landing:
      return "staging moves to " + short_hash(attempt.candidate);
    case Stage::ended:
      return "";
  }
  return "";
}

}  // namespace

std::string task_reason(const State& state, size_t place, const std::string& word) {
  const TaskRun& run = state.tasks[place];
  const Attempt* attempt = current(run);
  if (word == "waiting") return waiting_reason(state, place);
  if (word == "ready") return ready_reason(state, place);
  if (word == "landed") return "staging " + short_hash(run.landed_as);
  if (run.phase == TaskPhase::backoff && attempt != nullptr) {
    const std::string why =
        outcome_text(attempt->outcome.value_or(core::Outcome::failed)) + ": " + attempt->reason;
    return word == "retry" ? "try " + next_try_text(state, place) + " after " + why : why;
  }
  if (run.phase == TaskPhase::active && attempt != nullptr) return attempt_reason(state, place, *attempt);
  return run.reason;
}

std::string task_needs(const State& state, size_t place, const std::string& word) {
  if (word != "failed") return "";
  return logs_command(state.plan.tasks[place].id, current(state.tasks[place]));
}

std::string logs_command(const core::TaskId& task, const Attempt* attempt) {
  const bool on_a_check = attempt != nullptr && !attempt->checks.empty() && !all_green(attempt->checks);
  return "pianola logs " + task.str() + (on_a_check ? " --gate" : "");
}

std::string without_remedy(const std::string& reason) {
  constexpr std::string_view remedy = "then: pianola resume";
  if (!reason.ends_with(remedy)) return reason;
  std::string rest = reason.substr(0, reason.size() - remedy.size());
  while (rest.ends_with(' ') || rest.ends_with(',') || rest.ends_with(';')) rest.pop_back();
  return rest;
}

std::string run_reason(const State& state) {
  if (state.phase == Phase::left || state.phase == Phase::failed) return state.finish.reason;
  if (state.paused) return without_remedy(state.pause_reason);
  if (state.stopping == Stopping::finish_running) return "stopping: no new start, what runs may finish";
  if (state.stopping == Stopping::end_all) return "stopping: everything is ended, work is kept";
  const std::string target = short_ref(state.repository.target);
  switch (state.phase) {
    case Phase::final_gates:
      return "final checks on " + short_hash(state.staging);
    case Phase::promotable:
      return "final checks green on " + short_hash(state.finish.verified);
    case Phase::promoting:
      if (!state.finish.moved_target.empty()) return target + " has moved; staging is merged with it";
      return target + " moves to " + short_hash(state.finish.verified);
    case Phase::unopened:
    case Phase::running:
    case Phase::left:
    case Phase::done:
    case Phase::failed:
      return "";
  }
  return "";
}

std::string next_try_text(const State& state, size_t place) {
  const int max = state.plan.tasks[place].attempts;
  return fmt::format("{} of {}", std::min(state.tasks[place].counted_attempts + 1, max), max);
}

bool dependencies_landed(const State& state, size_t place) {
  const std::vector<core::TaskId>& needed = state.plan.tasks[place].depends_on;
  return std::all_of(needed.begin(), needed.end(), [&](const core::TaskId& id) {
    return state.tasks[state.index.at(id)].phase == TaskPhase::landed;
  });
}

std::vector<size_t> dependency_order(const State& state) {
  std::vector<size_t> order(state.tasks.size());
  for (size_t place = 0; place < order.size(); ++place) order[place] = place;
  // The chain that starts with a dependency is longer than every chain that starts with what needs it.
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return state.tails[a] > state.tails[b]; });
  return order;
}

std::vector<int> held_tasks(const State& state) {
  const size_t words = (state.tasks.size() + 63) / 64;
  std::vector<uint64_t> held(words * state.tasks.size());  // one row of bits per task
  const std::vector<size_t> order = dependency_order(state);
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    if (state.tasks[*at].phase != TaskPhase::waiting) continue;
    for (const core::TaskId& id : state.plan.tasks[*at].depends_on) {
      const size_t needed = state.index.at(id);
      if (state.tasks[needed].phase == TaskPhase::landed) continue;
      for (size_t word = 0; word < words; ++word) held[needed * words + word] |= held[*at * words + word];
      held[needed * words + *at / 64] |= uint64_t{1} << (*at % 64);
    }
  }
  std::vector<int> counts(state.tasks.size());
  for (size_t place = 0; place < counts.size(); ++place) {
    for (size_t word = 0; word < words; ++word)
      counts[place] += __builtin_popcountll(held[place * words + word]);
  }
  return counts;
}

}  // namespace pianola::view
