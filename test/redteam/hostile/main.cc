// A hostile worker: tries the attacks that scene.txt gives to its task, each in a process of its own with a
// time limit, and says in a line each what became of it. As `victim` it is a process of the user's instead.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sstream>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

constexpr unsigned limit_s = 3;
constexpr size_t line_bytes_max = 400;

Attempts all_attempts() {
  Attempts all;
  for (const auto add : {add_files, add_state, add_secrets, add_detours, add_processes, add_sockets,
                         add_kernel, add_own_git, add_work, add_endings})
    add(all);
  return all;
}

std::string try_one(Attempt attempt, const Ground& ground) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return "refused no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    ::alarm(limit_s);
    const std::string said = attempt(ground).substr(0, line_bytes_max);
    if (::write(ends[1], said.data(), said.size()) < 0) ::_exit(1);
    ::_exit(0);
  }
  ::close(ends[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  // It all fits into the pipe, which something that outlives the attempt may hold open.
  char bytes[line_bytes_max];
  const ssize_t got = ::read(ends[0], bytes, sizeof bytes);
  ::close(ends[0]);
  std::string said(bytes, got > 0 ? static_cast<size_t>(got) : 0);
  if (said.empty()) said = "refused, ended by signal " + std::to_string(WTERMSIG(status));
  return said;
}

int work(const std::string& task) {
  const Ground ground("scene.txt");
  const Attempts attempts = all_attempts();
  std::istringstream names(ground["attacks." + task]);
  for (std::string name; names >> name;) {
    // What is tried in a check, too, has the same name there after "check/".
    const bool is_own = attempts.count(name) != 0;
    const auto found = attempts.find(is_own ? name : name.substr(name.find('/') + 1));
    const std::string said = found == attempts.end() ? "unknown" : try_one(found->second, ground);
    std::printf("attack %s %s\n", name.c_str(), said.c_str());
    std::fflush(stdout);
  }
  const std::string ending = ground["exit." + task];
  return ending.empty() ? 1 : std::atoi(ending.c_str());
}

// Sits still with a secret in its memory, its environment, its working folder and a descriptor.
int be_victim(const std::string& secret, const std::string& place) {
  static char memory[4096];
  std::snprintf(memory, sizeof memory, "%s", secret.c_str());
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::FILE* file = std::fopen((place + ".new").c_str(), "w");
  if (file == nullptr) return 1;
  std::fprintf(file, "%d %p\n", ::getpid(), static_cast<void*>(memory));
  std::fclose(file);
  if (std::rename((place + ".new").c_str(), place.c_str()) != 0) return 1;
  while (true) ::pause();
}

// Outlives whoever started it, for a while.
int survive() {
  constexpr unsigned own_limit_s = 20;
  for (int number = 1; number < 65; ++number) {
    if (number != SIGKILL && number != SIGSTOP && number != SIGALRM) ::signal(number, SIG_IGN);
  }
  for (int file = 0; file < 64; ++file) ::close(file);
  ::alarm(own_limit_s);
  while (true) ::pause();
}

}  // namespace
}  // namespace pianola::redteam

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "victim") == 0) return pianola::redteam::be_victim(argv[2], argv[3]);
  if (argc == 3 && std::strcmp(argv[1], "survive") == 0) return pianola::redteam::survive();
  const char* task = argc > 1 ? argv[1] : ::getenv("PIANOLA_TASK");
  return pianola::redteam::work(task != nullptr ? task : "");
}
