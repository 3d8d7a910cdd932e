// The contracts of a plan as the commit has them that a run starts from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/state.h"
#include "plan/load.h"
#include "world/discover.h"

namespace pianola::cli {

// Those that have a file, in plan order. Errors: repository, a contract whose file is not in `commit` and
// which no task of the plan would write, or that says another thing there than the plan.
Result<std::vector<core::ContractVersion>> contracts_at(const world::Hub& hub, const std::string& commit,
                                                        const plan::Loaded& loaded);

}  // namespace pianola::cli
