// Lock files of a git that was killed in a workspace.
#pragma once

#include <string>

namespace pianola::world {

// Removes the locks that stand in the way of the next commit in `workspace`: those of HEAD, the index, the
// packed refs and the branches. Nothing may run in it. Links are not followed, so that nothing outside is
// touched whatever a worker made of its .git; what cannot be removed stays.
void clear_stale_locks(const std::string& workspace);

}  // namespace pianola::world
