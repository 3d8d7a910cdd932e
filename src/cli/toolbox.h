// The tools and caches in the user's HOME, inside a seal.
#pragma once

#include <map>
#include <string>

#include "cli/program.h"
#include "world/seal.h"

namespace pianola::cli {

// Adds to `seal` the folders of tools that the user's PATH leads into, read-only. Without an open network
// also the caches that are there, read-only in the private HOME, and to `env` each tool's own word for
// working offline, unless it has one already. Caches need a root of their own: elsewhere nothing can stand in
// another place.
void add_tools(const Program& program, const world::Sealer& sealer, world::Seal& seal,
               std::map<std::string, std::string>& env);

}  // namespace pianola::cli
