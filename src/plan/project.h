// Which command tests a project, told from the names of its files and a few of their texts.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plan/load.h"

namespace pianola::plan {

inline constexpr size_t telling_bytes_max = 1 << 20;  // of a file whose text is looked at

// A folder as it lies on disk.
struct ProjectFolder {
  std::string path;                // from the top of the repository; "" = the top itself
  std::vector<std::string> names;  // of what is in it, and of what is in its tests/: "tests/test_a.py"
  std::map<std::string, std::string> texts;  // of those that is_telling() names
};

// True for files whose text decides: package.json, CMakeLists.txt.
bool is_telling(std::string_view name);

// The commands that test this folder's project, one for each kind of project in it, in the order of the
// table; each is run from the folder. None when no kind is known.
std::vector<std::string> test_commands(const ProjectFolder& folder);

// The checks of these folders, each run from the top of the repository, in their order. A folder whose name
// cannot be part of a command is left out.
std::vector<FolderChecks> project_checks(const std::vector<ProjectFolder>& folders);

}  // namespace pianola::plan
