// Finds the repository a person stands in, and says what keeps a run from starting there. Nothing in it is
// changed, not even the index. The environment is handed in; GIT_* variables in it are not used.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/result.h"
#include "world/git_child.h"
#include "world/layout.h"

namespace pianola::world {

// A repository as it was found.
struct Hub {
  GitProgram git;
  Layout layout;
  std::string path;               // what people call it: the top of the checkout, or the bare repository
  std::string top;                // of the checkout; "" when bare
  std::string checkout_git_dir;   // of this checkout; layout.git_dir unless it is a linked worktree
  std::string head_ref;           // full refname; "" when detached
  std::string head_commit;        // "" when the branch has no commit yet
  std::string object_format;      // sha1 or sha256
  std::set<std::string> filters;  // content filters that the person's git is configured to run
};

struct DiscoverOptions {
  std::string dir;  // absolute
  std::map<std::string, std::string> env;
  RunChild run_child = world::run_child;
};

// Looks upwards from `dir`. Errors: no git (missing); no repository, one of another owner, no place for
// workspaces or sockets (repository).
Result<Hub> discover(const DiscoverOptions& options);

// Errors (repository) while a run cannot start: it may not be written to; refs in reftable; no commit yet; a
// merge, rebase, bisect, am, cherry-pick or revert in progress; a ref that takes the place of pianola's own;
// objects borrowed from a place that is gone.
Result<void> check_settled(const Hub& hub, const RunChild& run);

// What a run starts from and where it lands.
struct RunStart {
  std::string target;  // full refname
  std::string base;    // commit
};

// `branch` is a short name, or "" for the branch that is checked out. Errors (repository): no such branch or
// no such name; detached and none named, or HEAD is not where the named branch is; it holds files that go
// through a content filter, or that a partial clone has not fetched.
Result<RunStart> choose_start(const Hub& hub, const std::string& branch, const RunChild& run);

// Files of the checkout that agents will not see.
struct DirtyCounts {
  int changed = 0;
  int untracked = 0;
};
Result<DirtyCounts> count_dirty(const Hub& hub, const DiscoverOptions& options);

// "2 changed files and 1 untracked are not seen by agents; they start from 1a2b3c4"; "" when clean.
std::string dirty_note(const DirtyCounts& counts, const std::string& base);

// Who commits, as the person's git is configured. Errors (repository): no name or no address, with the two
// commands that set them.
Result<Identity> find_identity(const Hub& hub, const DiscoverOptions& options);

// Errors (repository): a folder of the git directory, or pianola's own in it, cannot be written to.
Result<void> check_writable(const Layout& layout);

// Where everything of the repository with this common git directory lies. Workspaces lie beside the
// repository, else under the person's state folder; never under /tmp unless the repository itself does.
Result<Layout> find_layout(const std::string& common_git_dir, const std::map<std::string, std::string>& env);

}  // namespace pianola::world
