#include "plan/twins.h"

#include <string_view>
#include <unordered_map>

#include "plan/fold.h"

namespace pianola::plan {
namespace {

// The next end of a component of `path` behind `from`; 0 when there is none.
size_t next_end(std::string_view path, size_t from) {
  if (from >= path.size()) return 0;
  const size_t slash = path.find('/', from + 1);
  return slash == std::string_view::npos ? path.size() : slash;
}

size_t common_length(std::string_view a, std::string_view b) {
  size_t length = 0;
  while (length < a.size() && length < b.size() && a[length] == b[length]) ++length;
  return length;
}

// A path and all folders above it that are added, by what they fold to.
struct Spelled {
  std::string_view name;
  std::string_view twin;  // the path in the tree that has another name for it
};

}  // namespace

std::map<std::string, std::string> find_twins(const std::vector<std::string>& added,
                                              const std::vector<std::string>& tree) {
  std::unordered_multimap<std::string, Spelled> names;
  for (const std::string& path : added) {
    for (size_t end = next_end(path, 0); end != 0; end = next_end(path, end)) {
      const std::string_view name = std::string_view(path).substr(0, end);
      names.emplace(fold_path(name), Spelled{name, {}});
    }
  }
  std::string_view before;
  for (const std::string& path : tree) {
    const size_t known = common_length(path, before);
    for (size_t end = next_end(path, 0); end != 0; end = next_end(path, end)) {
      if (end < known) continue;  // a folder that was looked at with the path before
      const std::string_view name = std::string_view(path).substr(0, end);
      const auto [first, last] = names.equal_range(fold_path(name));
      for (auto at = first; at != last; ++at)
        if (at->second.name != name && at->second.twin.empty()) at->second.twin = path;
    }
    before = path;
  }
  std::map<std::string, std::string> twins;
  for (const std::string& path : added) {
    for (size_t end = next_end(path, 0); end != 0 && twins.count(path) == 0; end = next_end(path, end)) {
      const std::string_view name = std::string_view(path).substr(0, end);
      const auto [first, last] = names.equal_range(fold_path(name));
      for (auto at = first; at != last; ++at)
        if (at->second.name == name && !at->second.twin.empty()) twins.emplace(path, at->second.twin);
    }
  }
  return twins;
}

}  // namespace pianola::plan
