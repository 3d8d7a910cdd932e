#include "world/git_checkout.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_text.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

constexpr size_t names_shown = 3;

// "a.txt, b.txt, c.txt and 4 more".
std::string names(const std::vector<std::string>& paths) {
  std::string out;
  for (size_t i = 0; i < paths.size() && i < names_shown; ++i) out += (i == 0 ? "" : ", ") + shown(paths[i]);
  if (paths.size() > names_shown) out += fmt::format(" and {} more", paths.size() - names_shown);
  return out;
}

// The paths of `git status --porcelain=v1 -z --no-renames`: two letters, a space, the path.
std::vector<std::string> changed_paths(const std::string& output) {
  std::vector<std::string> paths;
  for (const std::string& entry : pieces_of(output, '\0'))
    if (entry.size() > 3) paths.push_back(entry.substr(3));
  return paths;
}

// Added paths that something untracked stands in the way of. `git read-tree -u` protects most of it, but
// takes ignored files for expendable; a user's ignored file may well be one they need.
std::vector<std::string> paths_in_the_way(const std::string& folder, const std::vector<TreeChange>& changes) {
  std::set<std::string> leaving;
  for (const TreeChange& change : changes)
    if (change.new_mode == 0) leaving.insert(change.path);
  std::vector<std::string> found;
  for (const TreeChange& change : changes) {
    if (change.old_mode != 0) continue;
    for (size_t slash = change.path.find('/');; slash = change.path.find('/', slash + 1)) {
      const std::string part = change.path.substr(0, slash);
      const bool is_last = slash == std::string::npos;
      const bool is_free = !exists(folder + "/" + part) || leaving.count(part) > 0;
      if (!is_free && (is_last || !is_folder(folder + "/" + part))) found.push_back(part);
      if (is_free || is_last) break;
    }
  }
  return found;
}

// The first path that a `git check-attr -z` output gives a value of the attribute, and the value.
std::optional<std::pair<std::string, std::string>> first_with_value(const std::string& output) {
  const std::vector<std::string> pieces = pieces_of(output, '\0');
  for (size_t i = 0; i + 2 < pieces.size(); i += 3)
    if (pieces[i + 2] != "unspecified" && pieces[i + 2] != "unset")
      return std::pair(pieces[i], pieces[i + 2]);
  return std::nullopt;
}

std::string first_line_in(const std::string& path) {
  const auto bytes = read_file_if_present(path, 4096);
  return bytes && *bytes ? line_of(**bytes) : "";
}

// How `ref` is busy in this checkout although HEAD is detached meanwhile, "" when it is not.
std::string busy_with(const CheckoutPlace& place, const std::string& ref) {
  for (const char* file : {"/rebase-merge/head-name", "/rebase-apply/head-name"})
    if (first_line_in(place.git_dir + file) == ref)
      return "a rebase of " + shown(short_branch(ref)) + " is in progress in " + shown(place.folder);
  if (exists(place.git_dir + "/BISECT_LOG") &&
      "refs/heads/" + first_line_in(place.git_dir + "/BISECT_START") == ref)
    return "a bisect of " + shown(short_branch(ref)) + " is in progress in " + shown(place.folder);
  return {};
}

// git never syncs the files it checks out, and after a power cut they would stand there empty under a branch
// that has moved, as changes of the user's.
Result<void> sync_files_of(const std::string& folder) {
  const Fd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!dir || ::syncfs(dir.get()) != 0) return refuse(system_error(folder, errno));
  return {};
}

}  // namespace

Result<CheckoutsOfRef> checkouts_of(const Git& git, const GitCall& list, const std::string& ref) {
  const std::string output = TRY(git.output(list));
  CheckoutsOfRef found;
  CheckoutPlace place;
  for (const std::string& line : pieces_of(output, '\0')) {
    constexpr std::string_view worktree = "worktree ";
    if (line.rfind(worktree, 0) == 0) {
      place.folder = line.substr(worktree.size());
      place.git_dir =
          is_folder(place.folder + "/.git") ? place.folder + "/.git" : linked_git_dir(place.folder);
    } else if (line == "branch " + ref) {
      found.places.push_back(place);
    } else if (line == "detached" && found.busy.empty()) {
      found.busy = busy_with(place, ref);
    }
  }
  return found;
}

Checkout::Checkout(const GitRepository& repository, const core::PromoteTarget& command, CheckoutPlace place,
                   std::string reflog)
    : repository_(repository), command_(command), place_(std::move(place)), reflog_(std::move(reflog)) {}

Result<std::optional<std::string>> Checkout::move() {
  if (place_.git_dir.empty()) return "its checkout " + shown(place_.folder) + " is not there";
  // git locks all of these to move the files and then the branch. One that stays must stop us before the
  // first.
  const std::string& refs_dir = repository_.options_.layout.git_dir;
  for (const std::string& lock : {place_.git_dir + "/index.lock", place_.git_dir + "/HEAD.lock",
                                  refs_dir + "/" + repository_.options_.target + ".lock"})
    TRY(await_unlocked(lock, repository_.options_.lock_wait_ms));
  if (const auto reason = TRY(reason_to_leave())) {
    // Killed after the files and before the ref: the files are there already.
    if (!TRY(stands_at_target())) return reason;
  } else {
    TRY(refresh_index());
    const GitCall call = here({"read-tree", "-m", "-u", command_.from, command_.to});
    const Finished finished = TRY(repository_.git_.run(call));
    const std::string lock = finished.ok() ? "" : lock_named_in(finished.err);
    if (!lock.empty()) return refuse(lock_error(lock, repository_.options_.lock_wait_ms));
    if (!finished.ok()) return git_error(call, finished).text();
    TRY(sync_files_of(place_.folder));
  }
  PIANOLA_STEP("promote.files_moved");
  Result<std::optional<std::string>> left = move_target();
  if (left && !*left) return left;
  const std::string stuck = put_back();
  if (stuck.empty()) return left;
  if (left) return **left + "; " + stuck;
  Error error = left.error();
  error.what += "; " + stuck;
  return refuse(std::move(error));
}

Result<std::optional<std::string>> Checkout::move_target() {
  const std::optional<std::string> moved;
  if (first_line_in(place_.git_dir + "/HEAD") != "ref: " + repository_.options_.target)
    return shown(place_.folder) + " was switched to something else meanwhile";
  const GitRefs refs(repository_.git_, {.git_dir = place_.git_dir,
                                        .common_dir = repository_.options_.layout.git_dir,
                                        .identity = repository_.options_.identity,
                                        .lock_wait_ms = repository_.options_.lock_wait_ms});
  const Moved ref_moved = TRY(
      refs.move({{.ref = repository_.options_.target, .to = command_.to, .from = command_.from}}, reflog_));
  PIANOLA_STEP("promote.ref_moved");
  if (ref_moved == Moved::no)
    return shown(short_branch(repository_.options_.target)) + " was moved in " + shown(place_.folder) +
           " meanwhile";
  return moved;
}

// Index and files were moved and the branch was not: they go back to where they were clean. What belongs to
// the commit that HEAD is at by now, or was changed since, is not touched.
std::string Checkout::put_back() const {
  const auto at_head = repository_.git_.run(
      here({"diff-index", "--cached", "--quiet", "--ignore-submodules=dirty", "HEAD", "--"}));
  if (at_head && at_head->ok()) return {};
  const auto unlocked = await_unlocked(place_.git_dir + "/index.lock", repository_.options_.lock_wait_ms);
  const auto back = repository_.git_.run(here({"read-tree", "-m", "-u", command_.to, command_.from}));
  if (unlocked && back && back->ok()) return {};
  return fmt::format(
      "index and files of {} are at {} all the same; put them back: git -C {} read-tree -m -u {} {}",
      shown(place_.folder), short_id(command_.to), shown(shell_quoted(place_.folder)), command_.to,
      command_.from);
}

Result<std::optional<std::string>> Checkout::foreseen_reason() {
  if (place_.git_dir.empty()) return "its checkout " + shown(place_.folder) + " is not there";
  if (auto reason = TRY(reason_in_files())) {
    if (TRY(seems_at_target())) return std::nullopt;
    return reason;
  }
  return reason_in_paths(TRY(repository_.compare(command_.from, command_.to)));
}

// As stands_at_target(), and without a word to the index: status compares what was touched by itself.
Result<bool> Checkout::seems_at_target() const {
  const Finished index = TRY(repository_.git_.run(
      here({"diff-index", "--cached", "--quiet", "--ignore-submodules=dirty", command_.to, "--"})));
  if (!index.ok()) return false;
  for (const std::string& entry : pieces_of(TRY(tracked_status()), '\0'))
    if (entry.size() > 3 && entry[1] != ' ') return false;
  return true;
}

Result<std::string> Checkout::tracked_status() const {
  return repository_.git_.output(here({"status", "--porcelain=v1", "-z", "--no-renames",
                                       "--untracked-files=no", "--ignore-submodules=dirty"}));
}

Result<std::optional<std::string>> Checkout::reason_to_leave() {
  if (auto reason = TRY(reason_in_files())) return reason;
  const std::vector<TreeChange> changes = TRY(repository_.compare(command_.from, command_.to));
  if (auto reason = TRY(reason_in_paths(changes))) return reason;
  return reason_in_filters(changes);
}

Result<std::optional<std::string>> Checkout::reason_in_files() {
  const std::string operation = operation_in(place_.git_dir);
  if (!operation.empty())
    return fmt::format("{} {} is in progress in {}", operation == "am" ? "an" : "a", operation,
                       shown(place_.folder));
  const std::vector<std::string> changed = changed_paths(TRY(tracked_status()));
  if (!changed.empty())
    return fmt::format("{} has changes of its own: {}", shown(place_.folder), names(changed));
  return std::nullopt;
}

Result<std::optional<std::string>> Checkout::reason_in_paths(const std::vector<TreeChange>& changes) {
  const std::vector<std::string> in_the_way = paths_in_the_way(place_.folder, changes);
  if (!in_the_way.empty())
    return fmt::format("{} has untracked files in the way: {}", shown(place_.folder), names(in_the_way));
  return std::nullopt;
}

Result<std::optional<std::string>> Checkout::reason_in_filters(const std::vector<TreeChange>& changes) {
  const std::optional<std::string> none;
  // Filters are off, so a file that a filter would fill (git-lfs) must not be written by us. Attributes are
  // those of the new tree, and the user's own.
  GitCall check = here({"check-attr", "--cached", "-z", "--stdin", "filter"});
  for (const TreeChange& change : changes)
    if (change.new_mode != 0) check.stdin_bytes += change.path + '\0';
  if (check.stdin_bytes.empty()) return none;
  check.index_file =
      own_git_dir(repository_.options_.layout) + "/" + repository_.options_.run.str() + ".promote.index";
  TRY(remove_tree(check.index_file));
  TRY(remove_tree(check.index_file + ".lock"));
  GitCall read = repository_.own({"read-tree", command_.to});
  read.index_file = check.index_file;
  TRY(repository_.git_.output(read));
  const auto filtered = first_with_value(TRY(repository_.git_.output(check)));
  TRY(remove_tree(check.index_file));
  if (!filtered) return none;
  return fmt::format("{} goes through the filter {}, which pianola does not run", shown(filtered->first),
                     shown(filtered->second));
}

// True when index and files are exactly `to` already.
Result<bool> Checkout::stands_at_target() const {
  const Finished index = TRY(repository_.git_.run(
      here({"diff-index", "--cached", "--quiet", "--ignore-submodules=dirty", command_.to, "--"})));
  if (!index.ok()) return false;
  TRY(refresh_index());
  const Finished files =
      TRY(repository_.git_.run(here({"diff-files", "--quiet", "--ignore-submodules=dirty"})));
  return files.ok();
}

// For read-tree and diff-files a file that was touched is a file that was changed, until the index is told
// that its content is the same. What did change is left to them to find, and so is a lock that has appeared.
Result<void> Checkout::refresh_index() const {
  TRY(repository_.git_.run(here({"update-index", "-q", "--refresh"})));
  return {};
}

GitCall Checkout::here(std::vector<std::string> args) const {
  GitCall call = repository_.hub(std::move(args));
  call.git_dir = place_.git_dir;
  call.work_tree = place_.folder;
  return call;
}

}  // namespace pianola::world
