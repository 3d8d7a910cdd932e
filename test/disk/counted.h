// What the preloaded library tells the test, in a file that both have mapped.
#pragma once

#include <atomic>
#include <cstdint>

namespace pianola::disk {

struct Counted {
  std::atomic<uint64_t> calls;    // that may fail, so far, of all processes that are counted
  std::atomic<uint64_t> failed;   // of them
  std::atomic<bool> works_again;  // set by the test: nothing fails any more
  char first[400];                // the first that failed: its name and the path
};

}  // namespace pianola::disk
