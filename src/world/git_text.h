// Reading what git prints.
#pragma once

#include <string>
#include <vector>

namespace pianola::world {

// The pieces of `output`, each ended by `end`; the last one may lack it. Empty pieces count.
std::vector<std::string> pieces_of(const std::string& output, char end);

// `output` up to its first line break.
std::string line_of(const std::string& output);

// Bytes of a repository for people: display(), as a string.
std::string shown(const std::string& raw);

// Seven digits, as people know ids.
std::string short_id(const std::string& id);

// `path` as a pattern of gitignore(5) that matches only itself, file or folder.
std::string ignore_pattern(const std::string& path);

// `path` quoted for sh.
std::string shell_quoted(const std::string& path);

}  // namespace pianola::world
