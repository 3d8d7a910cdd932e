// Any bytes as a segment of a journal: what is delivered is a beginning of what the lines say; an error names
// a line that is there; it does not matter in how many pieces the file came; and the writer opens exactly
// what a reader reads.
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "fuzz/scratch.h"
#include "world/files.h"
#include "world/journal.h"

namespace {

using namespace pianola;         // NOLINT(google-build-using-namespace)
using namespace pianola::world;  // NOLINT(google-build-using-namespace)

constexpr size_t header_bytes = 2;
constexpr uint8_t with_checksums = 1;
constexpr uint8_t with_writer = 2;  // which costs ten times as much

// The segment of an input: with checksums of our own, so that changed bytes reach what stands behind those.
std::string segment_of(std::string_view bytes, uint8_t how) {
  if ((how & with_checksums) == 0) return std::string(bytes);
  std::string segment;
  for (size_t at = 0; at < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view line = bytes.substr(at, end - at);
    const std::string_view body = line.substr(0, line.find(",\"crc\""));
    segment += std::string(body) + ",\"crc\":\"" + hex32(crc32c(body)) + "\"}";
    if (end < bytes.size()) segment += '\n';
    at = end + 1;
  }
  return segment;
}

struct Reading {
  std::vector<core::Recorded> events;
  std::optional<Error> error;
  JournalEnd end;
};

EachEvent into(Reading& reading) {
  return [&reading](core::Recorded&& recorded) -> Result<void> {
    reading.events.push_back(std::move(recorded));
    return {};
  };
}

void read_on(JournalReader& reader, Reading& reading) {
  const auto read = reader.read_more(into(reading));
  reading.error = read ? std::nullopt : std::optional(read.error());
  reading.end = reader.end();
}

bool same(const Reading& a, const Reading& b) {
  const auto text = [](const Reading& one) { return one.error ? one.error->text() : ""; };
  return a.events == b.events && text(a) == text(b);
}

void put(const std::string& path, std::string_view bytes) {
  CHECK(write_file(path, std::string(bytes), Sync::none).has_value(), "there is room");
}

// The number in "<path>:<line>:1".
uint64_t line_named(const Error& error, const std::string& path) {
  CHECK(error.where.starts_with(path + ":") && error.where.ends_with(":1"), "file, line and column");
  uint64_t line = 0;
  std::from_chars(error.where.data() + path.size() + 1, error.where.data() + error.where.size(), line);
  return line;
}

// The writer keeps what a reader reads, sets the rest aside, and is done with it.
void check_writer(const std::string& dir, const Reading& whole) {
  const auto options = [&] {
    JournalOptions out;
    out.folder = {.dir = dir, .run = "r1", .segment_bytes = 1 << 20, .reserve_bytes = 0, .room_bytes = 4096};
    out.lock_path = dir + ".lock";
    return out;
  };
  Reading first;
  {
    const auto journal = FileJournal::open(options(), into(first));
    CHECK(journal.has_value() || whole.error, "what a reader reads is opened");
    CHECK(!journal.has_value() || !whole.error, "what a reader refuses is not opened");
    if (!journal) return;
  }
  Reading second;
  CHECK(FileJournal::open(options(), into(second)).has_value(), "what was opened opens again");
  CHECK(first.events == second.events, "with the same events");
  // A last line that lacks nothing but its newline is taken in by a writer, who knows that no other writes.
  CHECK(first.events.size() - whole.events.size() <= 1, "as a reader reads them");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < header_bytes) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string segment = segment_of(input.substr(header_bytes), data[0]);
  const std::string dir = pianola::fuzz::scratch() / "journal";
  const std::string path = segment_path(dir, 1);
  std::filesystem::remove_all(dir);
  std::filesystem::create_directories(dir);

  put(path, segment);
  Reading whole;
  JournalReader at_once(dir);
  read_on(at_once, whole);
  CHECK(whole.end.bytes + whole.end.torn_bytes <= static_cast<int64_t>(segment.size()), "inside the file");
  if (whole.error) {
    const auto lines = static_cast<uint64_t>(std::count(segment.begin(), segment.end(), '\n')) + 1;
    const uint64_t line = line_named(*whole.error, path);
    CHECK(line == whole.events.size() + 1 && line <= lines, "the line after the last good one");
    CHECK(whole.error->kind == ErrorKind::integrity, "damage is named as such");
  } else {
    CHECK(whole.end.bytes + whole.end.torn_bytes == static_cast<int64_t>(segment.size()),
          "nothing is passed over");
  }
  core::Succession last;
  std::string again;
  for (const core::Recorded& recorded : whole.events) again += core::encode_next(recorded, last) + '\n';

  // The same file while it grows.
  Reading pieces;
  put(path, segment.substr(0, segment.size() * data[1] / 256));
  JournalReader growing(dir);
  read_on(growing, pieces);
  put(path, segment);
  if (!pieces.error) {
    read_on(growing, pieces);
    CHECK(same(pieces, whole), "the pieces of a file do not matter");
  }
  if ((data[0] & with_writer) != 0) check_writer(dir, whole);

  // What was read, as we write it.
  std::filesystem::remove_all(dir);
  std::filesystem::create_directories(dir);
  put(path, again);
  Reading rewritten;
  JournalReader reader(dir);
  read_on(reader, rewritten);
  CHECK(!rewritten.error && rewritten.events == whole.events,
        "what was read is written and read back the same");
  return 0;
}
