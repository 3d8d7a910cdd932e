// Folders, events and failing disks for tests of the journal. Not used by the program.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/journal_contract_events.h"
#include "world/files.h"
#include "world/journal.h"

namespace pianola::world {

// A folder of its own, in memory where there is such a thing: these tests sync thousands of times.
class JournalHome {
 public:
  JournalHome() {
    const bool in_memory = ::access("/dev/shm", W_OK) == 0;
    std::string name = std::string(in_memory ? "/dev/shm" : "/tmp") + "/pianola.journal.XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~JournalHome() { EXPECT_TRUE(remove_tree(path_)); }
  JournalHome(const JournalHome&) = delete;
  JournalHome& operator=(const JournalHome&) = delete;

  const std::string& path() const { return path_; }
  std::string dir() const { return path_ + "/journal"; }
  std::string segment(uint64_t number) const { return segment_path(dir(), number); }

  JournalOptions options(std::unique_ptr<JournalDisk> disk = nullptr) const {
    JournalOptions options;
    options.folder = {
        .dir = dir(), .run = "r12", .segment_bytes = 1 << 20, .reserve_bytes = 0, .room_bytes = 1 << 16};
    options.lock_path = path_ + "/lock";
    options.lock_wait_ms = 0;
    options.disk = std::move(disk);
    return options;
  }

 private:
  std::string path_;
};

inline EachEvent collect(std::vector<core::Recorded>& events) {
  return [&events](core::Recorded&& recorded) -> Result<void> {
    events.push_back(std::move(recorded));
    return {};
  };
}

// Opens the journal and gives what was read; "" or the text of the error.
struct Reopened {
  std::vector<core::Recorded> events;
  std::unique_ptr<FileJournal> journal;
  std::optional<Error> error;
};

inline Reopened reopen(JournalOptions options) {
  Reopened out;
  auto opened = FileJournal::open(std::move(options), collect(out.events));
  if (opened) {
    out.journal = std::move(*opened);
  } else {
    out.error = opened.error();
  }
  return out;
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
}

// True when `events` are the first of those that contract_events() gives.
inline bool is_beginning(const std::vector<core::Recorded>& events) {
  return events == engine::contract_events(1, events.size());
}

// What a disk may do to one call, and what it keeps when the power goes.
struct DiskFaults {
  enum class Kind { refuse, write_short };
  int64_t fail_at = 0;  // the call that fails, from 1; 0 = none
  bool for_ever = false;
  int error = EIO;
  Kind kind = Kind::refuse;
  bool is_lying = false;  // syncs do nothing and say they did
  int64_t calls = 0;
  std::map<std::string, int64_t> synced = {};  // bytes that survive, by path
  std::set<std::string> named = {};            // paths whose name survives
};

// The file system with `faults`, which outlives it.
class FaultyDisk : public JournalDisk {
 public:
  explicit FaultyDisk(DiskFaults& faults) : faults_(faults) {}

  int create(const std::string& path) override {
    return fails() ? -faults_.error : opened(JournalDisk::create(path), path);
  }
  int open_append(const std::string& path) override {
    return fails() ? -faults_.error : opened(JournalDisk::open_append(path), path);
  }
  int64_t write(int fd, std::string_view bytes) override {
    if (!fails()) return JournalDisk::write(fd, bytes);
    if (faults_.kind == DiskFaults::Kind::write_short && bytes.size() > 1) {
      return JournalDisk::write(fd, bytes.substr(0, bytes.size() / 2));
    }
    return -faults_.error;
  }
  int allocate(int fd, int64_t bytes) override {
    return fails() ? -faults_.error : JournalDisk::allocate(fd, bytes);
  }
  int make_room(int fd, int64_t from, int64_t bytes) override {
    return fails() ? -faults_.error : JournalDisk::make_room(fd, from, bytes);
  }
  int sync_file(int fd) override {
    if (fails()) return -faults_.error;
    struct stat status {};
    if (!faults_.is_lying && ::fstat(fd, &status) == 0) faults_.synced[paths_[fd]] = status.st_size;
    return JournalDisk::sync_file(fd);
  }
  int sync_folder(const std::string& path) override {
    if (fails()) return -faults_.error;
    if (!faults_.is_lying) {
      for (const auto& [fd, file] : paths_) faults_.named.insert(file);
    }
    return JournalDisk::sync_folder(path);
  }
  int cut(int fd, int64_t bytes) override {
    if (fails()) return -faults_.error;
    int64_t& kept = faults_.synced[paths_[fd]];
    kept = std::min(kept, bytes);
    return JournalDisk::cut(fd, bytes);
  }
  int remove(const std::string& path) override {
    return fails() ? -faults_.error : JournalDisk::remove(path);
  }

 private:
  bool fails() {
    ++faults_.calls;
    if (faults_.fail_at == 0) return false;
    return faults_.for_ever ? faults_.calls >= faults_.fail_at : faults_.calls == faults_.fail_at;
  }
  int opened(int fd, const std::string& path) {
    if (fd >= 0) paths_[fd] = path;
    return fd;
  }

  DiskFaults& faults_;
  std::map<int, std::string> paths_;
};

}  // namespace pianola::world
