#include "sim/timeline.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace pianola::sim {

void Timeline::at(Instant when, Owner owner, std::function<void()> act) {
  heap_.push_back({std::max(when, now_), ++sequence_, owner, std::move(act)});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

std::optional<Instant> Timeline::next(Owner alive) {
  while (!heap_.empty()) {
    const Happening& first = heap_.front();
    if (first.owner == the_world || first.owner == alive) return first.at;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
  }
  return std::nullopt;
}

void Timeline::run_next(Owner alive) {
  CHECK(next(alive).has_value(), "only what was announced can happen");
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Happening happening = std::move(heap_.back());
  heap_.pop_back();
  now_ = std::max(now_, happening.at);
  happening.act();
}

void Timeline::advance(Instant when) { now_ = std::max(now_, when); }

bool Timeline::later(const Happening& a, const Happening& b) {
  return std::tie(a.at, a.sequence) > std::tie(b.at, b.sequence);
}

}  // namespace pianola::sim
