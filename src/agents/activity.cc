#include "agents/activity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "agents/lines.h"

namespace pianola::agents {
namespace {

std::string unwrapped(std::string_view command);
std::string_view without_cd(std::string_view command);
bool runs_tests(std::string_view command);
bool is_one_command(std::string_view command);
std::string commit_subject(std::string_view command);
std::string last_line(std::string_view text);
std::string_view first_word(std::string_view text);

}  // namespace

ToolUsed shell_activity(std::string_view command) {
  const std::string inner = unwrapped(command);
  const std::string_view text = trimmed(without_cd(inner));
  const std::string_view program = first_word(text);
  const bool alone = is_one_command(text);
  const auto rest = [&] { return phrase(text.substr(std::min(program.size(), text.size()))); };

  if (text.find("git commit") != std::string_view::npos) return {"commits", commit_subject(text), "", false};
  if (runs_tests(text)) return {"tests", phrase(text), "", false};
  if (alone &&
      (program == "cat" || program == "head" || program == "tail" || program == "sed" || program == "ls")) {
    return {"reads", rest(), "", false};
  }
  if (alone && (program == "rg" || program == "grep" || program == "find"))
    return {"searches", rest(), "", false};
  return {"runs", phrase(text), "", false};
}

std::string shell_result(std::string_view verb, std::string_view output, int64_t exit_code, bool failed) {
  const std::string code = exit_code >= 0 ? fmt::format("exit {}", exit_code) : failed ? "failed" : "ended";
  if (verb != "tests") return code;
  const std::string last = last_line(output);
  return last.empty() ? code : last;
}

std::string relative_path(std::string_view path, std::string_view workspace) {
  if (!workspace.empty() && path.size() > workspace.size() + 1 && path.starts_with(workspace) &&
      path[workspace.size()] == '/') {
    path.remove_prefix(workspace.size() + 1);
  }
  return phrase(path);
}

std::string phrase(std::string_view text) {
  const std::string_view from_first = trimmed(text);
  const std::string_view line = trimmed(from_first.substr(0, from_first.find('\n')));
  return std::string(cut_at_character(line, phrase_limit_bytes));
}

int64_t line_count(std::string_view text) {
  const auto ends = std::count(text.begin(), text.end(), '\n');
  return static_cast<int64_t>(ends) + (text.empty() || text.back() == '\n' ? 0 : 1);
}

namespace {

// The argument of `bash -lc`, quotes resolved as a shell would; the command itself when it has no such
// form. Codex writes all its commands that way.
std::string unwrapped(std::string_view command) {
  command = trimmed(command);
  const std::string_view program = first_word(command);
  const bool is_shell = program.ends_with("bash") || program.ends_with("/sh") || program == "sh";
  if (!is_shell) return std::string(command);
  std::string_view rest = trimmed(command.substr(program.size()));
  if (!rest.starts_with("-lc ") && !rest.starts_with("-c ")) return std::string(command);
  rest = trimmed(rest.substr(rest.find(' ')));

  std::string out;
  char quote = 0;
  for (size_t at = 0; at < rest.size(); ++at) {
    const char c = rest[at];
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'' && at + 1 < rest.size()) {
      out += rest[++at];
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view without_cd(std::string_view command) {
  if (!command.starts_with("cd ")) return command;
  const size_t joint = command.find("&&");
  return joint == std::string_view::npos ? command : trimmed(command.substr(joint + 2));
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t\n")); }

bool is_one_command(std::string_view command) {
  return command.find_first_of(";|&<>\n`") == std::string_view::npos &&
         command.find("$(") == std::string_view::npos;
}

bool runs_tests(std::string_view command) {
  static constexpr std::array runners = {"pytest",
                                         "ctest",
                                         "python -m unittest",
                                         "python3 -m unittest",
                                         "python3 -m pytest",
                                         "npm test",
                                         "npm run test",
                                         "pnpm test",
                                         "yarn test",
                                         "cargo test",
                                         "go test",
                                         "make test",
                                         "make check",
                                         "ninja test",
                                         "mvn test",
                                         "gradle test",
                                         "./gradlew test",
                                         "npx jest",
                                         "npx vitest",
                                         "rspec",
                                         "bundle exec rspec",
                                         "phpunit",
                                         "tox",
                                         "./dev test",
                                         "python -m pytest"};
  return std::any_of(runners.begin(), runners.end(), [&](std::string_view runner) {
    return command.starts_with(runner) && (command.size() == runner.size() || command[runner.size()] == ' ');
  });
}

// The subject given with -m, or the whole command where there is none to be seen.
std::string commit_subject(std::string_view command) {
  const size_t commit = command.find("git commit");
  for (size_t at = command.find("m ", commit + 10); at != std::string_view::npos;
       at = command.find("m ", at + 1)) {
    const size_t word = command.find_last_of(" \t", at);
    const size_t quote = command.find_first_not_of(" =", at + 1);
    if (word == std::string_view::npos || command[word + 1] != '-' || quote == std::string_view::npos)
      continue;
    const char mark = command[quote];
    if (mark != '\'' && mark != '"') return phrase(first_word(command.substr(quote)));
    const size_t end = command.find(mark, quote + 1);
    return phrase(command.substr(quote + 1, end == std::string_view::npos ? end : end - quote - 1));
  }
  return phrase(command);
}

std::string last_line(std::string_view text) {
  text = trimmed(text);
  const size_t start = text.rfind('\n');
  return phrase(start == std::string_view::npos ? text : text.substr(start + 1));
}

}  // namespace
}  // namespace pianola::agents
