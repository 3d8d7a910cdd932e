#include "world/lockfiles.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/hash.h"
#include "base/text.h"
#include "world/files.h"
#include "world/layout.h"

namespace pianola::world {
namespace {

constexpr size_t limit_bytes = 64 << 20;
constexpr int depth_max = 64;

struct Folder {
  std::string path;  // "" = the top, else from it, with '/' at the end
  int depth = 0;
};

// A missing lockfile would give another hash, so nothing is passed over.
Error unreadable(Error error, const std::string& path) {
  error.where = display(path).str();
  if (error.expected.empty()) error.expected = "every folder and lockfile to be readable";
  error.next = "mend it, move it away, or name another folder: --path";
  return error;
}

Error refused(const std::string& path, const std::string& what, const std::string& expected) {
  return unreadable({.kind = ErrorKind::failed, .where = {}, .what = what, .expected = expected, .next = {}},
                    path);
}

Result<std::string> digest_of(const std::string& path) {
  auto bytes = read_file(path, limit_bytes);
  if (!bytes) return refuse(unreadable(std::move(bytes).error(), path));
  return sha256_hex(*bytes);
}

// Looked at before it is opened: to open a device can have effects.
Result<bool> is_regular(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return refuse(unreadable(system_error(path, errno), path));
  if (S_ISDIR(found.st_mode)) return false;
  if (!S_ISREG(found.st_mode)) return refuse(refused(path, "is not a regular file", "a lockfile"));
  return true;
}

class Search {
 public:
  explicit Search(const std::string& top) : top_(top + "/") {}

  Result<std::vector<plan::LockedFile>> run() {
    while (!left_.empty()) {
      const Folder folder = std::move(left_.back());
      left_.pop_back();
      const auto names = list_dir(top_ + folder.path);
      if (!names) return refuse(unreadable(names.error(), top_ + folder.path));
      for (const std::string& name : *names) TRY(look_at(folder, name));
    }
    std::sort(files_.begin(), files_.end());
    return std::move(files_);
  }

 private:
  Result<void> look_at(const Folder& folder, const std::string& name) {
    const std::string below = folder.path + name;
    const std::string path = top_ + below;
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
      if (errno == ENOENT) return {};
      return refuse(unreadable(system_error(path, errno), path));
    }
    if (!S_ISDIR(found.st_mode)) {
      if (plan::is_lockfile(name) && TRY(is_regular(path))) files_.push_back({below, TRY(digest_of(path))});
      return {};
    }
    if (!plan::may_hold_lockfiles(name) || name.ends_with(workspaces_ending)) return {};
    if (folder.depth == depth_max)
      return refuse(refused(path, "too deep", fmt::format("at most {} folders below the first", depth_max)));
    left_.push_back({below + "/", folder.depth + 1});
    return {};
  }

  std::string top_;
  std::vector<Folder> left_ = {Folder{}};
  std::vector<plan::LockedFile> files_;
};

}  // namespace

Result<std::vector<plan::LockedFile>> find_lockfiles(const std::string& top) { return Search(top).run(); }

}  // namespace pianola::world
