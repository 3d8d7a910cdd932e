// Virtual time: what will happen, in the order (time, sequence). Nothing here waits.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/instant.h"

namespace pianola::sim {

// Who a happening belongs to: the world goes on without a supervisor; what one supervisor waits for dies
// with it.
using Owner = int;
constexpr Owner the_world = 0;

class Timeline {
 public:
  Instant now() const { return now_; }

  void at(Instant when, Owner owner, std::function<void()> act);
  // Time of the next happening that is the world's or `alive`'s; others are thrown away.
  std::optional<Instant> next(Owner alive);
  // Lets the next happening happen. There must be one.
  void run_next(Owner alive);
  // Moves time to `when`, which no happening precedes.
  void advance(Instant when);

 private:
  struct Happening {
    Instant at;
    uint64_t sequence = 0;
    Owner owner = the_world;
    std::function<void()> act;
  };
  static bool later(const Happening& a, const Happening& b);

  Instant now_{1'000'000'000'000'000'000};
  uint64_t sequence_ = 0;
  std::vector<Happening> heap_;
};

}  // namespace pianola::sim
