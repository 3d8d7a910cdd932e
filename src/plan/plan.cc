#include "plan/plan.h"

#include <string_view>

namespace pianola::plan {
namespace {

std::string quoted(std::string_view word) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
  if (!word.empty() && word.find_first_not_of(safe) == std::string_view::npos) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

std::string command_text(const CommandLine& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) return shell->text;
  std::string out;
  for (const std::string& word : std::get<ArgvCommand>(command).argv) {
    if (!out.empty()) out += ' ';
    out += quoted(word);
  }
  return out;
}

std::string check_key(const Check& check) {
  std::string key;
  const auto add = [&](const std::string& part) { key += std::to_string(part.size()) + ":" + part; };
  if (const auto* shell = std::get_if<ShellCommand>(&check.command)) {
    key += 's';
    add(shell->text);
  } else {
    key += 'a';
    for (const std::string& word : std::get<ArgvCommand>(check.command).argv) add(word);
  }
  key += check.required ? 'r' : 'o';
  key += check.allow_trivial ? 't' : 'n';
  key += std::to_string(check.timeout_ms) + ",";
  add(check.type);
  add(check.description);
  return key;
}

}  // namespace pianola::plan
