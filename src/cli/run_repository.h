// The git side of a run, as its first event describes it.
#pragma once

#include <optional>

#include "base/result.h"
#include "cli/program.h"
#include "core/state.h"
#include "world/discover.h"
#include "world/git_repository.h"
#include "world/sealer.h"

namespace pianola::cli {

// What seals a run of this isolation; nothing when nothing does. Errors (missing): no sandbox here.
Result<std::optional<world::Sealer>> sealer_of(const Program& program, core::Isolation isolation);

struct RunOfRepository {
  const core::RunId& run;
  const core::Policy& policy;
  const core::Repository& repository;
};
world::GitRepositoryOptions repository_options(const world::Hub& hub, const RunOfRepository& of,
                                               const std::optional<world::Sealer>& sealer);

}  // namespace pianola::cli
