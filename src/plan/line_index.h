// Byte offsets of a text as lines and columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pianola::plan {

// A position people can find: both count from 1, columns count bytes.
struct Mark {
  int line = 1;
  int col = 1;
  friend auto operator<=>(const Mark&, const Mark&) = default;
};

// Where the lines of a text begin. A line ends with "\n", "\r\n" or a lone "\r".
class LineIndex {
 public:
  LineIndex() = default;
  explicit LineIndex(std::string_view text);

  // The position of the byte at `offset`; the end of the text is a position too.
  Mark mark(size_t offset) const;

  // The bytes of line `line` (from 1) of the same `text`, without its end.
  std::string_view line(std::string_view text, int line) const;

 private:
  std::vector<uint32_t> starts_{0};
};

}  // namespace pianola::plan
