// argv -> a command with its options, or the text to print instead.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/options.h"

namespace pianola::cli {

struct Parsed {
  std::optional<Command> command;  // absent when only `text` is to be printed
  std::string text;                // help
  Format format = Format::text;
  std::string directory;  // -C, "" = none
};

// `words` are argv without the program's name. Errors (usage) name the word and the nearest known one.
Result<Parsed> parse_command_line(const std::vector<std::string>& words);

// What a shell's completion is made from: each command ("log tail") with its option names.
struct CommandShape {
  std::string name;
  std::string description;
  std::vector<std::string> options;
};
std::vector<CommandShape> command_shapes();

}  // namespace pianola::cli
