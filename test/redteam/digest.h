// Everything below a folder as one line each: type, mode, owner, time, extended attributes, content.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace pianola::redteam {

using Digest = std::map<std::string, std::string>;  // path below the folder -> what it is

Digest digest_of(const std::string& folder);

// Paths that differ, "path: before -> after".
std::vector<std::string> differences(const Digest& before, const Digest& after);

// True when anything at `path` or below it differs.
bool differs(const Digest& before, const Digest& after, const std::string& path);

}  // namespace pianola::redteam
