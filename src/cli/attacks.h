// doctor --attacks: what each level refuses on this machine, and what it leaves open.
#pragma once

#include "base/result.h"
#include "cli/program.h"

namespace pianola::cli {

// The exit code: missing when no level holds here.
Result<int> print_attacks(const Program& program);

}  // namespace pianola::cli
