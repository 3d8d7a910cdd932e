// Git directories on disk, read and written without git.
#pragma once

#include <string>

#include "base/result.h"

namespace pianola::world {

// pianola's own bare git directory: an empty configuration, so that nothing a user or an agent configured
// (filters, merge drivers, hooks, attributes) takes part in merging and comparing. Made at `path` unless it
// is there. It has no objects; GIT_OBJECT_DIRECTORY names the hub's.
Result<void> make_own_git_dir(const std::string& path, const std::string& object_format);

// The [core] and [extensions] lines every repository of this object format begins its configuration with.
std::string format_settings(const std::string& object_format);

// The git directory of a linked worktree, as the .git file of `folder` says; "" when it says nothing of the
// kind.
std::string linked_git_dir(const std::string& folder);

// "/srv" for "/srv/shop", "/" for "/srv".
std::string parent_folder(const std::string& path);

// True for a folder, not for a link to one.
bool is_folder(const std::string& path);

// The operation that is under way in this git directory: "rebase", "merge", "cherry-pick", "revert", "am",
// "bisect", or "".
std::string operation_in(const std::string& git_dir);

}  // namespace pianola::world
