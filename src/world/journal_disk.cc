#include "world/journal_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace pianola::world {
namespace {

template <class T>
T or_error(T result) {
  return result < 0 ? -static_cast<T>(errno) : result;
}

constexpr int append_flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW;

}  // namespace

int JournalDisk::create(const std::string& path) {
  return or_error(::open(path.c_str(), append_flags | O_CREAT | O_EXCL, 0600));
}

int JournalDisk::open_append(const std::string& path) { return or_error(::open(path.c_str(), append_flags)); }

int64_t JournalDisk::write(int fd, std::string_view bytes) {
  return or_error(static_cast<int64_t>(::write(fd, bytes.data(), bytes.size())));
}

int JournalDisk::allocate(int fd, int64_t bytes) { return -::posix_fallocate(fd, 0, bytes); }

int JournalDisk::make_room(int fd, int64_t from, int64_t bytes) {
  return or_error(::fallocate(fd, FALLOC_FL_KEEP_SIZE, from, bytes));
}

int JournalDisk::sync_file(int fd) { return or_error(::fdatasync(fd)); }

int JournalDisk::sync_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -errno;
  const int result = or_error(::fsync(fd));
  ::close(fd);
  return result;
}

int JournalDisk::cut(int fd, int64_t bytes) { return or_error(::ftruncate(fd, bytes)); }

int JournalDisk::remove(const std::string& path) { return or_error(::unlink(path.c_str())); }

void JournalDisk::close(int fd) { ::close(fd); }

}  // namespace pianola::world
