#include "agents/lines.h"

#include <algorithm>
#include <utility>

namespace pianola::agents {
namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::vector<Line> LineSplitter::feed(std::string_view bytes) {
  std::vector<Line> lines;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    keep(bytes.substr(0, end));
    if (end == std::string_view::npos) break;
    lines.push_back(std::exchange(open_, {}));
    bytes.remove_prefix(end + 1);
  }
  return lines;
}

std::optional<Line> LineSplitter::finish() {
  if (open_.text.empty() && !open_.cut) return std::nullopt;
  return std::exchange(open_, {});
}

void LineSplitter::keep(std::string_view part) {
  const size_t room = limit_bytes_ - open_.text.size();
  if (part.size() > room) open_.cut = true;
  open_.text.append(part.substr(0, room));
}

void Tail::add(std::string_view bytes) {
  if (bytes.size() >= limit_bytes_) {
    bytes_ = bytes.substr(bytes.size() - limit_bytes_);
    return;
  }
  const size_t all = bytes_.size() + bytes.size();
  if (all > limit_bytes_) bytes_.erase(0, all - limit_bytes_);
  bytes_ += bytes;
}

std::string Tail::text() const {
  std::string_view text = bytes_;
  // A character has at most three bytes after its first; more of them is not text anyway.
  if (bytes_.size() == limit_bytes_) {
    for (int i = 0; i < 3 && !text.empty() && continues_character(text.front()); ++i) text.remove_prefix(1);
  }
  return std::string(trimmed(text));
}

std::string_view cut_at_character(std::string_view text, size_t limit_bytes) {
  if (text.size() <= limit_bytes) return text;
  size_t end = limit_bytes;
  for (int i = 0; i < 3 && end > 0 && continues_character(text[end]); ++i) --end;
  return text.substr(0, end);
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace pianola::agents
