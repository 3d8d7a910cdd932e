#include "sim/fake_journal.h"

#include <algorithm>
#include <utility>

namespace pianola::sim {

void FakeJournal::begin(const std::vector<core::Recorded>& events) {
  if (!fate_.is_alive()) return;
  begun_.push_back({events, false});
  if (!fate_.step()) return;
  const uint64_t number = fate_.next_append();
  begun_.back().fails = fate_.strikes(Fault::append_fails) || number == fate_.strike().fail_append;
  const Duration takes = fate_.chance(90) ? Duration{} : fate_.between_ms(0, fate_.chance(80) ? 100 : 10'000);
  told_ = std::max(told_, fate_.timeline.now() + takes);
  fate_.tell_stored(told_ - fate_.timeline.now());
}

Result<void> FakeJournal::await() {
  if (fate_.is_alive() && !begun_.empty() && !begun_.front().fails) {
    watch_.stored(begun_.front().events);
    begun_.pop_front();
    return {};
  }
  fate_.kill();
  abandon();
  return refuse(Error{.kind = ErrorKind::paused,
                      .where = "journal",
                      .what = "no space left on device",
                      .expected = {},
                      .next = {}});
}

void FakeJournal::abandon() {
  std::vector<core::Recorded> torn;
  for (const Batch& batch : std::exchange(begun_, {})) {
    torn.insert(torn.end(), batch.events.begin(), batch.events.end());
    // Nothing is written behind what the disk refused.
    if (batch.fails) break;
  }
  if (torn.empty()) return;
  const size_t kept = fate_.below(torn.size() + 1);
  watch_.stored({torn.begin(), torn.begin() + static_cast<std::ptrdiff_t>(kept)});
}

}  // namespace pianola::sim
