// The table of processes as proc(5) shows it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "world/tree.h"

namespace pianola::world {

struct StatLine {
  ProcessId id;
  pid_t parent = 0;
  pid_t session = 0;
  bool has_terminal = false;
  char state = '?';
  int threads = 0;
  // A main thread that is over shows as a zombie while others of its process still run.
  bool is_living() const { return (state != 'Z' && state != 'X' && state != 'x') || threads > 1; }
};

// Nothing when there is no such process.
std::optional<StatLine> read_stat(pid_t pid);

std::vector<StatLine> all_processes();

// True when it runs with our effective user and lets others of that look into it.
bool is_of_our_user(pid_t pid);

// The bytes of a file of proc(5), as far as they can be read and up to about `limit`.
std::string read_proc(const std::string& path, size_t limit);

}  // namespace pianola::world
