// What changed between two trees, as git's plumbing prints it, and what an index file holds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/ports.h"
#include "plan/manifests.h"

namespace pianola::world {

using verify::TreeChange;

// Reads `git ls-tree -r -z` ("<mode> SP <type> SP <id> TAB <path>", git-ls-tree(1), "Output format"), in its
// order; of a link the mode says so, of a repository inside it gitlink_mode.
std::vector<plan::TreeFile> read_tree_listing(const std::string& output);

// Reads `git diff-tree -r -z --no-renames --raw` (git-diff-tree(1), raw output format). Errors (internal):
// it is not that format.
Result<std::vector<TreeChange>> read_raw_changes(std::string_view output);

// One commit of `git log --raw -z` in history_format, and its changes against its first parent.
struct LoggedCommit {
  std::string id;
  std::string tree;
  std::vector<std::string> parents;
  std::vector<TreeChange> changes;
};
inline constexpr const char* history_format = "--format=tformat:%x01%H %T %P";
Result<std::vector<LoggedCommit>> read_history(std::string_view output);

// The changes of a chain of commits, oldest last, as one change from before the first to after the last.
std::vector<TreeChange> compose(const std::vector<LoggedCommit>& newest_first);

// A path in an index, whose file git last saw with this time and size.
struct IndexEntry {
  int mode = 0;
  std::string id;
  int64_t modified_s = 0;
  int64_t size_bytes = 0;
};
// Path to entry, in path order.
using Index = std::map<std::string, IndexEntry>;

// Reads an index file that pianola's own git wrote (gitformat-index(5), versions 2 and 3). An index that is
// not there is empty. `id_bytes` is 20 for SHA-1 and 32 for SHA-256. Errors (integrity): damaged.
Result<Index> read_index(const std::string& path, size_t id_bytes);

// Copies an index with its time of change: git compares that time with those of the files to find out which
// may have changed within the same second (git's note on "racy git").
Result<void> copy_index(const std::string& from, const std::string& to);
Result<void> copy_time(const std::string& from, const std::string& to);

// From one index to another, in path order.
std::vector<TreeChange> index_changes(const Index& before, const Index& after);

inline constexpr int gitlink_mode = 0160000;
bool is_new_gitlink(const TreeChange& change);  // where there was none, not one that moved
bool has_new_gitlinks(const std::vector<TreeChange>& changes);

}  // namespace pianola::world
