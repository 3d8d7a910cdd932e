// The seam for isolation: everything of a worker that pianola starts, agents and checks, passes here.
#pragma once

#include "world/kept_records.h"

namespace pianola::world {

// `spec` as it is really run. Without a sandbox it is run as it is.
KeptSpec confine(KeptSpec spec);

}  // namespace pianola::world
