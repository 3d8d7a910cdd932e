// Taking work in: fetch, history, leftovers, one ref.
#include <fmt/format.h>

#include "base/hash.h"
#include "world/clock.h"
#include "world/files.h"
#include "world/git_audit.h"
#include "world/git_dirs.h"
#include "world/git_leftovers.h"
#include "world/git_repository.h"
#include "world/git_source.h"
#include "world/git_text.h"
#include "world/git_unfinished.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

constexpr const char* history_limit = "--max-count=1000";

std::string name_of(const core::AttemptKey& key) {
  return key.task.str() + ", attempt " + std::to_string(key.number);
}

std::string trailers(const core::RunId& run, const core::AttemptKey& key) {
  return fmt::format("\n\nPianola-Run: {}\nPianola-Task: {}\nPianola-Attempt: {}\n", run.str(),
                     key.task.str(), key.number);
}

}  // namespace

Result<GitRepository::Collection> GitRepository::collect(const core::CollectWork& command) const {
  const std::string folder =
      workspace_dir(options_.layout, options_.run, command.key.task, command.generation);
  if (!is_folder(folder))
    return refuse({.kind = ErrorKind::failed,
                   .where = shown(folder),
                   .what = "the workspace is gone",
                   .expected = "the folder the agent worked in"});
  TRY(ensure_own_dir());
  PIANOLA_STEP("ingest.before");
  const Result<std::string> head = fetch_head(folder, command);
  if (!head) return salvage(command, command.base, head.error());
  PIANOLA_STEP("ingest.fetched");
  Result<Collection> tree = finish_collection(command, *head);
  if (tree) tree->outside = TRY(audit(folder));
  if (!tree && command.purpose == core::CollectFor::landing) return salvage(command, *head, tree.error());
  return tree;
}

// Only a linked worktree lets its worker at the hub.
Result<std::vector<std::string>> GitRepository::audit(const std::string& folder) const {
  const auto before = TRY(read_file_if_present(folder + beside_audit, size_t{64} << 20));
  if (!before) return std::vector<std::string>{};
  return audit_findings(parse_look(*before), look_at_hub(options_.layout.git_dir));
}

// The commits of HEAD, in the ref of this collection; the base itself without a fetch when the agent made
// none.
Result<std::string> GitRepository::fetch_head(const std::string& folder,
                                              const core::CollectWork& command) const {
  const bool is_clone = options_.workspaces == GitRepositoryOptions::Workspaces::clone;
  const std::string git_dir = git_dir_of(folder);
  if (git_dir.empty())
    return refuse({.kind = ErrorKind::failed,
                   .where = shown(folder),
                   .what = "its .git is gone or replaced",
                   .expected = "the repository the agent was given"});
  const std::string head = read_head(git_dir, is_clone ? git_dir : options_.layout.git_dir);
  if (head.empty())
    return refuse({.kind = ErrorKind::failed,
                   .where = shown(folder),
                   .what = "its HEAD names no commit",
                   .expected = "the agent's last commit"});
  if (head == command.base) return head;
  if (is_clone)
    TRY(fetch_clone(folder, {head}, collect_ref(command)));
  else
    TRY(refs().move({{.ref = collect_ref(command), .to = head, .from = ""}}, "pianola: collect"));
  return head;
}

// A .git that points elsewhere would have pianola read a repository the agent was never given.
std::string GitRepository::git_dir_of(const std::string& folder) const {
  const bool is_clone = options_.workspaces == GitRepositoryOptions::Workspaces::clone;
  const std::string git_dir = is_clone ? folder + "/.git" : linked_git_dir(folder);
  return (is_clone ? is_folder(git_dir) : is_registered(git_dir)) ? git_dir : "";
}

Result<void> GitRepository::check_objects(const std::string& folder) const {
  const auto measured = measure_objects(folder + "/.git/objects", options_.layout.git_dir + "/objects");
  if (!measured && measured.error().kind == ErrorKind::integrity) {
    // Damage in there is the agent's, not the repository's.
    Error error = measured.error();
    error.kind = ErrorKind::failed;
    return refuse(std::move(error));
  }
  const int64_t bytes = TRY(measured);
  if (bytes > options_.limits.new_object_bytes)
    return refuse({.kind = ErrorKind::failed,
                   .where = shown(folder),
                   .what = fmt::format("holds {} MB of new objects", bytes >> 20),
                   .expected = fmt::format("at most {} MB", options_.limits.new_object_bytes >> 20)});
  return {};
}

// Nobody cannot pass through the folder of the state, and Landlock shows it nowhere else.
std::string GitRepository::place_for(const std::string& folder, const std::string& ending) const {
  const auto& sealer = options_.sealer;
  const bool is_seen = !sealer || has_own_root(*sealer) || !sealer->is_root;
  if (!is_seen) return folder + ending;
  return own_git_dir(options_.layout) + "/" + ending.substr(1) + "." + sha256_hex(folder).substr(0, 16);
}

Result<void> GitRepository::fetch_clone(const std::string& folder, const std::vector<std::string>& commits,
                                        const std::string& ref) const {
  TRY(check_objects(folder));
  const auto& sealer = options_.sealer;
  const std::string source = place_for(folder, beside_source);
  TRY(make_source({.path = source,
                   .commits = commits,
                   .objects_dir = folder + "/.git/objects",
                   .hub_git_dir = options_.layout.git_dir,
                   .object_format = options_.object_format}));
  if (sealer) TRY(give_to_worker(source, *sealer));
  std::vector<Bind> binds = object_binds(options_.layout.git_dir);
  binds.push_back({folder + "/.git/objects", folder + "/.git/objects"});
  binds.push_back({source, source});
  const std::string upload_pack = upload_pack_command(binds);
  if (!ref.empty()) TRY(refs().prepare(ref));
  GitCall call = hub({"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
                      "--no-prune", "--no-auto-maintenance", "--no-write-commit-graph",
                      "--no-show-forced-updates", "--upload-pack=" + upload_pack, "--", source});
  for (size_t i = 0; i < commits.size(); ++i)
    call.args.push_back("+refs/heads/" + std::to_string(i + 1) + (i == 0 && !ref.empty() ? ":" + ref : ""));
  call.timeout_ms = options_.limits.fetch_timeout_ms;
  const Instant begun = wall_now();
  const Result<Finished> run = git_.run(call);
  if (!run || !run->ok()) remove_unfinished_packs(options_.layout.git_dir + "/objects", left_by_fetch(begun));
  const Finished finished = TRY(run);
  TRY(remove_tree(source));
  if (finished.ok()) return ref.empty() ? Result<void>() : refs().sync(ref);
  const std::string lock = lock_named_in(finished.err);
  if (!lock.empty()) return refuse(lock_error(lock, options_.lock_wait_ms));
  Error error = git_error(call, finished);
  error.where = shown(folder);
  error.what = "git does not take the work: " + error.what;
  return refuse(std::move(error));
}

// The child starts with a cleared repository environment, so what it needs is said again.
std::string GitRepository::upload_pack_command(const std::vector<Bind>& binds) const {
  std::vector<std::string> words{git_.program().path, "-c", "core.hooksPath=/dev/null", "-c",
                                 "core.fsmonitor=false"};
  // Inside, the one who reads is not the one who made the hub's objects.
  if (options_.sealer) words.insert(words.end(), {"-c", "safe.directory=*"});
  words.emplace_back("upload-pack");
  if (options_.sealer) words = sealed_argv(*options_.sealer, {.binds = binds, .cwd = "/"}, words);
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + shell_quoted(word);
  return command;
}

Result<GitRepository::Collection> GitRepository::finish_collection(const core::CollectWork& command,
                                                                   const std::string& head) const {
  const History history_of = TRY(history(command.base, head));
  auto kept = keep_side_commits(command, head, history_of);
  const bool is_needed = command.purpose == core::CollectFor::landing;
  if (!kept && (is_needed || kept.error().kind == ErrorKind::paused)) return refuse(kept.error());
  PIANOLA_STEP("ingest.side_commits");
  Leftovers leftovers(*this, command, head, history_of.changes);
  Leftovers::Found found = TRY(leftovers.read());
  PIANOLA_STEP("ingest.leftovers");

  std::string result = head;
  const bool is_rewritten = !history_of.descends && command.purpose == core::CollectFor::landing;
  if (is_rewritten) {
    TRY(refs().move({{.ref = saved_ref(options_.run, command.key), .to = head, .from = ""}},
                    "pianola: keep"));
    result = TRY(write_commit(
        {.tree = TRY(tree_of(head)),
         .parents = {command.base},
         .message = "Work of " + name_of(command.key) + ", on its base" + trailers(options_.run, command.key),
         .seconds = found.seconds}));
  }
  if (found.dirty)
    result = TRY(
        write_commit({.tree = found.tree,
                      .parents = {result},
                      .message = "Leftovers of " + name_of(command.key) + trailers(options_.run, command.key),
                      .seconds = found.seconds}));
  if (result != head)
    TRY(refs().move({{.ref = collect_ref(command), .to = result, .from = ""}}, "pianola: collect"));
  PIANOLA_STEP("ingest.kept");

  Collection tree;
  tree.key = command.key;
  tree.leftovers = found.dirty;
  if (kept) tree.side_commits = std::move(*kept);
  if (!found.dirty)
    tree.changes = history_of.changes;
  else
    tree.changes = found.changes ? std::move(*found.changes) : TRY(compare(command.base, result));
  if (tree.changes.size() > options_.limits.changed_paths && command.purpose == core::CollectFor::landing)
    return refuse({.kind = ErrorKind::failed,
                   .where = command.key.task.str(),
                   .what = fmt::format("changes {} paths", tree.changes.size()),
                   .expected = fmt::format("at most {}", options_.limits.changed_paths)});
  if (command.purpose == core::CollectFor::landing && has_new_gitlinks(tree.changes)) {
    // They are no work that can land, and the files behind them are in no commit of ours.
    core::CollectWork keeping = command;
    keeping.purpose = core::CollectFor::keeping;
    TRY(finish_collection(keeping, head));
  }
  if (command.purpose == core::CollectFor::landing) {
    TRY(mark_filtered(command.key, result, tree.changes));
    TRY(mark_twins(command, tree.changes));
  }
  if (!tree.changes.empty()) tree.head = result;
  return tree;
}

// A chain of first parents that ends at base proves the descent, and its changes add up to the whole:
// one child. Anything else is asked for separately.
Result<GitRepository::History> GitRepository::history(const std::string& base,
                                                      const std::string& head) const {
  if (head == base) return History{.descends = true};
  const std::string log =
      TRY(git_.output(own({"log", "--first-parent", "-m", "--raw", "-r", "-z", "--no-renames", "--no-abbrev",
                           history_limit, history_format, base + ".." + head})));
  const std::vector<LoggedCommit> commits = TRY(read_history(log));
  History found;
  for (const LoggedCommit& commit : commits) found.commits.push_back(commit.id);
  found.descends =
      !commits.empty() && !commits.back().parents.empty() && commits.back().parents.front() == base;
  if (found.descends) {
    found.changes = compose(commits);
  } else {
    found.descends = TRY(is_ancestor(base, head));
    found.changes = TRY(compare(base, head));
  }
  return found;
}

// It cannot be taken in for landing: keep what can be had, at least the files on top of `head`.
Result<GitRepository::Collection> GitRepository::salvage(const core::CollectWork& command,
                                                         const std::string& head, const Error& error) const {
  if (error.kind == ErrorKind::paused || error.kind == ErrorKind::integrity) return refuse(error);
  core::CollectWork keeping = command;
  keeping.purpose = core::CollectFor::keeping;
  Result<Collection> kept = finish_collection(keeping, head);
  if (command.purpose == core::CollectFor::keeping) return kept;
  Error said = error;
  if (kept && !kept->head.empty()) {
    const std::string ref = saved_ref(options_.run, command.key);
    TRY(refs().move({{.ref = ref, .to = kept->head, .from = ""}}, "pianola: keep"));
    said.next = "its files are kept in " + ref;
  }
  return refuse(std::move(said));
}

std::string GitRepository::collect_ref(const core::CollectWork& command) const {
  return command.purpose == core::CollectFor::landing ? in_ref(options_.run, command.key)
                                                      : saved_ref(options_.run, command.key);
}

}  // namespace pianola::world
