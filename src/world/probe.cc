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

Result<void> probe_disk(const std::string& dir) {
  TRY(make_dirs(dir));
  const std::string path = dir + "/probe." + std::to_string(::getpid());
  TRY(write_file(path, "probe", Sync::file_and_dir));
  const Fd first(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  const Fd second(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  const bool opened = first && second;
  const bool locks = opened && ::flock(first.get(), LOCK_EX | LOCK_NB) == 0 &&
                     ::flock(second.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  TRY(remove_tree(path));
  if (locks) return {};
  return refuse(Error{.kind = ErrorKind::repository,
                      .where = dir,
                      .what = "a lock there keeps nobody out",
                      .expected = "a file system with flock(2)",
                      .next = "move the repository to a local disk"});
}

}  // namespace pianola::world
