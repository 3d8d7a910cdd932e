// Everything a run started, by its folders alone: for when its journal cannot be read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

// Ends every attempt and every check of the run whose folder is `run_dir` that began and has no record of its
// exit: TERM for all of them at once, KILL after the grace, and a record is waited for. Folders in which
// nothing began stay as they are. `run_dir` is spelled as layout.h does. The caller knows that no supervisor
// is at work there. Returns how many there were. Errors (held): some are not over 20 s after the grace, or
// their folders could not be read.
Result<int> end_all_kept(const std::string& run_dir, int64_t grace_ms = 10'000);

// The cgroups that attempts and checks of this run left which are over.
Result<std::vector<std::string>> groups_left(const std::string& run_dir);

}  // namespace pianola::world
