// Shell completion, made from the same table the command line is read with.
#include <map>

#include "cli/command_line.h"

namespace pianola::cli {
namespace {

// First words and, for commands with commands of their own, the words after them.
std::map<std::string, std::string> words_after(const std::vector<CommandShape>& shapes) {
  std::map<std::string, std::string> words;
  for (const CommandShape& shape : shapes) {
    const size_t space = shape.name.find(' ');
    const std::string before = space == std::string::npos ? "" : shape.name.substr(0, space);
    const std::string last = space == std::string::npos ? shape.name : shape.name.substr(space + 1);
    words[before] += (words[before].empty() ? "" : " ") + last;
    for (const std::string& option : shape.options) words[shape.name] += " " + option;
  }
  return words;
}

std::string bash_script(const std::vector<CommandShape>& shapes, const std::string& prologue) {
  std::string script = prologue +
                       "_pianola() {\n"
                       "  local cur=${COMP_WORDS[COMP_CWORD]} words\n"
                       "  case \"${COMP_WORDS[1]-} ${COMP_WORDS[2]-}\" in\n";
  const auto words = words_after(shapes);
  for (const auto& [before, list] : words) {
    if (before.find(' ') != std::string::npos)
      script += "    \"" + before + "\") words=\"" + list + "\" ;;\n";
  }
  for (const auto& [before, list] : words) {
    if (before.empty() || before.find(' ') != std::string::npos) continue;
    script += "    \"" + before + " \"*) words=\"" + list + "\" ;;\n";
  }
  script += "    *) words=\"" + words.at("") +
            "\" ;;\n"
            "  esac\n"
            "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
            "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
            "}\n"
            "complete -F _pianola pianola\n";
  return script;
}

std::string fish_script(const std::vector<CommandShape>& shapes) {
  std::string script = "complete -c pianola -n __fish_use_subcommand -f\n";
  for (const CommandShape& shape : shapes) {
    const size_t space = shape.name.find(' ');
    const std::string condition = space == std::string::npos
                                      ? "__fish_use_subcommand"
                                      : "'__fish_seen_subcommand_from " + shape.name.substr(0, space) + "'";
    const std::string last = space == std::string::npos ? shape.name : shape.name.substr(space + 1);
    script += "complete -c pianola -n " + condition + " -a " + last + " -d '" + shape.description + "'\n";
    for (const std::string& option : shape.options) {
      script +=
          "complete -c pianola -n '__fish_seen_subcommand_from " + last + "' -l " + option.substr(2) + "\n";
    }
  }
  return script;
}

}  // namespace

Result<int> run_command(const Program& program, const CompletionOptions& options) {
  const std::vector<CommandShape> shapes = command_shapes();
  if (options.shell == "fish") {
    program.console.out(fish_script(shapes));
  } else {
    const bool zsh = options.shell == "zsh";
    program.console.out(bash_script(shapes, zsh ? "autoload -U +X bashcompinit && bashcompinit\n" : ""));
  }
  return 0;
}

}  // namespace pianola::cli
