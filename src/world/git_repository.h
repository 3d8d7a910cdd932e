// The git side of one run: pins what it starts from, makes workspaces, takes work in, builds candidates,
// moves staging, promotes the target.
//
// Three kinds of place, and what git may read there:
//   the hub        the user's git directory. Named only for refs, for the fetch, and for the one checkout a
//                  promotion may move. Its hooks and filters never run.
//   our own        a bare directory of pianola's with an empty configuration and the hub's objects. All
//                  merging, comparing and committing runs there, so nothing configured takes part.
//   a workspace    belongs to an agent, who may have written anything into it. pianola runs git on it only
//                  before the agent has it; afterwards its commits come by fetch, its files as plain files.
//
// Every function may be repeated after a crash and then comes to the same end. All block, and may be called
// from several threads; two calls about the same task or the same ref must not overlap.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/command.h"
#include "core/input.h"
#include "engine/ports.h"
#include "plan/manifests.h"
#include "world/git_child.h"
#include "world/git_refs.h"
#include "world/git_tree.h"
#include "world/layout.h"
#include "world/sealer.h"

namespace pianola::world {

// What one attempt may bring in.
struct CollectLimits {
  size_t changed_paths = 100'000;
  int64_t leftover_file_bytes = int64_t{100} << 20;  // one file that the agent did not commit itself
  int64_t new_object_bytes = int64_t{2} << 30;       // what its own object store may hold
  int64_t fetch_timeout_ms = 600'000;
};

struct GitRepositoryOptions {
  // clone: a repository of its own that borrows the hub's objects. linked: `git worktree`, for agents that
  // are trusted with the hub itself.
  enum class Workspaces { clone, linked };

  GitProgram git;
  Layout layout;
  std::string object_format = "sha1";
  core::RunId run;
  std::string target;  // full refname
  Identity identity;
  Workspaces workspaces = Workspaces::clone;
  std::set<std::string> filters;  // content filters of the user: what goes through one is marked
  CollectLimits limits;
  int64_t lock_wait_ms = 10'000;
  std::optional<Sealer> sealer;  // seals `git upload-pack`, where it reads a workspace's objects
  RunChild run_child = world::run_child;
};

enum class SweepMode { look, sweep };

class GitRepository {
 public:
  explicit GitRepository(GitRepositoryOptions options);
  GitRepository(const GitRepository&) = delete;
  GitRepository& operator=(const GitRepository&) = delete;

  // Pins the base and creates staging there. Errors (repository): the refs exist and stand elsewhere.
  Result<void> open_run(const core::OpenRun& command) const;

  // A fresh workspace at `base`, on a branch `work`. One that is whole already is kept; half of one is made
  // anew. Beside it lie <workspace>.index, the index as it was made, and <workspace>.base, its commit.
  // Errors (repository): something that pianola did not make stands in its place.
  Result<void> make_workspace(const core::MakeWorkspace& command) const;

  struct Collection : engine::CollectedTree {
    std::vector<core::SideCommit> side_commits;
  };

  // Takes in what the workspace holds: the commits of its HEAD, and on top, as a commit of its own, what
  // was left uncommitted and is not ignored. A head that does not descend from `base` becomes one commit on
  // `base`, and is itself kept under saved/. The result is in in/ or saved/ when this returns, and up to 20
  // other commits it knows of (other branches, stashes, where HEAD stood before) are at
  // saved/<run>/<task>/<attempt>.1 and so on.
  // Errors: the workspace is gone, is no repository any more, holds what git refuses (fetch.fsckObjects) or
  // more than the limits. Its plain files are then kept under saved/ where that is possible, and the error
  // says so.
  Result<Collection> collect(const core::CollectWork& command) const;

  // Merges head into staging as objects. Equal commands give the equal commit.
  using Candidate = std::variant<engine::CandidateTree, core::CandidateConflicted>;
  Result<Candidate> build_candidate(const core::BuildCandidate& command) const;

  // Compare-and-swap, durable on return.
  using StagingMove = std::variant<core::StagingWasMoved, core::StagingWasRefused>;
  Result<StagingMove> move_staging(const core::MoveStaging& command) const;

  // Merges the moved target into staging and moves staging there.
  using Rebuild = std::variant<core::StagingWasRebuilt, core::RebuildConflicted>;
  Result<Rebuild> rebuild_staging(const core::RebuildStaging& command) const;

  // Moves the target, or leaves it with the reason. Whatever did not move has its commit at ready/<run>. A
  // target that is checked out nowhere moves in every mode; a checkout is touched only with
  // PromoteMode::checkout, and only when nothing of the user's can be lost.
  using Promotion = std::variant<core::TargetWasPromoted, core::PromotionWasLeft, core::TargetHadMoved>;
  Result<Promotion> promote(const core::PromoteTarget& command) const;

  // Takes a promotion back: keeps `from` as undone_ref(), then moves the target to `to` with the same care,
  // and leaves it with the reason where promote() would.
  using PutBack = std::variant<core::TargetWasPutBack, core::UndoWasLeft>;
  Result<PutBack> put_target_back(const core::PutTargetBack& command) const;

  // The commits after `base` on the way to `tip`, newest first, as "<short id> <subject>"; at most `most`,
  // and how many there are. Nothing when `tip` does not come after `base`.
  struct Following {
    std::vector<std::string> lines;
    size_t count = 0;
  };
  Result<std::optional<Following>> commits_after(const std::string& base, const std::string& tip,
                                                 size_t most) const;

  // What promote() would come to now, as far as that can be told without writing anything.
  Result<Promotion> foresee_promotion(const core::PromoteTarget& command) const;

  // The id a ref of the hub stands at; "" when there is no such ref.
  Result<std::string> stands_at(const std::string& ref) const { return refs().read(ref); }

  // Removes the workspace with what lies beside it. What it held must have been collected.
  Result<void> remove_workspace(const core::RemoveWorkspace& command) const;

  // Drops the run's refs below refs/pianola/<kind>/ for each of `kinds`. A commit that nothing else reaches
  // is first kept as saved/<run>/swept/<kind>/... With SweepMode::look nothing is written.
  struct Sweep {
    std::vector<NamedRef> dropped;
    size_t saved = 0;  // of them, kept under another name first
  };
  Result<Sweep> sweep_refs(const std::vector<std::string>& kinds, SweepMode mode) const;

  // Makes the ref `name` of the hub at `commit`; false when it is there and stands elsewhere.
  Result<bool> keep(const std::string& name, const std::string& commit) const;

  // The commits that staging went through since the run's base, newest first; none before the run is opened.
  Result<std::vector<std::string>> staged_commits() const;

  // The id of its tree.
  Result<std::string> tree_of(const std::string& commit) const;

  // Every file of `commit`, in path order.
  Result<std::vector<plan::TreeFile>> files_at(const std::string& commit) const;

  // A fresh checkout of `commit` to run checks in, made anew even if there is one; its path.
  Result<std::string> make_gate_workspace(const std::string& commit, const std::string& name) const;
  Result<void> remove_gate_workspace(const std::string& name) const;

  const GitRepositoryOptions& options() const { return options_; }

 private:
  friend class Checkout;
  friend class GitOverFiles;
  friend class Leftovers;

  struct Merge {
    std::string tree;
    std::vector<std::string> conflicts;
  };
  struct Commit {
    std::string tree;
    std::vector<std::string> parents;
    std::string message;
    int64_t seconds = 0;
  };
  struct History {
    bool descends = false;  // head is base or comes after it
    std::vector<TreeChange> changes;
    std::vector<std::string> commits;  // on the way from base to head, as far as they came along
  };

  // A call on our own directory (content), or on the hub (refs).
  GitCall own(std::vector<std::string> args) const;
  GitCall hub(std::vector<std::string> args) const;
  GitRefs refs() const;
  Result<void> ensure_own_dir() const;

  Result<Merge> merge_trees(const std::string& ours, const std::string& theirs) const;
  Result<std::string> write_commit(const Commit& commit) const;
  Result<std::vector<TreeChange>> compare(const std::string& before, const std::string& after) const;
  // What a change makes of the file of a contract, "" = there is none then.
  Result<std::string> version_of(const TreeChange& contract) const;
  // The contracts whose files are among `changes`, as those make them.
  Result<std::vector<core::ContractVersion>> changed_contracts(
      const std::vector<core::ContractPath>& contracts, const std::vector<TreeChange>& changes) const;
  // The environment of `commit`, "" when no lockfile is among `changes`.
  Result<std::string> changed_environment(const std::string& commit,
                                          const std::vector<TreeChange>& changes) const;
  // Says of each change whether the attributes of `commit`, where it leads, put it through a filter.
  Result<void> mark_filtered(const core::AttemptKey& key, const std::string& commit,
                             std::vector<TreeChange>& changes) const;
  // Says of each path that is added to the base which other path some file systems take it for.
  Result<void> mark_twins(const core::CollectWork& command, std::vector<TreeChange>& changes) const;
  Result<bool> is_ancestor(const std::string& ancestor, const std::string& commit) const;

  Result<void> check_out_clone(const std::string& folder, const std::string& commit) const;
  Result<void> write_clone_skeleton(const std::string& folder, const std::string& commit) const;
  Result<void> make_linked(const std::string& folder, const std::string& commit) const;
  Result<void> keep_index(const std::string& folder, const std::string& commit) const;
  Result<void> remove_folder(const std::string& folder) const;
  bool is_registered(const std::string& linked) const;  // a git directory of one of the hub's worktrees

  Result<std::string> fetch_head(const std::string& folder, const core::CollectWork& command) const;
  Result<std::vector<std::string>> audit(const std::string& folder) const;
  Result<void> check_objects(const std::string& folder) const;
  // A folder for what a sealed git is given beside the workspace at `folder`: under its name with `ending`,
  // or in our own directory.
  std::string place_for(const std::string& folder, const std::string& ending) const;
  // Takes `commits` of the workspace's objects into the hub's. The first of them also becomes `ref`, unless
  // that is empty.
  Result<void> fetch_clone(const std::string& folder, const std::vector<std::string>& commits,
                           const std::string& ref) const;
  std::string upload_pack_command(const std::vector<Bind>& binds) const;
  Result<History> history(const std::string& base, const std::string& head) const;
  Result<Collection> finish_collection(const core::CollectWork& command, const std::string& head) const;
  Result<Collection> salvage(const core::CollectWork& command, const std::string& head,
                             const Error& error) const;
  std::string git_dir_of(const std::string& folder) const;  // of a workspace; "" when it is gone or replaced
  Result<std::vector<core::SideCommit>> keep_side_commits(const core::CollectWork& command,
                                                          const std::string& head,
                                                          const History& history) const;
  Result<std::vector<std::string>> fetch_side_commits(const std::string& folder,
                                                      const std::vector<std::string>& commits) const;
  Result<std::vector<std::string>> only_commits(const std::vector<std::string>& ids) const;
  Result<std::vector<std::string>> only_tips(const std::vector<std::string>& commits,
                                             const std::vector<std::string>& reachable) const;
  std::string collect_ref(const core::CollectWork& command) const;

  Result<std::set<std::string>> reached_by_none_but(const std::vector<NamedRef>& refs) const;
  struct Way;
  Result<Way> way_of(const core::PromoteTarget& command) const;
  Result<Promotion> leave(const core::PromoteTarget& command, const std::string& reason) const;
  Result<void> keep_ready(const std::string& verified) const;
  Result<Promotion> say_moved(const core::PromoteTarget& command, const std::string& at) const;
  Result<core::TargetHadMoved> moved_to(const core::PromoteTarget& command, const std::string& at) const;
  Result<void> check_merge_base(const std::string& from, const std::string& at) const;
  Result<Promotion> move_unattended(const core::PromoteTarget& command) const;
  std::string reflog_of(const std::string& act) const;

  GitRepositoryOptions options_;
  Git git_;
};

}  // namespace pianola::world
