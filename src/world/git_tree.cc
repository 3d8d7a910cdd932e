#include "world/git_tree.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "world/git_text.h"

namespace pianola::world {
namespace {

Error strange(const char* what) {
  return {.kind = ErrorKind::internal, .where = "git", .what = std::string("printed ") + what};
}

// The pieces of a -z output, one after the other.
class Pieces {
 public:
  explicit Pieces(std::string_view output) : rest_(output) {}
  bool done() const { return rest_.empty(); }
  std::string_view next() {
    const size_t end = rest_.find('\0');
    const std::string_view piece = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    return piece;
  }

 private:
  std::string_view rest_;
};

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Six octal digits; one that is not read must not pass for the mode of a side that is absent.
Result<int> read_mode(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  const bool is_whole = failure == std::errc() && end == text.data() + text.size();
  if (!is_whole || text.size() != 6 || value < 0) return refuse(strange("no mode"));
  return value;
}

// ":100644 100644 <id> <id> M", whose path is the next piece.
Result<TreeChange> read_change(std::string_view head, std::string_view path) {
  const std::vector<std::string_view> fields = words(head.substr(1));
  if (fields.size() != 5 || path.empty()) return refuse(strange("no raw change"));
  const int old_mode = TRY(read_mode(fields[0]));
  const int new_mode = TRY(read_mode(fields[1]));
  TreeChange change{.path = std::string(path),
                    .old_mode = old_mode,
                    .new_mode = new_mode,
                    .old_id = std::string(fields[2]),
                    .new_id = std::string(fields[3])};
  if (change.old_mode == 0) change.old_id.clear();
  if (change.new_mode == 0) change.new_id.clear();
  return change;
}

std::string_view without_line_break(std::string_view piece) {
  if (!piece.empty() && piece.front() == '\n') piece.remove_prefix(1);
  return piece;
}

}  // namespace

std::vector<plan::TreeFile> read_tree_listing(const std::string& output) {
  std::vector<plan::TreeFile> files;
  for (const std::string& line : pieces_of(output, '\0')) {
    const size_t tab = line.find('\t');
    const size_t id = line.rfind(' ', tab);
    if (tab == std::string::npos || id == std::string::npos) continue;
    files.push_back({.mode = static_cast<int>(std::strtol(line.c_str(), nullptr, 8)),
                     .id = line.substr(id + 1, tab - id - 1),
                     .path = line.substr(tab + 1)});
  }
  return files;
}

Result<std::vector<TreeChange>> read_raw_changes(std::string_view output) {
  std::vector<TreeChange> changes;
  Pieces pieces(output);
  while (!pieces.done()) {
    const std::string_view head = pieces.next();
    if (head.empty() || head.front() != ':') return refuse(strange("no raw change"));
    changes.push_back(TRY(read_change(head, pieces.next())));
  }
  return changes;
}

Result<std::vector<LoggedCommit>> read_history(std::string_view output) {
  std::vector<LoggedCommit> commits;
  Pieces pieces(output);
  while (!pieces.done()) {
    const std::string_view piece = without_line_break(pieces.next());
    if (piece.empty()) continue;
    if (piece.front() == '\x01') {
      const std::vector<std::string_view> ids = words(piece.substr(1));
      if (ids.size() < 2) return refuse(strange("no commit"));
      LoggedCommit commit{
          .id = std::string(ids[0]), .tree = std::string(ids[1]), .parents = {}, .changes = {}};
      commit.parents.assign(ids.begin() + 2, ids.end());
      commits.push_back(std::move(commit));
    } else if (piece.front() == ':' && !commits.empty()) {
      commits.back().changes.push_back(TRY(read_change(piece, pieces.next())));
    } else {
      return refuse(strange("no history"));
    }
  }
  return commits;
}

std::vector<TreeChange> compose(const std::vector<LoggedCommit>& newest_first) {
  std::map<std::string, TreeChange> by_path;
  for (auto commit = newest_first.rbegin(); commit != newest_first.rend(); ++commit) {
    for (const TreeChange& change : commit->changes) {
      const auto [found, is_new] = by_path.try_emplace(change.path, change);
      if (is_new) continue;
      found->second.new_mode = change.new_mode;
      found->second.new_id = change.new_id;
    }
  }
  std::vector<TreeChange> changes;
  for (auto& [path, change] : by_path)
    if (change.old_mode != change.new_mode || change.old_id != change.new_id)
      changes.push_back(std::move(change));
  return changes;
}

std::vector<TreeChange> index_changes(const Index& before, const Index& after) {
  std::vector<TreeChange> changes;
  auto old_entry = before.begin();
  auto new_entry = after.begin();
  while (old_entry != before.end() || new_entry != after.end()) {
    const bool has_old =
        old_entry != before.end() && (new_entry == after.end() || old_entry->first <= new_entry->first);
    const bool has_new =
        new_entry != after.end() && (old_entry == before.end() || new_entry->first <= old_entry->first);
    TreeChange change{.path = has_old ? old_entry->first : new_entry->first, .old_id = {}, .new_id = {}};
    if (has_old) {
      change.old_mode = old_entry->second.mode;
      change.old_id = old_entry->second.id;
      ++old_entry;
    }
    if (has_new) {
      change.new_mode = new_entry->second.mode;
      change.new_id = new_entry->second.id;
      ++new_entry;
    }
    if (change.old_mode != change.new_mode || change.old_id != change.new_id)
      changes.push_back(std::move(change));
  }
  return changes;
}

bool is_new_gitlink(const TreeChange& change) {
  return change.new_mode == gitlink_mode && change.old_mode != gitlink_mode;
}

bool has_new_gitlinks(const std::vector<TreeChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), is_new_gitlink);
}

}  // namespace pianola::world
