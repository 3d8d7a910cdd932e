#include "verify/boundary.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/path_set.h"
#include "verify/git_name.h"

namespace pianola::verify {
namespace {

constexpr int mode_file = 0100644;
constexpr int mode_program = 0100755;
constexpr int mode_link = 0120000;
constexpr int mode_gitlink = 0160000;

bool is_tree_path(std::string_view path);
bool owned(const plan::Task& task, std::string_view path);
bool owned_by_name(const plan::Task& task, std::string_view path);
const char* change_word(const TreeChange& change);
std::string finding_of(const TreeChange& change, const plan::Task& task);

}  // namespace

std::vector<std::string> boundary_findings(const std::vector<TreeChange>& changes, const plan::Task& task) {
  std::vector<const TreeChange*> in_order;
  in_order.reserve(changes.size());
  for (const TreeChange& change : changes) in_order.push_back(&change);
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const TreeChange* a, const TreeChange* b) { return a->path < b->path; });

  std::vector<std::string> findings;
  size_t more = 0;
  for (const TreeChange* change : in_order) {
    std::string finding = finding_of(*change, task);
    if (finding.empty()) continue;
    if (findings.size() == findings_limit) {
      ++more;
    } else {
      findings.push_back(std::move(finding));
    }
  }
  if (more > 0) findings.push_back(fmt::format("and {} more", more));
  return findings;
}

namespace {

// The gravest thing about this change, or "".
std::string finding_of(const TreeChange& change, const plan::Task& task) {
  const auto says = [&](std::string_view what) {
    return fmt::format("{}: {}, {}", display(change.path).str(), change_word(change), what);
  };
  if (!is_tree_path(change.path)) return says("but this is no path inside the repository");
  if (names_git_folder(change.path)) return says("but it is a name of git's own folder");
  if (task.mode == plan::Mode::read) return says("but this task only reads");
  if (!owned(task, change.path)) return says("outside files_write and files_append of this task");
  if (!change.twin.empty() && !owned(task, change.twin)) {
    return says(fmt::format("but where case and accents do not count it is {}, which is outside",
                            display(change.twin).str()));
  }
  if (change.new_mode == mode_gitlink) {
    return fmt::format("{}: a nested repository; commit its files, not it", display(change.path).str());
  }
  if (names_attribute_file(change.path) && !owned_by_name(task, change.path)) {
    return says("but such a file must be in files_write by its own name");
  }
  if (change.new_mode == mode_link && !owned_by_name(task, change.path)) {
    return says("but a symbolic link must be in files_write by its own name");
  }
  if (!change.filter.empty()) {
    return says(fmt::format("but it goes through the filter {}, which pianola does not run",
                            display(change.filter).str()));
  }
  const bool known = change.new_mode == 0 || change.new_mode == mode_file ||
                     change.new_mode == mode_program || change.new_mode == mode_link;
  if (!known) return says(fmt::format("but its mode {:o} is not one that git writes", change.new_mode));
  return {};
}

// git's own trees have no other paths, but this comes from a repository that others wrote.
bool is_tree_path(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    const std::string_view component = path.substr(at, end - at);
    if (component.empty() || component == "." || component == "..") return false;
    at = end + 1;
  }
  return true;
}

bool owned(const plan::Task& task, std::string_view path) {
  return plan::any_owns(task.files_write, path) || plan::any_owns(task.files_append, path);
}

// True when `entry` has no wildcard and, its escapes resolved, is exactly `path`.
bool is_name_of(std::string_view entry, std::string_view path) {
  size_t matched = 0;
  for (size_t at = 0; at < entry.size(); ++at) {
    if (entry[at] == '*' || entry[at] == '?' || entry[at] == '[') return false;
    if (entry[at] == '\\' && at + 1 < entry.size()) ++at;
    if (matched == path.size() || entry[at] != path[matched]) return false;
    ++matched;
  }
  return matched == path.size();
}

bool owned_by_name(const plan::Task& task, std::string_view path) {
  const auto names = [&](const std::string& entry) { return is_name_of(entry, path); };
  return std::any_of(task.files_write.begin(), task.files_write.end(), names) ||
         std::any_of(task.files_append.begin(), task.files_append.end(), names);
}

const char* change_word(const TreeChange& change) {
  if (change.old_mode == 0) return "added";
  if (change.new_mode == 0) return "deleted";
  if (change.old_id == change.new_id) return "mode changed";
  return "changed";
}

}  // namespace
}  // namespace pianola::verify
