// Where everything of a run lies on disk. One place, so that no other file joins paths of its own.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/outcome.h"
#include "core/state.h"

namespace pianola::world {

// How the folder beside a repository that holds its workspaces is named: as the repository, with this ending.
inline constexpr const char* workspaces_ending = ".pianola";

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
std::string sealed_etc_dir(const Layout& layout, const core::RunId& run);
// .../etc: copies of /etc for seals
std::string setups_dir(const Layout& layout);   // work/setups: what `setup:` made, by environment
std::string own_git_dir(const Layout& layout);  // state/git: pianola's bare directory
std::string workspace_dir(const Layout& layout, const core::RunId& run, const core::TaskId& task,
                          int generation);
std::string gate_workspace_dir(const Layout& layout, const core::RunId& run, const std::string& name);
// What pianola puts beside a workspace or a checkout of checks: the same path with one of these endings.
inline constexpr const char* beside_home = ".home";            // the agent's HOME
inline constexpr const char* beside_base = ".base";            // the commit it was made from
inline constexpr const char* beside_index = ".index";          // its index as it was made
inline constexpr const char* beside_audit = ".audit";          // the hub before a linked worktree's agent
inline constexpr const char* beside_setup = ".setup";          // what a set-up put into it
inline constexpr const char* beside_making = ".making";        // itself, until it is whole
inline constexpr const char* beside_going = ".going";          // itself, while it is removed
inline constexpr const char* beside_source = ".source";        // what a fetch from it reads
inline constexpr const char* beside_leftovers = ".leftovers";  // what its uncommitted files are read with

struct BesideWorkspace {
  enum class Stays { with_it, while_at_work };  // the latter is found later only after a crash

  const char* ending;
  Stays stays;
};
inline constexpr std::array beside_workspaces{
    BesideWorkspace{beside_home, BesideWorkspace::Stays::with_it},
    BesideWorkspace{beside_base, BesideWorkspace::Stays::with_it},
    BesideWorkspace{beside_index, BesideWorkspace::Stays::with_it},
    BesideWorkspace{beside_audit, BesideWorkspace::Stays::with_it},
    BesideWorkspace{beside_setup, BesideWorkspace::Stays::with_it},
    BesideWorkspace{beside_making, BesideWorkspace::Stays::while_at_work},
    BesideWorkspace{beside_going, BesideWorkspace::Stays::while_at_work},
    BesideWorkspace{beside_source, BesideWorkspace::Stays::while_at_work},
    BesideWorkspace{beside_leftovers, BesideWorkspace::Stays::while_at_work},
};

// Which of them `path` is, by its ending, and what it stands beside; null and "" when none.
const BesideWorkspace* find_beside(std::string_view path);
std::string workspace_beside(const std::string& path);

std::string attempt_socket(const Layout& layout, const core::RunId& run, const core::AttemptKey& key);
std::string admin_socket(const Layout& layout, const core::RunId& run);

}  // namespace pianola::world
