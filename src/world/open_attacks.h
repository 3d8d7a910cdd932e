// What a worker can do to the rest of the machine in spite of its seal: the list that `doctor --attacks`
// prints and that the red team must find, no more and no less.
#pragma once

#include <string>
#include <vector>

#include "world/sealer.h"

namespace pianola::world {

struct OpenAttack {
  std::string name;  // the red team's; what an agent can a check can too
  std::string why;
  bool is_tried = true;  // by the red team; what is not would only harm the machine it runs on
  friend bool operator==(const OpenAttack&, const OpenAttack&) = default;
};

// Of seals that `sealer` makes on a kernel whose Landlock is `abi` (landlock.h), in the order of the names.
std::vector<OpenAttack> open_attacks(const Sealer& sealer, int abi);

}  // namespace pianola::world
