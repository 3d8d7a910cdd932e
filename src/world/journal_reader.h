// Reading a run's journal: the one way in, for the supervisor that opens it and for all who look on while
// the run lives.
//
// A journal is a folder of segments, 00000001.jsonl and on without gaps, each a sequence of lines as
// core/codec.h describes them. Whoever reads takes no lock. What is damaged is never passed over: the good
// beginning is delivered, then reading stops with the exact place.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/codec.h"

namespace pianola::world {

// Called for each event in order. An error stops the reading and is its result.
using EachEvent = std::function<Result<void>(core::Recorded&& recorded)>;

// Whether a supervisor may be writing while we read. Where none can, a last line that is whole but for its
// newline counts.
enum class Writer { maybe, none };

// Where the whole lines end, and what lies behind them.
struct JournalEnd {
  uint64_t segment = 0;        // number of the last segment, 0 when there is none
  int64_t bytes = 0;           // of whole lines in it
  uint64_t lines = 0;          // in it
  int64_t torn_bytes = 0;      // after them: a write that was never finished
  bool lacks_newline = false;  // the last line is whole but for that (Writer::none only)
};

class JournalReader {
 public:
  explicit JournalReader(std::string dir, Writer writer = Writer::maybe);

  // Delivers every whole event that was not delivered before, after making sure that it is durable.
  // Returns how many. Errors: integrity with file:line:column, the event and what was expected; paused or
  // failed when the files cannot be read; whatever `each` refuses. After an error the reader is spent.
  Result<uint64_t> read_more(const EachEvent& each);

  const core::Succession& last() const { return last_; }
  const JournalEnd& end() const { return end_; }

 private:
  struct Segment;
  Result<void> read_segment(const Segment& segment, const EachEvent& each);
  Result<bool> take_lines(std::string& buffer, const EachEvent& each);
  Result<void> judge_rest(const Segment& segment, const EachEvent& each);
  Error located(Error error) const;

  std::string dir_;
  Writer writer_;
  core::Succession last_;
  JournalEnd end_;
};

// Delivers the events from number `from_seq` on; all lines before are checked too.
Result<void> read_journal(const std::string& dir, uint64_t from_seq, const EachEvent& each);

struct Follow {
  uint64_t from_seq = 1;
  int64_t interval_ms = 200;        // between two looks at the files
  std::function<bool()> is_wanted;  // asked before each look
};

// The same, and goes on with what is added, until it is not wanted any more.
Result<void> follow_journal(const std::string& dir, const Follow& follow, const EachEvent& each);

// What a check of every line's checksum, number and id found.
struct Verification {
  uint64_t segments = 0;
  uint64_t events = 0;
  int64_t bytes = 0;
  int64_t torn_bytes = 0;              // an unfinished last write; the next supervisor sets it aside
  std::vector<std::string> set_aside;  // names of files that keep such writes of before
  std::map<std::string, uint64_t> by_type;
};
Result<Verification> verify_journal(const std::string& dir);

// The numbers of the segments in `dir`, from 1 without a gap; a gap is an error (integrity).
Result<std::vector<uint64_t>> journal_segments(const std::string& dir);

// dir/00000001.jsonl
std::string segment_path(const std::string& dir, uint64_t number);

}  // namespace pianola::world
