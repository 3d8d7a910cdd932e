#include "world/git_stale_locks.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <vector>

#include "world/child.h"

namespace pianola::world {
namespace {

Fd folder_in(int parent, const char* name) {
  return Fd(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// Only directly in `folder`.
void remove_locks(const Fd& folder) {
  const int listed = folder ? ::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0) : -1;
  const auto close_folder = [](DIR* open) { ::closedir(open); };
  const std::unique_ptr<DIR, decltype(close_folder)> entries(listed < 0 ? nullptr : ::fdopendir(listed));
  if (!entries) return;
  std::vector<std::string> locks;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name.ends_with(".lock")) locks.push_back(name);
  }
  for (const std::string& name : locks) ::unlinkat(folder.get(), name.c_str(), 0);
}

}  // namespace

void clear_stale_locks(const std::string& workspace) {
  const Fd top = folder_in(AT_FDCWD, workspace.c_str());
  const Fd git = top ? folder_in(top.get(), ".git") : Fd();
  remove_locks(git);
  const Fd refs = git ? folder_in(git.get(), "refs") : Fd();
  const Fd heads = refs ? folder_in(refs.get(), "heads") : Fd();
  remove_locks(heads);
}

}  // namespace pianola::world
