#include "world/sealed_etc.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "world/files.h"
#include "world/tree.h"
#include "world/tree_copy.h"

namespace pianola::world {
namespace {

namespace fs = std::filesystem;

constexpr size_t digest_digits = 16;

// One name of the copy: a folder, a link, a file, or an empty file for a mount to stand on.
struct Entry {
  enum class Kind { folder, copied, empty };
  Kind kind = Kind::copied;
  std::string from;  // of a folder nothing but what is named in it
  std::string at;    // below the copy, with a leading '/'
};

// Started as root, what only root may read stays unread: the worker is somebody else.
bool is_for_others(const std::string& path, const struct stat& status) {
  const bool is_folder = S_ISDIR(status.st_mode);
  if (::geteuid() != 0) return ::access(path.c_str(), is_folder ? R_OK | X_OK : R_OK) == 0;
  const mode_t needed = is_folder ? S_IROTH | S_IXOTH : S_IROTH;
  return (status.st_mode & needed) == needed;
}

// Folders before what they hold. `identity` is what changes when something here does; a copy of an earlier
// boot may have lost bytes to a power cut.
struct Gathered {
  std::vector<Entry> entries;
  std::string identity = this_machine().boot_id + "\n";

  // A name of the list is looked at through links, as a mount would; what lies in a folder is not.
  Result<void> add(const Bind& named) {
    const std::string at = named.at.substr(std::string_view(etc_folder).size());
    for (size_t slash = at.find('/', 1); slash != std::string::npos; slash = at.find('/', slash + 1))
      entries.push_back({Entry::Kind::folder, "", at.substr(0, slash)});
    if (is_live_etc(named)) {
      entries.push_back({Entry::Kind::empty, "", at});
      identity += at + "\n";
      return {};
    }
    std::error_code failure;
    const std::string real = fs::canonical(named.from, failure).string();
    if (failure) return {};  // a link to nothing is nothing in a mount too
    std::vector<std::pair<std::string, std::string>> open{{real, at}};
    while (!open.empty()) {
      auto [from, place] = std::move(open.back());
      open.pop_back();
      struct stat status {};
      if (::lstat(from.c_str(), &status) != 0) return refuse(system_error(from, errno));
      const bool is_folder = S_ISDIR(status.st_mode);
      const bool is_link = S_ISLNK(status.st_mode);
      if (!is_folder && !is_link && !S_ISREG(status.st_mode)) continue;
      if (!is_link && !is_for_others(from, status)) continue;
      identity += fmt::format("{} {} {} {} {}.{}\n", place, status.st_ino, status.st_size, status.st_mode,
                              status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
      entries.push_back({is_folder ? Entry::Kind::folder : Entry::Kind::copied, from, place});
      if (!is_folder) continue;
      for (const std::string& name : TRY(list_dir(from)))
        open.emplace_back(from + "/" + name, place + "/" + name);
    }
    return {};
  }
};

Result<void> make_open_folder(const std::string& path) {
  TRY(make_dirs(path));
  if (::chmod(path.c_str(), 0755) != 0) return refuse(system_error(path, errno));
  return {};
}

Result<void> make_empty_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file) return refuse(system_error(path, errno));
  return {};
}

Result<void> copy_all(const std::vector<Entry>& entries, const std::string& to) {
  TRY(remove_tree(to));
  TRY(make_open_folder(to));
  for (const Entry& entry : entries) {
    const std::string place = to + entry.at;
    if (entry.kind == Entry::Kind::folder) TRY(make_open_folder(place));
    if (entry.kind == Entry::Kind::copied) TRY(copy_tree(entry.from, place));
    if (entry.kind == Entry::Kind::empty) TRY(make_empty_file(place));
  }
  return {};
}

Result<std::string> copy_of_etc(const Sealer& sealer, const std::string& folder) {
  Gathered gathered;
  for (const Bind& bind : sealer.system) {
    if (is_below_etc(bind)) TRY(gathered.add(bind));
  }
  const std::string copy = folder + "/" + sha256_hex(gathered.identity).substr(0, digest_digits);
  if (exists(copy)) return copy;
  const std::string making = copy + ".making";
  TRY(copy_all(gathered.entries, making));
  if (::rename(making.c_str(), copy.c_str()) != 0) return refuse(system_error(copy, errno));
  return copy;
}

}  // namespace

void gather_etc(Sealer& sealer, const std::string& folder) {
  if (has_own_root(sealer)) sealer.etc = copy_of_etc(sealer, folder).value_or("");
}

}  // namespace pianola::world
