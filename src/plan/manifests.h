// What a project is built from: the files that say which packages and tools it needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pianola::plan {

// True for manifests, lockfiles and tool versions of the known ecosystems, in any folder: package.json,
// go.sum, requirements-dev.txt, .tool-versions.
bool is_manifest(std::string_view path);

// A file of a tree: mode, object id, path from the top with '/'.
struct TreeFile {
  int mode = 0;
  std::string id;
  std::string path;
  friend bool operator==(const TreeFile&, const TreeFile&) = default;
};

// SHA-256 in hex of all that the results of `commands` are taken to follow from: the commands themselves, the
// manifests among `files`, the files whose paths, or ends of them, stand as words in a command, and
// `surroundings`.
std::string environment_digest(const std::vector<std::string>& commands, const std::vector<TreeFile>& files,
                               const std::string& surroundings);

}  // namespace pianola::plan
