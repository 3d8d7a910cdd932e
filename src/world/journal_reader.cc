#include "world/journal_reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr int64_t chunk_bytes = 1 << 20;
constexpr int64_t sector_bytes = 512;
constexpr std::string_view segment_suffix = ".jsonl";
constexpr std::string_view torn_mark = ".jsonl.torn.";
constexpr size_t segment_digits = 8;
constexpr const char* nothing_changed = "nothing was changed; run: pianola log verify";

Error damaged(std::string where, std::string what, std::string expected) {
  return {.kind = ErrorKind::integrity,
          .where = std::move(where),
          .what = std::move(what),
          .expected = std::move(expected),
          .next = nothing_changed};
}

bool has_unwritten_sector(std::string_view rest, int64_t offset);
bool is_of_several_turns(std::string_view rest, uint64_t seq);
Result<std::string> read_range(int fd, const std::string& path, int64_t from, int64_t to);

}  // namespace

struct JournalReader::Segment {
  Fd fd;
  std::string path;
  int64_t bytes = 0;  // when it was opened; what comes later is for the next look
  bool is_last = false;
};

JournalReader::JournalReader(std::string dir, Writer writer) : dir_(std::move(dir)), writer_(writer) {}

Result<uint64_t> JournalReader::read_more(const EachEvent& each) {
  const uint64_t before = last_.seq;
  // Listed before any is read: a segment that has a successor by then is complete.
  const std::vector<uint64_t> numbers = TRY(journal_segments(dir_));
  if (numbers.size() < end_.segment) {
    return refuse(damaged(segment_path(dir_, end_.segment), "the segment is gone", "what was read before"));
  }
  for (const uint64_t number : numbers) {
    if (number < end_.segment) continue;
    if (number > end_.segment) end_ = {.segment = number};
    Segment segment{
        .fd = {}, .path = segment_path(dir_, number), .bytes = 0, .is_last = number == numbers.back()};
    segment.fd.reset(::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    if (!segment.fd || ::fstat(segment.fd.get(), &status) != 0)
      return refuse(system_error(segment.path, errno));
    if (!S_ISREG(status.st_mode)) return refuse(damaged(segment.path, "is not a file", "a regular file"));
    segment.bytes = status.st_size;
    TRY(read_segment(segment, each));
  }
  return last_.seq - before;
}

Result<void> JournalReader::read_segment(const Segment& segment, const EachEvent& each) {
  if (segment.bytes < end_.bytes) {
    return refuse(damaged(segment.path, fmt::format("is {} bytes long", segment.bytes),
                          fmt::format("the {} bytes that were read before", end_.bytes)));
  }
  if (segment.bytes == end_.bytes && !end_.torn_bytes) return {};
  // The writer may be between its write and its sync: nobody may see what a power cut could still undo.
  if (segment.is_last && ::fdatasync(segment.fd.get()) != 0 && errno != EROFS && errno != EINVAL) {
    return refuse(system_error(segment.path, errno));
  }
  end_.torn_bytes = 0;
  std::string buffer;
  for (int64_t at = end_.bytes; at < segment.bytes;) {
    const int64_t to = std::min(at + chunk_bytes, segment.bytes);
    buffer += TRY(read_range(segment.fd.get(), segment.path, at, to));
    at = to;
    if (!TRY(take_lines(buffer, each))) break;
    if (buffer.size() > core::max_line_bytes) {
      return refuse(located(
          damaged("", "the line is too long", fmt::format("at most {} bytes", core::max_line_bytes))));
    }
  }
  return end_.bytes < segment.bytes ? judge_rest(segment, each) : Result<void>{};
}

// Delivers the whole lines of `buffer` and removes them from it. False when it met a line that is no event.
Result<bool> JournalReader::take_lines(std::string& buffer, const EachEvent& each) {
  size_t taken = 0;
  bool all_good = true;
  for (size_t newline; (newline = buffer.find('\n', taken)) != std::string::npos; taken = newline + 1) {
    auto recorded = core::decode_next(std::string_view(buffer).substr(taken, newline - taken), last_);
    if (!recorded) {
      all_good = false;
      break;
    }
    end_.bytes += static_cast<int64_t>(newline + 1 - taken);
    ++end_.lines;
    if (auto told = each(std::move(*recorded)); !told) return refuse(located(std::move(told).error()));
  }
  buffer.erase(0, taken);
  return all_good;
}

// What is left after the last good line: not there yet, torn, or damaged.
Result<void> JournalReader::judge_rest(const Segment& segment, const EachEvent& each) {
  const std::string rest = TRY(read_range(segment.fd.get(), segment.path, end_.bytes, segment.bytes));
  const size_t newline = rest.find('\n');
  core::Succession next = last_;
  auto recorded = core::decode_next(std::string_view(rest).substr(0, newline), next);
  const auto is_damaged = [&]() -> Result<void> {
    ++end_.lines;
    if (recorded) return refuse(located(damaged("", "the line has no end", "a newline")));
    return refuse(located(std::move(recorded).error()));
  };
  if (!segment.is_last) return is_damaged();
  const bool unwritten = has_unwritten_sector(rest, end_.bytes) && !is_of_several_turns(rest, last_.seq);
  if (newline != std::string::npos && !unwritten) return is_damaged();
  if (recorded && writer_ == Writer::none) {
    last_ = next;
    end_.bytes = segment.bytes;
    ++end_.lines;
    end_.lacks_newline = true;
    if (auto told = each(std::move(*recorded)); !told) return refuse(located(std::move(told).error()));
    return {};
  }
  // A write that is cut short does not change its bytes: here the newline itself was.
  if (!recorded && core::decode(std::string_view(rest).substr(0, rest.size() - 1))) return is_damaged();
  end_.torn_bytes = segment.bytes - end_.bytes;
  return {};
}

// Puts the file, line and column before whatever part of the program found the error.
Error JournalReader::located(Error error) const {
  if (!error.where.empty()) error.what = error.where + ": " + error.what;
  error.where = fmt::format("{}:{}:1", segment_path(dir_, end_.segment), end_.lines);
  if (error.kind == ErrorKind::integrity && error.next.empty()) error.next = nothing_changed;
  return error;
}

Result<void> read_journal(const std::string& dir, uint64_t from_seq, const EachEvent& each) {
  JournalReader reader(dir);
  TRY(reader.read_more([&](core::Recorded&& recorded) -> Result<void> {
    if (recorded.seq < from_seq) return {};
    return each(std::move(recorded));
  }));
  return {};
}

Result<void> follow_journal(const std::string& dir, const Follow& follow, const EachEvent& each) {
  JournalReader reader(dir);
  while (follow.is_wanted()) {
    TRY(reader.read_more([&](core::Recorded&& recorded) -> Result<void> {
      if (recorded.seq < follow.from_seq) return {};
      return each(std::move(recorded));
    }));
    ::poll(nullptr, 0, static_cast<int>(follow.interval_ms));
  }
  return {};
}

Result<Verification> verify_journal(const std::string& dir) {
  Verification found;
  JournalReader reader(dir);
  TRY(reader.read_more([&](core::Recorded&& recorded) -> Result<void> {
    ++found.by_type[core::event_type(recorded.event)];
    return {};
  }));
  found.segments = reader.end().segment;
  found.events = reader.last().seq;
  found.torn_bytes = reader.end().torn_bytes;
  for (uint64_t number = 1; number <= found.segments; ++number) {
    struct stat status {};
    if (::stat(segment_path(dir, number).c_str(), &status) == 0) found.bytes += status.st_size;
  }
  for (const std::string& name : TRY(list_dir(dir))) {
    if (name.find(torn_mark) != std::string::npos) found.set_aside.push_back(name);
  }
  return found;
}

Result<std::vector<uint64_t>> journal_segments(const std::string& dir) {
  struct CloseDir {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  const std::unique_ptr<DIR, CloseDir> folder(::opendir(dir.c_str()));
  if (!folder) return refuse(system_error(dir, errno));
  std::vector<uint64_t> numbers;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name.size() != segment_digits + segment_suffix.size() || !name.ends_with(segment_suffix)) continue;
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + segment_digits, number);
    if (error == std::errc{} && end == name.data() + segment_digits) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != i + 1) {
      return refuse(damaged(segment_path(dir, i + 1), "the segment is missing",
                            fmt::format("every number from 1 to {}", numbers.back())));
    }
  }
  return numbers;
}

std::string segment_path(const std::string& dir, uint64_t number) {
  return fmt::format("{}/{:08}{}", dir, number, segment_suffix);
}

namespace {

// Sectors that were allocated but never written read as zeros, and so does the rest of a page that the system
// wrote down before the next piece was copied into it: up to a sector's end or the end of the file. No line
// of ours holds a zero byte; a flipped bit can make one of them, but no two.
bool has_unwritten_sector(std::string_view rest, int64_t offset) {
  const auto on_sector = [&](size_t at) { return (offset + static_cast<int64_t>(at)) % sector_bytes == 0; };
  for (size_t start = 0; (start = rest.find('\0', start)) != std::string_view::npos;) {
    const size_t end = std::min(rest.find_first_not_of('\0', start), rest.size());
    const bool is_run = end - start > 1 || start == 0 || on_sector(start);
    if (is_run && (end == rest.size() || on_sector(end))) return true;
    start = end;
  }
  return false;
}

// Whether later events of more than one turn stand whole in `rest`: then something before the last turn was
// damaged, not torn. A turn is written at once, and the sectors of that one write reach the disk in any
// order. Its events carry the same instant, which no other turn has.
bool is_of_several_turns(std::string_view rest, uint64_t seq) {
  std::optional<Instant> turn;
  for (size_t start = 0, newline; (newline = rest.find('\n', start)) != std::string_view::npos;
       start = newline + 1) {
    const auto recorded = core::decode(rest.substr(start, newline - start));
    if (!recorded || recorded->seq <= seq) continue;
    if (turn && recorded->at.ns != turn->ns) return true;
    turn = recorded->at;
  }
  return false;
}

// Less than asked for when the file was cut meanwhile.
Result<std::string> read_range(int fd, const std::string& path, int64_t from, int64_t to) {
  std::string bytes(static_cast<size_t>(to - from), '\0');
  size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got =
        ::pread(fd, bytes.data() + filled, bytes.size() - filled, from + static_cast<int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(system_error(path, errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace
}  // namespace pianola::world
