// A supervisor that goes on without its terminal, and the word that it serves.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

struct Detached {
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string log_path;  // its stdout and stderr
};

// How it ended before it served.
struct EndedEarly {
  int exit_code = 0;  // 128 + n for signal n
  std::string said;   // the end of what it printed
};

// Starts it in a session of its own, in the root folder, and returns once it has called tell_ready() or has
// ended before that.
Result<std::optional<EndedEarly>> start_detached(const Detached& detached);

// Tells whoever started us; `fd` is the number handed down, "" = nobody waits.
void tell_ready(const std::string& fd);

int64_t own_pid();

}  // namespace pianola::world
