#include "world/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <ctime>

namespace pianola::world {

TerminalSize terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

int64_t utc_offset_s() {
  const time_t now = time(nullptr);
  tm local{};
  return localtime_r(&now, &local) == nullptr ? 0 : local.tm_gmtoff;
}

}  // namespace pianola::world
