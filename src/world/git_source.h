// The repository in a workspace, as far as pianola takes it in: its HEAD, read as a small file, and its
// object files. Its configuration, hooks, refs and links are never git's to read, so nothing in them can run,
// point elsewhere, or hang.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

// The commit that HEAD of a repository stands at, found by reading files only; "" when it names none. For a
// linked worktree `common_dir` is the hub's.
std::string read_head(const std::string& git_dir, const std::string& common_dir);

// Commits that a repository names beside HEAD, found by reading files only: other branches, stashes, and what
// HEAD and the stash stood at before. Without repeats, the newest first as far as files tell. They are what
// the agent wrote: any of them may be missing or no commit.
std::vector<std::string> named_commits(const std::string& git_dir);

// Bytes in the object store at `objects_dir`. Errors (failed): it holds something that is no plain file or
// folder, or borrows from elsewhere than `hub_objects`.
Result<int64_t> measure_objects(const std::string& objects_dir, const std::string& hub_objects);

// A bare repository at `path` with a clean configuration, whose branches are "1" at the first of `commits`,
// "2" at the second and so on, and whose objects are those of both stores: what `git fetch` is pointed at.
struct SourceOptions {
  std::string path;
  std::vector<std::string> commits;
  std::string objects_dir;  // "" = the hub's alone
  std::string hub_git_dir;
  std::string object_format;
};
Result<void> make_source(const SourceOptions& options);

}  // namespace pianola::world
