// What may not be a name in each language, and how its imports begin.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
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
constexpr std::string_view python[] = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
constexpr std::string_view typescript[] = {
    "arguments", "await",      "break",     "case",   "catch",    "class",  "const",      "continue",
    "debugger",  "default",    "delete",    "do",     "else",     "enum",   "eval",       "export",
    "extends",   "false",      "finally",   "for",    "function", "if",     "implements", "import",
    "in",        "instanceof", "interface", "let",    "new",      "null",   "package",    "private",
    "protected", "public",     "return",    "static", "super",    "switch", "this",       "throw",
    "true",      "try",        "typeof",    "var",    "void",     "while",  "with",       "yield"};
constexpr std::string_view go[] = {
    "break", "case",   "chan",   "const",  "continue", "default", "defer",     "else", "fallthrough",
    "for",   "func",   "go",     "goto",   "if",       "import",  "interface", "map",  "package",
    "range", "return", "select", "struct", "switch",   "type",    "var"};
constexpr std::string_view rust[] = {
    "Self",     "abstract", "as",      "async",    "await", "become", "box",    "break",  "const",
    "continue", "crate",    "do",      "dyn",      "else",  "enum",   "extern", "false",  "final",
    "fn",       "for",      "if",      "impl",     "in",    "let",    "loop",   "macro",  "match",
    "mod",      "move",     "mut",     "override", "priv",  "pub",    "ref",    "return", "self",
    "static",   "struct",   "super",   "trait",    "true",  "try",    "type",   "typeof", "unsafe",
    "unsized",  "use",      "virtual", "where",    "while", "gen",    "yield"};
constexpr std::string_view cpp[] = {
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

// Types that a name of the same would hide, of a contract or, in Python, of a method.
constexpr std::string_view python_types[] = {"bool", "bytes", "dict",   "float",
                                             "int",  "list",  "object", "str"};

constexpr std::string_view python_classes[] = {"Protocol", "None"};
constexpr std::string_view typescript_types[] = {"Array",  "Map",    "Uint8Array", "boolean", "number",
                                                 "object", "string", "unknown",    "any",     "never"};
constexpr std::string_view rust_types[] = {"Box", "Option", "String", "Vec", "bool", "f64", "i64"};

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

Words types_of(Language language) {
  switch (language) {
    case Language::python:
      return python_classes;
    case Language::typescript:
      return typescript_types;
    case Language::rust:
      return rust_types;
    case Language::go:
    case Language::cpp:
      return {};
  }
  return {};
}

// "none" as a word of a type.
bool names_none(const std::string& type) { return RE2::PartialMatch(type, "\\b[nN]one\\b"); }

class Fitting {
 public:
  Fitting(const Contract& contract, Language language) : contract_(contract), language_(language) {}

  std::optional<Finding> finding() {
    check_name(contract_.name);
    if (has(types_of(language_), contract_.name) ||
        (language_ == Language::python && has(python_types, contract_.name)))
      add(fmt::format("contract {} hides the type of that name", contract_.name), "another name");
    check_go_name("contract", contract_.name);
    for (const Method& method : contract_.methods) check_method(method);
    const Imports imports = imports_of(language_);
    for (const std::string& line : contract_.imports) {
      // What Python wants at the top stands there already.
      const bool is_special = line.starts_with("from __future__");
      if (is_special || line.size() > type_bytes_max || !RE2::FullMatch(line, imports.pattern)) {
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
    // In TypeScript a member may have any name; "new" would be no method.
    if (language_ != Language::typescript || method.name == "new") check_name(method.name);
    if (!names_.insert(method.name).second)
      add(fmt::format("method {} stands twice", method.name), "each name once");
    if (language_ == Language::python && has(python_types, method.name))
      add(fmt::format("method {} hides the type of that name", method.name), "another name");
    if (language_ == Language::cpp && method.name == contract_.name)
      add(fmt::format("method {} would be the constructor", method.name), "another name");
    check_go_name("method", method.name);
    // Alone it is no result; in another type it is nothing that could be held. Python has it as a value.
    if (language_ != Language::python && !is_none(method.returns) && names_none(method.returns))
      add(fmt::format("result {} of method {} holds nothing", method.returns, method.name),
          "a type of values");
    std::set<std::string_view> parameters;
    if (language_ == Language::python) parameters.insert("self");
    for (const Parameter& parameter : method.parameters) {
      check_name(parameter.name);
      if (!parameters.insert(parameter.name).second)
        add(fmt::format("parameter {} of method {} stands twice", parameter.name, method.name),
            "each name once");
      if (is_none(parameter.type) || (language_ != Language::python && names_none(parameter.type)))
        add(fmt::format("parameter {} of method {} is nothing", parameter.name, method.name),
            "a type of values");
    }
  }

  static bool is_none(const std::string& type) { return type == "none" || type == "None"; }
  void check_go_name(std::string_view what, const std::string& name) {
    if (language_ == Language::go && (name.empty() || name.front() < 'A' || name.front() > 'Z'))
      add(fmt::format("{} {} is seen in its own package only", what, name), "a capital letter first");
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
