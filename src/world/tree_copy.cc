#include "world/tree_copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr size_t copied_at_once_bytes = size_t{1} << 30;

std::array<timespec, 2> times_of(const struct stat& status) { return {status.st_atim, status.st_mtim}; }

// The rest of `from` after what is in `to`. copy_file_range(2) does not go between all file systems.
int copy_bytes(int from, int to) {
  while (true) {
    const ssize_t copied = ::copy_file_range(from, nullptr, to, nullptr, copied_at_once_bytes, 0);
    if (copied == 0) return 0;
    if (copied < 0) break;
  }
  if (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return errno;
  std::vector<char> buffer(size_t{1} << 18);
  while (true) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) return got == 0 ? 0 : errno;
    for (ssize_t written = 0; written < got;) {
      const ssize_t more = ::write(to, buffer.data() + written, static_cast<size_t>(got - written));
      if (more < 0) return errno;
      written += more;
    }
  }
}

Result<void> copy_file(const std::string& from, const std::string& to, const struct stat& status) {
  const Fd source(::open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!source) return refuse(system_error(from, errno));
  const Fd copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!copy) return refuse(system_error(to, errno));
  if (::ioctl(copy.get(), FICLONE, source.get()) != 0) {
    const int error_number = copy_bytes(source.get(), copy.get());
    if (error_number != 0) return refuse(system_error(to, error_number));
  }
  // No set-user-ID bits: whoever owns the copy may be somebody else.
  if (::fchmod(copy.get(), status.st_mode & 0777) != 0) return refuse(system_error(to, errno));
  if (::futimens(copy.get(), times_of(status).data()) != 0) return refuse(system_error(to, errno));
  return {};
}

Result<void> copy_link(const std::string& from, const std::string& to, const struct stat& status) {
  std::vector<char> target(PATH_MAX);
  const ssize_t size = ::readlink(from.c_str(), target.data(), target.size());
  if (size < 0) return refuse(system_error(from, errno));
  const std::string text(target.data(), static_cast<size_t>(size));
  if (::symlink(text.c_str(), to.c_str()) != 0) return refuse(system_error(to, errno));
  ::utimensat(AT_FDCWD, to.c_str(), times_of(status).data(), AT_SYMLINK_NOFOLLOW);
  return {};
}

struct CopiedFolder {
  std::string path;
  struct stat status {};
};

}  // namespace

Result<void> copy_tree(const std::string& from, const std::string& to) {
  std::vector<std::pair<std::string, std::string>> open{{from, to}};
  std::vector<CopiedFolder> folders;
  while (!open.empty()) {
    const auto [source, copy] = std::move(open.back());
    open.pop_back();
    struct stat status {};
    if (::lstat(source.c_str(), &status) != 0) return refuse(system_error(source, errno));
    if (S_ISREG(status.st_mode)) TRY(copy_file(source, copy, status));
    if (S_ISLNK(status.st_mode)) TRY(copy_link(source, copy, status));
    if (!S_ISDIR(status.st_mode)) continue;
    if (::mkdir(copy.c_str(), 0700) != 0) return refuse(system_error(copy, errno));
    folders.push_back({copy, status});
    for (const std::string& name : TRY(list_dir(source))) {
      open.emplace_back(source + "/" + name, copy + "/" + name);
    }
  }
  // What is in a folder changes its time, and needs its permission.
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    const std::string& path = folder->path;
    if (::chmod(path.c_str(), folder->status.st_mode & 0777) != 0) return refuse(system_error(path, errno));
    ::utimensat(AT_FDCWD, path.c_str(), times_of(folder->status).data(), 0);
  }
  return {};
}

void touch(const std::string& path) { ::utimensat(AT_FDCWD, path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW); }

}  // namespace pianola::world
