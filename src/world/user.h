// Who people are on this machine.
#pragma once

#include <string>

namespace pianola::world {

// The user's name in the password database (getpwuid(3)), else the number.
std::string user_name(unsigned uid);

}  // namespace pianola::world
