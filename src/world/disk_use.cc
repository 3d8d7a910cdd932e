#include "world/disk_use.h"

#include <sys/stat.h>

#include <limits>
#include <string_view>

namespace pianola::world {

int64_t bytes_on_disk(const std::string& path) {
  DiskWalk walk({path});
  while (!walk.go_on(std::numeric_limits<size_t>::max())) continue;
  return walk.bytes();
}

DiskWalk::DiskWalk(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) look_at(path);
}

bool DiskWalk::go_on(size_t entries) {
  // Empty folders are work too.
  for (; folder_ || !folders_left_.empty(); --entries) {
    if (entries == 0) return false;
    if (!folder_) {
      open_next();
      continue;
    }
    const dirent* entry = ::readdir(folder_.get());
    if (entry == nullptr) {
      folder_.reset();
      continue;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") look_at(folder_path_ + "/" + entry->d_name);
  }
  return true;
}

void DiskWalk::open_next() {
  folder_path_ = std::move(folders_left_.back());
  folders_left_.pop_back();
  folder_.reset(::opendir(folder_path_.c_str()));
}

void DiskWalk::look_at(const std::string& path) {
  constexpr int64_t block_bytes = 512;  // stat(2), whatever the file system's own are
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  bytes_ += int64_t{found.st_blocks} * block_bytes;
  if (S_ISDIR(found.st_mode)) folders_left_.push_back(path);
}

}  // namespace pianola::world
