#include "base/error.h"

namespace pianola {

std::string Error::text() const {
  std::string out = where.empty() ? what : where + ": " + what;
  if (!expected.empty()) out += "; expected " + expected;
  if (!next.empty()) out += "; " + next;
  return out;
}

}  // namespace pianola
