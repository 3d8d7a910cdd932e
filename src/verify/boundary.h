// Does a change stay inside what its task owns? Decided on tree entries, never on what an agent says.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace pianola::verify {

// One entry of `git diff-tree -r -z --no-renames <before> <after>`: raw path bytes and both sides.
// Modes are git's (octal 100644, 100755, 120000 link, 160000 gitlink); 0 where the side is absent.
struct TreeChange {
  std::string path;
  int old_mode = 0;
  int new_mode = 0;
  std::string old_id;  // "" where the side is absent
  std::string new_id;
  std::string filter = {};  // the user's content filter that git would put the new side through; "" = none
  // A path of the tree that is one with this added one where case and the make of accents do not count.
  std::string twin = {};
  friend bool operator==(const TreeChange&, const TreeChange&) = default;
};

// Lines that boundary_findings() gives at most; one more says how many there are beside them.
inline constexpr size_t findings_limit = 100;

// One line for each path with something the task may not do, in path order, as people and the next prompt
// read it; empty when the change is inside. Covered: paths outside files_write and files_append; anything
// named .git; links that appear at owned paths only if owned by name; gitlinks that appear or move, since the
// commit they name is not kept; .gitattributes and .gitmodules unless owned by their exact name; files that
// go through a content filter; new names that some file systems take for a path outside. A mode change counts
// as a change.
std::vector<std::string> boundary_findings(const std::vector<TreeChange>& changes, const plan::Task& task);

}  // namespace pianola::verify
