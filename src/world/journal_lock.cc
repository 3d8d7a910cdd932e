#include "world/journal_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <ctime>

#include "world/files.h"

namespace pianola::world {
namespace {

constexpr int64_t retry_ms = 20;
constexpr size_t content_limit_bytes = 200;
constexpr int64_t day_s = 86'400;

LockHolder read_holder(int fd);
Result<void> write_holder(int fd, const std::string& path);

}  // namespace

Result<JournalLock> JournalLock::take(const std::string& path, const std::string& run, int64_t wait_ms) {
  for (int64_t waited_ms = 0;;) {
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return refuse(system_error(path, errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
      // Whoever removed the file between our open and our lock made it nobody's.
      if (!is_file_at(fd.get(), path)) continue;
      TRY(write_holder(fd.get(), path));
      return JournalLock(path, std::move(fd));
    }
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return refuse(system_error(path, errno));
    if (waited_ms >= wait_ms) return refuse(held_error(read_holder(fd.get()), run));
    ::poll(nullptr, 0, static_cast<int>(retry_ms));
    waited_ms += retry_ms;
  }
}

bool JournalLock::is_still_there() const { return is_file_at(fd_.get(), path_); }

Result<std::optional<LockHolder>> lock_holder(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) return refuse(system_error(path, errno));
  if (::flock(fd.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
  if (errno != EWOULDBLOCK) return refuse(system_error(path, errno));
  return read_holder(fd.get());
}

bool is_file_at(int fd, const std::string& path) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &named) == 0 && ours.st_dev == named.st_dev &&
         ours.st_ino == named.st_ino;
}

namespace {

// The file holds "<pid> <seconds>\n"; while its holder writes it, it may be empty for a moment.
LockHolder read_holder(int fd) {
  char content[content_limit_bytes];
  const ssize_t size = ::pread(fd, content, sizeof content, 0);
  LockHolder holder;
  if (size <= 0) return holder;
  const char* end = content + size;
  const auto pid = std::from_chars(content, end, holder.pid);
  if (pid.ptr != end && *pid.ptr == ' ') std::from_chars(pid.ptr + 1, end, holder.since_s);
  return holder;
}

Result<void> write_holder(int fd, const std::string& path) {
  const std::string content = fmt::format("{} {}\n", ::getpid(), ::time(nullptr));
  const ssize_t written = ::pwrite(fd, content.data(), content.size(), 0);
  if (written < 0) return refuse(system_error(path, errno));
  if (::ftruncate(fd, static_cast<off_t>(content.size())) != 0) return refuse(system_error(path, errno));
  return {};
}

}  // namespace

Error held_error(const LockHolder& holder, const std::string& run) {
  std::string what = "another supervisor runs it";
  if (holder.pid > 0) {
    const time_t since = holder.since_s;
    tm local{};
    char clock[32] = "";
    const bool today = ::time(nullptr) - since < day_s;
    if (::localtime_r(&since, &local) != nullptr) {
      ::strftime(clock, sizeof clock, today ? "%H:%M" : "%Y-%m-%d %H:%M", &local);
    }
    what = fmt::format("supervisor {} runs it since {}", holder.pid, clock);
  }
  return {.kind = ErrorKind::held,
          .where = run,
          .what = std::move(what),
          .expected = "none",
          .next = "look: pianola status, or end it: pianola stop"};
}

}  // namespace pianola::world
