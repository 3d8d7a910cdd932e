#include "world/git_source.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <vector>

#include "world/files.h"
#include "world/git_borrowed.h"
#include "world/git_dirs.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr int symref_limit = 5;
constexpr size_t packed_limit_bytes = size_t{64} << 20;
constexpr size_t shallow_limit_bytes = size_t{16} << 20;
constexpr size_t log_limit_bytes = size_t{16} << 20;
constexpr size_t branches_limit = 10'000;

std::string short_file(const std::string& path) {
  const auto bytes = read_file_if_present(path, 4096);
  return bytes && *bytes ? line_of(**bytes) : "";
}

bool is_hex_id(const std::string& text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string packed_id(const std::string& common_dir, const std::string& ref) {
  const auto packed = read_file_if_present(common_dir + "/packed-refs", packed_limit_bytes);
  if (!packed || !*packed) return {};
  const size_t at = (*packed)->find(" " + ref + "\n");
  if (at == std::string::npos) return {};
  const size_t begin = (*packed)->rfind('\n', at);
  return (*packed)->substr(begin + 1, at - begin - 1);
}

// Both ids of every line of a reflog, the last line first.
void add_logged(const std::string& path, std::vector<std::string>& ids) {
  const auto log = read_file_if_present(path, log_limit_bytes);
  if (!log || !*log) return;
  const std::vector<std::string> lines = pieces_of(**log, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const size_t first = line->find(' ');
    if (first == std::string::npos) continue;
    ids.push_back(line->substr(first + 1, line->find(' ', first + 1) - first - 1));
    ids.push_back(line->substr(0, first));
  }
}

// The branches that are files of their own, the one that was written last first.
void add_branches(const std::string& folder, std::vector<std::string>& ids) {
  std::vector<std::string> folders = {folder};
  std::vector<std::pair<int64_t, std::string>> found;
  for (size_t i = 0; i < folders.size(); ++i) {
    const Result<std::vector<std::string>> names =
        is_folder(folders[i]) ? list_dir(folders[i]) : std::vector<std::string>();
    if (!names) continue;
    for (const std::string& name : *names) {
      const std::string path = folders[i] + "/" + name;
      struct stat status {};
      if (found.size() + folders.size() > branches_limit || ::lstat(path.c_str(), &status) != 0) continue;
      if (S_ISDIR(status.st_mode)) folders.push_back(path);
      if (S_ISREG(status.st_mode)) found.emplace_back(status.st_mtime, short_file(path));
    }
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  for (auto& [time, id] : found) ids.push_back(std::move(id));
}

void add_packed_branches(const std::string& git_dir, std::vector<std::string>& ids) {
  const auto packed = read_file_if_present(git_dir + "/packed-refs", packed_limit_bytes);
  if (!packed || !*packed) return;
  for (const std::string& line : pieces_of(**packed, '\n')) {
    const size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    if (line.compare(space + 1, 11, "refs/heads/") == 0 || line.compare(space + 1, 10, "refs/stash") == 0)
      ids.push_back(line.substr(0, space));
  }
}

Error strange_object_store(const std::string& path, const std::string& what) {
  return {.kind = ErrorKind::failed,
          .where = shown(path),
          .what = what,
          .expected = "the objects of the agent's own work"};
}

}  // namespace

std::string read_head(const std::string& git_dir, const std::string& common_dir) {
  constexpr std::string_view symbolic = "ref: ";
  std::string value = short_file(git_dir + "/HEAD");
  for (int i = 0; i < symref_limit && value.rfind(symbolic, 0) == 0; ++i) {
    const std::string ref = value.substr(symbolic.size());
    if (ref.rfind("refs/", 0) != 0 || ref.find("..") != std::string::npos) return {};
    value = short_file(common_dir + "/" + ref);
    if (value.empty()) value = packed_id(common_dir, ref);
  }
  return is_hex_id(value) ? value : "";
}

std::vector<std::string> named_commits(const std::string& git_dir) {
  std::vector<std::string> ids = {short_file(git_dir + "/refs/stash")};
  add_logged(git_dir + "/logs/refs/stash", ids);
  add_branches(git_dir + "/refs/heads", ids);
  add_packed_branches(git_dir, ids);
  add_logged(git_dir + "/logs/HEAD", ids);
  std::vector<std::string> distinct;
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    const bool is_none = id.find_first_not_of('0') == std::string::npos;
    if (is_hex_id(id) && !is_none && seen.insert(id).second) distinct.push_back(id);
  }
  return distinct;
}

Result<int64_t> measure_objects(const std::string& objects_dir, const std::string& hub_objects) {
  int64_t total = 0;
  // An object store is one level of folders deep.
  std::vector<std::string> folders = {objects_dir};
  for (size_t i = 0; i < folders.size(); ++i) {
    DIR* stream = is_folder(folders[i]) ? ::opendir(folders[i].c_str()) : nullptr;
    if (stream == nullptr) return refuse(strange_object_store(folders[i], "not a folder of objects"));
    std::string strange;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      const std::string path = folders[i] + "/" + name;
      struct stat found {};
      if (name == "." || name == ".." || ::lstat(path.c_str(), &found) != 0) continue;
      if (S_ISREG(found.st_mode))
        total += found.st_size;
      else if (S_ISDIR(found.st_mode) && i == 0)
        folders.push_back(path);
      else
        strange = path;
    }
    ::closedir(stream);
    if (!strange.empty()) return refuse(strange_object_store(strange, "not an object file"));
  }
  const auto borrowed = TRY(alternates_text(objects_dir));
  // Byte for byte: there is no second way to write what pianola wrote.
  if (borrowed && *borrowed != alternate_line(hub_objects))
    return refuse(strange_object_store(objects_dir + "/info/alternates", "borrows objects from elsewhere"));
  return total;
}

Result<void> make_source(const SourceOptions& options) {
  TRY(remove_tree(options.path));
  TRY(make_dirs(options.path + "/objects/info"));
  TRY(make_dirs(options.path + "/refs/heads"));
  TRY(write_file(options.path + "/config", format_settings(options.object_format) + "\tbare = true\n",
                 Sync::none));
  TRY(write_file(options.path + "/objects/info/alternates",
                 (options.objects_dir.empty() ? "" : alternate_line(options.objects_dir)) +
                     alternate_line(options.hub_git_dir + "/objects"),
                 Sync::none));
  const auto shallow = TRY(read_file_if_present(options.hub_git_dir + "/shallow", shallow_limit_bytes));
  if (shallow) TRY(write_file(options.path + "/shallow", *shallow, Sync::none));
  for (size_t i = 0; i < options.commits.size(); ++i)
    TRY(write_file(options.path + "/refs/heads/" + std::to_string(i + 1), options.commits[i] + "\n",
                   Sync::none));
  return write_file(options.path + "/HEAD", "ref: refs/heads/1\n", Sync::none);
}

}  // namespace pianola::world
