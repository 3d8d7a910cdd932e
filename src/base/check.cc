#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace pianola {

void check_failed(const char* file, int line, const char* what, std::string_view why) {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s; %.*s\n", file, line, what, static_cast<int>(why.size()),
               why.data());
  std::abort();
}

}  // namespace pianola
