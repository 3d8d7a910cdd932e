#include "plan/checklist_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pianola::plan {
namespace {

constexpr size_t tab_columns = 4;
constexpr size_t nested_columns = 2;       // how much deeper than its parent's a bullet lies
constexpr size_t heading_bytes_max = 120;  // a section is repeated in each of its tasks
constexpr size_t heading_levels = 6;
constexpr size_t heading_indent_max = 3;
constexpr size_t fence_length_min = 3;

// A bullet, and the mark behind it if there is one.
struct Bullet {
  size_t content = 0;  // where the text behind bullet and mark begins
  std::optional<size_t> mark_at;
  bool has_odd_mark = false;  // "[y]" or "[]"
};

struct Fence {
  char letter = '`';
  size_t length = 0;
  size_t at = 0;
  bool is_below = false;  // belongs to the item before it
};

std::optional<ItemState> state_of(char mark) {
  switch (mark) {
    case ' ':
      return ItemState::open;
    case '~':
      return ItemState::begun;
    case 'x':
    case 'X':
      return ItemState::landed;
    case '-':
      return ItemState::discarded;
    default:
      return std::nullopt;
  }
}

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}
  ListLines read();

 private:
  void read_line(Span line);
  bool read_fence(Span line);
  bool read_comment(Span line);
  bool read_bullet(Span line);
  bool read_heading(Span line);
  void read_prose(Span line);
  void begin_item(Span line, const Bullet& bullet);
  void add_below(Span line, size_t content, LineKind kind);
  void note_uncounted(size_t at, size_t content);
  void note_unclosed();
  size_t skip_blanks(size_t at, size_t end) const;
  std::optional<Bullet> bullet_at(size_t at, size_t end) const;
  void find_mark(Bullet& bullet, size_t end) const;
  size_t behind_number(size_t at, size_t end) const;
  std::optional<Fence> fence_at(size_t at, size_t end) const;
  bool is_rule(Span line) const;
  std::string section() const;

  std::string_view text_;
  ListLines out_;
  std::array<std::string, heading_levels> headings_;
  std::optional<Fence> fence_;
  std::optional<size_t> comment_at_;
  bool is_in_item_ = false;  // the last item takes what is indented below it
  bool was_blank_ = true;    // the line before
  size_t item_indent_ = 0;   // columns
  size_t indent_ = 0;        // of the line that is read
};

ListLines LineReader::read() {
  for (size_t at = 0; at < text_.size();) {
    size_t end = text_.find_first_of("\r\n", at);
    if (end == std::string_view::npos) end = text_.size();
    Span line{at, end};
    at = end + 1;
    if (end + 1 < text_.size() && text_[end] == '\r' && text_[end + 1] == '\n') ++at;
    while (line.end > line.begin && is_space_or_tab(text_[line.end - 1])) --line.end;
    indent_ = 0;
    while (line.begin < line.end && is_space_or_tab(text_[line.begin])) {
      indent_ += text_[line.begin] == '\t' ? tab_columns - indent_ % tab_columns : 1;
      ++line.begin;
    }
    read_line(line);
    was_blank_ = line.begin == line.end;
  }
  note_unclosed();
  return std::move(out_);
}

// `line` without the blanks around it.
void LineReader::read_line(Span line) {
  if (read_fence(line) || read_comment(line)) return;
  if (line.begin == line.end) return;
  if (read_bullet(line) || read_heading(line)) return;
  read_prose(line);
}

bool LineReader::read_fence(Span line) {
  const std::optional<Fence> found = fence_at(line.begin, line.end);
  if (fence_) {
    const Fence open = *fence_;
    const bool closes = found && found->letter == open.letter && found->length >= open.length &&
                        found->at + found->length == line.end;
    if (open.is_below) add_below(line, line.begin, LineKind::code);
    if (closes) fence_.reset();
    return true;
  }
  if (!found || comment_at_) return false;
  fence_ = found;
  fence_->is_below = is_in_item_ && indent_ > item_indent_;
  is_in_item_ = fence_->is_below;
  if (is_in_item_) add_below(line, line.begin, LineKind::code);
  return true;
}

bool LineReader::read_comment(Span line) {
  const std::string_view words = text_.substr(line.begin, line.end - line.begin);
  if (!comment_at_) {
    if (!words.starts_with("<!--")) return false;
    comment_at_ = line.begin;
  }
  if (words.find("-->") != std::string_view::npos) comment_at_.reset();
  return true;
}

bool LineReader::read_bullet(Span line) {
  if (is_rule(line)) {
    is_in_item_ = is_in_item_ && indent_ > item_indent_;
    return true;
  }
  const bool is_below = is_in_item_ && indent_ >= item_indent_ + nested_columns;
  const std::optional<Bullet> bullet = bullet_at(line.begin, line.end);
  if (!bullet) {
    const size_t numbered = behind_number(line.begin, line.end);
    if (numbered == line.begin || is_below) return false;
    note_uncounted(line.begin, numbered);
    is_in_item_ = false;
    return true;
  }
  const std::optional<Fence> fence = fence_at(bullet->content, line.end);
  if (fence) fence_ = fence;
  if (is_below) {
    if (fence) fence_->is_below = true;
    add_below(line, bullet->content, fence ? LineKind::code : LineKind::prose);
    return true;
  }
  is_in_item_ = bullet->mark_at.has_value();
  if (is_in_item_) {
    begin_item(line, *bullet);
    if (fence) fence_->is_below = true;
  } else if (bullet->has_odd_mark) {
    out_.findings.push_back({Severity::warning,
                             line.begin,
                             {fmt::format("\"{}\" has no mark of an item, and is none",
                                          shown(text_.substr(line.begin, line.end - line.begin))),
                              "[ ], [~], [x] or [-] and a blank",
                              {}}});
  }
  return true;
}

bool LineReader::read_heading(Span line) {
  if (indent_ > heading_indent_max || (is_in_item_ && indent_ > item_indent_)) return false;
  size_t level = 0;
  while (line.begin + level < line.end && text_[line.begin + level] == '#') ++level;
  const size_t behind = line.begin + level;
  if (level == 0 || level > heading_levels || (behind < line.end && !is_space_or_tab(text_[behind])))
    return false;
  is_in_item_ = false;
  Span words{skip_blanks(behind, line.end), line.end};
  size_t closing = words.end;
  while (closing > words.begin && text_[closing - 1] == '#') --closing;
  if (closing == words.begin || is_space_or_tab(text_[closing - 1])) words.end = closing;
  while (words.end > words.begin && is_space_or_tab(text_[words.end - 1])) --words.end;
  size_t size = std::min(words.end - words.begin, heading_bytes_max);
  // Never half a character.
  while (size > 0 && words.begin + size < text_.size() && (text_[words.begin + size] & 0xC0) == 0x80) --size;
  headings_[level - 1] = std::string(text_.substr(words.begin, size));
  for (size_t lower = level; lower < heading_levels; ++lower) headings_[lower].clear();
  return true;
}

void LineReader::read_prose(Span line) {
  is_in_item_ = is_in_item_ && (indent_ > item_indent_ || !was_blank_);
  if (is_in_item_) add_below(line, line.begin, LineKind::prose);
}

void LineReader::begin_item(Span line, const Bullet& bullet) {
  item_indent_ = indent_;
  out_.items.push_back({.state = *state_of(text_[*bullet.mark_at]),
                        .bullet_at = line.begin,
                        .mark_at = *bullet.mark_at,
                        .text = {bullet.content, line.end},
                        .below = {},
                        .section = section()});
}

// Keeps of the indentation what is deeper than a child of the item has to be.
void LineReader::add_below(Span line, size_t content, LineKind kind) {
  Span kept = line;
  const size_t own = item_indent_ + nested_columns;
  for (size_t extra = indent_ > own ? indent_ - own : 0; extra > 0; --extra) {
    if (kept.begin == 0 || text_[kept.begin - 1] != ' ') break;
    --kept.begin;
  }
  out_.items.back().below.push_back({.line = kept, .content = {content, line.end}, .kind = kind});
}

// "1. [ ] ..." looks like an item to people; numbers would be positions.
void LineReader::note_uncounted(size_t at, size_t content) {
  Bullet behind{.content = content, .mark_at = {}};
  find_mark(behind, text_.size());
  if (!behind.mark_at) return;
  out_.findings.push_back(
      {Severity::warning,
       at,
       {"a numbered line is no item", "a bullet: -, * or +", "write \"- [ ]\" in place of the number"}});
}

void LineReader::note_unclosed() {
  if (fence_) {
    out_.findings.push_back(
        {Severity::error,
         fence_->at,
         {"a block of code that never ends",
          fmt::format("{} on a line of its own", std::string(fence_->length, fence_->letter)),
          "close it, so that what follows is read"}});
  }
  if (comment_at_) {
    out_.findings.push_back({Severity::error,
                             *comment_at_,
                             {"a comment that never ends", "-->", "close it, so that what follows is read"}});
  }
}

size_t LineReader::skip_blanks(size_t at, size_t end) const {
  while (at < end && is_space_or_tab(text_[at])) ++at;
  return at;
}

std::optional<Bullet> LineReader::bullet_at(size_t at, size_t end) const {
  const char letter = text_[at];
  if (letter != '-' && letter != '*' && letter != '+') return std::nullopt;
  if (at + 1 < end && !is_space_or_tab(text_[at + 1])) return std::nullopt;
  Bullet bullet{.content = skip_blanks(at + 1, end), .mark_at = {}};
  find_mark(bullet, end);
  return bullet;
}

void LineReader::find_mark(Bullet& bullet, size_t end) const {
  const size_t at = bullet.content;
  if (at + 1 >= end || text_[at] != '[') return;
  const size_t close = text_[at + 1] == ']' ? at + 1 : at + 2;
  if (close >= end || text_[close] != ']') return;
  const bool ends_there = close + 1 >= end || is_space_or_tab(text_[close + 1]) || text_[close + 1] == '\r' ||
                          text_[close + 1] == '\n';
  if (!ends_there) return;
  if (close == at + 1 || !state_of(text_[at + 1])) {
    bullet.has_odd_mark = true;
    return;
  }
  bullet.mark_at = at + 1;
  bullet.content = skip_blanks(close + 1, end);
}

// Where the text behind "1." or "1)" begins; `at` when there is no number.
size_t LineReader::behind_number(size_t at, size_t end) const {
  size_t digits = at;
  while (digits < end && text_[digits] >= '0' && text_[digits] <= '9') ++digits;
  const bool is_number = digits > at && digits + 1 < end && (text_[digits] == '.' || text_[digits] == ')') &&
                         is_space_or_tab(text_[digits + 1]);
  return is_number ? skip_blanks(digits + 1, end) : at;
}

std::optional<Fence> LineReader::fence_at(size_t at, size_t end) const {
  if (at == end || (text_[at] != '`' && text_[at] != '~')) return std::nullopt;
  Fence fence{.letter = text_[at], .length = 0, .at = at};
  while (at + fence.length < end && text_[at + fence.length] == fence.letter) ++fence.length;
  if (fence.length < fence_length_min) return std::nullopt;
  const std::string_view behind = text_.substr(at + fence.length, end - at - fence.length);
  // "```code```" on one line is code inside prose.
  if (fence.letter == '`' && behind.find('`') != std::string_view::npos) return std::nullopt;
  return fence;
}

// "---", "* * *": a line between parts, no bullet.
bool LineReader::is_rule(Span line) const {
  const char letter = text_[line.begin];
  if (letter != '-' && letter != '*' && letter != '_') return false;
  size_t letters = 0;
  for (size_t at = line.begin; at < line.end; ++at) {
    if (text_[at] == letter) {
      ++letters;
    } else if (!is_space_or_tab(text_[at])) {
      return false;
    }
  }
  return letters >= 3;
}

std::string LineReader::section() const {
  std::string all;
  for (const std::string& heading : headings_) {
    if (!heading.empty()) all += (all.empty() ? "" : " > ") + heading;
  }
  return all;
}

}  // namespace

ListLines read_list_lines(std::string_view text) { return LineReader(text).read(); }

}  // namespace pianola::plan
