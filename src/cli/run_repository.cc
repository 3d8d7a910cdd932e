#include "cli/run_repository.h"

namespace pianola::cli {

Result<std::optional<world::Sealer>> sealer_of(const Program& program, core::Isolation isolation) {
  const world::SealerOptions options{.self = program.surroundings.self_path, .path = program.env("PATH")};
  if (isolation == core::Isolation::sealed) return TRY(world::find_sealer(options));
  if (isolation == core::Isolation::landlock) return TRY(world::find_landlock(options));
  return std::optional<world::Sealer>();
}

world::GitRepositoryOptions repository_options(const world::Hub& hub, const RunOfRepository& of,
                                               const std::optional<world::Sealer>& sealer) {
  world::GitRepositoryOptions git;
  git.git = hub.git;
  git.layout = hub.layout;
  git.object_format = hub.object_format;
  git.filters = hub.filters;
  git.run = of.run;
  git.target = of.repository.target;
  git.identity = {.name = of.repository.author_name, .email = of.repository.author_email};
  git.sealer = sealer;
  git.workspaces = of.policy.isolation == core::Isolation::worktree
                       ? world::GitRepositoryOptions::Workspaces::linked
                       : world::GitRepositoryOptions::Workspaces::clone;
  return git;
}

}  // namespace pianola::cli
