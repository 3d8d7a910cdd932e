#include "world/ready.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr int ready_fd = 3;

}  // namespace

Result<void> start_detached(const Detached& detached) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return refuse(system_error("pipe", errno));
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const Fd log(::open(detached.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log) return refuse(system_error(detached.log_path, errno));
  SpawnOptions options;
  options.argv = detached.argv;
  options.env = detached.env;
  options.env["PIANOLA_READY_FD"] = std::to_string(ready_fd);
  options.stdout_fd = log.get();
  options.stderr_fd = log.get();
  options.pass_fds = {{ready_fd, writing.get()}};
  options.group = SpawnOptions::Group::own_session;
  TRY(spawn(options));
  writing.reset();
  char byte = 0;
  ssize_t n = 0;
  do {
    n = ::read(reading.get(), &byte, 1);
  } while (n < 0 && errno == EINTR);
  if (n == 1) return {};
  return refuse(Error{.kind = ErrorKind::failed,
                      .where = detached.log_path,
                      .what = "the supervisor ended before it served",
                      .expected = {},
                      .next = "read that log"});
}

void tell_ready(const std::string& fd) {
  if (fd.empty()) return;
  const int number = fd == std::to_string(ready_fd) ? ready_fd : -1;
  if (number < 0 || ::write(number, "r", 1) != 1) return;
  ::close(number);
}

int64_t own_pid() { return ::getpid(); }

}  // namespace pianola::world
