#include "view/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace pianola::view {
namespace {

constexpr std::string_view ellipsis = "…";

std::string_view sgr_of(Role role) {
  switch (role) {
    case Role::text:
      return "";
    case Role::dim:
      return "\x1b[2m";
    case Role::need:
      return "\x1b[30;43m";
    case Role::bad:
      return "\x1b[1;31m";
    case Role::warn:
      return "\x1b[33m";
    case Role::park:
      return "\x1b[35m";
    case Role::busy:
      return "\x1b[36m";
    case Role::good:
      return "\x1b[32m";
  }
  return "";
}

// Bytes of the character at the front; `text` is valid UTF-8.
size_t front_bytes(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(size, text.size());
}

// Bytes of the longest front of `text` that takes at most `width` columns.
size_t bytes_within(std::string_view text, size_t width) {
  size_t at = 0;
  for (size_t used = 0; at < text.size();) {
    const size_t size = front_bytes(text.substr(at));
    used += columns(text.substr(at, size));
    if (used > width) break;
    at += size;
  }
  return at;
}

uint32_t point_at_front(std::string_view text) {
  const size_t size = front_bytes(text);
  uint32_t point = static_cast<unsigned char>(text.front());
  if (size > 1) point &= 0x7FU >> size;
  for (size_t i = 1; i < size; ++i) point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return point;
}

// Where to break a line of `width` columns: at the last space that fits, else inside the word.
size_t break_at(std::string_view text, size_t width) {
  const size_t fitting = bytes_within(text, width);
  if (fitting == text.size()) return fitting;
  if (text[fitting] == ' ') return fitting;
  const size_t space = text.substr(0, fitting).rfind(' ');
  if (space != std::string_view::npos && space > 0) return space;
  return std::max(fitting, front_bytes(text));
}

}  // namespace

Line& Line::put(std::string_view shown, Role role) {
  pieces_.push_back({in_set(shown, terminal_.glyphs), role});
  used_ += columns(pieces_.back().text);
  return *this;
}

Line& Line::cell(std::string_view shown, size_t width, Role role) {
  if (is_pipe(terminal_)) return shown.empty() ? *this : put(shown, role).put(" ");
  const size_t start = used_;
  const std::string text = in_set(shown, terminal_.glyphs);
  if (columns(text) > width) {
    put(text.substr(0, bytes_within(text, width - 1)), role).put(ellipsis, role);
  } else {
    put(text, role);
  }
  return pad_to(start + width).put(" ");
}

Line& Line::right(std::string_view shown, size_t width) {
  const size_t taken = columns(shown);
  if (!is_pipe(terminal_) && taken < width) put(std::string(width - taken, ' '));
  return put(shown);
}

Line& Line::glyph(const StateLook& look) {
  if (is_pipe(terminal_)) return *this;
  return put(terminal_.glyphs == Glyphs::ascii ? look.ascii : look.glyph, look.role).put(" ");
}

Line& Line::pad_to(size_t column) {
  if (is_pipe(terminal_)) return used_ == 0 ? *this : put(" ");
  if (used_ < column) put(std::string(column - used_, ' '));
  return *this;
}

size_t Line::room() const {
  const auto width = static_cast<size_t>(std::max(terminal_.width, 0));
  return used_ < width ? width - used_ : 0;
}

std::string Line::text() const {
  const auto width = static_cast<size_t>(std::max(terminal_.width, 0));
  const bool cut = !is_pipe(terminal_) && used_ > width;
  size_t left = cut ? width - 1 : used_;
  std::vector<Piece> kept;
  for (const Piece& piece : pieces_) {
    const size_t bytes = bytes_within(piece.text, left);
    if (bytes > 0) kept.push_back({piece.text.substr(0, bytes), piece.role});
    if (bytes < piece.text.size()) break;
    left -= columns(piece.text);
  }
  if (cut) kept.push_back({in_set(ellipsis, terminal_.glyphs), Role::text});
  while (!kept.empty()) {
    std::string& last = kept.back().text;
    last.erase(last.find_last_not_of(' ') + 1);
    if (!last.empty()) break;
    kept.pop_back();
  }
  std::string out;
  for (const Piece& piece : kept) {
    const bool plain = terminal_.colour == Colour::none || is_pipe(terminal_) || piece.role == Role::text;
    out += plain ? piece.text : fmt::format("{}{}\x1b[0m", sgr_of(piece.role), piece.text);
  }
  return out;
}

void put_paragraph(std::vector<std::string>& out, Paragraph paragraph, std::string_view shown) {
  Line line = std::move(paragraph.head);
  const Line blank(line.terminal());
  if (is_pipe(line.terminal())) {
    out.push_back(line.put(shown, paragraph.role).text());
    return;
  }
  const std::string text = in_set(shown, line.terminal().glyphs);
  std::string_view rest = text;
  const auto width = static_cast<size_t>(line.terminal().width);
  // A narrow terminal has no room for a deep indent.
  const size_t indent = paragraph.indent + 20 <= width ? paragraph.indent : std::min<size_t>(4, width / 4);
  for (size_t lines = 1; lines < paragraph.lines_max && columns(rest) > line.room(); ++lines) {
    const size_t bytes = line.room() == 0 ? 0 : break_at(rest, line.room());
    out.push_back(line.put(rest.substr(0, bytes), paragraph.role).text());
    rest.remove_prefix(bytes);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    line = Line(blank).pad_to(indent);
  }
  out.push_back(line.put(rest, paragraph.role).text());
}

void put_whole(std::vector<std::string>& out, const Terminal& terminal, size_t indent,
               std::string_view shown) {
  constexpr size_t lines_max = 20;
  if (is_pipe(terminal)) return out.push_back(Line(terminal).put(shown).text());
  const auto width = static_cast<size_t>(terminal.width);
  const size_t taken = columns(in_set(shown, terminal.glyphs));
  const size_t start = indent + taken <= width ? indent : std::min<size_t>(4, width / 4);
  put_paragraph(out, {.head = Line(terminal).pad_to(start), .indent = start, .lines_max = lines_max}, shown);
}

std::string in_set(std::string_view shown, Glyphs glyphs) {
  if (glyphs == Glyphs::unicode) return std::string(shown);
  std::string out;
  for (size_t at = 0; at < shown.size();) {
    const std::string_view rest = shown.substr(at);
    const size_t size = front_bytes(rest);
    if (size == 1) {
      out += rest.front();
    } else if (rest.starts_with(ellipsis)) {
      out += '~';
    } else {
      out += fmt::format("\\u{{{:04X}}}", point_at_front(rest));
    }
    at += size;
  }
  return out;
}

size_t id_width(size_t longest, const Terminal& terminal) {
  const size_t most = std::max<size_t>(12, static_cast<size_t>(std::max(terminal.width, 0)) / 4);
  return std::clamp<size_t>(longest, 12, most);
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace pianola::view
