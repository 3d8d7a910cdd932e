// Text that may be shown. Bytes of workers, repositories and plans are never printed as they are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pianola {

// Safe for a terminal or a page: one line, valid UTF-8, without control, bidi or invisible characters.
// Only display() makes it, so the compiler refuses raw bytes where shown text is meant.
class Shown {
 public:
  const std::string& str() const { return text_; }

 private:
  friend Shown display(std::string_view raw);
  explicit Shown(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// Escapes what could drive or deceive a reader: C0, DEL and C1 as \xNN (\t and \n by name), bidi and
// zero-width characters as \u{NNNN}, bytes that are not UTF-8 as \xNN, and the backslash as itself.
Shown display(std::string_view raw);

// The same for text of several lines: '\n' stays, everything else as display(). A trailing '\r' goes.
std::string display_lines(std::string_view raw);

// True when `bytes` is valid UTF-8 (RFC 3629). On false, `*bad_offset` is the first bad byte.
bool is_utf8(std::string_view bytes, size_t* bad_offset = nullptr);

// `bytes` where they are valid UTF-8, as JSON wants them, else as display() shows them.
std::string utf8_text(std::string_view bytes);

// The number of columns `text` takes on a terminal when every character is one column wide; combining
// marks count 0 and East Asian wide characters 2.
size_t columns(std::string_view text);

// `text` cut to `width` columns, the last one being the ellipsis when something was cut.
std::string fit(std::string_view text, size_t width);

// The entry of `known` nearest to `word` by Damerau-Levenshtein distance, or "" when none is within a
// third of the word's length (at least 1).
template <class Range>
std::string nearest(std::string_view word, const Range& known);

// Damerau-Levenshtein distance (optimal string alignment) on bytes, cut off above `limit`.
size_t edit_distance(std::string_view a, std::string_view b, size_t limit);

template <class Range>
std::string nearest(std::string_view word, const Range& known) {
  size_t best_distance = word.size() / 3 > 1 ? word.size() / 3 : 1;
  ++best_distance;
  std::string best;
  for (const auto& candidate : known) {
    const size_t distance = edit_distance(word, candidate, best_distance);
    if (distance < best_distance) {
      best_distance = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

}  // namespace pianola
