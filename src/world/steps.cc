#include "world/steps.h"

#if defined(PIANOLA_STEPS) && PIANOLA_STEPS

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include "world/child.h"

namespace pianola::world {

namespace {

struct Target {
  std::string_view name;
  int pass = 1;
};

Target target_of(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, 1};
  Target target{text.substr(0, colon), 1};
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), target.pass);
  return target;
}

void log_step(const char* name) {
  const char* path = ::getenv("PIANOLA_STEP_LOG");
  if (path == nullptr) return;
  const Fd log(::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const std::string line = std::string(name) + "\n";
  // One write, so that lines of several processes do not mix.
  if (::write(log.get(), line.data(), line.size()) < 0) return;
}

bool may_die() {
  const char* ticket = ::getenv("PIANOLA_KILL_ONCE");
  return ticket == nullptr || static_cast<bool>(Fd(::open(ticket, O_CREAT | O_EXCL | O_CLOEXEC, 0600)));
}

}  // namespace

void pass_step(const char* name) {
  log_step(name);
  const char* wanted = ::getenv("PIANOLA_KILL_AT");
  if (wanted == nullptr) return;
  const Target target = target_of(wanted);
  if (target.name != name) return;
  static std::atomic<int> passes{0};
  if (++passes != target.pass || !may_die()) return;
  ::kill(::getpid(), SIGKILL);
  ::pause();
}

}  // namespace pianola::world

#endif
