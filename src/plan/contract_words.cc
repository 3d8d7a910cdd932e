// What may not be a name in each language, and how its imports begin.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "plan/contract.h"
#include "plan/method.h"

namespace pianola::plan {
namespace {

using Words = std::span<const std::string_view>;

// The keywords of the language references: Python 3.11 (lexical analysis 2.3.1), ECMAScript 2023 with those
// of TypeScript that are reserved in strict mode, Go (spec, Keywords), Rust (reference, Keywords), C++20
// [lex.key].
constexpr std::array<std::string_view, 35> python = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
constexpr std::array<std::string_view, 47> typescript = {
    "arguments", "await",      "break",     "case",   "catch",    "class",  "const",      "continue",
    "debugger",  "default",    "delete",    "do",     "else",     "enum",   "eval",       "export",
    "extends",   "false",      "finally",   "for",    "function", "if",     "implements", "import",
    "in",        "instanceof", "interface", "let",    "new",      "null",   "package",    "private",
    "protected", "public",     "return",    "static", "super",    "switch", "this",       "throw",
    "true",      "try",        "typeof",    "var",    "void",     "while",  "yield"};
constexpr std::array<std::string_view, 25> go = {
    "break", "case",   "chan",   "const",  "continue", "default", "defer",     "else", "fallthrough",
    "for",   "func",   "go",     "goto",   "if",       "import",  "interface", "map",  "package",
    "range", "return", "select", "struct", "switch",   "type",    "var"};
constexpr std::array<std::string_view, 50> rust = {
    "Self",     "abstract", "as",   "async",  "await",  "become",  "box",    "break",   "const", "continue",
    "crate",    "do",       "dyn",  "else",   "enum",   "extern",  "false",  "final",   "fn",    "for",
    "if",       "impl",     "in",   "let",    "loop",   "macro",   "match",  "mod",     "move",  "mut",
    "override", "priv",     "pub",  "ref",    "return", "self",    "static", "struct",  "super", "trait",
    "true",     "try",      "type", "typeof", "unsafe", "unsized", "use",    "virtual", "where", "while"};
constexpr std::array<std::string_view, 92> cpp = {
    "alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
    "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
    "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
    "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
    "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
    "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
    "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
    "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
    "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
    "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
    "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
    "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
    "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
    "xor_eq"};

// Names that a method would hide from the types of the methods after it.
constexpr std::array<std::string_view, 8> python_types = {"bool", "bytes", "dict",   "float",
                                                          "int",  "list",  "object", "str"};

struct Imports {
  const char* pattern;  // RE2, of the whole line
  std::string_view example;
};

Words reserved_of(Language language) {
  switch (language) {
    case Language::python:
      return python;
    case Language::typescript:
      return typescript;
    case Language::go:
      return go;
    case Language::rust:
      return rust;
    case Language::cpp:
      return cpp;
  }
  return {};
}

// One import and nothing else: none of these alphabets has what ends a statement or opens a comment.
Imports imports_of(Language language) {
  switch (language) {
    case Language::python:
      return {"(import|from) [A-Za-z0-9_., *]+", "from app.models import User"};
    case Language::typescript:
      return {"import [A-Za-z0-9_$, {}*]+ from (\"[A-Za-z0-9_./@~-]+\"|'[A-Za-z0-9_./@~-]+');?",
              "import type { User } from \"./models\";"};
    case Language::go:
      return {"import ([A-Za-z0-9_]+ )?\"[A-Za-z0-9_./~-]+\"", "import \"example/models\""};
    case Language::rust:
      return {"(pub )?use [A-Za-z0-9_:{}, *]+;", "use crate::models::User;"};
    case Language::cpp:
      return {"#include (<[A-Za-z0-9_./+-]+>|\"[A-Za-z0-9_./+-]+\")|(class|struct) [A-Za-z0-9_]+;",
              "#include \"models/user.h\""};
  }
  return {};
}

bool has(Words words, std::string_view name) {
  return std::find(words.begin(), words.end(), name) != words.end();
}

class Fitting {
 public:
  Fitting(const Contract& contract, Language language) : contract_(contract), language_(language) {}

  std::optional<Finding> finding() {
    check_name(contract_.name);
    for (const Method& method : contract_.methods) check_method(method);
    const Imports imports = imports_of(language_);
    for (const std::string& line : contract_.imports) {
      if (line.size() > type_bytes_max || !RE2::FullMatch(line, imports.pattern)) {
        add(fmt::format("\"{}\" is no import of {}", shown(line), language_name(language_)),
            fmt::format("one line such as {}", imports.example));
      }
    }
    return finding_;
  }

 private:
  void add(std::string what, std::string expected) {
    if (!finding_) finding_ = Finding{std::move(what), std::move(expected), {}};
  }
  void check_name(const std::string& name) {
    if (is_word_of(name, language_))
      add(fmt::format("\"{}\" is a word of {}", name, language_name(language_)), "another name");
  }
  void check_method(const Method& method) {
    // In TypeScript a member may have any name.
    if (language_ != Language::typescript) check_name(method.name);
    if (!names_.insert(method.name).second)
      add(fmt::format("method {} stands twice", method.name), "each name once");
    if (language_ == Language::python && has(python_types, method.name))
      add(fmt::format("method {} hides the type of that name", method.name), "another name");
    if (language_ == Language::cpp && method.name == contract_.name)
      add(fmt::format("method {} would be the constructor", method.name), "another name");
    if (language_ == Language::go && (method.name.front() < 'A' || method.name.front() > 'Z'))
      add(fmt::format("method {} is seen in its own package only", method.name), "a capital letter first");
    std::set<std::string_view> parameters;
    if (language_ == Language::python) parameters.insert("self");
    for (const Parameter& parameter : method.parameters) {
      check_name(parameter.name);
      if (!parameters.insert(parameter.name).second)
        add(fmt::format("parameter {} of method {} stands twice", parameter.name, method.name),
            "each name once");
      if (parameter.type == "none" || parameter.type == "None")
        add(fmt::format("parameter {} of method {} is nothing", parameter.name, method.name),
            "a type of values");
    }
  }

  const Contract& contract_;
  Language language_;
  std::set<std::string_view> names_;
  std::optional<Finding> finding_;
};

}  // namespace

bool is_word_of(std::string_view name, Language language) { return has(reserved_of(language), name); }

std::optional<Finding> misfit(const Contract& contract, Language language) {
  return Fitting(contract, language).finding();
}

}  // namespace pianola::plan
