// Bytes in any split become whole lines, with a bound on what is kept of each.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pianola::agents {

inline constexpr size_t line_limit_bytes = size_t{1} << 20;

struct Line {
  std::string text;  // without its newline; any bytes
  bool cut = false;  // it was longer; `text` is its beginning
  friend bool operator==(const Line&, const Line&) = default;
};

// Cuts a stream at '\n'. Holds at most `limit_bytes` of the line that is still open, whatever comes.
class LineSplitter {
 public:
  explicit LineSplitter(size_t limit_bytes = line_limit_bytes) : limit_bytes_(limit_bytes) {}

  // The lines that `bytes` ended, in order. The same lines for every split of the same bytes.
  std::vector<Line> feed(std::string_view bytes);

  // What stands after the last newline once the stream is over: a torn line, or nothing.
  std::optional<Line> finish();

 private:
  void keep(std::string_view part);

  size_t limit_bytes_;
  Line open_;
};

// The last `limit_bytes` of a stream.
class Tail {
 public:
  explicit Tail(size_t limit_bytes) : limit_bytes_(limit_bytes) {}
  void add(std::string_view bytes);
  // Begins at a character when the bytes are UTF-8; without blanks at either end.
  std::string text() const;

 private:
  size_t limit_bytes_;
  std::string bytes_;
};

// `text` cut to at most `limit_bytes` at a character, never inside one.
std::string_view cut_at_character(std::string_view text, size_t limit_bytes);

// `text` without blanks and newlines at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace pianola::agents
