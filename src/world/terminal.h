// The terminal this process stands on.
#pragma once

#include <cstdint>

namespace pianola::world {

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

// Of stdout (TIOCGWINSZ, ioctl_tty(2)); 80x24 when it is none or does not know.
TerminalSize terminal_size();

// Seconds local time is ahead of UTC now (localtime_r(3)).
int64_t utc_offset_s();

}  // namespace pianola::world
