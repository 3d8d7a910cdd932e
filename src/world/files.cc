#include "world/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "world/child.h"

namespace pianola::world {

namespace {

std::string parent_of(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refuse(system_error(path, errno));
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<std::string> read_all(int fd, const std::string& path, size_t limit_bytes) {
  std::string bytes;
  char chunk[16384];
  while (true) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(system_error(path, errno));
    if (got == 0) return bytes;
    bytes.append(chunk, static_cast<size_t>(got));
    if (bytes.size() > limit_bytes) {
      return refuse(
          {ErrorKind::integrity, path, "is too large", fmt::format("at most {} bytes", limit_bytes), ""});
    }
  }
}

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};
using Dir = std::unique_ptr<DIR, CloseDir>;

// Opens the folder `name` in `parent`, itself and not a link; a folder without permissions gets them.
Fd open_dir_at(int parent, const char* name) {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd opened(::openat(parent, name, flags));
  if (opened || errno != EACCES) return opened;
  const Fd path_only(::openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!path_only) return {};
  if (::chmod(fmt::format("/proc/self/fd/{}", path_only.get()).c_str(), 0700) != 0) return {};
  return Fd(::openat(parent, name, flags));
}

// Removes a folder with a stack of its own. Below a certain depth folders are first moved up into the root
// of the removal, so that no depth needs more descriptors than that.
class Removal {
 public:
  Removal(Fd root, std::string path) : path_(std::move(path)) { stack_.push_back({std::move(root), "", {}}); }

  Result<void> run() {
    TRY(empty_folder(stack_.back()));
    while (true) {
      Level& level = stack_.back();
      if (!level.folders.empty()) {
        const std::string name = std::move(level.folders.back());
        level.folders.pop_back();
        TRY(enter(name));
      } else if (stack_.size() > 1) {
        const std::string name = std::move(level.name);
        stack_.pop_back();
        TRY(drop(stack_.back(), name));
      } else {
        return {};
      }
    }
  }

 private:
  struct Level {
    Fd folder;
    std::string name;
    std::vector<std::string> folders;  // still to be removed
  };

  // Unlinks everything in it that is no folder, and lists the folders.
  Result<void> empty_folder(Level& level) {
    // Unlinking and moving entries needs write permission on the folder that holds them.
    ::fchmod(level.folder.get(), 0700);
    const int duplicate = ::fcntl(level.folder.get(), F_DUPFD_CLOEXEC, 3);
    const Dir dir(duplicate < 0 ? nullptr : ::fdopendir(duplicate));
    if (!dir) {
      const int failure = errno;
      if (duplicate >= 0) ::close(duplicate);
      return refuse(system_error(path_, failure));
    }
    ::rewinddir(dir.get());
    errno = 0;
    while (const dirent* entry = ::readdir(dir.get())) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (::unlinkat(level.folder.get(), name.c_str(), 0) != 0) {
        if (errno == EISDIR || errno == EPERM) {
          level.folders.push_back(name);
        } else if (errno != ENOENT) {
          return refuse(system_error(path_ + "/.../" + name, errno));
        }
      }
      errno = 0;
    }
    if (errno != 0) return refuse(system_error(path_, errno));
    return {};
  }

  Result<void> enter(const std::string& name) {
    const int above = stack_.back().folder.get();
    if (::unlinkat(above, name.c_str(), AT_REMOVEDIR) == 0) return {};
    Fd folder = open_dir_at(above, name.c_str());
    if (!folder) {
      if (errno == ENOENT) return {};
      return refuse(system_error(path_ + "/.../" + name, errno));
    }
    if (stack_.size() >= kDeepest) {
      // A folder can only be moved to another parent by those who may write to it.
      ::fchmod(folder.get(), 0700);
      return move_up(above, name);
    }
    stack_.push_back({std::move(folder), name, {}});
    return empty_folder(stack_.back());
  }

  Result<void> drop(const Level& level, const std::string& name) {
    if (::unlinkat(level.folder.get(), name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
    return refuse(system_error(path_ + "/.../" + name, errno));
  }

  Result<void> move_up(int from, const std::string& name) {
    Level& root = stack_.front();
    for (int tries = 0; tries < 1'000'000; ++tries) {
      std::string target = fmt::format(".removed.{}", ++moved_);
      if (::renameat2(from, name.c_str(), root.folder.get(), target.c_str(), RENAME_NOREPLACE) == 0) {
        root.folders.push_back(std::move(target));
        return {};
      }
      if (errno == ENOENT) return {};
      if (errno != EEXIST) break;
    }
    return refuse(system_error(path_ + "/.../" + name, errno));
  }

  static constexpr size_t kDeepest = 64;
  std::vector<Level> stack_;
  std::string path_;
  uint64_t moved_ = 0;
};

}  // namespace

Error system_error(std::string where, int error_number) {
  const char* words = ::strerrordesc_np(error_number);
  std::string what = words != nullptr ? words : fmt::format("error {}", error_number);
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return {ErrorKind::paused, std::move(where), std::move(what), "", "free some space, then resume"};
    case EIO:
    case EROFS:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return {ErrorKind::paused, std::move(where), std::move(what), "", ""};
    default:
      return {ErrorKind::failed, std::move(where), std::move(what), "", ""};
  }
}

Result<void> write_file(const std::string& path, std::string_view bytes, Sync sync) {
  const std::string temporary = fmt::format("{}.{}.new", path, ::getpid());
  ::unlink(temporary.c_str());
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return refuse(system_error(temporary, errno));
  Result<void> written = write_all(fd.get(), bytes, path);
  if (written && sync != Sync::none && ::fsync(fd.get()) != 0) written = refuse(system_error(path, errno));
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = refuse(system_error(path, errno));
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (sync == Sync::file_and_dir) return sync_dir(parent_of(path));
  return {};
}

Result<std::string> read_file(const std::string& path, size_t limit_bytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return refuse(system_error(path, errno));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return refuse(system_error(path, errno));
  if (!S_ISREG(status.st_mode)) return refuse({ErrorKind::failed, path, "is not a regular file", "", ""});
  return read_all(fd.get(), path, limit_bytes);
}

Result<std::optional<std::string>> read_file_if_present(const std::string& path, size_t limit_bytes) {
  if (!exists(path)) return std::nullopt;
  auto bytes = read_file(path, limit_bytes);
  // Removed between the two calls.
  if (!bytes && !exists(path)) return std::nullopt;
  if (!bytes) return refuse(std::move(bytes).error());
  return std::optional<std::string>(std::move(*bytes));
}

bool may_everybody_pass(const std::string& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IXOTH) != 0;
}

Result<void> let_everybody_pass(const std::string& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 ||
      ::chmod(folder.c_str(), status.st_mode | S_IXGRP | S_IXOTH) != 0)
    return refuse(system_error(folder, errno));
  return {};
}

Result<void> copy_file_for_all(const std::string& from, const std::string& to) {
  constexpr size_t limit_bytes = 256 << 20;
  const std::string bytes = TRY(read_file(from, limit_bytes));
  TRY(make_dirs(parent_of(to)));
  TRY(let_everybody_pass(parent_of(to)));
  TRY(write_file(to, bytes, Sync::none));
  struct stat status {};
  const bool is_program = ::stat(from.c_str(), &status) == 0 && (status.st_mode & S_IXUSR) != 0;
  if (::chmod(to.c_str(), is_program ? 0755 : 0644) != 0) return refuse(system_error(to, errno));
  return {};
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : "";
}

Result<void> make_dirs(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string prefix = path.substr(0, slash);
    if (::mkdir(prefix.c_str(), 0700) != 0 && errno != EEXIST) return refuse(system_error(prefix, errno));
    if (slash == std::string::npos) break;
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return refuse(system_error(path, errno));
  if (!S_ISDIR(status.st_mode)) return refuse(system_error(path, ENOTDIR));
  return {};
}

Result<void> sync_dir(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return refuse(system_error(path, errno));
  return {};
}

Result<void> remove_tree(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  if (errno != EISDIR && errno != EPERM) return refuse(system_error(path, errno));
  Fd root = open_dir_at(AT_FDCWD, path.c_str());
  if (!root) return refuse(system_error(path, errno));
  TRY(Removal(std::move(root), path).run());
  if (::rmdir(path.c_str()) != 0 && errno != ENOENT) return refuse(system_error(path, errno));
  return {};
}

}  // namespace pianola::world
