#include "world/sealed_etc.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "world/files.h"
#include "world/tree_copy.h"

namespace pianola::world {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view etc = "/etc";
constexpr std::array live_names{"/etc/hosts", "/etc/resolv.conf"};
constexpr size_t digest_digits = 16;

// One name of the copy: a folder, a link or a file.
struct Entry {
  std::string from;  // of a folder nothing but what is named in it
  std::string at;    // below the copy, with a leading '/'
  bool is_folder = false;
};

bool is_readable(const std::string& path, const struct stat& status) {
  if (::geteuid() != 0) return ::access(path.c_str(), R_OK) == 0;
  return (status.st_mode & S_IROTH) != 0;
}

// Folders before what they hold. `identity` is what changes when something here does.
struct Gathered {
  std::vector<Entry> entries;
  std::string identity;

  // A name of the list is looked at through links, as a mount would; what lies in a folder is not.
  Result<void> add(const std::string& named, const std::string& at) {
    std::error_code failure;
    const std::string real = fs::canonical(named, failure).string();
    if (failure) return {};  // a link to nothing is nothing in a mount too
    for (size_t slash = at.find('/', 1); slash != std::string::npos; slash = at.find('/', slash + 1))
      entries.push_back({"", at.substr(0, slash), true});
    std::vector<std::pair<std::string, std::string>> open{{real, at}};
    while (!open.empty()) {
      const auto [from, place] = std::move(open.back());
      open.pop_back();
      struct stat status {};
      if (::lstat(from.c_str(), &status) != 0) continue;
      const bool is_folder = S_ISDIR(status.st_mode);
      const bool is_kept = is_folder || S_ISLNK(status.st_mode) || S_ISREG(status.st_mode);
      if (!is_kept || (!S_ISLNK(status.st_mode) && !is_readable(from, status))) continue;
      identity += fmt::format("{} {} {} {} {}.{}\n", place, status.st_ino, status.st_size, status.st_mode,
                              status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
      entries.push_back({from, place, is_folder});
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

Result<void> copy_all(const std::vector<Entry>& entries, const std::string& to) {
  TRY(remove_tree(to));
  TRY(make_open_folder(to));
  for (const Entry& entry : entries) {
    if (entry.is_folder) {
      TRY(make_open_folder(to + entry.at));
    } else {
      TRY(copy_tree(entry.from, to + entry.at));
    }
  }
  return {};
}

}  // namespace

Result<void> gather_etc(Sealer& sealer, const std::string& folder) {
  if (!has_own_root(sealer)) return {};
  Gathered gathered;
  std::vector<Bind> rest;
  std::vector<Bind> live;
  for (const Bind& bind : sealer.system) {
    const bool is_live = std::find(live_names.begin(), live_names.end(), bind.at) != live_names.end();
    if (!bind.at.starts_with(std::string(etc) + "/")) {
      rest.push_back(bind);
      continue;
    }
    if (is_live) live.push_back(bind);
    TRY(gathered.add(bind.from, bind.at.substr(etc.size())));
  }
  const std::string copy = folder + "/" + sha256_hex(gathered.identity).substr(0, digest_digits);
  if (!exists(copy)) {
    const std::string making = copy + ".making";
    TRY(copy_all(gathered.entries, making));
    if (::rename(making.c_str(), copy.c_str()) != 0) return refuse(system_error(copy, errno));
  }
  rest.push_back({copy, std::string(etc)});
  rest.insert(rest.end(), live.begin(), live.end());
  sealer.system = std::move(rest);
  return {};
}

}  // namespace pianola::world
