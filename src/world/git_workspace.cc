// Workspaces: a repository written by hand that borrows the hub's objects, and one git child that checks the
// base out. Equal in effect to `git clone --shared`, without its four children and its remote.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "world/files.h"
#include "world/git_audit.h"
#include "world/git_borrowed.h"
#include "world/git_dirs.h"
#include "world/git_repository.h"
#include "world/git_source.h"
#include "world/git_text.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

constexpr size_t copied_limit_bytes = size_t{16} << 20;

// A value of a git configuration file, quoted (git-config(1), "Syntax").
std::string setting_value(const std::string& raw) {
  std::string out = "\"";
  for (const char c : raw) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c != '\0')
      out += c;
  }
  return out + "\"";
}

Error in_the_way(const std::string& folder) {
  return {
      .kind = ErrorKind::repository,
      .where = shown(folder),
      .what = "something stands there that pianola did not make",
      .expected = "nothing, or an empty folder",
      .next = "move it away: mv " + shown(shell_quoted(folder)) + " " + shown(shell_quoted(folder + ".old"))};
}

}  // namespace

Result<void> GitRepository::make_workspace(const core::MakeWorkspace& command) const {
  const std::string folder =
      workspace_dir(options_.layout, options_.run, command.key.task, command.generation);
  const bool is_linked = options_.workspaces == GitRepositoryOptions::Workspaces::linked;
  const auto made_at = TRY(read_file_if_present(folder + beside_base, 256));
  const bool is_whole = made_at && *made_at == command.base + "\n" && is_folder(folder);
  if (is_whole && !is_linked) return {};
  TRY(ensure_own_dir());
  TRY(make_dirs(parent_folder(folder)));
  if (is_linked) {
    if (!is_whole) TRY(make_linked(folder, command.base));
    // Each attempt answers for what changed since it was made ready.
    return write_file(folder + beside_audit, to_text(look_at_hub(options_.layout.git_dir)), Sync::none);
  }
  if (exists(folder) && ::rmdir(folder.c_str()) != 0) return refuse(in_the_way(folder));

  const std::string making = folder + beside_making;
  TRY(check_out_clone(making, command.base));
  PIANOLA_STEP("workspace.checked_out");
  TRY(keep_index(making, command.base));
  PIANOLA_STEP("workspace.indexed");
  if (::rename(making.c_str(), folder.c_str()) != 0) return refuse(system_error(folder, errno));
  return {};
}

Result<void> GitRepository::check_out_clone(const std::string& folder, const std::string& commit) const {
  TRY(remove_folder(folder));
  TRY(write_clone_skeleton(folder, commit));
  PIANOLA_STEP("workspace.skeleton");
  TRY(git_.output({.args = {"read-tree", "-m", "-u", commit},
                   .git_dir = folder + "/.git",
                   .work_tree = folder,
                   .settings = {"core.fsync=none"}}));
  return {};
}

Result<void> GitRepository::write_clone_skeleton(const std::string& folder, const std::string& commit) const {
  const std::string git_dir = folder + "/.git";
  for (const char* part : {"/objects/info", "/objects/pack", "/refs/heads", "/refs/tags", "/info"})
    TRY(make_dirs(git_dir + part));
  const std::string config = format_settings(options_.object_format) +
                             "\tbare = false\n\tlogallrefupdates = true\n"
                             "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n"
                             "[commit]\n\tgpgsign = false\n[tag]\n\tgpgsign = false\n"
                             "[user]\n\tname = " +
                             setting_value(options_.identity.name) +
                             "\n\temail = " + setting_value(options_.identity.email) + "\n";
  TRY(write_file(git_dir + "/config", config, Sync::none));
  TRY(write_file(git_dir + "/objects/info/alternates", alternate_line(options_.layout.git_dir + "/objects"),
                 Sync::none));
  TRY(write_file(git_dir + "/refs/heads/work", commit + "\n", Sync::none));
  // What the user keeps out of their own checkout stays out of this one too.
  for (const char* copied : {"/info/exclude", "/shallow"}) {
    const auto bytes = TRY(read_file_if_present(options_.layout.git_dir + copied, copied_limit_bytes));
    if (bytes) TRY(write_file(git_dir + copied, *bytes, Sync::none));
  }
  return write_file(git_dir + "/HEAD", "ref: refs/heads/work\n", Sync::none);
}

// A linked worktree cannot be renamed into place, so its .base comes last and tells whether it is whole.
Result<void> GitRepository::make_linked(const std::string& folder, const std::string& commit) const {
  if (is_registered(linked_git_dir(folder))) TRY(remove_folder(folder));
  if (exists(folder) && ::rmdir(folder.c_str()) != 0) return refuse(in_the_way(folder));
  TRY(git_.output(hub({"worktree", "add", "--force", "--detach", "--", folder, commit})));
  PIANOLA_STEP("workspace.checked_out");
  return keep_index(folder, commit);
}

Result<void> GitRepository::keep_index(const std::string& folder, const std::string& commit) const {
  std::string beside = folder;
  constexpr std::string_view making = beside_making;
  if (beside.size() > making.size() &&
      beside.compare(beside.size() - making.size(), making.size(), making) == 0)
    beside.resize(beside.size() - making.size());
  const std::string linked = linked_git_dir(folder);
  TRY(copy_index((linked.empty() ? folder + "/.git" : linked) + "/index", beside + beside_index));
  return write_file(beside + beside_base, commit + "\n", Sync::none);
}

bool GitRepository::is_registered(const std::string& linked) const {
  const std::string worktrees = options_.layout.git_dir + "/worktrees/";
  if (linked.rfind(worktrees, 0) != 0) return false;
  const std::string name = linked.substr(worktrees.size());
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

Result<void> GitRepository::remove_workspace(const core::RemoveWorkspace& command) const {
  const std::string folder = workspace_dir(options_.layout, options_.run, command.task, command.generation);
  // What stood in the way of a workspace is not one: it is somebody's.
  if (exists(folder) && !exists(folder + beside_base)) return {};
  return remove_folder(folder);
}

Result<std::string> GitRepository::make_gate_workspace(const std::string& commit,
                                                       const std::string& name) const {
  std::string folder = gate_workspace_dir(options_.layout, options_.run, name);
  TRY(ensure_own_dir());
  TRY(check_out_clone(folder, commit));
  return folder;
}

Result<void> GitRepository::remove_gate_workspace(const std::string& name) const {
  const std::string folder = gate_workspace_dir(options_.layout, options_.run, name);
  TRY(remove_tree(folder + beside_home));
  return remove_folder(folder);
}

Result<void> GitRepository::remove_folder(const std::string& folder) const {
  // Out of the way in one step first, so that half a folder is never taken for a whole one.
  const std::string going = folder + beside_going;
  TRY(remove_tree(going));
  const std::string linked = linked_git_dir(folder);
  if (::rename(folder.c_str(), going.c_str()) != 0 && errno != ENOENT)
    return refuse(system_error(folder, errno));
  PIANOLA_STEP("workspace.set_aside");
  if (is_registered(linked)) {
    // The agent could have written another worktree's name into its .git: only ours is forgotten.
    const auto back = TRY(read_file_if_present(linked + "/gitdir", 8192));
    if (back && *back == folder + "/.git\n") TRY(remove_tree(linked));
  }
  for (const char* beside : {beside_index, beside_base, beside_audit, beside_setup})
    TRY(remove_tree(folder + beside));
  for (const char* beside : {beside_source, beside_leftovers}) TRY(remove_tree(place_for(folder, beside)));
  return remove_tree(going);
}

}  // namespace pianola::world
