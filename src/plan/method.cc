#include "plan/method.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pianola::plan {
namespace {

constexpr size_t identifier_bytes_max = 64;

char closing(char open) {
  switch (open) {
    case '(':
      return ')';
    case '[':
      return ']';
    case '{':
      return '}';
    default:
      return '>';
  }
}

bool are_brackets_closed(std::string_view text) {
  std::string probe(text);
  probe += '\n';  // only found where everything before it is closed
  return find_outside(probe, "\n") == text.size();
}

tl::unexpected<Finding> wrong(std::string what, std::string expected) {
  return tl::unexpected(Finding{std::move(what), std::move(expected), {}});
}

tl::expected<Parameter, Finding> parse_parameter(std::string_view text) {
  const size_t colon = text.find(':');
  Parameter parameter{.name = std::string(stripped(text.substr(0, colon))), .type = {}};
  if (!is_identifier(parameter.name)) {
    return wrong(fmt::format("parameter \"{}\"", shown(stripped(text))), "a name, or a name: and its type");
  }
  if (colon == std::string_view::npos) return parameter;
  parameter.type = std::string(stripped(text.substr(colon + 1)));
  if (!is_type(parameter.type)) {
    return wrong(fmt::format("type \"{}\" of parameter {}", shown(parameter.type), parameter.name),
                 "a type such as str, int? or list[User]");
  }
  return parameter;
}

}  // namespace

std::string_view stripped(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

size_t find_outside(std::string_view text, std::string_view wanted) {
  std::string open;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (open.empty() && wanted.find(c) != std::string_view::npos) return at;
    if (std::string_view("([{<").find(c) != std::string_view::npos) {
      open += closing(c);
    } else if (std::string_view(")]}>").find(c) != std::string_view::npos) {
      if (open.empty() || open.back() != c) return std::string_view::npos;
      open.pop_back();
    }
  }
  return std::string_view::npos;
}

bool is_identifier(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return !name.empty() && name.size() <= identifier_bytes_max && (name.front() < '0' || name.front() > '9') &&
         name.find_first_not_of(allowed) == std::string_view::npos && name != "_";
}

bool is_type(std::string_view type) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  constexpr std::string_view signs = " .,:<>[]()|&*?";
  if (type.empty() || type.size() > type_bytes_max || !are_brackets_closed(type)) return false;
  if (find_outside(type, ",") != std::string_view::npos) return false;  // that would be one parameter more
  char before = '(';                                                    // the last one that is no blank
  for (size_t at = 0; at < type.size(); ++at) {
    const char c = type[at];
    const char next = at + 1 < type.size() ? type[at + 1] : '\0';
    const bool is_letter = letters.find(c) != std::string_view::npos;
    if (!is_letter && signs.find(c) == std::string_view::npos) return false;
    // A single colon would begin the body of a function, or name a parameter.
    if (c == ':') {
      if (next != ':' || (at + 2 < type.size() && type[at + 2] == ':')) return false;
      ++at;
    }
    // Behind a name a parenthesis would call it.
    if (c == '(' && (letters.find(before) != std::string_view::npos || before == ']' || before == ')'))
      return false;
    if (c != ' ') before = c;
  }
  return type.find_first_of(letters.substr(0, letters.find('0'))) != std::string_view::npos || type == "()";
}

bool is_comment(std::string_view text) {
  if (text.size() > doc_bytes_max) return false;
  // What ends or begins a comment, or joins its line with the next one, also as a trigraph.
  for (const std::string_view bad : {"*/", "/*", "\\", "?\?/"}) {
    if (text.find(bad) != std::string_view::npos) return false;
  }
  return display_lines(text) == text;
}

tl::expected<std::vector<Parameter>, Finding> parse_parameters(std::string_view text) {
  std::vector<Parameter> parameters;
  std::string_view rest = stripped(text);
  while (!rest.empty()) {
    const size_t comma = find_outside(rest, ",");
    auto parameter = parse_parameter(stripped(rest.substr(0, comma)));
    if (!parameter) return tl::unexpected(std::move(parameter).error());
    if (parameters.size() >= parameters_max) {
      return wrong("too many parameters", fmt::format("at most {}", parameters_max));
    }
    const auto is_same = [&](const Parameter& other) { return other.name == parameter->name; };
    if (std::any_of(parameters.begin(), parameters.end(), is_same)) {
      return wrong(fmt::format("parameter {} stands twice", parameter->name), "each name once");
    }
    parameters.push_back(std::move(*parameter));
    if (comma == std::string_view::npos) break;
    rest = stripped(rest.substr(comma + 1));
    if (rest.empty()) return wrong("a comma with no parameter after it", "a parameter, or no comma");
  }
  return parameters;
}

tl::expected<Method, Finding> parse_method(std::string_view text) {
  const std::string_view whole = stripped(text);
  const size_t open = whole.find('(');
  Method method;
  method.name = std::string(stripped(whole.substr(0, std::min(open, whole.find("->")))));
  if (!is_identifier(method.name)) {
    return wrong(fmt::format("method \"{}\"", shown(whole)),
                 "a name, or a whole one: login(user: str) -> Token");
  }
  std::string_view rest = whole.substr(method.name.size());
  if (open != std::string_view::npos && open < whole.find("->")) {
    const size_t close = find_outside(whole.substr(open + 1), ")");
    if (close == std::string_view::npos) {
      return wrong(fmt::format("method \"{}\" has no end of its parameters", shown(whole)),
                   "a closing parenthesis");
    }
    auto parameters = parse_parameters(whole.substr(open + 1, close));
    if (!parameters) {
      parameters.error().what += " of method " + method.name;
      return tl::unexpected(std::move(parameters).error());
    }
    method.parameters = std::move(*parameters);
    rest = whole.substr(open + 1 + close + 1);
  }
  rest = stripped(rest);
  if (rest.empty()) return method;
  if (!rest.starts_with("->")) {
    return wrong(fmt::format("\"{}\" after the parameters of method {}", shown(rest), method.name),
                 "nothing, or -> and what it returns");
  }
  method.returns = std::string(stripped(rest.substr(2)));
  if (!is_type(method.returns)) {
    return wrong(fmt::format("result \"{}\" of method {}", shown(method.returns), method.name),
                 "a type such as str, int? or list[User]");
  }
  return method;
}

std::string signature(const Method& method) {
  std::string text = method.name + "(";
  for (size_t i = 0; i < method.parameters.size(); ++i) {
    const Parameter& parameter = method.parameters[i];
    text += (i == 0 ? "" : ", ") + parameter.name + (parameter.type.empty() ? "" : ": " + parameter.type);
  }
  return text + ")" + (method.returns.empty() ? "" : " -> " + method.returns);
}

}  // namespace pianola::plan
