// Repositories that do not hold all their objects themselves.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "world/git_child.h"

namespace pianola::world {

// The lines of an object store's info/alternates as they are written; none where it borrows nothing.
std::vector<std::string> alternate_lines(const std::string& objects_dir);

// The first folder that an object store borrows from (gitrepository-layout(5), objects/info/alternates) and
// that is not there; "" when there is none.
std::string missing_alternate(const std::string& objects_dir);

// How many objects of `commit` a partial clone has not fetched yet; 0 in any other repository, for which
// nothing is run. `call` names the repository. Errors: what git says.
Result<size_t> count_unfetched(const Git& git, GitCall call, const std::string& objects_dir,
                               const std::string& commit);

}  // namespace pianola::world
