// The interface of a contract in each language. A table of how a language writes types and methods, and one
// walk over the contract for all of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "plan/contract.h"
#include "plan/method.h"

namespace pianola::plan {
namespace {

constexpr int type_depth_max = 16;

// How a language writes what has a name here; %0 and %1 stand for inner types.
struct TypeWords {
  std::string_view text, integer, real, boolean, bytes, any, none;
  std::string_view list, map, optional;
};

constexpr std::array<TypeWords, 5> type_words = {{
    {"str", "int", "float", "bool", "bytes", "object", "None", "list[%0]", "dict[%0, %1]", "%0 | None"},
    {"string", "number", "number", "boolean", "Uint8Array", "unknown", "void", "Array<%0>", "Map<%0, %1>",
     "%0 | null"},
    {"string", "int64", "float64", "bool", "[]byte", "any", "", "[]%0", "map[%0]%1", "*%0"},
    {"String", "i64", "f64", "bool", "Vec<u8>", "Box<dyn std::any::Any>", "()", "Vec<%0>",
     "std::collections::HashMap<%0, %1>", "Option<%0>"},
    {"std::string", "std::int64_t", "double", "bool", "std::vector<std::uint8_t>", "std::any", "void",
     "std::vector<%0>", "std::map<%0, %1>", "std::optional<%0>"},
}};

const TypeWords& words_for(Language language) { return type_words[static_cast<size_t>(language)]; }

std::string filled(std::string_view pattern, const std::string& first, const std::string& second) {
  std::string out;
  for (size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '%') {
      out += pattern[at];
    } else {
      out += pattern[++at] == '0' ? first : second;
    }
  }
  return out;
}

std::string_view plain_word(std::string_view type, const TypeWords& words) {
  struct Known {
    std::string_view written;
    std::string_view TypeWords::*word;
  };
  constexpr std::array<Known, 8> known = {{{"str", &TypeWords::text},
                                           {"int", &TypeWords::integer},
                                           {"float", &TypeWords::real},
                                           {"bool", &TypeWords::boolean},
                                           {"bytes", &TypeWords::bytes},
                                           {"any", &TypeWords::any},
                                           {"none", &TypeWords::none},
                                           {"None", &TypeWords::none}}};
  for (const Known& one : known) {
    if (one.written == type) return words.*one.word;
  }
  return {};
}

// What stands in "name[...]", none for other types, of which a second bracket may make one.
std::optional<std::string_view> inner_of(std::string_view type, std::string_view name) {
  if (!type.starts_with(name) || type.size() < name.size() + 3 || type[name.size()] != '[')
    return std::nullopt;
  const std::string_view rest = type.substr(name.size() + 1);
  const size_t close = find_outside(rest, "]");
  if (close + 1 != rest.size()) return std::nullopt;
  return rest.substr(0, close);
}

std::string type_text(std::string_view written, Language language, int depth = 0) {
  const std::string_view type = stripped(written);
  const TypeWords& words = words_for(language);
  if (depth > type_depth_max) return std::string(type);
  if (const std::string_view word = plain_word(type, words); !word.empty()) return std::string(word);
  if (type.ends_with('?')) {
    return filled(words.optional, type_text(type.substr(0, type.size() - 1), language, depth + 1), "");
  }
  if (const auto inner = inner_of(type, "list"))
    return filled(words.list, type_text(*inner, language, depth + 1), "");
  const auto inner = inner_of(type, "map");
  const size_t comma = inner ? find_outside(*inner, ",") : std::string_view::npos;
  if (comma != std::string_view::npos) {
    return filled(words.map, type_text(inner->substr(0, comma), language, depth + 1),
                  type_text(inner->substr(comma + 1), language, depth + 1));
  }
  return std::string(type);
}

std::string type_of(const Parameter& parameter, Language language) {
  return type_text(parameter.type.empty() ? "any" : parameter.type, language);
}

bool returns_nothing(const Method& method) {
  return method.returns.empty() || method.returns == "none" || method.returns == "None";
}

std::string result_of(const Method& method, Language language) {
  return returns_nothing(method) ? std::string(words_for(language).none)
                                 : type_text(method.returns, language);
}

// The parameters as `form` says, "%0" the name and "%1" the type.
std::string parameter_list(const Method& method, Language language, std::string_view form) {
  std::string list;
  for (const Parameter& parameter : method.parameters) {
    list += (list.empty() ? "" : ", ") + filled(form, parameter.name, type_of(parameter, language));
  }
  return list;
}

// The bar keeps a line from being an order to a checker: "# type: ignore".
std::string comment(const std::string& doc, std::string_view indent, std::string_view mark) {
  std::string lines;
  std::string_view rest = doc;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = stripped(rest.substr(0, end));
    lines += fmt::format("{}{} |{}{}\n", indent, mark, line.empty() ? "" : " ", line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

std::string import_lines(const Contract& contract) {
  std::string lines;
  for (const std::string& line : contract.imports) lines += line + "\n";
  return lines;
}

std::string python_text(const Contract& contract) {
  std::string text = "from __future__ import annotations\n\nfrom typing import Protocol\n" +
                     import_lines(contract) + "\n\nclass " + contract.name + "(Protocol):\n";
  if (contract.methods.empty()) text += "    ...\n";
  for (size_t i = 0; i < contract.methods.size(); ++i) {
    const Method& method = contract.methods[i];
    const std::string list = parameter_list(method, Language::python, "%0: %1");
    if (i > 0) text += "\n";
    text += comment(method.doc, "    ", "#") + fmt::format("    def {}(self{}{}) -> {}: ...\n", method.name,
                                                           list.empty() ? "" : ", ", list,
                                                           result_of(method, Language::python));
  }
  return text;
}

std::string typescript_text(const Contract& contract) {
  std::string text = import_lines(contract);
  if (!text.empty()) text += "\n";
  text += "export interface " + contract.name + " {\n";
  for (const Method& method : contract.methods) {
    text +=
        comment(method.doc, "  ", "//") + fmt::format("  {}({}): {};\n", method.name,
                                                      parameter_list(method, Language::typescript, "%0: %1"),
                                                      result_of(method, Language::typescript));
  }
  return text + "}\n";
}

// The folder's name as a package, as go does it.
std::string go_package(const std::string& file_path) {
  const size_t slash = file_path.rfind('/');
  std::string name;
  if (slash != std::string::npos) {
    const std::string_view folder = std::string_view(file_path).substr(0, slash);
    for (const char c : folder.substr(folder.rfind('/') + 1)) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !name.empty())) name += c;
      if (c >= 'A' && c <= 'Z') name += static_cast<char>(c - 'A' + 'a');
    }
  }
  return name.empty() || is_word_of(name, Language::go) ? "contracts" : name;
}

std::string go_text(const Contract& contract) {
  std::string text = "package " + go_package(contract.file_path) + "\n\n" + import_lines(contract);
  if (!contract.imports.empty()) text += "\n";
  text += "type " + contract.name + " interface {\n";
  for (const Method& method : contract.methods) {
    const std::string result = result_of(method, Language::go);
    text += comment(method.doc, "\t", "//") + fmt::format("\t{}({}){}{}\n", method.name,
                                                          parameter_list(method, Language::go, "%0 %1"),
                                                          result.empty() ? "" : " ", result);
  }
  return text + "}\n";
}

std::string rust_text(const Contract& contract) {
  std::string text = import_lines(contract);
  if (!text.empty()) text += "\n";
  text += "pub trait " + contract.name + " {\n";
  for (const Method& method : contract.methods) {
    const std::string list = parameter_list(method, Language::rust, "%0: %1");
    text += comment(method.doc, "    ", "//") +
            fmt::format("    fn {}(&self{}{})", method.name, list.empty() ? "" : ", ", list);
    if (!returns_nothing(method)) text += " -> " + result_of(method, Language::rust);
    text += ";\n";
  }
  return text + "}\n";
}

std::string cpp_includes(const std::string& body) {
  struct Header {
    std::string_view name;
    std::string_view of;
  };
  constexpr std::array<Header, 7> headers = {{{"any", "std::any"},
                                              {"cstdint", "std::int64_t"},
                                              {"cstdint", "std::uint8_t"},
                                              {"map", "std::map"},
                                              {"optional", "std::optional"},
                                              {"string", "std::string"},
                                              {"vector", "std::vector"}}};
  std::set<std::string_view> used;
  for (const Header& header : headers) {
    if (body.find(header.of) != std::string::npos) used.insert(header.name);
  }
  std::string text;
  for (const std::string_view name : used) text += fmt::format("#include <{}>\n", name);
  return text.empty() ? "" : text + "\n";
}

std::string cpp_text(const Contract& contract) {
  std::string body = fmt::format("class {0} {{\n public:\n  virtual ~{0}() = default;\n", contract.name);
  for (const Method& method : contract.methods) {
    body += comment(method.doc, "  ", "//") + fmt::format("  virtual {} {}({}) = 0;\n",
                                                          result_of(method, Language::cpp), method.name,
                                                          parameter_list(method, Language::cpp, "%1 %0"));
  }
  body += "};\n";
  std::string imports = import_lines(contract);
  if (!imports.empty()) imports += "\n";
  return "#pragma once\n\n" + cpp_includes(body) + imports + body;
}

}  // namespace

std::string interface_text(const Contract& contract, Language language) {
  switch (language) {
    case Language::python:
      return python_text(contract);
    case Language::typescript:
      return typescript_text(contract);
    case Language::go:
      return go_text(contract);
    case Language::rust:
      return rust_text(contract);
    case Language::cpp:
      return cpp_text(contract);
  }
  return {};
}

}  // namespace pianola::plan
