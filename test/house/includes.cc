// Who may include whom: the arrows between rooms, and which room may use which library.
#include <algorithm>
#include <map>
#include <set>

#include "test/house/source.h"
#include "test/house/tree.h"

namespace pianola::house {
namespace {

using Names = std::set<std::string, std::less<>>;

struct Room {
  Names uses;       // other rooms
  Names libraries;  // by the prefix of their includes
};

// The table of the design, section "Rooms". A library with a file behind it belongs to that file alone.
const std::map<std::string, Room, std::less<>>& rooms() {
  static const std::map<std::string, Room, std::less<>> table = {
      {"base", {{}, {"tl/", "fmt/", "openssl/:hash.cc"}}},
      {"plan", {{"base"}, {"fmt/", "yaml.h", "re2/", "boost/json"}}},
      {"core", {{"base", "plan"}, {"fmt/", "boost/json:codec.cc"}}},
      {"agents", {{"base", "plan", "core"}, {"fmt/", "boost/json"}}},
      {"verify", {{"base", "plan", "core"}, {"fmt/", "re2/"}}},
      {"knowledge", {{"base", "plan"}, {"fmt/", "boost/json"}}},
      {"view", {{"base", "plan", "core"}, {"fmt/", "boost/json"}}},
      {"api", {{"base", "core", "view"}, {"fmt/", "boost/json"}}},
      {"tui", {{"base", "core", "view"}, {"fmt/"}}},
      {"engine", {{"base", "plan", "core", "agents", "verify", "knowledge"}, {"fmt/"}}},
      {"world",
       {{"base", "plan", "core", "engine", "api"},
        {"fmt/", "boost/", "sqlite3.h", "curl/", "ncurses", "seccomp.h"}}},
      {"cli",
       {{"base", "plan", "core", "agents", "verify", "knowledge", "view", "api", "tui", "engine", "world"},
        {"fmt/", "CLI/", "boost/json"}}},
      {"sim",
       {{"base", "plan", "core", "agents", "verify", "knowledge", "view", "api", "tui", "engine"},
        {"fmt/", "boost/json"}}},
  };
  return table;
}

constexpr std::string_view third_party[] = {
    "tl/",       "fmt/",    "openssl/",  "yaml.h",    "re2/",       "boost/",     "CLI/",    "sqlite3.h",
    "curl/",     "ncurses", "seccomp.h", "nlohmann/", "absl/",      "rapidjson",  "git2",    "libpq",
    "yaml-cpp/", "uv.h",    "gtest/",    "gmock/",    "rapidcheck", "benchmark/", "spdlog/", "google/"};

bool is_third_party(std::string_view name) {
  return std::any_of(std::begin(third_party), std::end(third_party),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// "prefix" allows the room, "prefix:file.cc" that file and its parts (codec.cc, codec_events.cc).
bool allows(std::string_view entry, std::string_view include, std::string_view path) {
  const size_t colon = entry.find(':');
  if (!include.starts_with(entry.substr(0, colon))) return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view stem = entry.substr(colon + 1, entry.size() - colon - 4);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == std::string(stem) + ".cc" ||
         (name.starts_with(std::string(stem) + "_") && name.ends_with(".cc"));
}

std::string list(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text.empty() ? "nothing" : text;
}

void check_arrow(const File& file, const std::string& room, const Include& include,
                 std::vector<Offence>& offences) {
  const size_t slash = include.name.find('/');
  const std::string used = slash == std::string::npos ? "" : include.name.substr(0, slash);
  const bool own_folder = room.empty() && file.path.starts_with(used + "/");
  if (is_test(file.path) && (used == "test" || own_folder)) return;
  if (!rooms().contains(used)) {
    offences.push_back({"include-form", file.path, include.line, "\"" + include.name + "\" names no room",
                        "write \"room/file.h\""});
    return;
  }
  if (used == room || room.empty() || rooms().at(room).uses.contains(used)) return;
  offences.push_back({"layer", file.path, include.line, room + " may not use " + used,
                      room + " may use " + list(rooms().at(room).uses) +
                          "; move the declaration down, or hand the value in"});
}

void check_library(const File& file, const std::string& room, const Include& include,
                   std::vector<Offence>& offences) {
  if (is_test(file.path) || !is_third_party(include.name)) return;
  const Names& allowed = rooms().at(room).libraries;
  const bool fine = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
    return allows(entry, include.name, file.path);
  });
  if (!fine) {
    offences.push_back({"library", file.path, include.line, "<" + include.name + "> does not belong here",
                        room + " may include " + list(allowed)});
    return;
  }
  const bool light = include.name.starts_with("tl/") || include.name.starts_with("boost/json/") ||
                     (room == "world" && include.name.starts_with("boost/"));
  if (file.path.ends_with(".h") && !light) {
    offences.push_back({"heavy-header", file.path, include.line, "<" + include.name + "> in a header",
                        "include it in the .cc and hand over our own types"});
  }
}

}  // namespace

void check_includes(const File& file, std::vector<Offence>& offences) {
  const std::string room = room_of(file.path);
  if (!room.empty() && !rooms().contains(room)) {
    offences.push_back(
        {"layer", file.path, 0, room + " is not a room", "add it to the table of the design first"});
    return;
  }
  for (const Include& include : read_source(file.text).includes) {
    if (include.quoted) {
      check_arrow(file, room, include, offences);
    } else if (!room.empty()) {
      check_library(file, room, include, offences);
    }
  }
}

}  // namespace pianola::house
