// What a worker in a linked worktree can reach of the repository and has no business with. People rarely
// change these while a run is on; what they do change then (the branch of a checkout, new branches, their
// files) is left out, since a worker's hand cannot be told from theirs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace pianola::world {

// Of the git directory: configuration, hooks, info/, the registrations of worktrees, and the branches and
// tags that are checked out nowhere. Names to what tells one state from another.
using HubLook = std::map<std::string, std::string>;
HubLook look_at_hub(const std::string& git_dir);

std::string to_text(const HubLook& look);
HubLook parse_look(const std::string& text);

// What is not as it was, a line each: "hooks/pre-commit of the repository was changed while it ran". New
// branches and tags are none of it, nor are worktrees that come and go, as pianola's own do.
std::vector<std::string> audit_findings(const HubLook& before, const HubLook& after);

}  // namespace pianola::world
