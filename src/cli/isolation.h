// How agents are kept apart: the level that is asked for, against what this machine can do.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/program.h"
#include "core/state.h"
#include "world/layout.h"
#include "world/open_attacks.h"
#include "world/seal_probe.h"

namespace pianola::cli {

struct IsolationWish {
  std::string flag;        // --isolation, or ""
  std::string configured;  // or ""
  bool allow_unsandboxed = false;
};

// The level that is really applied: what is asked for; when nothing is, sealed, else landlock. Both are tried
// out before they are claimed. Errors (missing): none works here, and nobody said that less will do.
Result<core::Isolation> isolation_level(const Program& program, const IsolationWish& wish);

// What was tried and refused at `level`, sealed or landlock, and what it leaves open. Errors (missing): why
// it does not work here.
struct Trial {
  std::vector<world::TriedAttack> tried;
  std::vector<world::OpenAttack> open;
  size_t refused() const;
};
Result<Trial> try_level(const Program& program, core::Isolation level);

// "landlock: 17 of 21 attacks refused".
std::string trial_text(const Trial& trial, core::Isolation level);

// Landlock shows folders where they are, so whoever works for root must be able to pass through those above
// the repository and its workspaces. Errors (missing): not through this one.
Result<void> check_reach(const Program& program, const world::Layout& layout, core::Isolation level);

}  // namespace pianola::cli
