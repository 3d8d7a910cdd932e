// One line of a terminal, made of coloured pieces and never longer than the terminal; and paragraphs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "view/look.h"
#include "view/screen.h"

namespace pianola::view {

// Every text handed in has passed display(), or is our own.
class Line {
 public:
  explicit Line(const Terminal& terminal) : terminal_(terminal) {}

  Line& put(std::string_view shown, Role role = Role::text);
  // `shown` in a column of `width`, cut when it is longer, and one space. On a pipe: as it is.
  Line& cell(std::string_view shown, size_t width, Role role = Role::text);
  // The same with the text at the right of its column, and without the space.
  Line& right(std::string_view shown, size_t width);
  // The glyph of a state and one space; nothing on a pipe, where the word says it.
  Line& glyph(const StateLook& look);
  // Spaces up to `column`; one space on a pipe.
  Line& pad_to(size_t column);

  const Terminal& terminal() const { return terminal_; }
  size_t used() const { return used_; }
  // Columns that are left.
  size_t room() const;

  // Cut to the terminal, without spaces at its end, with colours if the terminal wants them.
  std::string text() const;

 private:
  struct Piece {
    std::string text;
    Role role = Role::text;
  };
  Terminal terminal_;
  std::vector<Piece> pieces_;
  size_t used_ = 0;
};

// Continues `head` with `shown`, wrapped at words; further lines start at column `indent`. At most
// `lines_max` lines, the last one cut. On a pipe everything is one line.
struct Paragraph {
  Line head;
  size_t indent = 4;
  size_t lines_max = 4;
  Role role = Role::text;
};
void put_paragraph(std::vector<std::string>& out, Paragraph paragraph, std::string_view shown);

// A line of its own that must stay whole, such as a command: at `indent` when it fits there, else further
// left, else wrapped.
void put_whole(std::vector<std::string>& out, const Terminal& terminal, size_t indent,
               std::string_view shown);

// Only characters of the terminal's set: in the ASCII set an ellipsis is `~` and everything else beyond
// ASCII is written as \u{NNNN}.
std::string in_set(std::string_view shown, Glyphs glyphs);

// True for a pipe.
inline bool is_pipe(const Terminal& terminal) { return terminal.width <= 0; }

// Columns a task's id gets: enough for all of `longest`, at least 12, at most a quarter of the terminal.
size_t id_width(size_t longest, const Terminal& terminal);

// "a\nb\nc" with one newline after each.
std::string joined_lines(const std::vector<std::string>& lines);

}  // namespace pianola::view
