// How much room things take on disk.
#pragma once

#include <dirent.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pianola::world {

// Bytes that the blocks of `path` and all below it take. Links are not followed, what cannot be looked at
// does not count, and neither does what is not there.
int64_t bytes_on_disk(const std::string& path);

// The same for several paths together, piece by piece, for who has other things to do. What is made or goes
// behind the walk's back counts or not.
class DiskWalk {
 public:
  explicit DiskWalk(const std::vector<std::string>& paths);

  // Takes up to `entries` steps, each an entry or a folder opened or left; true when that was all.
  bool go_on(size_t entries);
  int64_t bytes() const { return bytes_; }  // of what was looked at so far

 private:
  using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

  void look_at(const std::string& path);
  void open_next();

  std::vector<std::string> folders_left_;
  Folder folder_{nullptr, ::closedir};  // whose entries are next
  std::string folder_path_;
  int64_t bytes_ = 0;
};

}  // namespace pianola::world
