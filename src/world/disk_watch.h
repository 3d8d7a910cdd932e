// Whether some folders grew beyond what they may take on disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pianola::world {

// Looks at the free space of the file system every second, and at the folders themselves only when enough of
// it went to make a difference: a walk over a large workspace costs more than an agent's second is worth.
class DiskWatch {
 public:
  // `limit_bytes` 0: nothing is watched.
  DiskWatch(std::vector<std::string> folders, int64_t limit_bytes);

  // Takes a look if it is time; true from the look on that found too much. Times are of one steady clock.
  bool look(int64_t now_ms);
  int64_t next_look_ms() const { return next_look_ms_; }  // -1: never

  bool is_passed() const { return taken_bytes_ > limit_bytes_; }
  // "its folders took 210 MiB on disk, of which there may be 200", once it is passed.
  std::string text() const;

 private:
  int64_t free_bytes() const;

  std::vector<std::string> folders_;
  int64_t limit_bytes_ = 0;
  int64_t taken_bytes_ = 0;  // when the folders were walked last
  int64_t free_at_walk_bytes_ = 0;
  int64_t next_look_ms_ = -1;
};

}  // namespace pianola::world
