#include "world/git_unfinished.h"

#include <fcntl.h>
#include <unistd.h>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

// A lease to write is given only while nobody else has the file open.
bool is_open_elsewhere(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return !file || ::fcntl(file.get(), F_SETLEASE, F_WRLCK) != 0;
}

}  // namespace

std::set<std::string> unfinished_packs(const std::string& objects_dir) {
  std::set<std::string> found;
  const auto names = list_dir(objects_dir + "/pack");
  if (!names) return found;
  for (const std::string& name : *names)
    if (name.starts_with("tmp_pack_") || name.starts_with("tmp_idx_")) found.insert(name);
  return found;
}

void remove_unfinished_packs(const std::string& objects_dir, const std::set<std::string>& before) {
  for (const std::string& name : unfinished_packs(objects_dir)) {
    const std::string path = objects_dir + "/pack/" + name;
    if (!before.contains(name) && !is_open_elsewhere(path)) ::unlink(path.c_str());
  }
}

}  // namespace pianola::world
