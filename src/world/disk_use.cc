#include "world/disk_use.h"

#include <sys/stat.h>

#include <vector>

#include "world/files.h"

namespace pianola::world {

int64_t bytes_on_disk(const std::string& path) {
  constexpr int64_t block_bytes = 512;  // stat(2), whatever the file system's own are
  int64_t bytes = 0;
  std::vector<std::string> left{path};
  while (!left.empty()) {
    const std::string at = std::move(left.back());
    left.pop_back();
    struct stat found {};
    if (::lstat(at.c_str(), &found) != 0) continue;
    bytes += int64_t{found.st_blocks} * block_bytes;
    if (!S_ISDIR(found.st_mode)) continue;
    const auto names = list_dir(at);
    if (!names) continue;
    for (const std::string& name : *names) left.push_back(at + "/" + name);
  }
  return bytes;
}

}  // namespace pianola::world
