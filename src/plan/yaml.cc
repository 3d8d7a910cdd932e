#include "plan/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace pianola::plan {
namespace {

// libyaml counts characters, people's editors and we count bytes.
class CharacterOffsets {
 public:
  explicit CharacterOffsets(std::string_view text);
  size_t byte_offset(size_t character) const;

 private:
  static constexpr size_t stride = 256;
  std::string_view text_;
  std::vector<uint32_t> marks_;  // byte offset of every stride-th character; empty when all are one byte
};

struct Event {
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw); }
  yaml_event_t raw = {};
};

class YamlReader {
 public:
  explicit YamlReader(std::string_view text);
  ~YamlReader() { yaml_parser_delete(&parser_); }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  Parsed read();

 private:
  enum class Step { go_on, done };

  Step take(const yaml_event_t& event);
  void document(const yaml_event_t& event);
  void open(const yaml_event_t& event, NodeKind kind, const yaml_char_t* anchor, const yaml_char_t* tag);
  void scalar(const yaml_event_t& event);
  void fail_at_problem();
  void refuse_tag(size_t offset, const yaml_char_t* tag);
  size_t offset(const yaml_mark_t& mark) const { return offsets_.byte_offset(mark.index); }
  size_t value_begin(size_t begin, std::string_view anchor) const;

  std::string_view text_;
  CharacterOffsets offsets_;
  TreeBuilder builder_;
  yaml_parser_t parser_ = {};
  size_t documents_ = 0;
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

Parsed parse_yaml(std::string_view text) { return YamlReader(text).read(); }

namespace {

CharacterOffsets::CharacterOffsets(std::string_view text) : text_(text) {
  const bool is_ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return;
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (is_continuation(text[at])) continue;
    if (characters % stride == 0) marks_.push_back(static_cast<uint32_t>(at));
    ++characters;
  }
}

size_t CharacterOffsets::byte_offset(size_t character) const {
  if (marks_.empty()) return std::min(character, text_.size());
  const size_t mark = std::min(character / stride, marks_.size() - 1);
  size_t at = marks_[mark];
  for (size_t left = character - mark * stride; left > 0 && at < text_.size(); --left) {
    ++at;
    while (at < text_.size() && is_continuation(text_[at])) ++at;
  }
  return at;
}

YamlReader::YamlReader(std::string_view text) : text_(text), offsets_(text), builder_(text) {
  const int made = yaml_parser_initialize(&parser_);
  if (made == 0) {
    builder_.fail(0, "no memory for the parser", "", "");
    return;
  }
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

Parsed YamlReader::read() {
  while (!builder_.failed()) {
    Event event;
    if (yaml_parser_parse(&parser_, &event.raw) == 0) {
      fail_at_problem();
      break;
    }
    if (take(event.raw) == Step::done) break;
  }
  return builder_.take();
}

YamlReader::Step YamlReader::take(const yaml_event_t& event) {
  switch (event.type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_END_EVENT:
      return Step::done;
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
      break;
    case YAML_DOCUMENT_START_EVENT:
      document(event);
      break;
    case YAML_ALIAS_EVENT:
      builder_.alias(view(event.data.alias.anchor), {offset(event.start_mark), offset(event.end_mark)});
      break;
    case YAML_SCALAR_EVENT:
      scalar(event);
      break;
    case YAML_SEQUENCE_START_EVENT:
      open(event, NodeKind::list, event.data.sequence_start.anchor, event.data.sequence_start.tag);
      break;
    case YAML_MAPPING_START_EVENT:
      open(event, NodeKind::map, event.data.mapping_start.anchor, event.data.mapping_start.tag);
      break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      builder_.close(offset(event.end_mark));
      break;
  }
  return Step::go_on;
}

void YamlReader::document(const yaml_event_t& event) {
  const auto& start = event.data.document_start;
  if (start.tag_directives.start != start.tag_directives.end) {
    builder_.fail(offset(event.start_mark), "tag directive %TAG", "no tags", "drop the directive");
  }
  if (++documents_ > 1) {
    builder_.fail(offset(event.start_mark), "a second document begins", "one document",
                  "move it to a file of its own");
  }
}

void YamlReader::open(const yaml_event_t& event, NodeKind kind, const yaml_char_t* anchor,
                      const yaml_char_t* tag) {
  const size_t begin = offset(event.start_mark);
  if (tag != nullptr) return refuse_tag(begin, tag);
  builder_.open(kind, value_begin(begin, view(anchor)), view(anchor));
}

void YamlReader::scalar(const yaml_event_t& event) {
  const auto& data = event.data.scalar;
  const size_t begin = offset(event.start_mark);
  if (data.tag != nullptr) return refuse_tag(begin, data.tag);
  const std::string_view value(reinterpret_cast<const char*>(data.value), data.length);
  const std::string_view anchor = view(data.anchor);
  builder_.scalar(value, {value_begin(begin, anchor), offset(event.end_mark)},
                  data.style == YAML_PLAIN_SCALAR_STYLE, anchor);
}

void YamlReader::refuse_tag(size_t offset, const yaml_char_t* tag) {
  builder_.fail(offset, fmt::format("tag {}", display(view(tag)).str()), "no tags", "drop the tag");
}

// The mark of an anchored node is that of its "&name"; people and --fix mean the value.
size_t YamlReader::value_begin(size_t begin, std::string_view anchor) const {
  if (anchor.empty()) return begin;
  const std::string_view written = text_.substr(begin, anchor.size() + 1);
  if (!written.starts_with('&') || written.substr(1) != anchor) return begin;
  const size_t value = text_.find_first_not_of(' ', begin + written.size());
  const bool is_here =
      value != std::string_view::npos && text_[value] != '\n' && text_[value] != '\r' && text_[value] != '#';
  return is_here ? value : begin;
}

void YamlReader::fail_at_problem() {
  const std::string problem = parser_.problem == nullptr ? "not YAML" : parser_.problem;
  if (parser_.error == YAML_MEMORY_ERROR) return builder_.fail(0, "no memory for the plan", "", "");
  if (parser_.error == YAML_READER_ERROR) {
    return builder_.fail(parser_.problem_offset, problem, "text", "remove it");
  }
  const size_t at = offset(parser_.problem_mark);
  const std::string_view line = builder_.lines().line(text_, builder_.lines().mark(at).line);
  const std::string_view indent = line.substr(0, line.find_first_not_of(" \t"));
  if (const size_t tab = indent.find('\t'); tab != std::string_view::npos) {
    const auto line_begin = static_cast<size_t>(line.data() - text_.data());
    return builder_.fail(line_begin + tab, "tab in indentation", "spaces", "replace it by two");
  }
  std::string context;
  if (parser_.context != nullptr) {
    const Mark opened = builder_.lines().mark(offset(parser_.context_mark));
    context = fmt::format("{} that begins at {}:{}", parser_.context, opened.line, opened.col);
  }
  builder_.fail(at, problem, "well-formed YAML", context);
}

}  // namespace
}  // namespace pianola::plan
