// Candidates: merges made of objects alone, in our own directory, the same id every time.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "plan/contract.h"
#include "plan/environment.h"
#include "world/git_lockfiles.h"
#include "world/git_repository.h"
#include "world/git_text.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

constexpr int64_t ns_in_a_second = 1'000'000'000;

// The first line of `text`, which may be anything.
std::string subject_line(const std::string& text) {
  return text.substr(0, text.find_first_of(std::string("\r\n\0", 3)));
}

}  // namespace

Result<GitRepository::Candidate> GitRepository::build_candidate(const core::BuildCandidate& command) const {
  TRY(ensure_own_dir());
  // A task that only reads brings no commit: what it is checked on is staging itself.
  if (command.head.empty()) return engine::CandidateTree{command.key, command.staging, {}};
  Merge merge = TRY(merge_trees(command.staging, command.head));
  PIANOLA_STEP("candidate.merged");
  if (!merge.conflicts.empty()) return core::CandidateConflicted{command.key, std::move(merge.conflicts)};

  const std::string message = fmt::format("{}\n\nPianola-Run: {}\nPianola-Task: {}\nPianola-Attempt: {}\n",
                                          subject_line(command.subject), options_.run.str(),
                                          command.key.task.str(), command.key.number);
  const std::string commit = TRY(write_commit({.tree = merge.tree,
                                               .parents = {command.staging, command.head},
                                               .message = message,
                                               .seconds = command.at.ns / ns_in_a_second}));
  PIANOLA_STEP("candidate.committed");
  // It keeps the commit from being pruned until staging stands there; the merge can be made again.
  TRY(refs().move({{.ref = candidate_ref(options_.run, command.key), .to = commit, .from = ""}},
                  "pianola: candidate", GitRefs::Survives::kill_only));
  PIANOLA_STEP("candidate.kept");
  std::vector<TreeChange> changes = TRY(compare(command.staging, commit));
  TRY(mark_filtered(command.key, commit, changes));
  auto contracts = TRY(changed_contracts(command.contracts, changes));
  std::string environment = TRY(changed_environment(commit, changes));
  return engine::CandidateTree{command.key, commit, std::move(changes), std::move(contracts),
                               std::move(environment)};
}

Result<std::string> GitRepository::changed_environment(const std::string& commit,
                                                       const std::vector<TreeChange>& changes) const {
  const bool is_changed = std::any_of(changes.begin(), changes.end(), [](const TreeChange& change) {
    return plan::is_own_lockfile(change.path);
  });
  return is_changed ? environment_at(git_, own({}), commit) : std::string();
}

// A link says nothing itself; of a file that nobody reads its id will do.
Result<std::string> GitRepository::version_of(const TreeChange& contract) const {
  constexpr int64_t bytes_max = 1 << 20;
  constexpr int file_kind = 0100000;
  constexpr int kind_mask = 0170000;
  if ((contract.new_mode & kind_mask) != file_kind) return std::string();
  const std::string size = TRY(git_.output(own({"cat-file", "-s", contract.new_id})));
  if (std::strtoll(size.c_str(), nullptr, 10) > bytes_max) return contract.new_id.substr(0, 12);
  return plan::contract_version(TRY(git_.output(own({"cat-file", "blob", contract.new_id}))));
}

Result<std::vector<core::ContractVersion>> GitRepository::changed_contracts(
    const std::vector<core::ContractPath>& contracts, const std::vector<TreeChange>& changes) const {
  std::vector<core::ContractVersion> versions;
  for (const core::ContractPath& contract : contracts) {
    const auto change = std::find_if(changes.begin(), changes.end(),
                                     [&](const TreeChange& each) { return each.path == contract.path; });
    if (change == changes.end()) continue;
    versions.push_back({contract.name, TRY(version_of(*change))});
  }
  return versions;
}

Result<GitRepository::Rebuild> GitRepository::rebuild_staging(const core::RebuildStaging& command) const {
  TRY(ensure_own_dir());
  Merge merge = TRY(merge_trees(command.staging, command.target));
  if (!merge.conflicts.empty()) return core::RebuildConflicted{std::move(merge.conflicts), command.target};
  const std::string message = fmt::format("Merge {} into run\n\nPianola-Run: {}\n",
                                          short_branch(options_.target), options_.run.str());
  const std::string commit = TRY(write_commit({.tree = merge.tree,
                                               .parents = {command.staging, command.target},
                                               .message = message,
                                               .seconds = command.at.ns / ns_in_a_second}));
  const std::string ref = staging_ref(options_.run);
  const Moved moved =
      TRY(refs().move({{.ref = ref, .to = commit, .from = command.staging}}, "pianola: take in the target"));
  if (moved == Moved::yes) {
    std::string environment = TRY(changed_environment(commit, TRY(compare(command.staging, commit))));
    return core::StagingWasRebuilt{commit, command.target, std::move(environment)};
  }
  const std::string at = TRY(refs().read(ref));
  return refuse({.kind = ErrorKind::repository,
                 .where = ref,
                 .what = at.empty() ? "is gone" : "stands at " + at.substr(0, 12),
                 .expected = command.staging.substr(0, 12),
                 .next = "put it back: git update-ref " + ref + " " + command.staging});
}

Result<GitRepository::Merge> GitRepository::merge_trees(const std::string& ours,
                                                        const std::string& theirs) const {
  const GitCall call =
      own({"merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs});
  const Finished finished = TRY(git_.run(call));
  // 0 is a clean merge and 1 one with conflicts, whose paths follow the tree (git-merge-tree(1)).
  if (finished.signalled || finished.value > 1) return refuse(git_error(call, finished));
  std::vector<std::string> pieces = pieces_of(finished.out, '\0');
  if (pieces.empty()) return refuse(git_error(call, finished));
  Merge merge{.tree = pieces.front(), .conflicts = {}};
  if (finished.value == 1) {
    merge.conflicts.assign(pieces.begin() + 1, pieces.end());
    if (merge.conflicts.empty()) return refuse(git_error(call, finished));
  }
  return merge;
}

}  // namespace pianola::world
