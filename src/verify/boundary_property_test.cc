// Random pairs of a change and an owner, against an oracle that knows nothing but the words of
// the rules: a path is allowed when an entry says so, read naively.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <span>

#include "verify/boundary.h"

namespace pianola::verify {
namespace {

using Components = std::vector<std::string>;
using Random = std::mt19937;

constexpr int file = 0100644;
constexpr int program = 0100755;
constexpr int symlink = 0120000;
constexpr int gitlink = 0160000;

Components split(const std::string& path) {
  Components out{""};
  for (const char c : path) {
    if (c == '/') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// One component: "*" any run, "?" any byte, "[ab]" one of these.
bool component_fits(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*') {
    for (size_t taken = 0; taken <= name.size(); ++taken) {
      if (component_fits(pattern.substr(1), name.substr(taken))) return true;
    }
    return false;
  }
  if (name.empty()) return false;
  if (pattern[0] == '[') {
    const size_t end = pattern.find(']');
    const bool listed = pattern.substr(1, end - 1).find(name[0]) != std::string_view::npos;
    return listed && component_fits(pattern.substr(end + 1), name.substr(1));
  }
  return (pattern[0] == '?' || pattern[0] == name[0]) && component_fits(pattern.substr(1), name.substr(1));
}

bool path_fits(std::span<const std::string> pattern, std::span<const std::string> path) {
  if (pattern.empty()) return path.empty();
  if (pattern[0] == "**") {
    if (pattern.size() == 1) return !path.empty();
    for (size_t skipped = 0; skipped <= path.size(); ++skipped) {
      if (path_fits(pattern.subspan(1), path.subspan(skipped))) return true;
    }
    return false;
  }
  return !path.empty() && component_fits(pattern[0], path[0]) &&
         path_fits(pattern.subspan(1), path.subspan(1));
}

bool allowed_by(const std::string& entry, const Components& path) {
  Components pattern = split(entry);
  if (entry.ends_with('/')) pattern.back() = "**";
  return path_fits(pattern, path);
}

bool is_allowed(const TreeChange& change, const std::vector<std::string>& entries) {
  static const std::set<std::string> git_names = {".git", ".GIT", "git~1", ".git. "};
  static const std::set<std::string> attribute_names = {".gitattributes", ".gitmodules", ".GitModules"};
  const Components components = split(change.path);
  bool fits = false;
  bool by_name = false;
  for (const std::string& entry : entries) {
    fits = fits || allowed_by(entry, components);
    by_name = by_name || entry == change.path;
  }
  for (const std::string& component : components) {
    if (git_names.contains(component)) return false;
  }
  if (change.new_mode == gitlink) return false;
  const bool special = attribute_names.contains(components.back()) || change.new_mode == symlink;
  return fits && (!special || by_name);
}

template <class T>
const T& one_of(Random& random, const std::vector<T>& choices) {
  return choices[random() % choices.size()];
}

std::string random_path(Random& random, const std::vector<std::string>& names) {
  std::string path = one_of(random, names);
  for (size_t depth = random() % 3; depth > 0; --depth) path += "/" + one_of(random, names);
  return path;
}

// A tree before and after: some entries change content, mode or kind, go, come or move.
std::vector<TreeChange> random_changes(Random& random) {
  static const std::vector<std::string> names = {"a",
                                                 "b",
                                                 "A",
                                                 "ab",
                                                 "b.py",
                                                 "a.py",
                                                 "**x",
                                                 "a b",
                                                 ".git",
                                                 ".GIT",
                                                 ".gitattributes",
                                                 ".gitmodules",
                                                 "a\xC3\xA9",
                                                 "git~1",
                                                 ".git. ",
                                                 ".GitModules",
                                                 "aa.py",
                                                 "..a",
                                                 "a",
                                                 "b",
                                                 "a",
                                                 "b",
                                                 "ab"};
  static const std::vector<int> modes = {file, file, file, program, symlink, gitlink};
  std::map<std::string, TreeChange> changes;
  const size_t count = 1 + random() % 4;
  for (size_t i = 0; i < count; ++i) {
    const std::string path = random_path(random, names);
    const int mode = one_of(random, modes);
    switch (random() % 5) {
      case 0:
        changes[path] = {path, 0, mode, "", "1"};
        break;
      case 1:
        changes[path] = {path, mode, 0, "1", ""};
        break;
      case 2:
        changes[path] = {path, mode, mode, "1", "2"};
        break;
      case 3:
        changes[path] = {path, file, mode == file ? program : mode, "1", "1"};
        break;
      default: {
        const std::string target = random_path(random, names);
        if (target == path) break;
        changes[path] = {path, mode, 0, "1", ""};
        changes[target] = {target, 0, mode, "", "1"};
      }
    }
  }
  std::vector<TreeChange> out;
  for (const auto& [path, change] : changes) out.push_back(change);
  return out;
}

std::vector<std::string> random_entries(Random& random) {
  static const std::vector<std::string> parts = {"a",    "b",           "A",  "*",    "?",   "**",
                                                 "*.py", "a*",          "ab", "[ab]", "a b", ".gitattributes",
                                                 "*a*",  ".gitmodules", "??"};
  std::vector<std::string> entries;
  for (size_t count = 1 + random() % 4; count > 0; --count) {
    std::string entry = random_path(random, parts);
    if (random() % 3 == 0 && !entry.ends_with("**")) entry += "/";
    entries.push_back(entry);
  }
  return entries;
}

#ifdef __OPTIMIZE__
constexpr size_t wanted_pairs = 1'000'000;
#else
constexpr size_t wanted_pairs = 50'000;
#endif

TEST(BoundaryProperty, verdicts_agree_with_the_naive_oracle) {
  Random random(20'261'121);  // NOLINT: the same trees in every run
  size_t pairs = 0;
  size_t refused = 0;
  while (pairs < wanted_pairs) {
    plan::Task task;
    task.files_write = random_entries(random);
    task.files_append = random_entries(random);
    std::vector<std::string> entries = task.files_write;
    entries.insert(entries.end(), task.files_append.begin(), task.files_append.end());
    for (int round = 0; round < 8; ++round) {
      const std::vector<TreeChange> changes = random_changes(random);
      const std::vector<std::string> findings = boundary_findings(changes, task);
      size_t at = 0;
      for (const TreeChange& change : changes) {
        ++pairs;
        const bool found = at < findings.size() && findings[at].starts_with(change.path + ": ");
        if (found) ++at;
        if (found == is_allowed(change, entries)) {
          std::string all;
          for (const std::string& entry : entries) all += entry + " | ";
          FAIL() << change.path << " mode " << std::oct << change.new_mode
                 << (found ? " refused" : " allowed") << " with " << all;
        }
      }
      ASSERT_EQ(at, findings.size());
      refused += findings.size();
    }
  }
  // Both answers are common, or this test says little.
  EXPECT_GT(refused, pairs / 10);
  EXPECT_LT(refused, pairs - pairs / 10);
}

}  // namespace
}  // namespace pianola::verify
