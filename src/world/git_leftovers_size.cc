// Files that are too large to be taken in: found before git reads them, since what git has read is in the
// hub.
#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "world/files.h"
#include "world/git_leftovers.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr size_t large_limit = 500;  // files that git is asked about

struct LargeFile {
  std::string path;  // below the workspace
  int64_t bytes = 0;
};

// Files of more than `bytes` below `folder`, in path order, but for those of repositories' own folders.
std::vector<LargeFile> files_over(const std::string& folder, int64_t bytes) {
  std::vector<LargeFile> found;
  std::vector<std::string> open = {""};
  while (!open.empty()) {
    const std::string below = std::move(open.back());
    open.pop_back();
    DIR* stream = ::opendir((folder + "/" + below).c_str());
    if (stream == nullptr) continue;
    while (const dirent* entry = ::readdir(stream)) {
      const bool is_skipped = std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0 ||
                              std::strcmp(entry->d_name, ".git") == 0;
      struct stat status {};
      if (is_skipped || ::fstatat(::dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        continue;
      std::string path = below.empty() ? entry->d_name : below + "/" + entry->d_name;
      if (S_ISDIR(status.st_mode))
        open.push_back(std::move(path));
      else if (S_ISREG(status.st_mode) && status.st_size > bytes)
        found.push_back({std::move(path), status.st_size});
    }
    ::closedir(stream);
  }
  std::sort(found.begin(), found.end(),
            [](const LargeFile& a, const LargeFile& b) { return a.path < b.path; });
  return found;
}

}  // namespace

// The usual workspace holds no such file, and then this starts no child.
Result<void> Leftovers::refuse_large_files() const {
  const int64_t limit = repository_.options_.limits.leftover_file_bytes;
  std::vector<LargeFile> large = files_over(folder_, limit);
  if (large.empty()) return {};
  large.resize(std::min(large.size(), large_limit));
  std::vector<std::string> paths;
  for (const LargeFile& file : large) paths.push_back(file.path);
  const std::vector<std::string> taken = TRY(that_git_would_take(std::move(paths)));
  for (const LargeFile& file : large) {
    if (std::find(taken.begin(), taken.end(), file.path) == taken.end()) continue;
    return refuse({.kind = ErrorKind::failed,
                   .where = shown(file.path),
                   .what = fmt::format("{} MB were left uncommitted in one file", file.bytes >> 20),
                   .expected = fmt::format("at most {} MB", limit >> 20),
                   .next = "it stays in " + shown(folder_)});
  }
  return {};
}

// Those of `paths` that are not ignored, or owned by name, and that the head does not hold as they are.
Result<std::vector<std::string>> Leftovers::that_git_would_take(std::vector<std::string> paths) const {
  TRY(read_head_index());
  const Index head = TRY(read_index(index_, command_.base.size() / 2));
  std::erase_if(paths, [&](const std::string& path) {
    return std::any_of(head.begin(), head.end(), [&](const auto& entry) {
      return entry.second.mode == gitlink_mode && path.starts_with(entry.first + "/");
    });
  });
  const std::vector<std::string> seen = TRY(without_ignored(paths));
  GitCall call = git_->call({"ls-files", "-z", "--modified", "--"}, folder_);
  call.index_file = index_;
  std::vector<std::string> taken;
  for (const std::string& path : paths) {
    const auto& named = command_.named_files;
    const bool is_wanted = std::find(seen.begin(), seen.end(), path) != seen.end() ||
                           std::find(named.begin(), named.end(), path) != named.end();
    if (head.count(path) > 0)
      call.args.push_back(path);
    else if (is_wanted)
      taken.push_back(path);
  }
  if (call.args.size() == 4) return taken;
  const Finished listed = TRY(git_->run(call));
  if (!listed.ok()) return refuse(git_error(call, listed));
  const std::vector<std::string> changed = pieces_of(listed.out, '\0');
  taken.insert(taken.end(), changed.begin(), changed.end());
  return taken;
}

}  // namespace pianola::world
