// Every single fault, one after the other: ten fixed scenarios, each played with the n-th step a crash, the
// n-th append failing, the n-th report lost, the n-th report repeated, for n = 1, 2, 3 ... until none is
// reached (after SQLite's test of the n-th allocation).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/world.h"

namespace pianola::sim {

struct Exhausted {
  uint64_t plays = 0;
  std::optional<std::string> failure;  // the scenario, the fault and its number, and what was violated
};

// Plays all of them. Stops at the first violation.
Exhausted play_exhaustively();

}  // namespace pianola::sim
