#include "cli/isolation.h"

#include "world/sealer.h"

namespace pianola::cli {

Result<void> try_seal(const Program& program) {
  const world::Sealer sealer =
      TRY(world::find_sealer({.self = program.surroundings.self_path, .path = program.env("PATH")}));
  return world::probe_seal(sealer);
}

Result<core::Isolation> isolation_level(const Program& program, const IsolationWish& wish) {
  const std::string& word = wish.flag.empty() ? wish.configured : wish.flag;
  if (word == "worktree") return core::Isolation::worktree;
  if (word == "none") return core::Isolation::none;
  const Result<void> holds = try_seal(program);
  if (holds) return core::Isolation::sealed;
  if (word.empty() && wish.allow_unsandboxed) return core::Isolation::none;
  Error error = holds.error();
  error.what = "no seal for agents: " + (error.where.empty() ? "" : error.where + ": ") + error.what;
  error.where = "isolation";
  error.next += (error.next.empty() ? "" : "; or ") + std::string("accept less: ") +
                (word.empty() ? "--allow-unsandboxed" : "--isolation none");
  return refuse(std::move(error));
}

}  // namespace pianola::cli
