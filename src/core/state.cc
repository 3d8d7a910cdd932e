#include "core/state.h"

namespace pianola::core {

const Attempt* current(const TaskRun& task) {
  return task.attempts.empty() ? nullptr : &task.attempts.back();
}

Attempt* current(TaskRun& task) { return task.attempts.empty() ? nullptr : &task.attempts.back(); }

AttemptKey key_of(const State& state, size_t place) {
  return {.task = state.plan.tasks[place].id, .number = static_cast<int>(state.tasks[place].attempts.size())};
}

const size_t* find(const State& state, const TaskId& task) {
  const auto at = state.index.find(task);
  return at == state.index.end() ? nullptr : &at->second;
}

bool is_live(Stage stage) {
  return stage == Stage::launching || stage == Stage::starting || stage == Stage::working;
}

bool is_settled(TaskPhase phase) {
  return phase != TaskPhase::waiting && phase != TaskPhase::active && phase != TaskPhase::backoff;
}

bool is_lost(TaskPhase phase) { return is_settled(phase) && phase != TaskPhase::landed; }

int busy_slots(const State& state) { return static_cast<int>(state.agenda.occupying.size()); }

const PromotionRecord* find_promotion(const State& state, uint64_t seq) {
  for (const PromotionRecord& promotion : state.finish.promotions) {
    if (promotion.seq == seq) return &promotion;
  }
  return nullptr;
}

bool is_over(const State& state) {
  return state.phase == Phase::done || state.phase == Phase::failed || state.phase == Phase::left;
}

std::string stage_text(Stage stage) {
  switch (stage) {
    case Stage::preparing:
      return "preparing";
    case Stage::prepared:
      return "prepared";
    case Stage::launching:
      return "launching";
    case Stage::starting:
      return "starting";
    case Stage::working:
      return "working";
    case Stage::exited:
      return "exited";
    case Stage::collecting:
      return "collecting";
    case Stage::queued:
      return "queued";
    case Stage::building:
      return "building";
    case Stage::built:
      return "built";
    case Stage::gating:
      return "gating";
    case Stage::red:
      return "red";
    case Stage::gating_head:
      return "gating_head";
    case Stage::green:
      return "green";
    case Stage::landing:
      return "landing";
    case Stage::ended:
      return "ended";
  }
  return "";
}

std::string phase_text(const State& state) {
  switch (state.phase) {
    case Phase::done:
      return "done";
    case Phase::failed:
      return "failed";
    case Phase::left:
      return "paused";
    case Phase::final_gates:
    case Phase::promotable:
    case Phase::promoting:
      return state.paused ? "paused" : "promoting";
    case Phase::unopened:
    case Phase::running:
      return state.paused ? "paused" : "running";
  }
  return "";
}

std::string isolation_text(Isolation isolation) {
  switch (isolation) {
    case Isolation::sealed:
      return "sealed";
    case Isolation::landlock:
      return "landlock";
    case Isolation::worktree:
      return "worktree";
    case Isolation::none:
      return "none";
  }
  return "";
}

std::string promote_text(PromoteMode mode) {
  switch (mode) {
    case PromoteMode::ask:
      return "ask";
    case PromoteMode::checkout:
      return "checkout";
    case PromoteMode::leave:
      return "leave";
  }
  return "";
}

}  // namespace pianola::core
