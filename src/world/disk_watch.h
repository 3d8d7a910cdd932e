// Whether some folders grew beyond what they may take on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world/disk_use.h"

namespace pianola::world {

// Looks at the free space of the file system every second, and at the folders themselves only when enough of
// it went to make a difference: a walk over a large workspace costs more than an agent's second is worth. A
// walk takes as many looks as it needs, so that none keeps who looks from other things for long.
class DiskWatch {
 public:
  // `limit_bytes` 0: nothing is watched.
  DiskWatch(std::vector<std::string> folders, int64_t limit_bytes);

  // Takes a look if it is time, of at most `steps_a_look` steps; true from the look on that found too much.
  // Times are of one steady clock.
  static constexpr size_t steps_a_look = 2'000;
  bool look(int64_t now_ms);
  int64_t next_look_ms() const { return next_look_ms_; }  // -1: never

  bool is_passed() const { return taken_bytes_ > limit_bytes_; }
  // "its folders took 210 MiB on disk, of which there may be 200", once it is passed.
  std::string text() const;

 private:
  bool is_worth_a_walk();
  int64_t free_bytes() const;

  std::vector<std::string> folders_;
  int64_t limit_bytes_ = 0;
  std::optional<DiskWalk> walk_;  // under way
  int64_t taken_bytes_ = 0;       // when the folders were walked last, or in this walk so far if that is more
  int64_t free_at_walk_bytes_ = 0;
  int64_t next_look_ms_ = -1;
};

}  // namespace pianola::world
