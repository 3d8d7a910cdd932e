// The terminal this process stands on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "world/child.h"

namespace pianola::world {

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

// Of stdout (TIOCGWINSZ, ioctl_tty(2)); 80x24 when it is none or does not know.
TerminalSize terminal_size();

// Seconds local time is ahead of UTC now (localtime_r(3)).
int64_t utc_offset_s();

// One line typed on stdin, without its end. Nothing at the end of input and on Ctrl-C.
std::optional<std::string> read_answer();

// Runs a program on this terminal, which it has to itself until it ends: Ctrl-C is its own meanwhile, and
// what was typed and it did not read is dropped (tcflush(3)), since it was no answer to what comes next. Its
// exit code, or 128 and its signal.
Result<int> run_on_terminal(SpawnOptions options);

}  // namespace pianola::world
