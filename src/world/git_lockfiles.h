// The lockfiles of a commit.
#pragma once

#include <string>

#include "base/result.h"
#include "world/git_child.h"

namespace pianola::world {

// The environment hash (plan/environment.h) of what `commit` holds: that of `pianola env hash` in a checkout
// of it, where git gives files the bytes it keeps, no lockfile is a link and all together have at most 32
// MiB. `where` names the repository; its arguments do not count. Errors: git's.
Result<std::string> environment_at(const Git& git, const GitCall& where, const std::string& commit);

}  // namespace pianola::world
