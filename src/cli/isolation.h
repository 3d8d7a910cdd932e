// How agents are kept apart: the level that is asked for, against what this machine can do.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/program.h"
#include "core/state.h"

namespace pianola::cli {

struct IsolationWish {
  std::string flag;        // --isolation, or ""
  std::string configured;  // or ""
  bool allow_unsandboxed = false;
};

// The level that is really applied: what is asked for, and sealed when nothing is. A seal is tried out before
// it is claimed. Errors (missing): none works here, and nobody said that less will do.
Result<core::Isolation> isolation_level(const Program& program, const IsolationWish& wish);

// Nothing when a seal works here. Errors (missing): why not.
Result<void> try_seal(const Program& program);

}  // namespace pianola::cli
