#include "world/git_leftovers.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>

#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_text.h"
#include "world/setups.h"

namespace pianola::world {
namespace {

constexpr size_t excludes_limit_bytes = size_t{16} << 20;
constexpr size_t inner_limit = 200;
constexpr size_t entries_limit = 5'000'000;

bool has_gitlinks(const Index& index) {
  return std::any_of(index.begin(), index.end(),
                     [](const auto& entry) { return entry.second.mode == gitlink_mode; });
}

int64_t newest(const Index& index) {
  int64_t seconds = 0;
  for (const auto& [path, entry] : index) seconds = std::max(seconds, entry.modified_s);
  return seconds;
}

bool is_inside(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         path[folder.size()] == '/';
}

Error too_many(const std::string& folder, const std::string& what, size_t limit) {
  return {.kind = ErrorKind::failed,
          .where = shown(folder),
          .what = "holds too many " + what,
          .expected = fmt::format("at most {}", limit)};
}

}  // namespace

Leftovers::Leftovers(const GitRepository& repository, const core::CollectWork& command, std::string head,
                     const std::vector<TreeChange>& head_changes)
    : repository_(repository),
      command_(command),
      head_(std::move(head)),
      head_changes_(head_changes),
      folder_(workspace_dir(repository.options_.layout, repository.options_.run, command.key.task,
                            command.generation)),
      scratch_(repository.place_for(folder_, beside_leftovers)),
      index_(scratch_ + "/index") {}

Result<Leftovers::Found> Leftovers::read() {
  TRY(remove_tree(scratch_));
  TRY(make_dirs(scratch_));
  git_.emplace(TRY(GitOverFiles::make(repository_, folder_, scratch_, command_.base)));
  Result<Found> found = read_files();
  TRY(remove_tree(scratch_));
  return found;
}

Result<Leftovers::Found> Leftovers::read_files() {
  TRY(refuse_large_files());
  auto quick = TRY(read_quickly());
  return quick ? std::move(*quick) : read_thoroughly();
}

// One child: `add -A` on a copy of the index the workspace was made with, then both indexes are compared
// here. Nothing when that would not be exact.
Result<std::optional<Leftovers::Found>> Leftovers::read_quickly() {
  const std::optional<Found> not_this_way;
  const auto made_at = TRY(read_file_if_present(folder_ + beside_base, 256));
  if (!made_at || *made_at != command_.base + "\n" || !exists(folder_ + beside_index)) return not_this_way;
  const size_t id_bytes = command_.base.size() / 2;
  const auto base_index = read_index(folder_ + beside_index, id_bytes);
  if (!base_index) return not_this_way;
  const Index& base = *base_index;
  // git would look into a submodule with the configuration it finds there.
  if (has_gitlinks(base)) return not_this_way;

  TRY(copy_index(folder_ + beside_index, index_));
  const std::string excludes = TRY(write_excludes("exclude", TRY(put_in_patterns())));
  const Finished added = TRY(add_all(folder_, index_, excludes));
  if (!added.ok()) return not_this_way;
  const auto named = add_passed_over(TRY(read_index(index_, id_bytes)), excludes);
  if (!named) return not_this_way;
  const Index& work = *named;
  if (has_gitlinks(work) || is_misled(work)) return not_this_way;

  Found found{.seconds = newest(work), .changes = index_changes(base, work)};
  found.dirty = *found.changes != head_changes_;
  if (found.dirty) {
    found.tree = TRY(write_tree());
  }
  return std::optional<Found>(std::move(found));
}

// The head's tree as an index, with the times of the files that the workspace was made with.
Result<void> Leftovers::read_head_index() const {
  TRY(remove_tree(index_ + ".lock"));
  TRY(remove_tree(index_));
  const bool has_index = exists(folder_ + beside_index);
  if (has_index) TRY(copy_index(folder_ + beside_index, index_));
  GitCall read = repository_.own(has_index ? std::vector<std::string>{"read-tree", "-i", "-m", head_}
                                           : std::vector<std::string>{"read-tree", head_});
  read.index_file = index_;
  TRY(repository_.git_.output(read));
  // The entries it kept are as old as the copied index was, so the new file must not look younger.
  return has_index ? copy_time(folder_ + beside_index, index_) : Result<void>();
}

// The same from the head's own tree, with repositories inside the workspace and submodules set apart.
Result<Leftovers::Found> Leftovers::read_thoroughly() {
  TRY(read_head_index());
  const size_t id_bytes = command_.base.size() / 2;
  const Index before = TRY(read_index(index_, id_bytes));

  // What is only kept has the files of repositories that the agent committed as such.
  std::set<std::string> opened;
  for (const TreeChange& change : head_changes_)
    if (command_.purpose == core::CollectFor::keeping && is_new_gitlink(change)) opened.insert(change.path);
  std::string submodules;
  std::string submodule_entries;
  std::set<std::string> submodule_paths;
  for (const auto& [path, entry] : before) {
    if (entry.mode != gitlink_mode) continue;
    submodules += path + '\0';
    if (opened.count(path) > 0) continue;
    submodule_paths.insert(path);
    if (is_folder(folder_ + "/" + path))
      submodule_entries += fmt::format("160000 {}\t{}", entry.id, path) + '\0';
  }
  if (!submodules.empty()) TRY(change_index({"-z", "--force-remove", "--stdin"}, submodules));

  std::vector<std::string> inner = TRY(without_ignored(TRY(find_inner_repositories())));
  if (inner.size() > inner_limit) return refuse(too_many(folder_, "repositories", inner_limit));
  std::vector<std::string> patterns = TRY(put_in_patterns());
  for (std::string& pattern : TRY(folder_patterns(inner))) patterns.push_back(std::move(pattern));
  const std::string excludes = TRY(write_excludes("exclude", patterns));
  const Finished added = TRY(add_all(folder_, index_, excludes));
  if (!added.ok() && command_.purpose == core::CollectFor::landing)
    return refuse(git_error(repository_.own({"add"}), added));
  const auto named = add_passed_over(TRY(read_index(index_, id_bytes)), excludes);
  if (!named && command_.purpose == core::CollectFor::landing) return refuse(named.error());
  inner.erase(std::remove_if(inner.begin(), inner.end(),
                             [&](const std::string& path) { return submodule_paths.count(path) > 0; }),
              inner.end());
  const std::string entries = submodule_entries + TRY(inner_entries(inner));
  if (!entries.empty()) TRY(change_index({"-z", "--index-info"}, entries));

  const Index work = TRY(read_index(index_, id_bytes));
  Found found{.seconds = newest(work)};
  found.tree = TRY(write_tree());
  found.dirty = found.tree != TRY(repository_.tree_of(head_));
  return found;
}

Result<Finished> Leftovers::add_all(const std::string& work_tree, const std::string& index,
                                    const std::string& excludes) const {
  GitCall call = git_->call({"add", "-A", "--ignore-errors"}, work_tree);
  call.index_file = index;
  call.settings = {"core.excludesFile=" + excludes, "core.autocrlf=false", "advice.addEmbeddedRepo=false"};
  Finished added = TRY(git_->run(call));
  // 1: some files could not be read, the others were (git-add(1), --ignore-errors). What is only kept is
  // kept without those; after anything else nothing may count as kept.
  const bool is_partial = !added.signalled && added.value == 1;
  Error failure = git_error(call, added);
  const bool is_useless = !added.ok() && (!is_partial || failure.kind == ErrorKind::paused);
  if (is_useless && command_.purpose == core::CollectFor::keeping) return refuse(std::move(failure));
  return added;
}

// `work`, what `add -A` made of the index, with the files that the task owns by name and that git ignores.
Result<Index> Leftovers::add_passed_over(Index work, const std::string& excludes) const {
  std::set<std::string> let_go;
  for (const TreeChange& change : head_changes_)
    if (change.new_mode == 0) let_go.insert(change.path);
  GitCall call =
      git_->call({"add", "-f", "--ignore-errors", "--pathspec-from-file=-", "--pathspec-file-nul"}, folder_);
  for (const std::string& path : command_.named_files) {
    const bool is_passed_over = work.count(path) == 0 && let_go.count(path) == 0 && is_plain_file(path);
    if (is_passed_over) call.stdin_bytes += path + '\0';
  }
  if (call.stdin_bytes.empty()) return work;
  call.index_file = index_;
  call.settings = {"core.excludesFile=" + excludes, "core.autocrlf=false"};
  const Finished added = TRY(git_->run(call));
  if (!added.ok()) return refuse(git_error(call, added));
  return read_index(index_, command_.base.size() / 2);
}

// A file or link of the workspace itself: not behind a link, and not of a repository inside it.
bool Leftovers::is_plain_file(const std::string& path) const {
  struct stat found {};
  for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string parent = folder_ + "/" + path.substr(0, slash);
    if (::lstat(parent.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || exists(parent + "/.git"))
      return false;
  }
  return ::lstat((folder_ + "/" + path).c_str(), &found) == 0 &&
         (S_ISREG(found.st_mode) || S_ISLNK(found.st_mode));
}

// True when the head tracks other files than the base did, and ignoring decides about one of them: `add -A`
// on the base's index passes over what only the head tracks, and keeps what the head has let go.
bool Leftovers::is_misled(const Index& work) const {
  return std::any_of(head_changes_.begin(), head_changes_.end(), [&](const TreeChange& change) {
    const bool is_added = change.old_mode == 0;
    const bool is_let_go = change.new_mode == 0;
    const bool has_file = work.count(change.path) > 0;
    return (is_added && !has_file && exists(folder_ + "/" + change.path)) || (is_let_go && has_file);
  });
}

// Folders under the workspace that hold a .git of their own, outermost first.
Result<std::vector<std::string>> Leftovers::find_inner_repositories() const {
  std::vector<std::string> found;
  std::vector<std::string> open = {""};
  size_t entries = 0;
  while (!open.empty()) {
    const std::string folder = std::move(open.back());
    open.pop_back();
    DIR* stream = ::opendir((folder_ + "/" + folder).c_str());
    if (stream == nullptr) continue;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      ++entries;
      const std::string path = folder.empty() ? name : folder + "/" + name;
      if (name == ".git") {
        if (!folder.empty()) found.push_back(folder);
      } else if (entry->d_type == DT_DIR ||
                 (entry->d_type == DT_UNKNOWN && is_folder(folder_ + "/" + path))) {
        open.push_back(path);
      }
    }
    ::closedir(stream);
    if (entries > entries_limit) return refuse(too_many(folder_, "files", entries_limit));
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::vector<std::string>> Leftovers::without_ignored(const std::vector<std::string>& paths) const {
  if (paths.empty()) return paths;
  GitCall call = git_->call({"check-ignore", "-z", "--stdin"}, folder_);
  call.index_file = index_;
  call.settings = {"core.excludesFile=" + TRY(write_excludes("exclude", TRY(put_in_patterns())))};
  // It takes no literal pathspecs; behind "./" no name is magic.
  call.env["GIT_LITERAL_PATHSPECS"] = "0";
  for (const std::string& path : paths) call.stdin_bytes += "./" + path + '\0';
  const Finished finished = TRY(git_->run(call));
  // 1: none of them is ignored (git-check-ignore(1)).
  if (finished.signalled || finished.value > 1) return refuse(git_error(call, finished));
  const std::vector<std::string> listed = pieces_of(finished.out, '\0');
  const std::set<std::string> ignored(listed.begin(), listed.end());
  std::vector<std::string> kept;
  std::copy_if(paths.begin(), paths.end(), std::back_inserter(kept),
               [&](const std::string& path) { return ignored.count("./" + path) == 0; });
  return kept;
}

// What a set-up put in, as patterns.
Result<std::vector<std::string>> Leftovers::put_in_patterns() const {
  std::vector<std::string> patterns;
  for (const std::string& path : TRY(names_of_setup(folder_)))
    if (path.find('\n') == std::string::npos) patterns.push_back(ignore_pattern(path));
  return patterns;
}

Result<std::vector<std::string>> Leftovers::folder_patterns(const std::vector<std::string>& folders) const {
  std::vector<std::string> patterns;
  for (const std::string& folder : folders) {
    if (folder.find('\n') != std::string::npos)
      return refuse({.kind = ErrorKind::failed,
                     .where = shown(folder_ + "/" + folder),
                     .what = "a repository in a folder whose name has a line break"});
    patterns.push_back(ignore_pattern(folder) + "/");
  }
  return patterns;
}

Result<std::string> Leftovers::write_excludes(const std::string& name,
                                              const std::vector<std::string>& patterns) const {
  const std::string users = repository_.options_.layout.git_dir + "/info/exclude";
  if (patterns.empty()) return users;
  const auto lines = TRY(read_file_if_present(users, excludes_limit_bytes));
  std::string text = lines ? *lines + "\n" : "";
  for (const std::string& pattern : patterns) text += pattern + "\n";
  std::string path = scratch_ + "/" + name;
  TRY(write_file(path, text, Sync::none));
  return path;
}

// The plain files of repositories inside the workspace, as lines for `update-index --index-info`.
Result<std::string> Leftovers::inner_entries(const std::vector<std::string>& folders) const {
  std::string entries;
  const std::string index = scratch_ + "/inner";
  for (const std::string& folder : folders) {
    TRY(remove_tree(index));
    TRY(remove_tree(index + ".lock"));
    std::vector<std::string> deeper;
    for (const std::string& other : folders)
      if (is_inside(other, folder)) deeper.push_back(other.substr(folder.size() + 1));
    const std::string inner_excludes = TRY(write_excludes("exclude.inner", TRY(folder_patterns(deeper))));
    const Finished added = TRY(add_all(folder_ + "/" + folder, index, inner_excludes));
    if (!added.ok() && command_.purpose == core::CollectFor::landing)
      return refuse(git_error(repository_.own({"add"}), added));
    const Index inner = TRY(read_index(index, command_.base.size() / 2));
    for (const auto& [path, entry] : inner)
      entries += fmt::format("{:o} {}\t{}/{}", entry.mode, entry.id, folder, path) + '\0';
  }
  return entries;
}

Result<void> Leftovers::change_index(const std::vector<std::string>& options,
                                     const std::string& stdin_bytes) const {
  std::vector<std::string> args{"update-index"};
  args.insert(args.end(), options.begin(), options.end());
  // Over the files too: what changed in the second that the index was written would look unchanged later.
  GitCall call = git_->call(std::move(args), folder_);
  call.index_file = index_;
  call.stdin_bytes = stdin_bytes;
  const Finished changed = TRY(git_->run(call));
  if (!changed.ok()) return refuse(git_error(call, changed));
  return {};
}

Result<std::string> Leftovers::write_tree() const {
  GitCall call = repository_.own({"write-tree"});
  call.index_file = index_;
  return line_of(TRY(repository_.git_.output(call)));
}

}  // namespace pianola::world
