#include "world/layout.h"

#include <algorithm>

#include "base/hash.h"

namespace pianola::world {

std::string runs_dir(const Layout& layout) { return layout.state_dir + "/runs"; }

std::string run_dir(const Layout& layout, const core::RunId& run) {
  return runs_dir(layout) + "/" + run.str();
}

std::string journal_dir(const Layout& layout, const core::RunId& run) {
  return run_dir(layout, run) + "/journal";
}

std::string run_lock(const Layout& layout, const core::RunId& run) { return run_dir(layout, run) + "/lock"; }

std::string attempt_dir(const Layout& layout, const core::RunId& run, const core::AttemptKey& key) {
  return run_dir(layout, run) + "/attempts/" + key.task.str() + "." + std::to_string(key.number);
}

std::string gate_dir(const Layout& layout, const core::RunId& run, const std::string& name) {
  return run_dir(layout, run) + "/gates/" + name;
}

std::string sealed_etc_dir(const Layout& layout, const core::RunId& run) {
  return run_dir(layout, run) + "/etc";
}

std::string setups_dir(const Layout& layout) { return layout.work_dir + "/setups"; }

std::string own_git_dir(const Layout& layout) { return layout.state_dir + "/git"; }

std::string workspace_dir(const Layout& layout, const core::RunId& run, const core::TaskId& task,
                          int generation) {
  return layout.work_dir + "/" + run.str() + "/" + task.str() + "." + std::to_string(generation);
}

std::string gate_workspace_dir(const Layout& layout, const core::RunId& run, const std::string& name) {
  return layout.work_dir + "/" + run.str() + "/gate." + name;
}

const BesideWorkspace* find_beside(std::string_view path) {
  const auto found =
      std::find_if(beside_workspaces.begin(), beside_workspaces.end(),
                   [&](const BesideWorkspace& beside) { return path.ends_with(beside.ending); });
  return found == beside_workspaces.end() ? nullptr : &*found;
}

std::string workspace_beside(const std::string& path) {
  const BesideWorkspace* beside = find_beside(path);
  return beside == nullptr ? "" : path.substr(0, path.size() - std::string_view(beside->ending).size());
}

std::string attempt_socket(const Layout& layout, const core::RunId& run, const core::AttemptKey& key) {
  const std::string whole = run_dir(layout, run) + "\n" + key.task.str() + "\n" + std::to_string(key.number);
  return layout.socket_dir + "/a" + sha256_hex(whole).substr(0, 16);
}

std::string admin_socket(const Layout& layout, const core::RunId& run) {
  return layout.socket_dir + "/r" + sha256_hex(run_dir(layout, run)).substr(0, 16);
}

}  // namespace pianola::world
