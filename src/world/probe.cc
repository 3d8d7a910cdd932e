#include "world/probe.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>

#include "world/child.h"
#include "world/clock.h"
#include "world/files.h"

namespace pianola::world {

std::string system_text() {
  utsname names{};
  if (::uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + " " + names.release + ", " + std::to_string(core_count()) + " cores";
}

uint64_t descriptor_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

namespace {

// What a machine refuses for now (a full disk, an error of it) is said as it is.
Error unfit(const std::string& dir, const std::string& what, int error_number) {
  Error error = system_error(dir, error_number);
  const bool is_forbidden = error_number == EROFS || error_number == EACCES;
  if (is_forbidden) error.next = "make it writable";
  if (error.kind == ErrorKind::paused) return error;
  return {.kind = ErrorKind::repository,
          .where = dir,
          .what = what + error.what,
          .expected = is_forbidden ? "a folder of yours" : "a file system with flock(2) and fsync(2)",
          .next = error.next.empty() ? "move the repository to a local disk" : error.next};
}

Result<void> probe_locks(const std::string& dir, const std::string& path) {
  const Fd first(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  const Fd second(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!first || !second || ::flock(first.get(), LOCK_EX | LOCK_NB) != 0)
    return refuse(unfit(dir, "cannot be locked: ", errno));
  if (::flock(second.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return {};
  Error error = unfit(dir, "", 0);
  error.what = "a lock there keeps nobody out";
  return refuse(std::move(error));
}

Result<void> probe_sync(const std::string& dir, const std::string& path) {
  ::unlink(path.c_str());
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  constexpr std::string_view bytes = "probe";
  if (!file || ::write(file.get(), bytes.data(), bytes.size()) < 0)
    return refuse(unfit(dir, "cannot be written to: ", errno));
  if (::fsync(file.get()) != 0) return refuse(unfit(dir, "a file there cannot be synced: ", errno));
  const Fd folder(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0)
    return refuse(unfit(dir, "the folder cannot be synced: ", errno));
  return {};
}

}  // namespace

Result<void> probe_disk(const std::string& dir) {
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST)
    return refuse(unfit(dir, "cannot be made: ", errno));
  const std::string path = dir + "/probe." + std::to_string(::getpid());
  Result<void> sound = probe_sync(dir, path);
  if (sound) sound = probe_locks(dir, path);
  ::unlink(path.c_str());
  return sound;
}

}  // namespace pianola::world
