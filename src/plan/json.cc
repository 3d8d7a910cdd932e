#include "plan/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "plan/scalar.h"
#include "plan/utf8.h"

namespace pianola::plan {
namespace {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text), builder_(text) {}
  Parsed read();

 private:
  // What may stand at the next token.
  enum class State { value, first_item, item, first_key, key, after_value, end };

  void step();
  void value(State allowed);
  void key(State allowed);
  void after_value();
  void open(NodeKind kind);
  void close();
  void string(bool is_key);
  void word();
  bool escape(std::string& out);
  bool unicode_escape(std::string& out);
  std::optional<uint32_t> hex4();
  void skip_blanks();
  void fail(std::string what, std::string expected, std::string next = {});
  std::string found() const;
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view text_;
  TreeBuilder builder_;
  std::vector<NodeKind> open_;
  size_t at_ = 0;
  State state_ = State::value;
};

}  // namespace

Parsed parse_json(std::string_view text) { return JsonReader(text).read(); }

namespace {

Parsed JsonReader::read() {
  skip_blanks();
  if (at_ == text_.size()) state_ = State::end;
  while (!builder_.failed() && state_ != State::end) step();
  if (at_ < text_.size()) fail(found() + " after the end of the value", "the end of the file");
  return builder_.take();
}

void JsonReader::step() {
  switch (state_) {
    case State::value:
    case State::first_item:
    case State::item:
      value(state_);
      break;
    case State::first_key:
    case State::key:
      key(state_);
      break;
    case State::after_value:
      after_value();
      break;
    case State::end:
      break;
  }
  skip_blanks();
}

void JsonReader::value(State allowed) {
  const char c = peek();
  if (c == ']' && allowed == State::first_item) return close();
  if (c == ']' && allowed == State::item) {
    return fail("a comma before ]", "a value after the comma", "drop the comma");
  }
  if (c == '{') return open(NodeKind::map);
  if (c == '[') return open(NodeKind::list);
  if (c == '"') return string(false);
  word();
}

void JsonReader::key(State allowed) {
  const char c = peek();
  if (c == '}' && allowed == State::first_key) return close();
  if (c == '}') return fail("a comma before }", "a key after the comma", "drop the comma");
  if (c != '"') return fail(found() + " where a key begins", "a key in double quotes");
  string(true);
  if (builder_.failed()) return;
  skip_blanks();
  if (peek() != ':') return fail(found() + " after a key", "\":\"");
  ++at_;
  state_ = State::value;
}

void JsonReader::after_value() {
  if (open_.empty()) {
    state_ = State::end;
    return;
  }
  const bool is_map = open_.back() == NodeKind::map;
  const char c = peek();
  if (c == (is_map ? '}' : ']')) return close();
  if (c != ',') {
    return fail(found() + (is_map ? " after a value of a mapping" : " after an item of a list"),
                is_map ? "\",\" or \"}\"" : "\",\" or \"]\"");
  }
  ++at_;
  state_ = is_map ? State::key : State::item;
}

void JsonReader::open(NodeKind kind) {
  builder_.open(kind, at_);
  open_.push_back(kind);
  ++at_;
  state_ = kind == NodeKind::map ? State::first_key : State::first_item;
}

void JsonReader::close() {
  ++at_;
  builder_.close(at_);
  open_.pop_back();
  state_ = State::after_value;
}

void JsonReader::string(bool is_key) {
  const size_t begin = at_++;
  std::string out;
  while (at_ < text_.size() && text_[at_] != '"') {
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) {
      const bool is_line_end = c == '\n' || c == '\r';
      return fail(is_line_end ? "a line end inside a text" : "a tab inside a text",
                  is_line_end ? "\\n" : "\\t", "close the text with \"");
    }
    if (c == '\\') {
      if (!escape(out)) return;
      continue;
    }
    out += c;
    ++at_;
  }
  if (at_ == text_.size()) {
    at_ = begin;
    return fail("a text without its closing quote", "\"");
  }
  ++at_;
  builder_.scalar(out, {begin, at_}, false);
  if (!is_key) state_ = State::after_value;
}

bool JsonReader::escape(std::string& out) {
  const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (kind == 'u') return unicode_escape(out);
  constexpr std::string_view names = "\"\\/bfnrt";
  constexpr std::string_view values = "\"\\/\b\f\n\r\t";
  const size_t which = kind == '\0' ? std::string_view::npos : names.find(kind);
  if (which == std::string_view::npos) {
    fail("an unknown escape", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    return false;
  }
  out += values[which];
  at_ += 2;
  return true;
}

bool JsonReader::unicode_escape(std::string& out) {
  const size_t begin = at_;
  const auto first = hex4();
  uint32_t point = first.value_or(0xDC00);
  if (point >= 0xD800 && point < 0xDC00) {
    const auto second = text_.substr(at_).starts_with("\\u") ? hex4() : std::nullopt;
    const bool is_pair = second && *second >= 0xDC00 && *second < 0xE000;
    point = is_pair ? 0x10000 + ((point - 0xD800) << 10U) + (*second - 0xDC00) : 0xDC00;
  }
  if (point >= 0xDC00 && point < 0xE000) {
    at_ = begin;
    fail("an escape that is no character", "\\u and four hex digits, surrogates in pairs");
    return false;
  }
  append_utf8(out, point);
  return true;
}

// Reads "\uXXXX" at at_ and stands behind it; nothing when four hex digits do not follow.
std::optional<uint32_t> JsonReader::hex4() {
  const std::string_view hex = text_.substr(at_ + 2 < text_.size() ? at_ + 2 : text_.size(), 4);
  if (hex.size() < 4) return std::nullopt;
  uint32_t value = 0;
  for (const char c : hex) {
    constexpr std::string_view digits = "0123456789abcdef";
    const size_t digit = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  at_ += 6;
  return value;
}

// RFC 8259 section 6: -? int frac? exp?; the core schema's grammar is wider, so its extras are refused.
bool is_json_number(std::string_view word) {
  std::string_view rest = word;
  if (rest.starts_with('-')) rest.remove_prefix(1);
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return false;
  if (rest.size() > 1 && rest.front() == '0' && rest[1] != '.' && rest[1] != 'e' && rest[1] != 'E') {
    return false;
  }
  const size_t point = rest.find('.');
  if (point != std::string_view::npos &&
      (point + 1 == rest.size() || rest[point + 1] < '0' || rest[point + 1] > '9')) {
    return false;
  }
  const ScalarType type = scalar_type(word);
  return type == ScalarType::integer || type == ScalarType::number;
}

void JsonReader::word() {
  const size_t begin = at_;
  while (at_ < text_.size() &&
         std::string_view(" \t\r\n,:{}[]\"").find(text_[at_]) == std::string_view::npos) {
    ++at_;
  }
  const std::string_view word = text_.substr(begin, at_ - begin);
  const bool is_number = is_json_number(word);
  const bool is_name = word == "true" || word == "false" || word == "null";
  if (is_number && !scalar_number(word)) {
    at_ = begin;
    return fail(fmt::format("number {} is out of range", display(word).str()), "a number of at most 1.8e308",
                "write a smaller one");
  }
  if (!is_number && !is_name) {
    at_ = begin;
    return fail(found() + " where a value begins", "a JSON value", "put text in double quotes");
  }
  builder_.scalar(word, {begin, at_}, true);
  state_ = State::after_value;
}

void JsonReader::skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

void JsonReader::fail(std::string what, std::string expected, std::string next) {
  builder_.fail(at_, std::move(what), std::move(expected), std::move(next));
}

// The token that should not be here, for people.
std::string JsonReader::found() const {
  if (at_ >= text_.size()) return "the end of the file";
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with("#")) return "a comment";
  size_t size = 1;
  const auto is_inner = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (size < rest.size() && is_inner(rest[size])) ++size;
  return fmt::format("'{}'", display(rest.substr(0, size)).str());
}

}  // namespace
}  // namespace pianola::plan
