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
bool is_left(const std::string& path, const UnfinishedPacks& which) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return false;
  const Instant written{Duration::from_s(status.st_mtime).ns};
  const bool is_meant = which.from <= written && written <= which.until;
  return is_meant && ::fcntl(file.get(), F_SETLEASE, F_WRLCK) == 0;
}

}  // namespace

UnfinishedPacks left_by_fetch(Instant begun) {
  // Times of files are whole seconds here.
  return {.from = Instant{begun.ns - Duration::from_s(1).ns}, .until = Instant{INT64_MAX}};
}

UnfinishedPacks left_long_ago(Instant now) {
  return {.until = Instant{now.ns - Duration::from_s(rest_s).ns}};
}

void remove_unfinished_packs(const std::string& objects_dir, const UnfinishedPacks& which) {
  const auto names = list_dir(objects_dir + "/pack");
  if (!names) return;
  for (const std::string& name : *names) {
    const std::string path = objects_dir + "/pack/" + name;
    const bool is_unfinished = name.starts_with("tmp_pack_") || name.starts_with("tmp_idx_");
    if (is_unfinished && is_left(path, which)) ::unlink(path.c_str());
  }
}

}  // namespace pianola::world
