#include "plan/trivial.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "plan/sheet.h"

namespace pianola::plan {
namespace {

// A word of a simple command, or what stands between two commands.
struct ShellToken {
  enum class Kind { word, then_if_ok, then_if_failed, then, pipe, background, group };
  Kind kind = Kind::word;
  std::string text;  // of a word, without its quotes
};

std::vector<ShellToken> split(std::string_view text);
bool is_trivial_list(const std::vector<ShellToken>& tokens);
bool is_trivial_words(const std::vector<std::string>& words);
bool changes_the_course(const std::vector<std::string>& words);
std::string_view shell_script(const std::vector<std::string>& argv);

constexpr int shells_in_shells = 3;

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view last_component(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

bool is_trivial(const CommandLine& command) {
  std::string script;
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    script = shell->text;
  } else {
    const auto& argv = std::get<ArgvCommand>(command).argv;
    script = shell_script(argv);
    if (script.empty()) return is_trivial_words(argv);
  }
  for (int depth = 0; depth < shells_in_shells; ++depth) {
    const std::vector<ShellToken> tokens = split(script);
    if (is_trivial_list(tokens)) return true;
    std::vector<std::string> words;
    for (const ShellToken& token : tokens) {
      if (token.kind != ShellToken::Kind::word) return false;
      words.push_back(token.text);
    }
    script = shell_script(words);
    if (script.empty()) return false;
  }
  return false;
}

namespace {

// Reads words and operators of the POSIX shell grammar; expansions stay as they are written.
class ShellSplitter {
 public:
  explicit ShellSplitter(std::string_view text) : text_(text) {}
  std::vector<ShellToken> split();

 private:
  using Kind = ShellToken::Kind;

  void end_word();
  void operate(Kind kind, size_t size);
  void single_quoted();
  void double_quoted();
  void substitution();
  bool redirection();
  char next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }

  std::string_view text_;
  std::vector<ShellToken> out_;
  std::string word_;
  bool in_word_ = false;
  bool drop_word_ = false;  // the target of a redirection
  size_t at_ = 0;
};

std::vector<ShellToken> split(std::string_view text) { return ShellSplitter(text).split(); }

std::vector<ShellToken> ShellSplitter::split() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
      ++at_;
    } else if (c == '#' && !in_word_) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\n' || c == ';') {
      operate(Kind::then, 1);
    } else if (c == '&' && next() == '&') {
      operate(Kind::then_if_ok, 2);
    } else if (c == '|' && next() == '|') {
      operate(Kind::then_if_failed, 2);
    } else if (redirection()) {
      continue;
    } else if (c == '&') {
      operate(Kind::background, 1);
    } else if (c == '|') {
      operate(Kind::pipe, 1);
    } else if (c == '(' || c == ')') {
      operate(Kind::group, 1);
    } else if ((c == '$' && next() == '(') || c == '`') {
      substitution();
    } else if (c == '\'') {
      single_quoted();
    } else if (c == '"') {
      double_quoted();
    } else if (c == '\\' && next() == '\n') {
      at_ += 2;
    } else {
      if (c == '\\' && at_ + 1 < text_.size()) ++at_;
      word_ += text_[at_++];
      in_word_ = true;
    }
  }
  end_word();
  return std::move(out_);
}

void ShellSplitter::end_word() {
  if (in_word_ && !drop_word_) out_.push_back({Kind::word, std::move(word_)});
  if (in_word_) drop_word_ = false;
  word_.clear();
  in_word_ = false;
}

void ShellSplitter::operate(Kind kind, size_t size) {
  end_word();
  drop_word_ = false;
  out_.push_back({kind, {}});
  at_ += size;
}

void ShellSplitter::single_quoted() {
  const size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
  word_ += text_.substr(at_ + 1, end - at_ - 1);
  in_word_ = true;
  at_ = end + 1;
}

void ShellSplitter::double_quoted() {
  in_word_ = true;
  for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    word_ += text_[at_];
  }
  ++at_;
}

// "$(...)" and "`...`" are part of a word whose status nobody sees.
void ShellSplitter::substitution() {
  const size_t begin = at_;
  if (text_[at_] == '`') {
    at_ = std::min(text_.find('`', at_ + 1), text_.size() - 1) + 1;
  } else {
    size_t depth = 0;
    do {
      if (text_[at_] == '(') ++depth;
      if (text_[at_] == ')') --depth;
      ++at_;
    } while (at_ < text_.size() && (depth > 0 || at_ == begin + 1));
  }
  word_ += text_.substr(begin, at_ - begin);
  in_word_ = true;
}

// "2>&1", "> file", "&>file": the operator goes, and the word behind it.
bool ShellSplitter::redirection() {
  const std::string_view rest = text_.substr(at_);
  for (const std::string_view name : {"&>>", "<<<", "&>", ">>", "<<", ">&", "<&", ">|", "<>", ">", "<"}) {
    if (!rest.starts_with(name)) continue;
    // A number just before it is the descriptor.
    const bool is_descriptor = in_word_ && word_.find_first_not_of("0123456789") == std::string::npos;
    if (is_descriptor) {
      word_.clear();
      in_word_ = false;
    }
    end_word();
    drop_word_ = true;
    at_ += name.size();
    return true;
  }
  return false;
}

// Status of "a && b || c" from the left: "&&" needs both sides trivial, "||" one; after ";" only what
// follows counts, unless an earlier command may end the script.
bool is_trivial_list(const std::vector<ShellToken>& tokens) {
  using Kind = ShellToken::Kind;
  bool is_true = true;  // of the and-or list so far
  bool may_end = false;
  Kind join = Kind::then;
  std::vector<std::string> words;
  const auto end_command = [&] {
    const bool command = is_trivial_words(words);
    may_end = may_end || changes_the_course(words);
    if (join == Kind::then_if_ok) is_true = is_true && command;
    if (join == Kind::then_if_failed) is_true = is_true || command;
    if (join == Kind::then || join == Kind::pipe) is_true = command;
    words.clear();
  };
  for (const ShellToken& token : tokens) {
    if (token.kind == Kind::word) {
      words.push_back(token.text);
      continue;
    }
    if (token.kind == Kind::group) return false;
    if (!words.empty()) end_command();
    // "a &" is started and not waited for, so nothing of it is seen.
    if (token.kind == Kind::background) is_true = true;
    join = token.kind == Kind::background ? Kind::then : token.kind;
  }
  if (!words.empty()) end_command();
  return is_true && !may_end;
}

// "set -e", "exit 1", loops and conditions: what stands last does not decide alone.
bool changes_the_course(const std::vector<std::string>& words) {
  if (words.empty()) return false;
  const std::string_view name = words.front();
  if (name == "exit") return !(words.size() == 2 && words[1] == "0");
  return is_any_of(name, {"set",  "exec", "return", "trap", ".",   "source", "eval",  "if",
                          "then", "else", "elif",   "fi",   "for", "while",  "until", "do",
                          "done", "case", "esac",   "{",    "}",   "!",      "break", "continue"});
}

bool is_python_import(const std::vector<std::string>& words) {
  const std::string_view name = last_component(words.front());
  if (!name.starts_with("python") || name.find_first_not_of("python0123456789.") != std::string_view::npos) {
    return false;
  }
  if (words.size() != 3 || words[1] != "-c") return false;
  constexpr std::string_view names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_., ";
  const bool imports = words[2].starts_with("import ") || words[2].starts_with("from ");
  return (imports && words[2].find_first_not_of(names) == std::string::npos) ||
         words[2].find_first_not_of(' ') == std::string::npos || words[2] == "pass";
}

bool is_trivial_words(const std::vector<std::string>& all) {
  std::vector<std::string> words;
  for (const std::string& word : all) {
    // "A=1 command": an assignment in front says nothing about the status.
    const size_t equals = word.find('=');
    const bool is_assignment =
        words.empty() && equals != std::string::npos && equals > 0 && word.find_first_of("/[ ") > equals;
    if (!is_assignment) words.push_back(word);
  }
  if (words.empty()) return true;
  const std::string_view name = last_component(words.front());
  if (is_any_of(name, {"true", ":", "echo", "printf", "ls"})) return true;
  if (name == "exit") return words.size() == 2 && words[1] == "0";
  const bool is_literal_test =
      words.size() > 1 && !words[1].empty() && words[1][0] != '$' && words[1][0] != '`';
  if (name == "test") return words.size() == 2 && is_literal_test;
  if (name == "[") return words.size() == 3 && words[2] == "]" && is_literal_test;
  return is_python_import(words);
}

// The script of `sh -c "..."` and its kin; empty when the command is none.
std::string_view shell_script(const std::vector<std::string>& argv) {
  if (argv.size() < 3) return {};
  const bool is_shell = is_any_of(last_component(argv[0]), {"sh", "bash", "dash", "zsh", "ksh"});
  const std::string_view flags = argv[1];
  const bool runs_text =
      flags.starts_with('-') && flags.ends_with('c') && flags.find('e') == std::string_view::npos;
  return is_shell && runs_text ? std::string_view(argv[2]) : std::string_view();
}

}  // namespace
bool is_test_command(const std::string& command) {
  const bool is_blank = command.find_first_not_of(" \t\r\n") == std::string::npos;
  return !is_blank && !has_control_characters(command) && !is_trivial(ShellCommand{command});
}

}  // namespace pianola::plan
