#include "world/terminal.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <ctime>
#include <vector>

namespace pianola::world {
namespace {

// Signals with another disposition, until it goes.
class Disposition {
 public:
  Disposition(std::vector<int> signals, void (*act)(int)) : signals_(std::move(signals)) {
    struct sigaction how {};
    how.sa_handler = act;  // without SA_RESTART, so that a read ends
    for (const int signal : signals_) ::sigaction(signal, &how, &before_.emplace_back());
  }
  ~Disposition() {
    for (size_t i = 0; i < signals_.size(); ++i) ::sigaction(signals_[i], &before_[i], nullptr);
  }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  std::vector<int> signals_;
  std::vector<struct sigaction> before_;
};

}  // namespace

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

std::optional<std::string> read_answer() {
  const Disposition interrupted({SIGINT}, [](int) {});
  std::string line;
  char byte = 0;
  while (true) {
    if (::read(STDIN_FILENO, &byte, 1) != 1) return std::nullopt;
    if (byte == '\n') return line;
    line += byte;
  }
}

Result<int> run_on_terminal(SpawnOptions options) {
  const Disposition ignored({SIGINT, SIGQUIT}, SIG_IGN);
  options.stdin_fd = STDIN_FILENO;
  options.stdout_fd = STDOUT_FILENO;
  options.stderr_fd = STDERR_FILENO;
  options.group = SpawnOptions::Group::same;
  const int code = wait_for_exit(TRY(spawn(options)));
  ::tcflush(STDIN_FILENO, TCIFLUSH);
  return code;
}

}  // namespace pianola::world
