// Commits that an agent made and left beside its HEAD: on other branches, in a stash, or nowhere. They take
// no part in what lands, and are kept all the same, since the workspace is used again or removed.
#include <algorithm>
#include <set>

#include "world/git_repository.h"
#include "world/git_source.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr size_t side_commits_looked_at = 100;
constexpr size_t side_commits_kept = 20;

}  // namespace

// The usual attempt has none, and then this starts no child.
Result<std::vector<core::SideCommit>> GitRepository::keep_side_commits(const core::CollectWork& command,
                                                                       const std::string& head,
                                                                       const History& history) const {
  std::vector<core::SideCommit> kept;
  const std::string folder =
      workspace_dir(options_.layout, options_.run, command.key.task, command.generation);
  const std::string git_dir = git_dir_of(folder);
  if (git_dir.empty()) return kept;
  std::set<std::string> known(history.commits.begin(), history.commits.end());
  known.insert({command.base, head});
  std::vector<std::string> commits;
  for (std::string& id : named_commits(git_dir))
    if (known.count(id) == 0 && commits.size() < side_commits_looked_at) commits.push_back(std::move(id));
  if (commits.empty()) return kept;

  if (options_.workspaces == GitRepositoryOptions::Workspaces::clone)
    commits = TRY(fetch_side_commits(folder, commits));
  commits = TRY(only_tips(TRY(only_commits(commits)), {command.base, head}));
  // The names the agent gave them stay out of the hub: they are numbered.
  std::vector<RefMove> moves;
  for (const std::string& commit : commits) {
    if (kept.size() == side_commits_kept) break;
    kept.push_back({.ref = side_ref(options_.run, command.key, kept.size() + 1), .commit = commit});
    moves.push_back({.ref = kept.back().ref, .to = commit, .from = ""});
  }
  if (!moves.empty()) TRY(refs().move(moves, "pianola: keep"));
  return kept;
}

// Those of `commits` that git takes. One that is damaged keeps the rest from coming together, so they then
// come one by one. Errors: the object store is more than git may be shown, or a disk or lock is in the way.
Result<std::vector<std::string>> GitRepository::fetch_side_commits(
    const std::string& folder, const std::vector<std::string>& commits) const {
  TRY(check_objects(folder));
  const Result<void> all = fetch_clone(folder, commits, "");
  if (all) return commits;
  if (all.error().kind == ErrorKind::paused) return refuse(all.error());
  std::vector<std::string> taken;
  for (size_t i = 0; i < std::min(commits.size(), side_commits_kept); ++i) {
    const Result<void> one = fetch_clone(folder, {commits[i]}, "");
    if (one) taken.push_back(commits[i]);
    if (!one && one.error().kind == ErrorKind::paused) return refuse(one.error());
  }
  return taken;
}

Result<std::vector<std::string>> GitRepository::only_commits(const std::vector<std::string>& ids) const {
  if (ids.empty()) return ids;
  GitCall call = own({"cat-file", "--batch-check=%(objectname) %(objecttype)"});
  for (const std::string& id : ids) call.stdin_bytes += id + "\n";
  const std::vector<std::string> lines = pieces_of(TRY(git_.output(call)), '\n');
  const std::set<std::string> said(lines.begin(), lines.end());
  std::vector<std::string> commits;
  for (const std::string& id : ids)
    if (said.count(id + " commit") > 0) commits.push_back(id);
  return commits;
}

// Without those that another one, or one of `reachable`, comes after.
Result<std::vector<std::string>> GitRepository::only_tips(const std::vector<std::string>& commits,
                                                          const std::vector<std::string>& reachable) const {
  if (commits.empty()) return commits;
  GitCall call = own({"merge-base", "--independent"});
  call.args.insert(call.args.end(), reachable.begin(), reachable.end());
  call.args.insert(call.args.end(), commits.begin(), commits.end());
  const std::vector<std::string> lines = pieces_of(TRY(git_.output(call)), '\n');
  const std::set<std::string> independent(lines.begin(), lines.end());
  std::vector<std::string> tips;
  for (const std::string& commit : commits)
    if (independent.count(commit) > 0) tips.push_back(commit);
  return tips;
}

}  // namespace pianola::world
