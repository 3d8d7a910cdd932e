#include "world/git_unfinished.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr int64_t rest_s = 600;

// A lease to write is given only while nobody else has the file open.
bool is_left(const std::string& path, Instant now) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return false;
  const Duration rested{now.ns - Duration::from_s(status.st_mtime).ns};
  return rested >= Duration::from_s(rest_s) && ::fcntl(file.get(), F_SETLEASE, F_WRLCK) == 0;
}

}  // namespace

void remove_unfinished_packs(const std::string& objects_dir, Instant now) {
  const auto names = list_dir(objects_dir + "/pack");
  if (!names) return;
  for (const std::string& name : *names) {
    const std::string path = objects_dir + "/pack/" + name;
    const bool is_unfinished = name.starts_with("tmp_pack_") || name.starts_with("tmp_idx_");
    if (is_unfinished && is_left(path, now)) ::unlink(path.c_str());
  }
}

}  // namespace pianola::world
