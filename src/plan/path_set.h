// Path entries of a plan: what `files_write` and its kin may say, and what they own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pianola::plan {

// Lexically normalised entry: no "./", no "//", no "x/.."; a trailing "/" stays and owns everything under
// it. Refused: absolute, "~", leaving the repository, ".git" in any case, empty, unbalanced "[".
Result<std::string> normalise_entry(std::string_view entry);

// True when `entry` (normalised) owns `path` (a tree path, bytes as git has them). "dir/" owns everything
// under dir; "*", "?" and "[..]" stay inside one component; "**" does not. Linear in the sizes.
bool owns(std::string_view entry, std::string_view path);

// The path that `entry` (normalised) names and nothing beside it; nothing when it may own several.
std::optional<std::string> only_path(std::string_view entry);

// True when some path is owned by both; then `*example` (when not null) is one such path.
bool overlap(std::string_view a, std::string_view b, std::string* example = nullptr);

// True when any of `entries` owns `path`.
bool any_owns(const std::vector<std::string>& entries, std::string_view path);

}  // namespace pianola::plan
