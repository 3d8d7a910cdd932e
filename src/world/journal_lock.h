// The lock of a run: held for life by the one process that writes its journal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "world/child.h"

namespace pianola::world {

// Who holds a run, as they wrote it into the lock file.
struct LockHolder {
  int64_t pid = 0;
  int64_t since_s = 0;  // wall clock, seconds since 1970
};

class JournalLock {
 public:
  // Takes the lock of `run` or fails. A supervisor that was killed between fork and exec leaves it held by
  // its child for some milliseconds, so a held lock is tried again for `wait_ms`. Errors: held, naming the
  // holder; paused or failed when the file cannot be made.
  static Result<JournalLock> take(const std::string& path, const std::string& run, int64_t wait_ms);

  // False when the file was deleted or replaced: then somebody else may hold "the" lock as well.
  bool is_still_there() const;

 private:
  JournalLock(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  std::string path_;
  Fd fd_;
};

// Who holds the lock now; nothing when nobody does. Holds it shared for a moment itself.
Result<std::optional<LockHolder>> lock_holder(const std::string& path);

// "r12: supervisor 48213 runs it since 09:12; ..." (held).
Error held_error(const LockHolder& holder, const std::string& run);

// Waits until nobody holds the lock at `path`. Errors (paused): somebody still does after `timeout_ms`.
Result<void> await_release(const std::string& path, int64_t timeout_ms);

// True when the open file `fd` is what `path` names.
bool is_file_at(int fd, const std::string& path);

}  // namespace pianola::world
