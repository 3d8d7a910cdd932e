#include "world/project_folders.h"

#include <algorithm>
#include <utility>

#include "plan/environment.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/layout.h"

namespace pianola::world {
namespace {

constexpr int levels_max = 3;
constexpr size_t folders_max = 2'000;  // a guess is not worth more time

struct Place {
  std::string path;  // from the top; "" = the top
  int depth = 0;
};

// `name` in the folder `path`; "" is the top, from which paths are told.
std::string below(const std::string& path, const std::string& name) {
  if (path.empty()) return name;
  std::string whole = path;
  whole += '/';
  whole += name;
  return whole;
}

plan::ProjectFolder look_at(const std::string& path, std::vector<std::string> names) {
  plan::ProjectFolder folder{.path = {}, .names = std::move(names), .texts = {}};
  for (const std::string& name : folder.names) {
    if (!plan::is_telling(name)) continue;
    // It may be a pipe, or gone by now.
    auto text = read_file_if_present(below(path, name), plan::telling_bytes_max);
    if (text && *text) folder.texts[name] = std::move(**text);
  }
  if (is_folder(path + "/tests")) {
    const auto tests = list_dir(path + "/tests");
    for (const std::string& name : tests ? *tests : std::vector<std::string>()) {
      folder.names.push_back("tests/" + name);
    }
  }
  return folder;
}

}  // namespace

std::vector<plan::ProjectFolder> find_project_folders(const std::string& top) {
  std::vector<plan::ProjectFolder> found;
  std::vector<Place> places = {Place{}};
  for (size_t next = 0; next < places.size() && next < folders_max; ++next) {
    const Place place = places[next];
    const std::string path = place.path.empty() ? top : below(top, place.path);
    const auto names = list_dir(path);
    if (!names) continue;
    plan::ProjectFolder folder = look_at(path, *names);
    folder.path = place.path;
    if (!plan::test_commands(folder).empty()) {
      found.push_back(std::move(folder));
      if (place.path.empty()) break;
      continue;
    }
    if (place.depth == levels_max) continue;
    for (const std::string& name : *names) {
      const bool is_left_out =
          name.front() == '.' || !plan::may_hold_lockfiles(name) || name.ends_with(workspaces_ending);
      if (is_left_out || !is_folder(below(path, name))) continue;
      places.push_back({below(place.path, name), place.depth + 1});
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return found;
}

}  // namespace pianola::world
