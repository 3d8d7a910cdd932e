// What of the user's own environment and folders an agent CLI needs to be logged in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pianola::agents {

// Variables that are handed on from the user's environment to an agent of `kind` when they are set there
// and its definition does not set them; in alphabetical order.
std::vector<std::string> credential_names(std::string_view kind);

// The variable that names the CLI's configuration folder, and the folder's name under the user's HOME when
// no `config_dir` is given: CLAUDE_CONFIG_DIR and ".claude"; "." is the HOME itself, for CLIs that take
// another HOME and not another folder. The variable is empty where the CLI knows none, both for kinds without
// one.
struct ConfigFolder {
  std::string variable;
  std::string in_home;
  friend bool operator==(const ConfigFolder&, const ConfigFolder&) = default;
};
ConfigFolder config_folder(std::string_view kind);

// Of that folder: what a worker with a HOME of its own gets a copy of, and the files with a login in them,
// which it gets to read only. Names below the folder.
struct ConfigParts {
  std::vector<std::string> copied;
  std::vector<std::string> logins;
};
ConfigParts config_parts(std::string_view kind);

}  // namespace pianola::agents
