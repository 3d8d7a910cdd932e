#include "test/house/source.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace pianola::house {
namespace {

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// One pass over the text. Each take_* consumes what starts at `at_`.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Source read() {
    while (at_ < text_.size()) take_next();
    source_.lines = line_ - (text_.ends_with('\n') ? 1 : 0);
    return std::move(source_);
  }

 private:
  bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  std::string advance_to(size_t end) {
    end = std::min(end, text_.size());
    std::string taken(text_.substr(at_, end - at_));
    line_ += static_cast<int>(std::count(taken.begin(), taken.end(), '\n'));
    at_ = end;
    return taken;
  }

  void push(std::string token, int line) {
    source_.tokens.push_back({.text = std::move(token), .line = line, .in_directive = in_directive_});
    at_line_start_ = false;
  }

  void take_next() {
    const char c = text_[at_];
    if (c == '\n') {
      in_directive_ = in_directive_ && at_ > 0 && text_[at_ - 1] == '\\';
      at_line_start_ = true;
      advance_to(at_ + 1);
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0 || c == '\\') {
      advance_to(at_ + 1);
    } else if (sees("//")) {
      take_comment(text_.find('\n', at_));
    } else if (sees("/*")) {
      const size_t end = text_.find("*/", at_ + 2);
      take_comment(end == std::string_view::npos ? end : end + 2);
    } else if (c == '#' && at_line_start_) {
      take_directive();
    } else if (c == '"') {
      take_literal('"');
    } else if (c == '\'') {
      take_literal('\'');
    } else if (is_word_char(c)) {
      take_word();
    } else {
      const int line = line_;
      push(advance_to(at_ + (sees("::") || sees("->") ? 2U : 1U)), line);
    }
  }

  void take_comment(size_t end) {
    const int line = line_;
    source_.comments.push_back({.text = advance_to(end), .line = line});
  }

  void take_directive() {
    in_directive_ = true;
    at_line_start_ = false;
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    const size_t open = line.find_first_of("<\"");
    if (line.find("include") == std::string_view::npos || open == std::string_view::npos) {
      advance_to(at_ + 1);
      return;
    }
    const size_t close = std::min(line.find_first_of(">\"", open + 1), line.size());
    source_.includes.push_back({.name = std::string(line.substr(open + 1, close - open - 1)),
                                .quoted = line[open] == '"',
                                .line = line_});
    advance_to(end);
  }

  void take_literal(char quote) {
    const int line = line_;
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2U : 1U;
    advance_to(end + 1);
    push("\"\"", line);
  }

  // R"mark( ... )mark"
  void take_raw_literal() {
    const int line = line_;
    const size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const size_t end = text_.find(close, open);
    advance_to(end == std::string_view::npos ? end : end + close.size());
    push("\"\"", line);
  }

  void take_word() {
    const bool number = std::isdigit(static_cast<unsigned char>(text_[at_])) != 0;
    size_t end = at_;
    while (end < text_.size() && (is_word_char(text_[end]) || (number && text_[end] == '\''))) ++end;
    const int line = line_;
    std::string word = advance_to(end);
    const bool raw = word == "R" || word == "u8R" || word == "LR";
    if (raw && sees("\"")) {
      take_raw_literal();
    } else {
      push(std::move(word), line);
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  bool at_line_start_ = true;
  bool in_directive_ = false;
  Source source_;
};

enum class Block { scope, body, value };

// Finds bodies by what stands before their brace since the last `;`, `{` or `}`.
class Outline {
 public:
  std::vector<Function> read(const std::vector<Token>& tokens) {
    for (const Token& token : tokens) {
      if (!token.in_directive) take(token);
    }
    return std::move(functions_);
  }

 private:
  bool inside_body() const { return !blocks_.empty() && blocks_.back() != Block::scope; }

  void take(const Token& token) {
    if (token.text == "{") {
      open(token);
    } else if (token.text == "}") {
      close(token);
    } else if (!inside_body()) {
      // An access label is not the start of what follows it.
      const bool label = token.text == ":" && statement_.size() == 1 && is_word(statement_[0].text);
      if (token.text == ";" || label) {
        statement_.clear();
      } else {
        statement_.push_back(token);
      }
    }
  }

  void open(const Token& brace) {
    if (inside_body()) {
      blocks_.push_back(blocks_.back());
      return;
    }
    const Block kind = kind_of_block();
    blocks_.push_back(kind);
    if (kind == Block::body) {
      functions_.push_back(
          {.name = name_of_function(), .first_line = statement_.front().line, .last_line = brace.line});
    }
    if (kind == Block::value) {
      statement_.push_back(brace);
    } else {
      statement_.clear();
    }
  }

  void close(const Token& brace) {
    if (blocks_.empty()) return;
    const Block kind = blocks_.back();
    blocks_.pop_back();
    if (inside_body()) return;
    if (kind == Block::body) functions_.back().last_line = brace.line;
    if (kind == Block::value) {
      statement_.push_back(brace);
    } else {
      statement_.clear();
    }
  }

  bool has(std::string_view word) const {
    return std::any_of(statement_.begin(), statement_.end(), [&](const Token& t) { return t.text == word; });
  }

  Block kind_of_block() const {
    if (statement_.empty() || has("namespace")) return Block::scope;
    if (!has("(")) {
      const bool type = has("class") || has("struct") || has("union") || has("enum") || has("extern");
      return type ? Block::scope : Block::value;
    }
    const std::string& before = statement_.back().text;
    const bool ends_signature = before == ")" || before == "}" || before == "const" || before == "noexcept" ||
                                before == "override" || before == "final" || before == "&";
    return ends_signature || has("->") ? Block::body : Block::value;
  }

  // The word before the first parenthesis; for TEST(Suite, name) the name.
  std::string name_of_function() const {
    for (size_t i = 1; i < statement_.size(); ++i) {
      if (statement_[i].text != "(") continue;
      const std::string& name = statement_[i - 1].text;
      const bool macro = name.starts_with("TEST") && i + 3 < statement_.size();
      return macro ? statement_[i + 3].text : name;
    }
    return statement_.front().text;
  }

  std::vector<Block> blocks_;
  std::vector<Token> statement_;
  std::vector<Function> functions_;
};

}  // namespace

Source read_source(std::string_view text) { return Lexer(text).read(); }

std::vector<Function> functions_of(const Source& source) { return Outline().read(source.tokens); }

bool is_word(std::string_view token) {
  return !token.empty() && is_word_char(token[0]) && std::isdigit(static_cast<unsigned char>(token[0])) == 0;
}

}  // namespace pianola::house
