// Paths of a tree that some file systems cannot hold side by side.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace pianola::plan {

// For those of `added` that are one file or folder with another path of the tree where case and the make of
// accents do not count (fold.h): such a path. `tree` holds all paths, in order, those of `added` among them.
std::map<std::string, std::string> find_twins(const std::vector<std::string>& added,
                                              const std::vector<std::string>& tree);

}  // namespace pianola::plan
