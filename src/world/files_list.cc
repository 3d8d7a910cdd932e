// Questions about names on disk, beside the durable writes of files.cc.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "world/files.h"

namespace pianola::world {

bool is_executable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  return ::access(path.c_str(), X_OK) == 0;
}

Result<void> make_executable(const std::string& path) {
  if (::chmod(path.c_str(), 0700) != 0) return refuse(system_error(path, errno));
  return {};
}

Result<bool> make_new_dir(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return true;
  if (errno == EEXIST) return false;
  return refuse(system_error(path, errno));
}

Result<std::vector<std::string>> list_dir(const std::string& path) {
  const auto close_folder = [](DIR* folder) { ::closedir(folder); };
  const std::unique_ptr<DIR, decltype(close_folder)> folder(::opendir(path.c_str()), close_folder);
  std::vector<std::string> names;
  if (!folder && errno == ENOENT) return names;
  if (!folder) return refuse(system_error(path, errno));
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  if (errno != 0) return refuse(system_error(path, errno));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace pianola::world
