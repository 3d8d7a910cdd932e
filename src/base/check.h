// CHECK: an invariant of ours that does not hold ends the process, in release builds too.
//
// A crash is safe here because restart is an ordinary path: the journal holds every fact, and the next
// supervisor folds it. Never use CHECK on something the world or a user can cause; that is a Result.
#pragma once

#include <string_view>

namespace pianola {

// Prints "file:line: CHECK failed: what; why" on stderr and aborts.
[[noreturn]] void check_failed(const char* file, int line, const char* what, std::string_view why);

}  // namespace pianola

#define CHECK(condition, why)                                                         \
  do {                                                                                \
    if (!(condition)) ::pianola::check_failed(__FILE__, __LINE__, #condition, (why)); \
  } while (false)
