// What a seal shows of /etc, as one folder instead of forty mounts: bubblewrap reads the whole table of
// mounts again for each, which is half of what a sealed start costs.
#pragma once

#include <string>

#include "world/seal.h"

namespace pianola::world {

// Copies what `sealer` shows below /etc to <folder>/<digest of that and of this boot>, which is there already
// when nothing has changed, and has the seals mount that: /etc as it is now, but for the names of the network
// (live_etc_names), which stay mounts of their own. What others than the owner cannot read is left out. A
// copy that cannot be made whole, on a full disk or because a file went meanwhile, is none: the seals mount
// each name then. Nothing to do without a root of its own.
void gather_etc(Sealer& sealer, const std::string& folder);

}  // namespace pianola::world
