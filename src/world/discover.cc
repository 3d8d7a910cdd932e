#include "world/discover.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <vector>

#include "base/text.h"
#include "world/files.h"
#include "world/git_borrowed.h"
#include "world/git_dirs.h"
#include "world/git_filters.h"
#include "world/git_refs.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

// The person's own configuration takes part here: it says which repositories are safe and who they are.
GitCall persons_call(const DiscoverOptions& options, std::vector<std::string> args) {
  GitCall call{
      .args = std::move(args), .cwd = options.dir, .config = GitCall::Config::person, .timeout_ms = 60'000};
  for (const char* name : {"HOME", "XDG_CONFIG_HOME"}) {
    const auto found = options.env.find(name);
    if (found != options.env.end()) call.env[name] = found->second;
  }
  return call;
}

GitCall hub_call(const Hub& hub, std::vector<std::string> args) {
  return {.args = std::move(args), .git_dir = hub.checkout_git_dir, .timeout_ms = 60'000};
}

Error not_usable(const DiscoverOptions& options, const GitCall& call, const Finished& finished) {
  if (finished.err.find("not a git repository") != std::string::npos)
    return {.kind = ErrorKind::repository,
            .where = shown(options.dir),
            .what = "not inside a git repository",
            .expected = "one",
            .next = "run: git init"};
  Error error = git_error(call, finished);
  error.kind = ErrorKind::repository;
  error.where = shown(options.dir);
  if (finished.err.find("dubious ownership") != std::string::npos) {
    error.expected = "a repository of your own, or one you call safe";
    error.next =
        "if you trust it: git config --global --add safe.directory " + shown(shell_quoted(options.dir));
  }
  const bool is_unknown = finished.err.find("unknown repository extension") != std::string::npos ||
                          finished.err.find("Expected git repo version") != std::string::npos;
  if (is_unknown) {
    error.expected = "a format that this git knows";
    error.next = "use the git that made it, or a newer one";
  }
  return error;
}

Result<void> find_checkout(const Git& git, const DiscoverOptions& options, Hub& hub, bool is_bare) {
  if (is_bare) {
    hub.path = hub.layout.git_dir;
    return {};
  }
  const GitCall call = persons_call(options, {"rev-parse", "--show-toplevel"});
  const Finished finished = TRY(git.run(call));
  if (!finished.ok())
    return refuse({.kind = ErrorKind::repository,
                   .where = shown(options.dir),
                   .what = "inside a git directory",
                   .expected = "the checkout",
                   .next = "go there: cd " + shown(shell_quoted(parent_folder(hub.layout.git_dir)))});
  hub.top = line_of(finished.out);
  hub.path = hub.top;
  return {};
}

Result<void> find_head(const Git& git, Hub& hub) {
  const Finished symbolic = TRY(git.run(hub_call(hub, {"symbolic-ref", "-q", "HEAD"})));
  if (symbolic.ok()) hub.head_ref = line_of(symbolic.out);
  const Finished commit = TRY(git.run(hub_call(hub, {"rev-parse", "-q", "--verify", "HEAD^{commit}"})));
  if (commit.ok()) hub.head_commit = line_of(commit.out);
  return {};
}

Result<void> find_filters(const Git& git, const DiscoverOptions& options, Hub& hub) {
  const GitCall call = persons_call(options, {"config", "-z", "--get-regexp", filter_settings});
  const Finished finished = TRY(git.run(call));
  // 1: there are none (git-config(1)).
  if (finished.signalled || finished.value > 1) return refuse(git_error(call, finished));
  hub.filters = filters_in(finished.out);
  return {};
}

Result<void> check_unfiltered(const Hub& hub, const Git& git, const std::string& commit) {
  if (hub.filters.empty()) return {};
  std::string scratch = "/tmp/pianola-attributes-XXXXXX";
  if (::mkdtemp(scratch.data()) == nullptr) return refuse(system_error(scratch, errno));
  const auto filtered = filtered_in(git, {.hub = {.git_dir = hub.layout.git_dir, .timeout_ms = 60'000},
                                          .commit = commit,
                                          .filters = hub.filters,
                                          .scratch_index = scratch + "/index"});
  TRY(remove_tree(scratch));
  if (!filtered) return refuse(filtered.error());
  if (filtered->empty()) return {};
  const auto& [path, filter] = *filtered->begin();
  const size_t more = filtered->size() - 1;
  const std::string others = more == 0   ? ""
                             : more == 1 ? ", and 1 more file goes through one"
                                         : fmt::format(", and {} more files go through one", more);
  return refuse({.kind = ErrorKind::repository,
                 .where = shown(path),
                 .what = "goes through the filter " + shown(filter) + others,
                 .expected = "no such file: this version of pianola runs no filters",
                 .next = "see it: git check-attr filter " + shown(shell_quoted(path))});
}

Error no_first_commit(const Hub& hub) {
  const std::string branch = hub.head_ref.empty() ? "HEAD" : "branch " + shown(short_branch(hub.head_ref));
  return {.kind = ErrorKind::repository,
          .where = shown(hub.path),
          .what = branch + " has no commit yet",
          .expected = "a first commit",
          .next = "make one: git commit --allow-empty -m \"First commit\""};
}

Error in_progress(const Hub& hub, const std::string& operation) {
  const std::string article = operation == "am" ? "an " : "a ";
  const std::string way_out =
      operation == "bisect" ? "git bisect reset" : "git " + operation + " --continue, or --abort";
  return {.kind = ErrorKind::repository,
          .where = shown(hub.path),
          .what = article + operation + " is in progress",
          .expected = "a settled repository",
          .next = "finish it: " + way_out};
}

Result<void> check_borrowed(const Hub& hub) {
  const std::string objects = hub.layout.git_dir + "/objects";
  const std::string missing = missing_alternate(objects);
  if (missing.empty()) return {};
  return refuse(
      {.kind = ErrorKind::repository,
       .where = shown(hub.path),
       .what = "borrows objects from " + shown(missing) + ", which is not there",
       .expected = "the repository it was cloned from",
       .next = "put it back, or write where it is now into " + shown(objects + "/info/alternates")});
}

Result<void> check_fetched(const Hub& hub, const Git& git, const std::string& commit) {
  const size_t lacking =
      TRY(count_unfetched(git, hub_call(hub, {}), hub.layout.git_dir + "/objects", commit));
  if (lacking == 0) return {};
  return refuse({.kind = ErrorKind::repository,
                 .where = shown(hub.path),
                 .what = fmt::format("a partial clone, {} object{} of {} not fetched yet", lacking,
                                     lacking == 1 ? "" : "s", short_id(commit)),
                 .expected = "all that agents start from",
                 .next = "fetch it: git fetch --refetch --no-filter"});
}

// Refs are moved, read and synced as files.
Result<void> check_ref_format(const Hub& hub) {
  if (!exists(hub.layout.git_dir + "/reftable")) return {};
  return refuse({.kind = ErrorKind::repository,
                 .where = shown(hub.path),
                 .what = "keeps its refs in reftable",
                 .expected = "refs in files, as git keeps them by default",
                 .next = "convert it, with git 2.46 or newer: git refs migrate --ref-format=files"});
}

// refs/pianola, refs/pianola/base and so on must be folders.
Result<void> check_own_refs(const Hub& hub, const Git& git) {
  const Finished listed =
      TRY(git.run(hub_call(hub, {"for-each-ref", "--count=1", "--format=%(refname)", "--", "refs/pianola",
                                 "refs/pianola/base", "refs/pianola/staging", "refs/pianola/in",
                                 "refs/pianola/saved", "refs/pianola/cand", "refs/pianola/ready"})));
  for (const char* name : {"", "/base", "/staging", "/in", "/saved", "/cand", "/ready"}) {
    const std::string ref = std::string("refs/pianola") + name;
    const bool is_taken = line_of(listed.out) == ref || (exists(hub.layout.git_dir + "/" + ref) &&
                                                         !is_folder(hub.layout.git_dir + "/" + ref));
    if (is_taken)
      return refuse({.kind = ErrorKind::repository,
                     .where = ref,
                     .what = "is a ref, where pianola keeps a folder of refs",
                     .expected = "no ref of this name",
                     .next = "if you do not need it: git update-ref -d " + ref});
  }
  return {};
}

}  // namespace

Result<Hub> discover(const DiscoverOptions& options) {
  Hub hub;
  hub.git = TRY(find_git(options.env, options.run_child));
  const Git git(hub.git, options.run_child);
  const GitCall call =
      persons_call(options, {"rev-parse", "--path-format=absolute", "--git-common-dir", "--git-dir",
                             "--is-bare-repository", "--show-object-format=storage"});
  const Finished finished = TRY(git.run(call));
  if (!finished.ok()) return refuse(not_usable(options, call, finished));
  const std::vector<std::string> lines = pieces_of(finished.out, '\n');
  if (lines.size() != 4)
    return refuse({.kind = ErrorKind::repository,
                   .where = shown(options.dir),
                   .what = "its path holds a line break",
                   .expected = "a path of one line",
                   .next = "rename the folder"});
  hub.layout = TRY(find_layout(lines[0], options.env));
  hub.checkout_git_dir = lines[1];
  hub.object_format = lines[3];
  TRY(find_checkout(git, options, hub, lines[2] == "true"));
  TRY(find_head(git, hub));
  TRY(find_filters(git, options, hub));
  return hub;
}

Result<void> check_settled(const Hub& hub, const RunChild& run) {
  TRY(check_writable(hub.layout));
  TRY(check_ref_format(hub));
  TRY(check_borrowed(hub));
  if (hub.head_commit.empty()) return refuse(no_first_commit(hub));
  const std::string operation = operation_in(hub.checkout_git_dir);
  if (!operation.empty()) return refuse(in_progress(hub, operation));
  return check_own_refs(hub, Git(hub.git, run));
}

namespace {

Result<RunStart> named_start(const Hub& hub, const std::string& branch, const Git& git);

}  // namespace

Result<RunStart> choose_start(const Hub& hub, const std::string& branch, const RunChild& run) {
  if (branch.empty() && hub.head_ref.empty())
    return refuse({.kind = ErrorKind::repository,
                   .where = shown(hub.path),
                   .what = "HEAD is detached at " + short_id(hub.head_commit),
                   .expected = "a branch to land on",
                   .next = "name one: pianola run --target BRANCH"});
  const Git git(hub.git, run);
  RunStart start =
      branch.empty() ? RunStart{hub.head_ref, hub.head_commit} : TRY(named_start(hub, branch, git));
  TRY(check_fetched(hub, git, start.base));
  TRY(check_unfiltered(hub, git, start.base));
  return start;
}

namespace {

Result<RunStart> named_start(const Hub& hub, const std::string& branch, const Git& git) {
  const std::string ref = TRY(full_branch_ref(branch));
  const GitRefs refs(git, {.git_dir = hub.layout.git_dir, .common_dir = hub.layout.git_dir, .identity = {}});
  const std::string commit = TRY(refs.read(ref));
  if (commit.empty()) {
    const std::string listed =
        TRY(git.output(hub_call(hub, {"for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"})));
    const std::vector<std::string> known = pieces_of(listed, '\n');
    const std::string near = nearest(branch, known);
    return refuse({.kind = ErrorKind::repository,
                   .where = shown(hub.path),
                   .what = "no branch \"" + shown(branch) + "\"",
                   .expected = "a branch that exists",
                   .next = near.empty() ? "see them: git branch --list" : "nearest is " + shown(near)});
  }
  if (hub.head_ref.empty() && commit != hub.head_commit)
    return refuse({.kind = ErrorKind::repository,
                   .where = shown(hub.path),
                   .what = "HEAD is detached at " + short_id(hub.head_commit) + " and " + shown(branch) +
                           " is at " + short_id(commit),
                   .expected = "both at one commit",
                   .next = "check it out: git switch " + shown(shell_quoted(branch))});
  return RunStart{ref, commit};
}

}  // namespace

Result<DirtyCounts> count_dirty(const Hub& hub, const DiscoverOptions& options) {
  DirtyCounts counts;
  if (hub.top.empty()) return counts;
  const Git git(hub.git, options.run_child);
  const std::string output =
      TRY(git.output(persons_call(options, {"status", "--porcelain=v1", "-z", "--no-renames",
                                            "--untracked-files=all", "--ignore-submodules=dirty"})));
  for (const std::string& entry : pieces_of(output, '\0'))
    (entry.rfind("??", 0) == 0 ? counts.untracked : counts.changed) += 1;
  return counts;
}

std::string dirty_note(const DirtyCounts& counts, const std::string& base) {
  const auto files = [](int count, const char* kind) {
    return fmt::format("{} {} file{}", count, kind, count == 1 ? "" : "s");
  };
  std::string what;
  if (counts.changed > 0) what = files(counts.changed, "changed");
  if (counts.untracked > 0) what += (what.empty() ? "" : " and ") + files(counts.untracked, "untracked");
  if (what.empty()) return {};
  const bool is_one = counts.changed + counts.untracked == 1;
  return what + (is_one ? " is" : " are") + " not seen by agents; they start from " + short_id(base);
}

Result<Identity> find_identity(const Hub& hub, const DiscoverOptions& options) {
  const Git git(hub.git, options.run_child);
  const GitCall call = persons_call(options, {"config", "-z", "--get-regexp", "^user\\.(name|email)$"});
  const Finished finished = TRY(git.run(call));
  if (finished.signalled || finished.value > 1) return refuse(git_error(call, finished));
  Identity identity;
  // Entries are "key\nvalue"; the last one of a key counts.
  for (const std::string& entry : pieces_of(finished.out, '\0')) {
    if (entry.rfind("user.name\n", 0) == 0) identity.name = entry.substr(10);
    if (entry.rfind("user.email\n", 0) == 0) identity.email = entry.substr(11);
  }
  if (!identity.name.empty() && !identity.email.empty()) return identity;
  const char* lacking = identity.name.empty() && identity.email.empty() ? "user.name and no user.email"
                        : identity.name.empty()                         ? "user.name"
                                                                        : "user.email";
  return refuse({.kind = ErrorKind::repository,
                 .where = shown(hub.path),
                 .what = std::string("git has no ") + lacking,
                 .expected = "a name and an address for the merge commits",
                 .next = "run: git config --global user.name \"Your Name\" && "
                         "git config --global user.email you@example.com"});
}

}  // namespace pianola::world
