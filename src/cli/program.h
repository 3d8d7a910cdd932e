// What every command is given: the world outside as it was when the program started, and where to print.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "view/screen.h"

namespace pianola::cli {

enum class Format { text, json };

// Read once in main.cc.
struct Surroundings {
  std::map<std::string, std::string> env;  // the paths that pianola reads in it are absolute
  std::string cwd;                         // absolute
  std::string self_path;                   // absolute path of this executable
  unsigned uid = 0;
  std::string user;  // name of the person, for the journal
  bool stdin_is_terminal = false;
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
};

// Where a command prints. Output to a closed pipe is dropped quietly; other output that is lost makes the
// exit code of what else went well that of a failure.
class Console {
 public:
  virtual ~Console() = default;
  virtual void out(std::string_view text) = 0;  // as it is; lines end with '\n' by the caller
  virtual void err(std::string_view text) = 0;
  // One line typed by a person, without its end; nothing at the end of input and on
  // Ctrl-C. Only when stdin is a terminal.
  virtual std::string ask(std::string_view question) = 0;
};

struct Program {
  Surroundings surroundings;
  Console& console;
  Format format = Format::text;
  std::string directory;  // -C DIR made absolute, else the current directory

  // The value of an environment variable, or "".
  std::string env(const std::string& name) const;
  // The terminal on stdout as it is now, or the shape of a pipe (no width, no colour).
  view::Terminal terminal() const;
  // A command of pianola that a person may type where this one was typed: "pianola [-C DIR] words".
  std::string typed(const std::string& words) const;
};

// The variables that name a file or folder from where the program was started.
std::vector<std::string> path_variables();

// `path` made absolute against `directory`.
std::string absolute(const std::string& directory, const std::string& path);

// `word` as a shell takes it: quoted only where it must be.
std::string shell_word(const std::string& word);

// The same of a file that is an argument of a command: never taken for an option.
std::string file_word(const std::string& file);

// Prints an error in the program's format on stderr and gives its exit code.
int report(const Program& program, const Error& error);

// Breaks each line of `text` to `width` columns, what is broken off indented by 4 spaces (ui.md section 2).
std::string wrapped(std::string_view text, int width);

}  // namespace pianola::cli
