// The least that any durable log does: write a batch, fdatasync, next. What the journal is measured against.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "world/child.h"

namespace pianola::bench {

// Seconds that it takes to append `batches` to a new file `path`, each synced before the next is written.
inline double bare_loop_seconds(const std::string& path, const std::vector<std::string>& batches) {
  const world::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  CHECK(static_cast<bool>(fd), "the file can be made");
  const auto before = std::chrono::steady_clock::now();
  for (const std::string& batch : batches) {
    const ssize_t written = ::write(fd.get(), batch.data(), batch.size());
    CHECK(written == static_cast<ssize_t>(batch.size()), "the disk takes the batch");
    CHECK(::fdatasync(fd.get()) == 0, "the disk stores the batch");
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

}  // namespace pianola::bench
