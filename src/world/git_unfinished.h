// Packs that `git fetch` began to write and left when it did not like what it read (git removes them only
// when it prunes, weeks later).
#pragma once

#include <string>

#include "base/instant.h"

namespace pianola::world {

// Which of them are nobody's any more, by when they were written last (wall clock): in a fetch of ours that
// has failed since, or long before now. Another git, of the user's, has closed one when it is about to give
// it its name; that is a moment, and a fetch that meets one removed then is fetched again.
struct UnfinishedPacks {
  Instant from = {};
  Instant until = {};
};
UnfinishedPacks left_by_fetch(Instant begun);
UnfinishedPacks left_long_ago(Instant now);  // ten minutes

// Removes those that nobody has open. Those whose owner cannot be asked (fcntl(2), F_SETLEASE) stay.
void remove_unfinished_packs(const std::string& objects_dir, const UnfinishedPacks& which);

}  // namespace pianola::world
