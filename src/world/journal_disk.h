// What the journal asks of the file system when it stores. Tests put one in between that fails, writes short
// or loses what was not synced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pianola::world {

// Every call gives what the system call gives, and -errno instead of -1.
class JournalDisk {
 public:
  virtual ~JournalDisk() = default;
  virtual int create(const std::string& path);       // a new file, for appending, mode 0600: its descriptor
  virtual int open_append(const std::string& path);  // one that is there
  virtual int64_t write(int fd, std::string_view bytes);
  virtual int allocate(int fd, int64_t bytes);                 // posix_fallocate(3)
  virtual int make_room(int fd, int64_t from, int64_t bytes);  // fallocate(2), the size stays
  virtual int sync_file(int fd);                               // fdatasync(2)
  virtual int sync_folder(const std::string& path);
  virtual int cut(int fd, int64_t bytes);  // ftruncate(2)
  virtual int remove(const std::string& path);
  virtual void close(int fd);
};

}  // namespace pianola::world
