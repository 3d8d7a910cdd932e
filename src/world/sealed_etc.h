// What a seal shows of /etc, as one folder instead of forty mounts: bubblewrap reads the whole table of
// mounts again for each, which is half of what a sealed start costs.
#pragma once

#include <string>

#include "base/result.h"
#include "world/seal.h"

namespace pianola::world {

// Copies what `sealer` mounts below /etc to <folder>/<its digest>, which is there already when nothing has
// changed, and mounts that instead; a network's names (hosts, resolv.conf) may change while a run goes on and
// stay mounts of their own. What others cannot read is left out. Nothing to do without a root of its own.
// Errors: paused, failed.
Result<void> gather_etc(Sealer& sealer, const std::string& folder);

}  // namespace pianola::world
