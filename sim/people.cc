#include "sim/people.h"

namespace pianola::sim {
namespace {

constexpr int64_t busy_hours_ms = 2 * 3'600'000;
constexpr int promotions_max = 2;
constexpr int undos_max = 2;

}  // namespace

void People::plan_acts() {
  Fate& fate = grounds_.fate;
  for (int chance = 0; chance < 6; ++chance) {
    const auto when = [&] { return fate.between_ms(0, fate.chance(50) ? 300'000 : busy_hours_ms); };
    if (fate.strikes(Fault::people_pause)) act_at(when(), core::PauseRequested{"a person asked"});
    if (fate.strikes(Fault::people_stop)) {
      act_at(when(),
             core::StopRequested{fate.chance(50) ? core::Stopping::finish_running : core::Stopping::end_all});
    }
    if (fate.strikes(Fault::people_stop_task)) act_at(when(), core::TaskStopRequested{any_task()});
    if (fate.strikes(Fault::people_say)) act_at(when(), core::SayRequested{any_task(), "mind the tests"});
    if (fate.strikes(Fault::people_say)) act_at(when(), core::ResumeRequested{});
    if (fate.strikes(Fault::people_say)) act_at(when(), core::PromoteRequested{core::PromoteMode::checkout});
  }
}

void People::look(const core::State& state) {
  Fate& fate = grounds_.fate;
  if (state.paused && !will_resume_) {
    will_resume_ = true;
    fate.later(fate.between_ms(1'000, 600'000), [this] {
      will_resume_ = false;
      ask(core::ResumeRequested{});
    });
  }
  if (state.phase == core::Phase::left && promotions_ < promotions_max && fate.chance(50)) {
    ++promotions_;
    will_promote_ = true;
    fate.later(fate.between_ms(1'000, 600'000), [this] {
      will_promote_ = false;
      ask(core::PromoteRequested{core::PromoteMode::checkout});
    });
  }
  if (state.phase == core::Phase::done && !will_undo_ && undos_ < undos_max && fate.chance(30)) {
    ++undos_;
    will_undo_ = true;
    const uint64_t last = state.finish.promotions.back().seq;
    fate.later(fate.between_ms(1'000, 600'000), [this, last] {
      will_undo_ = false;
      ask(core::UndoRequested{grounds_.fate.chance(90) ? last : last - 1});
    });
  }
}

core::TaskId People::any_task() {
  if (grounds_.fate.chance(5)) return core::TaskId("nobody");
  const auto place = static_cast<size_t>(grounds_.fate.below(grounds_.run.plan.tasks.size()));
  return grounds_.task(place).id;
}

void People::act_at(Duration delay, core::Input input) {
  const bool twice = grounds_.fate.strikes(Fault::people_repeat);
  grounds_.fate.later(delay, [this, input = std::move(input), twice] {
    ask(input);
    if (twice) ask(input);
  });
}

void People::ask(const core::Input& input) {
  // A door that nobody holds open takes no requests.
  if (grounds_.fate.is_alive()) grounds_.fate.ask(input, ++asked_);
}

}  // namespace pianola::sim
