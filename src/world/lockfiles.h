// The lockfiles of a project, found on disk.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/environment.h"

namespace pianola::world {

// The lockfiles in the folder `top` and below it, sorted by path. Left out are folders that hold packages of
// others (plan::may_hold_lockfiles) and those with pianola's workspaces. A link that leads to a file counts
// as that file, as the package tools take it; one that leads to a folder is not followed. Errors (failed,
// integrity, paused) name the first thing that cannot be looked at: a folder or a lockfile that cannot be
// read, a lockfile that is no regular file or larger than 64 MiB, a folder more than 64 below `top`. What is
// removed meanwhile may be left out.
Result<std::vector<plan::LockedFile>> find_lockfiles(const std::string& top);

}  // namespace pianola::world
