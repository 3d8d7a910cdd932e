#include "world/user_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

Result<void> make_shared_dirs(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string prefix = path.substr(0, slash);
    if (::mkdir(prefix.c_str(), 0777) != 0 && errno != EEXIST) return refuse(system_error(prefix, errno));
  }
  return {};
}

// The mode of the file, or the one it would be made with.
Result<mode_t> mode_for(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_mode & 07777;
  const std::string probe = fmt::format("{}.{}.mode", path, ::getpid());
  ::unlink(probe.c_str());
  const Fd fd(::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  const bool is_known = fd && ::fstat(fd.get(), &status) == 0;
  const int failure = errno;
  if (fd) ::unlink(probe.c_str());
  if (!is_known) return refuse(system_error(path, failure));
  return status.st_mode & 07777;
}

}  // namespace

Result<void> write_user_file(const std::string& path, std::string_view bytes) {
  TRY(make_shared_dirs(path));
  const std::string target = exists(path) ? real_path(path) : path;
  if (target.empty()) return refuse(system_error(path, ENOENT));
  const mode_t mode = TRY(mode_for(target));
  TRY(write_file(target, bytes, Sync::file_and_dir));
  if (::chmod(target.c_str(), mode) != 0) return refuse(system_error(target, errno));
  return {};
}

}  // namespace pianola::world
