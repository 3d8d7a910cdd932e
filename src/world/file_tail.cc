#include "world/file_tail.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr int look_interval_ms = 200;
constexpr size_t part_bytes = 64 << 10;

// Hands on what is there beyond what was; true when there was something.
Result<bool> show_more(const Fd& fd, const std::string& path,
                       const std::function<void(const std::string&)>& show) {
  std::string part(part_bytes, '\0');
  const ssize_t n = ::read(fd.get(), part.data(), part.size());
  if (n < 0 && errno != EINTR) return refuse(system_error(path, errno));
  if (n <= 0) return false;
  part.resize(static_cast<size_t>(n));
  show(part);
  return true;
}

}  // namespace

Result<void> follow_file(const std::string& path, const std::string& done_path,
                         const std::function<void(const std::string& bytes)>& show) {
  Fd fd;
  for (;;) {
    const bool over = exists(done_path);
    if (!fd) fd = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd && errno != ENOENT) return refuse(system_error(path, errno));
    while (fd && TRY(show_more(fd, path, show))) {
    }
    if (over) return {};
    ::poll(nullptr, 0, look_interval_ms);
  }
}

}  // namespace pianola::world
