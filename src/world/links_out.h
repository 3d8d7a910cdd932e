// Links that lead out of a folder, on the ways of many paths in it.
#pragma once

#include <string>
#include <unordered_map>

namespace pianola::world {

// What it has seen of the folder it does not look at again.
class LinksOut {
 public:
  explicit LinksOut(const std::string& top);

  // The first link on the way along `path`, relative to `top`, that leads out of it; "" when there is none,
  // or nothing there yet. Of the last name only when a '/' follows it.
  std::string first(const std::string& path);

 private:
  enum class Kind { absent, inside, out };
  Kind kind_of(const std::string& part);
  Kind look(const std::string& part) const;

  std::string top_;
  std::string whole_;  // where the links of `top` lead, with '/' at the end
  std::unordered_map<std::string, Kind> seen_;
};

}  // namespace pianola::world
