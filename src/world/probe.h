// What this machine really does, tried out rather than assumed.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace pianola::world {

// "Linux 6.1.0, 2 cores".
std::string system_text();

// Whether `dir` (made if absent) is a place for a journal: a lock taken there keeps others out, a rename
// replaces, a sync is obeyed. Errors (repository) say which does not hold. Leaves nothing behind.
Result<void> probe_disk(const std::string& dir);

// Soft limit of open files (getrlimit(2)).
uint64_t descriptor_limit();

}  // namespace pianola::world
