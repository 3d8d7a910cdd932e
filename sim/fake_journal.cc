#include "sim/fake_journal.h"

#include <utility>

namespace pianola::sim {

void FakeJournal::begin(const std::vector<core::Recorded>& events) {
  if (!fate_.is_alive()) return;
  begun_ = events;
  if (!fate_.step()) return;
  const uint64_t number = fate_.next_append();
  fails_ = fate_.strikes(Fault::append_fails) || number == fate_.strike().fail_append;
  fate_.tell_stored(fate_.chance(90) ? Duration{} : fate_.between_ms(0, fate_.chance(80) ? 100 : 10'000));
}

Result<void> FakeJournal::await() {
  if (fate_.is_alive() && !fails_) {
    watch_.stored(std::exchange(begun_, {}));
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
  const std::vector<core::Recorded> torn = std::exchange(begun_, {});
  if (torn.empty()) return;
  const size_t kept = fate_.below(torn.size() + 1);
  watch_.stored({torn.begin(), torn.begin() + static_cast<std::ptrdiff_t>(kept)});
}

}  // namespace pianola::sim
