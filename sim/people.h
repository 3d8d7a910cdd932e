// Whoever sits before the screen: pauses, stops, says and promotes at odd moments, and in the end always
// resumes what waits for a person.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/grounds.h"

namespace pianola::sim {

class People {
 public:
  explicit People(Grounds& grounds) : grounds_(grounds) {}

  // Plans what will be asked during the safety phase.
  void plan_acts();
  // Reacts to what the screen shows after a turn.
  void look(const core::State& state);
  // A promotion was asked for, or will be.
  bool means_to_promote() const { return will_promote_; }
  // An undo was asked for, or will be.
  bool means_to_undo() const { return will_undo_; }

 private:
  void act_at(Duration delay, core::Input input);
  void ask(const core::Input& input);
  core::TaskId any_task();

  Grounds& grounds_;
  uint64_t asked_ = 0;
  bool will_resume_ = false;
  bool will_promote_ = false;
  int promotions_ = 0;
  bool will_undo_ = false;
  int undos_ = 0;
};

}  // namespace pianola::sim
