// One way to start a program: posix_spawn and a pidfd. Nothing else in pianola forks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

// A descriptor that closes itself. -1 = none.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

// What to run. The environment is exactly `env`; descriptors other than the named ones are closed; signal
// mask and dispositions are the defaults.
struct ChildOptions {
  std::vector<std::string> argv;  // argv[0] absolute
  std::map<std::string, std::string> env;
  std::string cwd = "/";
  std::string stdin_bytes;               // given on stdin, then closed
  std::string stdin_file;                // instead of stdin_bytes; a link is not followed
  size_t stdout_limit_bytes = 64 << 20;  // kept; the rest is drained and dropped
  size_t stderr_limit_bytes = 64 << 10;
  int64_t timeout_ms = 0;  // 0 = none; on timeout the process group is killed
};

struct Finished {
  bool signalled = false;
  int value = 0;  // exit code, or the signal
  bool timed_out = false;
  bool stdout_cut = false;
  std::string out;
  std::string err;
  bool ok() const { return !signalled && !timed_out && value == 0; }
};

// Runs it to its end and returns everything; blocks the calling thread. What is left of its process group
// is killed then; pipes that others still hold are given up after 2 s. Errors (missing, paused) only when
// it cannot be started at all. Safe to call from several threads.
Result<Finished> run_child(const ChildOptions& options);

// Lower half, for long-lived children: starts it and hands over what the caller asked for.
struct SpawnOptions {
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string cwd = "/";
  int stdin_fd = -1;  // -1 = /dev/null
  int stdout_fd = -1;
  int stderr_fd = -1;
  std::map<int, int> pass_fds;  // child's number -> ours
  enum class Group { own_session, own_group, same } group = Group::own_group;
};
struct Spawned {
  pid_t pid = 0;
  Fd pidfd;
};
Result<Spawned> spawn(const SpawnOptions& options);

// Waits until it ends. Its exit code, 128 and the signal, or -1 when that cannot be known.
int wait_for_exit(const Spawned& child);

}  // namespace pianola::world
