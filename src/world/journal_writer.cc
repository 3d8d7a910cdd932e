#include "world/journal_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "world/child.h"
#include "world/files.h"
#include "world/journal_lock.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

// Space is taken ahead only where this many times as much stays free: it shall not make the disk full itself.
constexpr int64_t spare_margin = 8;
constexpr int max_torn_files = 10'000;
constexpr int64_t copy_bytes = 1 << 20;

}  // namespace

JournalWriter::~JournalWriter() {
  if (fd_ < 0) return;
  give_room_back();
  disk_.close(fd_);
}

Result<void> JournalWriter::store(std::string_view batch) {
  Result<void> stored = store_in_segment(batch);
  if (stored) stored = verify_place(batch.size());
  if (stored) {
    size_ += static_cast<int64_t>(batch.size());
  } else if (stored.error().kind != ErrorKind::integrity) {
    undo();
  }
  return stored;
}

Result<void> JournalWriter::store_in_segment(std::string_view batch) {
  const bool is_full = size_ > 0 && size_ + static_cast<int64_t>(batch.size()) > folder_.segment_bytes;
  if (fd_ < 0 || is_full) TRY(begin_segment(batch.size()));
  make_room(batch.size());
  TRY(write_all(fd_, path(), batch));
  PIANOLA_STEP("journal.written");
  TRY(sync_file(fd_, path(), batch.size()));
  if (!is_named_) TRY(sync_folder());
  is_named_ = true;
  PIANOLA_STEP("journal.synced");
  return {};
}

Result<void> JournalWriter::begin_segment(size_t batch_bytes) {
  const std::string next = segment_path(folder_.dir, segment_ + 1);
  const int fd = disk_.create(next);
  if (fd < 0) return refuse(disk_error(next, fd, batch_bytes));
  if (fd_ >= 0) {
    give_room_back();
    disk_.close(fd_);
  }
  fd_ = fd;
  ++segment_;
  size_ = 0;
  room_ = 0;
  is_named_ = false;
  PIANOLA_STEP("journal.segment_begun");
  return {};
}

Result<void> JournalWriter::write_all(int fd, const std::string& path, std::string_view bytes) {
  for (std::string_view left = bytes; !left.empty();) {
    const int64_t written = disk_.write(fd, left);
    if (written == -EINTR) continue;
    if (written <= 0) return refuse(disk_error(path, written == 0 ? -EIO : written, bytes.size()));
    left.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// Never tried a second time: after a failed sync the pages count as clean although the disk lacks them.
Result<void> JournalWriter::sync_file(int fd, const std::string& path, size_t bytes) {
  if (const int synced = disk_.sync_file(fd); synced < 0) return refuse(disk_error(path, synced, bytes));
  return {};
}

Result<void> JournalWriter::sync_folder() {
  const int synced = disk_.sync_folder(folder_.dir);
  if (synced < 0) return refuse(disk_error(folder_.dir, synced, 0));
  return {};
}

// What was stored is worth nothing in a file that nobody will find again, or that others write too.
Result<void> JournalWriter::verify_place(size_t batch_bytes) const {
  constexpr const char* next = "agents are left alone; put it back, then: pianola resume";
  if (!is_file_at(fd_, path())) {
    return refuse(Error{ErrorKind::integrity, path(), "was deleted or replaced while the run went on",
                        "the file that this supervisor opened", next});
  }
  const int64_t expected = size_ + static_cast<int64_t>(batch_bytes);
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return refuse(system_error(path(), errno));
  if (status.st_size != expected) {
    return refuse(Error{ErrorKind::integrity, path(),
                        fmt::format("was changed by others while the run went on, {} bytes", status.st_size),
                        fmt::format("{} bytes", expected), next});
  }
  return {};
}

// Best effort: what was refused shall not stand in the file when it is read again.
void JournalWriter::undo() {
  if (fd_ >= 0) {
    disk_.cut(fd_, size_);
    disk_.sync_file(fd_);
  }
  if (folder_.reserve_bytes > 0) disk_.remove(folder_.dir + "/reserve");
}

// --- going on with a journal that is there ---------------------------------------------------------------

Result<std::optional<SetAside>> JournalWriter::make_ready(const JournalEnd& end, uint64_t last_seq) {
  std::optional<SetAside> aside;
  if (end.segment > 0) {
    segment_ = end.segment;
    size_ = end.bytes;
    fd_ = disk_.open_append(path());
    if (fd_ < 0) return refuse(disk_error(path(), fd_, 0));
    if (end.torn_bytes > 0) aside = TRY(set_aside(end, last_seq));
    if (end.lacks_newline) {
      TRY(write_all(fd_, path(), "\n"));
      ++size_;
    }
    // Whoever wrote what was just read may have died before the sync.
    TRY(sync_file(fd_, path(), 0));
    TRY(sync_folder());
  }
  if (folder_.reserve_bytes > 0) make_reserve();
  return aside;
}

Result<SetAside> JournalWriter::set_aside(const JournalEnd& end, uint64_t last_seq) {
  for (int n = 1; n <= max_torn_files; ++n) {
    const std::string kept_as = fmt::format("{}.torn.{}", path(), n);
    const int fd = disk_.create(kept_as);
    if (fd == -EEXIST) continue;
    if (fd < 0) return refuse(disk_error(kept_as, fd, static_cast<size_t>(end.torn_bytes)));
    Result<void> copied = copy_torn(fd, kept_as, end);
    disk_.close(fd);
    if (!copied) {
      disk_.remove(kept_as);
      return refuse(std::move(copied).error());
    }
    TRY(sync_folder());
    PIANOLA_STEP("journal.torn_kept");
    if (const int cut = disk_.cut(fd_, end.bytes); cut < 0) return refuse(disk_error(path(), cut, 0));
    return SetAside{.kept_as = kept_as, .bytes = end.torn_bytes, .after_seq = last_seq};
  }
  return refuse(Error{ErrorKind::failed, path(), fmt::format("was torn {} times", max_torn_files), "",
                      "remove old .torn files"});
}

Result<void> JournalWriter::copy_torn(int fd, const std::string& kept_as, const JournalEnd& end) {
  const Fd source(::open(path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!source) return refuse(system_error(path(), errno));
  std::string bytes;
  for (int64_t at = end.bytes; at < end.bytes + end.torn_bytes; at += copy_bytes) {
    bytes.resize(static_cast<size_t>(std::min(copy_bytes, end.bytes + end.torn_bytes - at)));
    const ssize_t got = ::pread(source.get(), bytes.data(), bytes.size(), at);
    if (got != static_cast<ssize_t>(bytes.size())) return refuse(system_error(path(), got < 0 ? errno : EIO));
    TRY(write_all(fd, kept_as, bytes));
  }
  return sync_file(fd, kept_as, static_cast<size_t>(end.torn_bytes));
}

// --- space taken ahead, where there is enough; a run can go on without it ----------------------------------

// A file that grows block by block among others comes to lie in many pieces, and then each sync also writes
// the list of them: 250 us instead of 140 on ext4 (bench/README.md).
void JournalWriter::make_room(size_t batch_bytes) {
  const int64_t needed = size_ + static_cast<int64_t>(batch_bytes);
  if (folder_.room_bytes == 0 || needed <= room_) return;
  const int64_t from = std::max(room_, size_);
  room_ = std::max(needed, from + folder_.room_bytes);
  if (can_spare(room_ - from)) disk_.make_room(fd_, from, room_ - from);
}

// Of a file that others write too, nothing is cut.
void JournalWriter::give_room_back() {
  if (room_ > size_ && verify_place(0)) disk_.cut(fd_, size_);
}

bool JournalWriter::can_spare(int64_t bytes) const {
  struct statvfs space {};
  if (::statvfs(folder_.dir.c_str(), &space) != 0) return false;
  return static_cast<int64_t>(space.f_bavail * space.f_frsize) / spare_margin >= bytes;
}

void JournalWriter::make_reserve() {
  const std::string reserve = folder_.dir + "/reserve";
  if (exists(reserve) || !can_spare(folder_.reserve_bytes)) return;
  const int fd = disk_.create(reserve);
  if (fd < 0) return;
  const bool made = disk_.allocate(fd, folder_.reserve_bytes) == 0 && disk_.sync_file(fd) == 0;
  disk_.close(fd);
  if (!made) disk_.remove(reserve);
}

// --- words -------------------------------------------------------------------------------------------------

Error JournalWriter::disk_error(const std::string& path, int64_t result, size_t bytes) const {
  const int number = static_cast<int>(-result);
  Error error = system_error(path, number);
  const std::string room = fmt::format("room for {} bytes", bytes);
  std::string remedy = "look at the disk";
  const auto say = [&](const char* what, const std::string& expected, const char* next) {
    error.kind = ErrorKind::paused;
    error.what = what;
    error.expected = expected;
    remedy = next;
  };
  switch (number) {
    case ENOSPC:
      say("no space left", room, "free space");
      break;
    case EDQUOT:
      say("the disk quota is used up", room, "free space or raise the quota");
      break;
    case EFBIG:
      say("the size limit for files is reached", room, "raise it (ulimit -f)");
      break;
    case EROFS:
      say("the file system is read-only", "a writable one", "mount it writable");
      break;
    case EIO:
      say("the disk failed", "a disk that stores", "look at the disk");
      break;
    case EMFILE:
    case ENFILE:
      say("no file descriptors left", "a free one", "raise the limit (ulimit -n)");
      break;
    default:
      if (error.kind != ErrorKind::paused) return error;
  }
  error.next = fmt::format("{} is paused, nothing lost; {}, then: pianola resume", folder_.run, remedy);
  return error;
}

}  // namespace pianola::world
