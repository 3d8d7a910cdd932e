// A C++ file as tokens, includes and comments: as much of the language as the house checks need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pianola::house {

struct Token {
  std::string text;  // a word, a number, "::", "->", a single other character, or "\"\"" for a literal
  int line = 0;
  bool in_directive = false;
};

struct Include {
  std::string name;  // without its brackets
  bool quoted = false;
  int line = 0;
};

struct Comment {
  std::string text;
  int line = 0;
};

struct Source {
  std::vector<Token> tokens;
  std::vector<Include> includes;
  std::vector<Comment> comments;
  int lines = 0;
};

Source read_source(std::string_view text);

struct Function {
  std::string name;
  int first_line = 0;
  int last_line = 0;
};

// Function bodies at namespace or class scope, from the first line of the signature to the last brace.
// Lambdas and blocks inside them are part of them.
std::vector<Function> functions_of(const Source& source);

bool is_word(std::string_view token);

}  // namespace pianola::house
