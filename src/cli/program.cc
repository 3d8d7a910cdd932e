#include "cli/program.h"

#include <algorithm>

#include "agents/adapter.h"
#include "agents/credentials.h"
#include "api/request.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "world/git_text.h"
#include "world/terminal.h"

namespace pianola::cli {

std::string Program::env(const std::string& name) const {
  const auto at = surroundings.env.find(name);
  return at == surroundings.env.end() ? "" : at->second;
}

view::Terminal Program::terminal() const {
  view::Terminal terminal;
  const std::string locale = !env("LC_ALL").empty()     ? env("LC_ALL")
                             : !env("LC_CTYPE").empty() ? env("LC_CTYPE")
                                                        : env("LANG");
  const bool utf8 = locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos ||
                    locale.find("UTF8") != std::string::npos;
  terminal.glyphs = utf8 ? view::Glyphs::unicode : view::Glyphs::ascii;
  if (!surroundings.stdout_is_terminal) {
    terminal.width = 0;  // nothing is cut, padded or wrapped
    return terminal;
  }
  const world::TerminalSize size = world::terminal_size();
  terminal.width = std::max(size.columns, 1);
  terminal.height = std::max(size.rows, 1);
  const bool plain = !env("NO_COLOR").empty() || env("TERM") == "dumb" || env("TERM").empty();
  terminal.colour = plain ? view::Colour::none : view::Colour::ansi16;
  terminal.utc_offset_s = world::utc_offset_s();
  return terminal;
}

std::string Program::typed(const std::string& words) const {
  return "pianola " + (directory == surroundings.cwd ? "" : "-C " + shell_word(directory) + " ") + words;
}

std::vector<std::string> path_variables() {
  std::vector<std::string> names{"PIANOLA_CONFIG"};
  for (const std::string& kind : agents::adapter_kinds()) {
    const std::string variable = agents::config_folder(kind).variable;
    if (!variable.empty()) names.push_back(variable);
  }
  return names;
}

std::string absolute(const std::string& directory, const std::string& path) {
  return !path.empty() && path.front() == '/' ? path : directory + "/" + path;
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=:,@%";
  const bool is_plain = !word.empty() && word.find_first_not_of(plain) == std::string::npos;
  return is_plain ? word : world::shell_quoted(word);
}

std::string file_word(const std::string& file) {
  return shell_word((file.starts_with('-') ? "./" : "") + file);
}

namespace {

// One line; one that fits stays as it is, blanks and all.
std::string wrapped_line(std::string_view line, size_t limit) {
  if (columns(line) <= limit) return std::string(line);
  std::string out;
  std::string current;
  size_t from = 0;
  while (from <= line.size()) {
    size_t to = line.find(' ', from);
    if (to == std::string_view::npos) to = line.size();
    const std::string_view word = line.substr(from, to - from);
    const bool fits = columns(current) + (current.empty() ? 0 : 1) + columns(word) <= limit;
    if (!fits && columns(current) > 4) {
      out += current + "\n";
      current = "   ";
    }
    if (!current.empty() || from > 0) current += ' ';
    current += word;
    from = to + 1;
  }
  return out + current;
}

}  // namespace

std::string wrapped(std::string_view text, int width) {
  const size_t limit = static_cast<size_t>(std::max(width, 20));
  std::string out;
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find('\n', from), text.size());
    if (from > 0) out += '\n';
    out += wrapped_line(text.substr(from, to - from), limit);
    from = to + 1;
  }
  return out;
}

int report(const Program& program, const Error& error) {
  const int code = exit_code(error.kind);
  if (program.format == Format::json) {
    program.console.out(api::error_json(error, code) + "\n");
    return code;
  }
  const std::string text = display_lines(error.text());
  const bool fold = program.surroundings.stderr_is_terminal && program.surroundings.stdout_is_terminal;
  program.console.err((fold ? wrapped(text, program.terminal().width) : text) + "\n");
  return code;
}

}  // namespace pianola::cli
