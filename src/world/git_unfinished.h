// Packs that `git fetch` began to write and left when it did not like what it read (git removes them only
// when it prunes, weeks later).
#pragma once

#include <set>
#include <string>

namespace pianola::world {

// Names of the unfinished packs of an object store.
std::set<std::string> unfinished_packs(const std::string& objects_dir);

// Removes those that are not among `before` and that nobody has open: another git, of the user's, may be
// writing its own at the same time. Those whose owner cannot be asked (fcntl(2), F_SETLEASE) stay.
void remove_unfinished_packs(const std::string& objects_dir, const std::set<std::string>& before);

}  // namespace pianola::world
