// Repositories that do not hold all their objects themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "world/git_child.h"

namespace pianola::world {

// What an object store's info/alternates holds (gitrepository-layout(5)); nothing where it is not there.
Result<std::optional<std::string>> alternates_text(const std::string& objects_dir);

// The line of it that names `path`.
std::string alternate_line(const std::string& path);

// The object stores that the one at `objects_dir` borrows from, and those that these borrow from in turn:
// absolute, each once, as git finds them, whether they are there or not.
std::vector<std::string> borrowed_objects(const std::string& objects_dir);

// The first of them that is not there; "" when there is none.
std::string missing_alternate(const std::string& objects_dir);

// How many objects of `commit` a partial clone has not fetched yet; 0 in any other repository, for which
// nothing is run. `call` names the repository. Errors: what git says.
Result<size_t> count_unfetched(const Git& git, GitCall call, const std::string& objects_dir,
                               const std::string& commit);

}  // namespace pianola::world
