// The durable log of one run, on disk.
//
// What await() acknowledged survives a kill at any instruction and a power cut. A write that was never
// finished is set aside at the next open; anything else that does not read back stops the run with the exact
// place. There is one writer: the lock of the run is held for life. One thread writes and syncs, so that the
// loop goes on meanwhile; what is begun while it is at the disk goes there next, together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/ports.h"
#include "world/journal_disk.h"
#include "world/journal_lock.h"
#include "world/journal_reader.h"
#include "world/journal_writer.h"

namespace pianola::world {

struct JournalOptions {
  JournalFolder folder;   // its dir is journal_dir(); made if absent
  std::string lock_path;  // run_lock()
  int64_t lock_wait_ms = 2'000;
  // Called from the journal's thread when so many more batches are settled: whoever reads the inbox is told
  // there.
  std::function<void(size_t batches)> tell_stored;
  std::unique_ptr<JournalDisk> disk;  // absent: the file system itself
};

class FileJournal : public engine::Journal {
 public:
  // Takes the lock, reads all of the journal into `each` and makes it ready for more. Errors: held (another
  // supervisor), integrity (file:line:column), paused (disk full or failing), or what `each` refuses; the
  // files are then as they were.
  static Result<std::unique_ptr<FileJournal>> open(JournalOptions options, const EachEvent& each);
  ~FileJournal() override;
  FileJournal(const FileJournal&) = delete;
  FileJournal& operator=(const FileJournal&) = delete;

  // An empty batch is durable already. After an error everything is refused with that error: drop the
  // state, open again, and go on from what was read. On a full disk the reserve was given back by then, so
  // that a short batch finds room.
  void begin(const std::vector<core::Recorded>& events) override;
  Result<void> await() override;

  // The last event that is durable.
  uint64_t last_seq() const { return durable_seq_; }
  const std::optional<SetAside>& set_aside() const { return set_aside_; }

 private:
  FileJournal(JournalOptions options, JournalLock lock);
  Result<std::string> encode_batch(const std::vector<core::Recorded>& events);
  Result<void> start_thread();
  void run_thread();
  Result<void> store(const std::string& lines);

  JournalOptions options_;
  JournalLock lock_;
  JournalWriter writer_;  // the thread's own once it runs
  core::Succession last_;
  uint64_t durable_seq_ = 0;
  std::optional<SetAside> set_aside_;
  std::optional<Error> failure_;

  struct Batch {
    std::string bytes;
    uint64_t last_seq = 0;
    std::optional<Result<void>> outcome;  // before it is settled: why it cannot be stored
    bool is_settled = false;
  };
  // What one write and one sync are for.
  struct Group {
    std::vector<Batch*> batches;
    std::string bytes;
    std::optional<Error> failure;  // why none of it can be stored
  };
  Group take_waiting();
  bool has_waiting() const;
  // Between begin(), await() and the thread.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> batches_;  // begun and not awaited
  bool is_closing_ = false;
  std::thread thread_;
};

}  // namespace pianola::world
