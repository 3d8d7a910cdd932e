// Content filters (gitattributes(5), "filter": git-lfs, git-crypt). pianola runs none of them, so it must not
// write a file that the user's git would have put through one: on main it would stand raw.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/git_child.h"

namespace pianola::world {

// For `git config -z --get-regexp`: every setting that makes a filter do something.
inline constexpr const char* filter_settings = "^filter\\..*\\.(clean|smudge|process)$";

// The names of the filters in what that prints.
std::set<std::string> filters_in(const std::string& output);

struct FilterQuestion {
  GitCall hub;  // on the hub, still without words: its info/attributes count too
  std::string commit;
  std::set<std::string> filters;
  std::string scratch_index;  // a path where nothing is; made and removed
};

// Path to filter of those `paths` that the attributes of the commit put through one of the filters.
Result<std::map<std::string, std::string>> filtered_among(const Git& git, const FilterQuestion& question,
                                                          const std::vector<std::string>& paths);

// The same of all files the commit holds.
Result<std::map<std::string, std::string>> filtered_in(const Git& git, const FilterQuestion& question);

}  // namespace pianola::world
