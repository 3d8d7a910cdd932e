// Questions about names on disk, beside the durable writes of files.cc.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {

bool is_executable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  return ::access(path.c_str(), X_OK) == 0;
}

bool is_own_folder(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
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

Result<void> clear_way(const std::string& top, const std::string& path) {
  for (size_t end = path.find('/');; end = path.find('/', end + 1)) {
    const std::string at = top + "/" + path.substr(0, end);
    struct stat status {};
    if (::lstat(at.c_str(), &status) != 0) return {};
    const bool is_last = end == std::string::npos;
    const bool may_stay = S_ISDIR(status.st_mode) || (is_last && S_ISREG(status.st_mode));
    if (!may_stay && ::unlink(at.c_str()) != 0) return refuse(system_error(at, errno));
    if (!may_stay || is_last) return {};
  }
}

Result<void> sync_file_system(const std::string& path) {
  const Fd any(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!any || ::syncfs(any.get()) != 0) return refuse(system_error(path, errno));
  return {};
}

}  // namespace pianola::world
