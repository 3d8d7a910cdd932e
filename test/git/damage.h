// Ways in which the repository of a workspace goes wrong, by accident or on purpose.
#pragma once

#include <string>

#include "base/random.h"

namespace pianola::world {

// Damages one to three files below `git_dir`, mostly objects and refs; says what it did, in a few words.
std::string damage_repository(const std::string& git_dir, Random& random);

}  // namespace pianola::world
