// What ends the worker's surroundings, outlives it, or is done where a check runs.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

// The keeper of this very attempt or check, where it can be seen.
void kill_own_keeper(const Ground& g) {
  // Once, or pianola starts it again and again.
  const int first = ::open(g.path("outside/keeper-was-killed").c_str(), O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (first < 0) return;
  ::close(first);
  for (pid_t pid = ::getppid(); pid > 1;) {
    const std::string words = slurp("/proc/" + std::to_string(pid) + "/cmdline");
    if (words.find("__keep") != std::string::npos && words.find(g["top"]) != std::string::npos) {
      ::kill(pid, SIGKILL);
      return;
    }
    const std::string status = slurp("/proc/" + std::to_string(pid) + "/status");
    const size_t at = status.find("PPid:");
    pid = at == std::string::npos ? 0 : std::atoi(status.c_str() + at + 5);
  }
}

// Away from every parent, session, signal, pipe and mark in its environment, and the keeper killed: it would
// find what it started.
std::string leave_survivor(const Ground& g, const std::string& name) {
  if (::fork() == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    char* const nothing[] = {nullptr};
    const std::string word = name + g["top"];
    ::execle("/proc/self/exe", "hostile", "survive", word.c_str(), nullptr, nothing);
    ::_exit(1);
  }
  ::usleep(100'000);
  kill_own_keeper(g);
  return reached();
}

void add_ends(Attempts& all) {
  // Every process it may signal. Where it shares the user's processes, one that stands for them.
  all["kill_everything"] = [](const Ground& g) {
    if (!g.is_in_own_pid_namespace())
      return ::kill(g.pid("all_victim"), SIGKILL) == 0 ? reached() : refused(errno);
    ::kill(-1, SIGKILL);
    return refused(ESRCH);
  };
  all["survivor"] = [](const Ground& g) { return leave_survivor(g, "survivor"); };
  all["check/survivor"] = [](const Ground& g) { return leave_survivor(g, "check/survivor"); };
}

}  // namespace

void add_endings(Attempts& attempts) { add_ends(attempts); }

}  // namespace pianola::redteam
