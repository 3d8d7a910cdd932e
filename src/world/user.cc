#include "world/user.h"

#include <pwd.h>

namespace pianola::world {

std::string user_name(unsigned uid) {
  const passwd* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

}  // namespace pianola::world
