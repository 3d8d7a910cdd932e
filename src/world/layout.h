// Where everything of a run lies on disk. One place, so that no other file joins paths of its own.
#pragma once

#include <string>

#include "core/outcome.h"
#include "core/state.h"

namespace pianola::world {

// Absolute paths of one repository; made by find_layout() in repository discovery.
struct Layout {
  std::string git_dir;     // the hub's common git directory
  std::string state_dir;   // <git_dir>/pianola, mode 0700
  std::string work_dir;    // sibling <repo>.pianola (or the XDG fallback), parent of workspaces
  std::string socket_dir;  // short: sockets are limited to 108 bytes (unix(7))
};

std::string runs_dir(const Layout& layout);                             // state/runs
std::string run_dir(const Layout& layout, const core::RunId& run);      // state/runs/<run>
std::string journal_dir(const Layout& layout, const core::RunId& run);  // .../journal
std::string run_lock(const Layout& layout, const core::RunId& run);     // .../lock
std::string attempt_dir(const Layout& layout, const core::RunId& run, const core::AttemptKey& key);
// .../attempts/<task>.<n>
std::string gate_dir(const Layout& layout, const core::RunId& run, const std::string& name);
// .../gates/<name>
std::string setups_dir(const Layout& layout);   // work/setups: what `setup:` made, by environment
std::string own_git_dir(const Layout& layout);  // state/git: pianola's bare directory
std::string workspace_dir(const Layout& layout, const core::RunId& run, const core::TaskId& task,
                          int generation);
std::string gate_workspace_dir(const Layout& layout, const core::RunId& run, const std::string& name);
std::string attempt_socket(const Layout& layout, const core::RunId& run, const core::AttemptKey& key);
std::string admin_socket(const Layout& layout, const core::RunId& run);

}  // namespace pianola::world
