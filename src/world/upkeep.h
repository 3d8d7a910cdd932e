// What a crash or a power cut leaves lying about, told apart from what somebody uses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

// True for a socket that nobody listens on (connect(2): ECONNREFUSED).
bool is_dead_socket(const std::string& path);

// Lock files of git (*.lock) in `dir` and below that have not changed for `age_s` seconds. Links are not
// followed.
std::vector<std::string> old_git_locks(const std::string& dir, int64_t age_s);

// Renames `from` to `to`, whose folder is made. Errors: also when they lie on different file systems.
Result<void> move_aside(const std::string& from, const std::string& to);

// True when a file of this path is locked by somebody (flock(2)); false when it is not there.
bool is_locked(const std::string& path);

}  // namespace pianola::world
