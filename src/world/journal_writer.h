// The end of a journal where lines are added: segments, syncs, and what is done when the disk says no. Used
// by one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "world/journal_disk.h"
#include "world/journal_reader.h"

namespace pianola::world {

// A write that was never finished, moved out of the way.
struct SetAside {
  std::string kept_as;  // <segment>.torn.<n>
  int64_t bytes = 0;
  uint64_t after_seq = 0;
};

struct JournalFolder {
  std::string dir;
  std::string run;                   // its id, for messages
  int64_t segment_bytes = 64 << 20;  // a batch that would pass it begins a new segment
  int64_t reserve_bytes = 1 << 20;   // kept in dir/reserve for the record of a pause; 0 = none
  int64_t room_bytes = 16 << 20;     // allocated ahead of what is written, so that a sync is short; 0 = none
};

class JournalWriter {
 public:
  JournalWriter(JournalDisk& disk, JournalFolder folder) : disk_(disk), folder_(std::move(folder)) {}
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  // Goes on where a reader came to the end at event `last_seq`: sets aside what is torn, makes all that was
  // read durable, and puts the reserve in its place where there is room. Errors: paused, failed.
  Result<std::optional<SetAside>> make_ready(const JournalEnd& end, uint64_t last_seq);

  // Adds whole lines and returns once they are durable. After an error (paused, failed, integrity) it is not
  // to be called again; what was written is cut off again where the disk allows it, and the reserve is free.
  Result<void> store(std::string_view batch);

 private:
  Result<void> store_in_segment(std::string_view batch);
  Result<void> begin_segment(size_t batch_bytes);
  Result<void> write_all(int fd, const std::string& path, std::string_view bytes);
  Result<void> sync_file(int fd, const std::string& path, size_t bytes);
  Result<void> sync_folder();
  Result<void> verify_place(size_t batch_bytes) const;
  Result<SetAside> set_aside(const JournalEnd& end, uint64_t last_seq);
  Result<void> copy_torn(int fd, const std::string& path, const JournalEnd& end);
  void make_reserve();
  void make_room(size_t batch_bytes);
  void give_room_back();
  bool can_spare(int64_t bytes) const;
  void undo();
  std::string path() const { return segment_path(folder_.dir, segment_); }
  Error disk_error(const std::string& path, int64_t result, size_t bytes) const;

  JournalDisk& disk_;
  JournalFolder folder_;
  int fd_ = -1;
  uint64_t segment_ = 0;  // the one fd_ is open on, 0 when there is none yet
  int64_t size_ = 0;      // of what is durable in it
  int64_t room_ = 0;      // allocated for it up to here, as far as we asked
  bool is_named_ = true;  // its name in the folder is durable
};

}  // namespace pianola::world
