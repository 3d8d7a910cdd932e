// Whether a seal holds here: it is tried out before it is claimed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "world/sealer.h"

namespace pianola::world {

struct TriedAttack {
  std::string name;
  bool is_refused = true;
  friend bool operator==(const TriedAttack&, const TriedAttack&) = default;
};

// Starts a program in a seal that tries to read, write and reach what is not its own, in a folder of this
// probe's that is open to everybody else. Errors (missing): what the kernel or bubblewrap said to the seal,
// or that more is reached than open_attacks() names; (failed).
Result<std::vector<TriedAttack>> probe_seal(const Sealer& sealer);

}  // namespace pianola::world
