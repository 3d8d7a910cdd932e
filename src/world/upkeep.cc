#include "world/upkeep.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "world/child.h"
#include "world/files.h"
#include "world/git_dirs.h"

namespace pianola::world {

bool is_dead_socket(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return false;
  const int connected = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return connected != 0 && errno == ECONNREFUSED;
}

std::vector<std::string> old_git_locks(const std::string& dir, int64_t age_s) {
  std::vector<std::string> locks;
  std::vector<std::string> left{dir};
  while (!left.empty()) {
    const std::string at = std::move(left.back());
    left.pop_back();
    const auto names = list_dir(at);
    if (!names) continue;
    for (const std::string& name : *names) {
      const std::string path = at + "/" + name;
      struct stat found {};
      if (::lstat(path.c_str(), &found) != 0) continue;
      if (S_ISDIR(found.st_mode)) left.push_back(path);
      const bool is_lock = S_ISREG(found.st_mode) && name.ends_with(".lock");
      if (is_lock && std::time(nullptr) - found.st_mtime >= age_s) locks.push_back(path);
    }
  }
  return locks;
}

Result<void> move_aside(const std::string& from, const std::string& to) {
  TRY(make_dirs(parent_folder(to)));
  if (::rename(from.c_str(), to.c_str()) != 0) return refuse(system_error(from, errno));
  return {};
}

bool is_locked(const std::string& path) {
  const Fd lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0;
}

}  // namespace pianola::world
