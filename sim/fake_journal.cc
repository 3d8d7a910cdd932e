#include "sim/fake_journal.h"

namespace pianola::sim {

Result<void> FakeJournal::append(const std::vector<core::Recorded>& events) {
  const bool was_alive = fate_.is_alive();
  if (!fate_.step()) return was_alive ? tear(events) : tear({});
  const uint64_t number = fate_.next_append();
  if (fate_.strikes(Fault::append_fails) || number == fate_.strike().fail_append) return tear(events);
  watch_.stored(events);
  return {};
}

Result<void> FakeJournal::tear(const std::vector<core::Recorded>& events) {
  fate_.kill();
  const size_t kept = fate_.below(events.size() + 1);
  watch_.stored({events.begin(), events.begin() + static_cast<std::ptrdiff_t>(kept)});
  return refuse(Error{.kind = ErrorKind::paused,
                      .where = "journal",
                      .what = "no space left on device",
                      .expected = {},
                      .next = {}});
}

}  // namespace pianola::sim
