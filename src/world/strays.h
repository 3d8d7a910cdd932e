// What an attempt started that shows neither its mark nor its parents any more, known by where it works. It
// is looked for only when the keeper is gone, since nothing gets away from one that lives. Ending a bystander
// is worse than leaving one of ours, so every doubt spares it.
#pragma once

#include <string>
#include <vector>

#include "world/process_table.h"

namespace pianola::world {

// Of `all`: processes of our user, started since then, in the same cgroup, without a terminal, with init for
// a parent, in a session begun since then; whose current or root folder, program, an open file or a mapped
// program lies in one of the folders. Never a pianola, and never one that this process descends from.
std::vector<StatLine> strays(const std::vector<StatLine>& all, const StraySigns& signs);

// The cgroups of a process (cgroups(7)); "" where there are none.
std::string cgroup_of(pid_t pid);

}  // namespace pianola::world
