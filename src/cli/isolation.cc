#include "cli/isolation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "cli/run_repository.h"
#include "world/files.h"
#include "world/landlock.h"

namespace pianola::cli {
namespace {

Error with_remedy(Error error, const std::string& what, const std::string& remedy) {
  error.what = what + (error.where.empty() ? "" : error.where + ": ") + error.what;
  error.where = "isolation";
  error.next += (error.next.empty() ? "" : "; or ") + remedy;
  return error;
}

}  // namespace

size_t Trial::refused() const {
  return static_cast<size_t>(
      std::count_if(tried.begin(), tried.end(), [](const auto& one) { return one.is_refused; }));
}

Result<Trial> try_level(const Program& program, core::Isolation level) {
  const std::optional<world::Sealer> sealer = TRY(sealer_of(program, level));
  CHECK(sealer, "only levels with a seal are tried");
  Trial trial;
  trial.tried = TRY(world::probe_seal(*sealer));
  trial.open = world::open_attacks(*sealer, world::landlock_abi());
  return trial;
}

std::string trial_text(const Trial& trial, core::Isolation level) {
  return fmt::format("{}: {} of {} attacks refused", core::isolation_text(level), trial.refused(),
                     trial.tried.size());
}

Result<core::Isolation> isolation_level(const Program& program, const IsolationWish& wish) {
  using enum core::Isolation;
  const std::string& word = wish.flag.empty() ? wish.configured : wish.flag;
  if (word == "worktree") return worktree;
  if (word == "none") return none;
  if (word == "landlock") {
    const Result<Trial> holds = try_level(program, landlock);
    if (holds) return landlock;
    return refuse(with_remedy(holds.error(), "no Landlock for agents: ", "accept less: --isolation none"));
  }
  const Result<Trial> holds = try_level(program, sealed);
  if (holds) return sealed;
  if (word.empty() && try_level(program, landlock)) return landlock;
  if (word.empty() && wish.allow_unsandboxed) return none;
  const std::string less = word.empty() ? "--allow-unsandboxed" : "--isolation none";
  return refuse(with_remedy(holds.error(), "no seal for agents: ", "accept less: " + less));
}

Result<void> check_reach(const Program& program, const world::Layout& layout, core::Isolation level) {
  if (level != core::Isolation::landlock || program.surroundings.uid != 0) return {};
  for (const std::string& place : {layout.git_dir + "/objects/all", layout.work_dir}) {
    for (size_t slash = place.find('/', 1); slash != std::string::npos; slash = place.find('/', slash + 1)) {
      const std::string folder = place.substr(0, slash);
      if (!world::exists(folder) || world::may_everybody_pass(folder)) continue;
      return refuse(Error{.kind = ErrorKind::missing,
                          .where = folder,
                          .what = "the worker's user cannot pass through it",
                          .expected = "a folder that everybody may pass, for isolation landlock as root",
                          .next = "start pianola as yourself, or move the repository"});
    }
  }
  return {};
}

}  // namespace pianola::cli
