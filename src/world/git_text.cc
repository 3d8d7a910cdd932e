#include "world/git_text.h"

#include "base/text.h"

namespace pianola::world {

std::vector<std::string> pieces_of(const std::string& output, char end) {
  std::vector<std::string> pieces;
  for (size_t at = 0; at < output.size();) {
    size_t stop = output.find(end, at);
    if (stop == std::string::npos) stop = output.size();
    pieces.push_back(output.substr(at, stop - at));
    at = stop + 1;
  }
  return pieces;
}

std::string line_of(const std::string& output) { return output.substr(0, output.find('\n')); }

std::string shown(const std::string& raw) { return display(raw).str(); }

std::string short_id(const std::string& id) { return id.substr(0, 7); }

std::string ignore_pattern(const std::string& path) {
  std::string out = "/";
  for (const char c : path) {
    if (c == '\\' || c == '*' || c == '?' || c == '[' || c == ' ') out += '\\';
    out += c;
  }
  return out;
}

std::string shell_quoted(const std::string& path) {
  std::string quoted = "'";
  for (const char c : path) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace pianola::world
