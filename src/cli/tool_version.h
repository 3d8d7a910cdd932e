// What a program says of itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace pianola::cli {

struct VersionQuestion {
  std::string path;  // of the program, absolute
  std::string argument = "--version";
  std::map<std::string, std::string> env;
  int64_t timeout_ms = 0;
};

// The first line it prints, safe to show; "" when it fails, says nothing or takes longer. It is started in /,
// so that no file of a repository takes part.
std::string version_line(const VersionQuestion& question);

}  // namespace pianola::cli
