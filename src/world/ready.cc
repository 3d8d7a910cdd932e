#include "world/ready.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr int ready_fd = 3;
constexpr off_t said_bytes_max = 16 << 10;

// What was added to the log since it had `from` bytes, or the end of that.
std::string said_since(const std::string& log_path, off_t from) {
  const Fd log(::open(log_path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!log || ::fstat(log.get(), &status) != 0) return "";
  from = std::max(from, status.st_size - said_bytes_max);
  std::string said(static_cast<size_t>(std::max<off_t>(status.st_size - from, 0)), '\0');
  const ssize_t n = ::pread(log.get(), said.data(), said.size(), from);
  said.resize(n > 0 ? static_cast<size_t>(n) : 0);
  return said;
}

}  // namespace

Result<std::optional<EndedEarly>> start_detached(const Detached& detached) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return refuse(system_error("pipe", errno));
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const Fd log(::open(detached.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  struct stat before {};
  if (!log || ::fstat(log.get(), &before) != 0) return refuse(system_error(detached.log_path, errno));
  SpawnOptions options;
  options.argv = detached.argv;
  options.env = detached.env;
  options.env["PIANOLA_READY_FD"] = std::to_string(ready_fd);
  options.stdout_fd = log.get();
  options.stderr_fd = log.get();
  options.pass_fds = {{ready_fd, writing.get()}};
  options.group = SpawnOptions::Group::own_session;
  const Spawned child = TRY(spawn(options));
  writing.reset();
  char byte = 0;
  ssize_t n = 0;
  do {
    n = ::read(reading.get(), &byte, 1);
  } while (n < 0 && errno == EINTR);
  if (n == 1) return std::nullopt;
  const int exit_code = wait_for_exit(child);
  return EndedEarly{.exit_code = exit_code, .said = said_since(detached.log_path, before.st_size)};
}

void tell_ready(const std::string& fd) {
  if (fd.empty()) return;
  const int number = fd == std::to_string(ready_fd) ? ready_fd : -1;
  if (number < 0 || ::write(number, "r", 1) != 1) return;
  ::close(number);
}

int64_t own_pid() { return ::getpid(); }

}  // namespace pianola::world
