#include "world/git_repository.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "plan/twins.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_filters.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

bool is_regular(int mode) { return (mode & 0170000) == 0100000; }

}  // namespace

GitRepository::GitRepository(GitRepositoryOptions options)
    : options_(std::move(options)), git_(options_.git, options_.run_child) {}

Result<void> GitRepository::open_run(const core::OpenRun& command) const {
  TRY(ensure_own_dir());
  const Moved moved =
      TRY(refs().move({{.ref = base_ref(command.run), .to = command.base, .from = RefMove::absent},
                       {.ref = staging_ref(command.run), .to = command.base, .from = RefMove::absent}},
                      "pianola: open " + command.run.str()));
  if (moved == Moved::yes) return {};
  return refuse({.kind = ErrorKind::repository,
                 .where = staging_ref(command.run),
                 .what = "exists and stands elsewhere",
                 .expected = "no such ref, or one at " + command.base.substr(0, 12),
                 .next = "see it: git for-each-ref refs/pianola"});
}

Result<GitRepository::StagingMove> GitRepository::move_staging(const core::MoveStaging& command) const {
  const std::string ref = staging_ref(options_.run);
  const Moved moved = TRY(refs().move({{.ref = ref, .to = command.to, .from = command.from}},
                                      "pianola: land " + command.key.task.str()));
  if (moved == Moved::yes) return core::StagingWasMoved{command.key, command.to};
  return core::StagingWasRefused{command.key, TRY(refs().read(ref))};
}

GitCall GitRepository::own(std::vector<std::string> args) const {
  GitCall call{.args = std::move(args),
               .git_dir = own_git_dir(options_.layout),
               .object_dir = options_.layout.git_dir + "/objects",
               .lock_wait_ms = options_.lock_wait_ms};
  const std::string shallow = options_.layout.git_dir + "/shallow";
  if (exists(shallow)) call.shallow_file = shallow;
  return call;
}

GitCall GitRepository::hub(std::vector<std::string> args) const {
  return {.args = std::move(args), .git_dir = options_.layout.git_dir, .lock_wait_ms = options_.lock_wait_ms};
}

GitRefs GitRepository::refs() const {
  return GitRefs(git_, {.git_dir = options_.layout.git_dir,
                        .common_dir = options_.layout.git_dir,
                        .identity = options_.identity,
                        .lock_wait_ms = options_.lock_wait_ms});
}

Result<void> GitRepository::ensure_own_dir() const {
  return make_own_git_dir(own_git_dir(options_.layout), options_.object_format);
}

Result<std::string> GitRepository::write_commit(const Commit& commit) const {
  GitCall call = own({"commit-tree", commit.tree});
  for (const std::string& parent : commit.parents) call.args.insert(call.args.end(), {"-p", parent});
  call.env = author_env(options_.identity, commit.seconds);
  call.stdin_bytes = commit.message;
  return line_of(TRY(git_.output(call)));
}

Result<std::vector<TreeChange>> GitRepository::compare(const std::string& before,
                                                       const std::string& after) const {
  return read_raw_changes(TRY(
      git_.output(own({"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", before, after}))));
}

Result<void> GitRepository::mark_filtered(const core::AttemptKey& key, const std::string& commit,
                                          std::vector<TreeChange>& changes) const {
  std::vector<std::string> paths;
  for (const TreeChange& change : changes)
    if (is_regular(change.new_mode)) paths.push_back(change.path);
  const FilterQuestion question{.hub = hub({}),
                                .commit = commit,
                                .filters = options_.filters,
                                .scratch_index = own_git_dir(options_.layout) + "/" + options_.run.str() +
                                                 "." + key.task.str() + "." + std::to_string(key.number) +
                                                 ".attributes"};
  const auto filtered = TRY(filtered_among(git_, question, paths));
  for (TreeChange& change : changes) {
    const auto found = filtered.find(change.path);
    if (found != filtered.end() && is_regular(change.new_mode)) change.filter = found->second;
  }
  return {};
}

Result<void> GitRepository::mark_twins(const core::CollectWork& command,
                                       std::vector<TreeChange>& changes) const {
  const std::string folder =
      workspace_dir(options_.layout, options_.run, command.key.task, command.generation);
  std::vector<std::string> added;
  for (const TreeChange& change : changes)
    if (change.old_mode == 0 && change.new_mode != 0) added.push_back(change.path);
  const auto made_at = TRY(read_file_if_present(folder + beside_base, 256));
  if (added.empty() || !made_at || *made_at != command.base + "\n") return {};
  std::set<std::string> paths(added.begin(), added.end());
  for (const auto& [path, entry] : TRY(read_index(folder + beside_index, command.base.size() / 2)))
    paths.insert(path);
  for (const TreeChange& change : changes)
    if (change.new_mode == 0) paths.erase(change.path);
  const auto twins = plan::find_twins(added, {paths.begin(), paths.end()});
  for (TreeChange& change : changes)
    if (const auto twin = twins.find(change.path); twin != twins.end()) change.twin = twin->second;
  return {};
}

Result<std::string> GitRepository::tree_of(const std::string& commit) const {
  return line_of(TRY(git_.output(own({"rev-parse", "--verify", "--end-of-options", commit + "^{tree}"}))));
}

Result<std::vector<std::string>> GitRepository::staged_commits() const {
  const std::string staging = TRY(refs().read(staging_ref(options_.run)));
  const std::string base = TRY(refs().read(base_ref(options_.run)));
  if (staging.empty() || base.empty()) return std::vector<std::string>();
  std::vector<std::string> commits =
      pieces_of(TRY(git_.output(own({"rev-list", "--first-parent", base + ".." + staging}))), '\n');
  commits.erase(std::remove(commits.begin(), commits.end(), ""), commits.end());
  return commits;
}

Result<std::vector<plan::TreeFile>> GitRepository::files_at(const std::string& commit) const {
  std::vector<plan::TreeFile> files =
      read_tree_listing(TRY(git_.output(own({"ls-tree", "-r", "-z", "--full-tree", commit}))));
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

Result<bool> GitRepository::is_ancestor(const std::string& ancestor, const std::string& commit) const {
  const GitCall call = own({"merge-base", "--is-ancestor", ancestor, commit});
  const Finished finished = TRY(git_.run(call));
  if (finished.ok()) return true;
  if (!finished.signalled && finished.value == 1) return false;
  return refuse(git_error(call, finished));
}

}  // namespace pianola::world
