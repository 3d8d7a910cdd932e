#include <utility>

#include "core/folding.h"
#include "core/plant.h"

namespace pianola::core {

Verdict Fold::operator()(const FinalGatesStarted& e) {
  if (state_.phase != Phase::running) return "the run is not at its end";
  if (e.commit != state_.staging) return "not what staging holds";
  state_.phase = Phase::final_gates;
  return legal;
}

Verdict Fold::operator()(const FinalGatesFinished& e) {
  if (state_.phase != Phase::final_gates || e.commit != state_.staging) return "no final checks run on it";
  state_.finish.checks = e.checks;
  if (!all_green(e.checks) && !PIANOLA_PLANTED("promote-unverified")) return legal;
  state_.finish.verified = e.commit;
  state_.phase = Phase::promotable;
  return legal;
}

Verdict Fold::operator()(const PromotionRequested& e) {
  if (state_.phase != Phase::left) return "nothing waits for promotion";
  state_.finish.mode = e.mode;
  state_.finish.rebuilds = 0;  // who asks once more gets new tries
  state_.phase = Phase::promotable;
  return legal;
}

Verdict Fold::operator()(const PromotionStarted& e) {
  if (state_.phase != Phase::promotable) return "nothing waits for promotion";
  if (e.to != state_.finish.verified || e.to != state_.staging) return "not the verified commit";
  state_.phase = Phase::promoting;
  return legal;
}

Verdict Fold::operator()(const TargetPromoted& e) {
  if (state_.phase != Phase::promoting || e.commit != state_.finish.verified)
    return "not the verified commit";
  state_.finish.promotions.push_back(
      {.seq = state_.seq + 1, .from = state_.finish.promoting_from, .to = e.commit, .undone_by = 0});
  return legal;
}

Verdict Fold::operator()(const PromotionLeft& e) {
  if (state_.phase != Phase::promoting) return "no promotion is under way";
  state_.phase = Phase::left;
  state_.finish.rebuilding = false;
  state_.finish.moved_target.clear();
  state_.finish.reason = e.reason;
  state_.finished_at = at_;
  return legal;
}

Verdict Fold::operator()(const TargetMoved& e) {
  if (state_.phase != Phase::promoting) return "no promotion is under way";
  state_.finish.moved_target = e.commit;
  return legal;
}

Verdict Fold::operator()(const RebuildStarted& e) {
  if (state_.phase != Phase::promoting || state_.finish.moved_target.empty())
    return "the target has not moved";
  if (e.staging != state_.staging) return "not what staging holds";
  state_.finish.rebuilding = true;
  state_.finish.rebuild_at = at_;
  ++state_.finish.rebuilds;
  return legal;
}

Verdict Fold::operator()(const StagingRebuilt& e) {
  if (!state_.finish.rebuilding) return "staging is not being rebuilt";
  state_.finish.rebuilding = false;
  state_.finish.promoting_from = std::exchange(state_.finish.moved_target, "");
  state_.finish.verified.clear();
  state_.staging = e.commit;
  if (!e.environment.empty()) state_.environment = e.environment;
  state_.phase = Phase::running;
  return legal;
}

Verdict Fold::operator()(const RunPaused& e) {
  if (is_over(state_) || state_.paused) return "the run is over or paused";
  state_.paused = true;
  state_.pause_reason = e.reason;
  state_.pause_kind = e.kind.value_or(PauseKind::paused);
  return legal;
}

Verdict Fold::operator()(const RunResumed&) {
  state_.paused = false;
  state_.pause_reason.clear();
  state_.pause_kind = PauseKind::paused;
  state_.stopping = Stopping::no;
  return legal;
}

Verdict Fold::operator()(const RunStopping& e) {
  if (is_over(state_)) return "the run is over";
  state_.stopping = e.how;
  return legal;
}

Verdict Fold::operator()(const RunFinished& e) {
  if (is_over(state_)) return "the run is over";
  if (e.success && state_.phase != Phase::promoting) return "nothing was promoted";
  state_.phase = e.success ? Phase::done : Phase::failed;
  state_.finish.reason = e.reason;
  state_.finished_at = at_;
  return legal;
}

Verdict Fold::operator()(const UndoStarted& e) {
  const PromotionRecord* promotion = find_promotion(state_, e.of);
  if (state_.phase != Phase::done || state_.finish.undoing != 0) return "nothing stands promoted";
  if (promotion == nullptr || promotion != &state_.finish.promotions.back() || promotion->undone_by != 0)
    return "not the last promotion";
  if (e.from != promotion->to || e.to != promotion->from) return "not what it moved";
  state_.finish.undoing = e.of;
  state_.finish.undo_refusal.clear();
  return legal;
}

Verdict Fold::operator()(const PromotionUndone& e) {
  if (state_.finish.undoing == 0 || e.of != state_.finish.undoing) return "it is not being undone";
  PromotionRecord& promotion = state_.finish.promotions.back();
  if (e.commit != promotion.from) return "not where it was";
  promotion.undone_by = state_.seq + 1;
  state_.finish.undoing = 0;
  // It is what it was before: verified, and not on the target.
  state_.finish.promoting_from = e.commit;
  state_.finish.reason = "undone by a person";
  state_.phase = Phase::left;
  return legal;
}

Verdict Fold::operator()(const UndoLeft& e) {
  if (state_.finish.undoing == 0 || e.of != state_.finish.undoing) return "it is not being undone";
  state_.finish.undoing = 0;
  state_.finish.undo_refusal = e.reason;
  return legal;
}

}  // namespace pianola::core
