// What an agent wrote, on disk and bounded: the beginning of the stream in one file, and when it is longer,
// its last one to two megabytes in files of their own. Everything between is dropped, never the end.
//
//   out                  the first bytes, up to the cap
//   out.tail.<offset>    at most two; one continues the other; <offset> counts from the stream's beginning
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "world/child.h"
#include "world/kept_records.h"

namespace pianola::world {

// The writing end; one per stream, in the keeper. Never fails: what cannot be written counts as dropped.
class KeptOutput {
 public:
  // Starts the stream at `path` anew.
  KeptOutput(std::string path, uint64_t cap_bytes);

  void append(std::string_view bytes);

  StreamTotals totals() const;

 private:
  void append_to_tail(std::string_view bytes);
  void rotate();
  std::string tail_path(uint64_t offset) const;

  std::string path_;
  uint64_t cap_bytes_;
  Fd head_;
  uint64_t head_bytes_ = 0;
  bool head_is_full_ = false;
  uint64_t total_bytes_ = 0;
  Fd tail_;
  uint64_t tail_offset_ = 0;              // where the newer tail file begins
  uint64_t tail_bytes_ = 0;               // how much is in it
  std::optional<uint64_t> older_offset_;  // where the older one begins
};

// A piece of a stream. `offset` is larger than what was asked for where bytes were dropped; no bytes mean
// that the stream holds nothing there (yet).
struct OutputPiece {
  uint64_t offset = 0;
  std::string bytes;
};

// At most `limit_bytes` of the stream at `path` from `offset` on. A stream that is not there is empty.
OutputPiece read_output(const std::string& path, uint64_t offset, size_t limit_bytes);

// All that is kept of the stream, for people: where bytes were dropped, a line of its own says how many.
// Nothing when there is no such stream.
std::optional<std::string> read_output_shown(const std::string& path);

// The last `limit_bytes` of the stream.
std::string read_output_end(const std::string& path, size_t limit_bytes);

}  // namespace pianola::world
