// For LD_PRELOAD: a machine that is not as others are. Built for tests only; pianola starts git, agents and
// keepers without it.
//
//   ODD_CLOCK  a file that holds how many seconds the wall clock is ahead; it is read each time
//   ODD_LOCKS  "none": every lock is had by everybody; "refused": by nobody
//   ODD_SYNCS  "refused"
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace {

template <class Function>
Function* next(Function*, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}
#define NEXT(name) next(static_cast<decltype(::name)*>(nullptr), #name)

bool is_asked(const char* name, std::string_view word) {
  const char* value = ::getenv(name);
  return value != nullptr && value == word;
}

int refuse_with(int error_number) {
  errno = error_number;
  return -1;
}

time_t seconds_ahead() {
  const char* path = ::getenv("ODD_CLOCK");
  const int fd = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[32] = "";
  const ssize_t size = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  return size > 0 ? std::atol(text) : 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const int outcome = NEXT(clock_gettime)(clock, time);
  if (clock == CLOCK_REALTIME && outcome == 0) time->tv_sec += seconds_ahead();
  return outcome;
}

int flock(int fd, int operation) noexcept {
  if (is_asked("ODD_LOCKS", "none")) return 0;
  return is_asked("ODD_LOCKS", "refused") ? refuse_with(ENOLCK) : NEXT(flock)(fd, operation);
}

int fsync(int fd) { return is_asked("ODD_SYNCS", "refused") ? refuse_with(EINVAL) : NEXT(fsync)(fd); }

}  // extern "C"
