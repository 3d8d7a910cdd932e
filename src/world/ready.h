// A supervisor that goes on without its terminal, and the word that it serves.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

struct Detached {
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string log_path;  // its stdout and stderr
};

// Starts it in a session of its own and returns once it has called tell_ready(). Errors (failed): it ended
// before that; what it said is in the log.
Result<void> start_detached(const Detached& detached);

// Tells whoever started us; `fd` is the number handed down, "" = nobody waits.
void tell_ready(const std::string& fd);

int64_t own_pid();

}  // namespace pianola::world
