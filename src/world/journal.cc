#include "world/journal.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

#include "world/files.h"

namespace pianola::world {
namespace {

// Makes `path` and what lacks above it; their names are durable afterwards.
Result<void> make_durable_dirs(const std::string& path);

// sched_setattr(2); <linux/sched/types.h> has it too, and cannot be included beside <sched.h>.
struct SchedulingWish {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime_ns;
  uint64_t deadline_ns;
  uint64_t period_ns;
};

// For the calling thread a slice of 0.1 ms, the least there is: a thread that sleeps on the disk again and
// again within one sync is then not kept waiting by those that compute (Linux 6.12). Where the system
// cannot, nothing is lost but time.
void ask_for_prompt_wakeups() {
  SchedulingWish wish{};
  if (::syscall(SYS_sched_getattr, 0, &wish, sizeof wish, 0) != 0 || wish.policy != SCHED_OTHER) return;
  wish.runtime_ns = 100'000;
  ::syscall(SYS_sched_setattr, 0, &wish, 0);
}

std::string folder_of(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

}  // namespace

Result<std::unique_ptr<FileJournal>> FileJournal::open(JournalOptions options, const EachEvent& each) {
  if (!options.disk) options.disk = std::make_unique<JournalDisk>();
  TRY(make_durable_dirs(folder_of(options.lock_path)));
  TRY(make_durable_dirs(options.folder.dir));
  JournalLock lock = TRY(JournalLock::take(options.lock_path, options.folder.run, options.lock_wait_ms));
  std::unique_ptr<FileJournal> journal(new FileJournal(std::move(options), std::move(lock)));
  JournalReader reader(journal->options_.folder.dir, Writer::none);
  TRY(reader.read_more(each));
  journal->last_ = reader.last();
  journal->durable_seq_ = reader.last().seq;
  journal->set_aside_ = TRY(journal->writer_.make_ready(reader.end(), reader.last().seq));
  TRY(journal->start_thread());
  return journal;
}

FileJournal::FileJournal(JournalOptions options, JournalLock lock)
    : options_(std::move(options)), lock_(std::move(lock)), writer_(*options_.disk, options_.folder) {}

FileJournal::~FileJournal() {
  {
    const std::lock_guard guard(mutex_);
    is_closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FileJournal::begin(const std::vector<core::Recorded>& events) {
  Batch batch;
  auto bytes = failure_ ? refuse(*failure_) : encode_batch(events);
  if (bytes) batch.bytes = std::move(*bytes);
  if (!bytes) batch.outcome = refuse(std::move(bytes).error());
  batch.last_seq = last_.seq;
  {
    const std::lock_guard guard(mutex_);
    batches_.push_back(std::move(batch));
  }
  changed_.notify_all();
}

Result<void> FileJournal::await() {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return batches_.front().is_settled; });
  const Batch batch = std::move(batches_.front());
  batches_.pop_front();
  if (!*batch.outcome && !failure_) failure_ = batch.outcome->error();
  if (*batch.outcome) durable_seq_ = batch.last_seq;
  return *batch.outcome;
}

Result<std::string> FileJournal::encode_batch(const std::vector<core::Recorded>& events) {
  std::string batch;
  for (const core::Recorded& recorded : events) {
    const size_t before = batch.size();
    batch += core::encode_next(recorded, last_);
    const size_t line_bytes = batch.size() - before;
    if (line_bytes > core::max_line_bytes) {
      return refuse(Error{ErrorKind::failed, options_.folder.run,
                          fmt::format("event {} takes {} bytes", recorded.seq, line_bytes),
                          fmt::format("at most {}", core::max_line_bytes), "split the plan"});
    }
    batch += '\n';
  }
  return batch;
}

// --- the journal's thread --------------------------------------------------------------------------------

void FileJournal::run_thread() {
  ask_for_prompt_wakeups();
  std::optional<Error> broken;
  std::unique_lock guard(mutex_);
  while (true) {
    changed_.wait(guard, [this] { return is_closing_ || has_waiting(); });
    Group group = take_waiting();
    if (group.batches.empty()) return;
    guard.unlock();
    Result<void> outcome;
    if (group.failure) outcome = refuse(*group.failure);
    if (broken) outcome = refuse(*broken);
    if (outcome && !group.bytes.empty()) outcome = store(group.bytes);
    if (!outcome) broken = outcome.error();
    guard.lock();
    for (Batch* batch : group.batches) {
      batch->outcome = outcome;
      batch->is_settled = true;
    }
    guard.unlock();
    changed_.notify_all();
    if (options_.tell_stored) options_.tell_stored(group.batches.size());
    guard.lock();
  }
}

bool FileJournal::has_waiting() const { return !batches_.empty() && !batches_.back().is_settled; }

// Only the thread settles batches, and only settled ones leave: the pointers stay good.
FileJournal::Group FileJournal::take_waiting() {
  Group group;
  for (Batch& batch : batches_) {
    if (batch.is_settled) continue;
    const bool cannot_be_stored = batch.outcome.has_value();
    // What comes before it is stored without it.
    if (cannot_be_stored && !group.batches.empty()) break;
    group.batches.push_back(&batch);
    group.bytes += batch.bytes;
    if (!cannot_be_stored) continue;
    group.failure = batch.outcome->error();
    break;
  }
  return group;
}

Result<void> FileJournal::start_thread() {
  // Signals are the loop's. With all of them blocked here, a write past the file size limit gives EFBIG
  // instead of SIGXFSZ.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  Result<void> started;
  try {
    thread_ = std::thread([this] { run_thread(); });
  } catch (const std::system_error&) {
    started =
        refuse(Error{ErrorKind::paused, options_.folder.run, "no thread for the journal",
                     "one more process within the limit", "raise it (ulimit -u), then: pianola resume"});
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

Result<void> FileJournal::store(const std::string& lines) {
  TRY(writer_.store(lines));
  if (lock_.is_still_there()) return {};
  return refuse(Error{ErrorKind::integrity, options_.lock_path,
                      "was deleted or replaced while the run went on", "the lock that this supervisor holds",
                      "agents are left alone; look for a second supervisor, then: pianola resume"});
}

namespace {

Result<void> make_durable_dirs(const std::string& path) {
  std::vector<std::string> made;
  for (std::string missing = path; !missing.empty() && !exists(missing); missing = folder_of(missing)) {
    made.push_back(missing);
  }
  TRY(make_dirs(path));
  for (const std::string& dir : made) TRY(sync_dir(folder_of(dir)));
  return {};
}

}  // namespace
}  // namespace pianola::world
