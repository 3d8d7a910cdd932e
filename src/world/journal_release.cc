// Waiting for a run to be nobody's.
#include <poll.h>

#include "world/journal_lock.h"

namespace pianola::world {

Result<void> await_release(const std::string& path, int64_t timeout_ms) {
  constexpr int look_interval_ms = 50;
  for (int64_t waited_ms = 0; TRY(lock_holder(path)).has_value(); waited_ms += look_interval_ms) {
    if (waited_ms >= timeout_ms) {
      return refuse(Error{.kind = ErrorKind::paused,
                          .where = path,
                          .what = "still held after " + std::to_string(timeout_ms / 1000) + " s",
                          .expected = {},
                          .next = "look: pianola status"});
    }
    ::poll(nullptr, 0, look_interval_ms);
  }
  return {};
}

}  // namespace pianola::world
