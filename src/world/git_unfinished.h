// Packs that `git fetch` began to write and left when it did not like what it read (git removes them only
// when it prunes, weeks later).
#pragma once

#include <string>

#include "base/instant.h"

namespace pianola::world {

// Removes the unfinished packs of an object store that nobody has open and nobody wrote to in the ten minutes
// before `now` (wall clock): another git, of the user's, may be about to give one its name, and it has closed
// it then. Those whose owner cannot be asked (fcntl(2), F_SETLEASE) stay. What our own fetch left goes with
// the next one that fails later, or with gc.
void remove_unfinished_packs(const std::string& objects_dir, Instant now);

}  // namespace pianola::world
