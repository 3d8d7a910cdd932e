#include "world/git_refs.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_text.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

constexpr std::string_view heads = "refs/heads/";

std::string attempt_name(const core::AttemptKey& key) {
  return key.task.str() + "/" + std::to_string(key.number);
}

// Which rule of git-check-ref-format(1), or of ours, `name` breaks; "" when none.
std::string broken_rule(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.front() == '-') return "begins with a dash";
  if (name == "HEAD" || name == "@") return "means the present commit, not a branch";
  if (name.rfind("refs/", 0) == 0) return "is a full refname";
  for (const char c : name)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
        std::string_view("~^:?*[\\").find(c) != std::string_view::npos)
      return "holds a character that git does not allow";
  if (name.find("..") != std::string_view::npos) return "holds two dots in a row";
  if (name.find("@{") != std::string_view::npos) return "holds @{";
  if (name.back() == '.') return "ends in a dot";
  size_t at = 0;
  while (at <= name.size()) {
    size_t end = name.find('/', at);
    if (end == std::string_view::npos) end = name.size();
    const std::string_view part = name.substr(at, end - at);
    at = end + 1;
    if (part.empty()) return "has an empty part between slashes";
    if (part.front() == '.') return "has a part that begins with a dot";
    if (part.size() >= 5 && part.substr(part.size() - 5) == ".lock") return "has a part that ends in .lock";
  }
  return {};
}

bool is_id(std::string_view text) {
  if (text.size() != 40 && text.size() != 64) return false;
  for (const char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  return true;
}

}  // namespace

Result<std::string> full_branch_ref(std::string_view name) {
  const std::string rule = broken_rule(name);
  if (!rule.empty())
    return refuse({.kind = ErrorKind::repository,
                   .where = "\"" + shown(std::string(name)) + "\"",
                   .what = "not the name of a branch: it " + rule,
                   .expected = "a short name such as main",
                   .next = "see them: git branch --list"});
  return std::string(heads) + std::string(name);
}

std::string short_branch(const std::string& ref) {
  return ref.rfind(heads, 0) == 0 ? ref.substr(heads.size()) : ref;
}

std::string base_ref(const core::RunId& run) { return "refs/pianola/base/" + run.str(); }
std::string staging_ref(const core::RunId& run) { return "refs/pianola/staging/" + run.str(); }
std::string ready_ref(const core::RunId& run) { return "refs/pianola/ready/" + run.str(); }
std::string in_ref(const core::RunId& run, const core::AttemptKey& key) {
  return "refs/pianola/in/" + run.str() + "/" + attempt_name(key);
}
std::string saved_ref(const core::RunId& run, const core::AttemptKey& key) {
  return "refs/pianola/saved/" + run.str() + "/" + attempt_name(key);
}
std::string side_ref(const core::RunId& run, const core::AttemptKey& key, size_t number) {
  return saved_ref(run, key) + "." + std::to_string(number);
}
std::string undone_ref(const core::RunId& run, uint64_t seq) {
  return "refs/pianola/saved/" + run.str() + "/undone/" + std::to_string(seq);
}
std::string candidate_ref(const core::RunId& run, const core::AttemptKey& key) {
  return "refs/pianola/cand/" + run.str() + "/" + key.task.str() + "." + std::to_string(key.number);
}

Result<std::string> GitRefs::read(const std::string& ref) const {
  const std::string loose = read_loose(ref);
  if (!loose.empty()) return loose;
  const std::string listed =
      TRY(git_.output({.args = {"for-each-ref", "--format=%(objectname) %(refname)", "--", ref},
                       .git_dir = options_.common_dir}));
  size_t at = 0;
  while (at < listed.size()) {
    const size_t end = listed.find('\n', at);
    const std::string line = listed.substr(at, end - at);
    at = end == std::string::npos ? listed.size() : end + 1;
    const size_t space = line.find(' ');
    if (space != std::string::npos && line.substr(space + 1) == ref) return line.substr(0, space);
  }
  return std::string();
}

std::string GitRefs::read_loose(const std::string& ref) const {
  const auto loose = read_file_if_present(options_.common_dir + "/" + ref, 4096);
  const std::string id = loose && *loose ? line_of(**loose) : "";
  return is_id(id) ? id : "";
}

Result<Moved> GitRefs::move(const std::vector<RefMove>& moves, const std::string& reason,
                            Survives survives) const {
  const Moved moved = TRY(write(moves, reason));
  if (moved == Moved::yes && survives == Survives::power_cut) TRY(sync_folders(moves));
  return moved;
}

Result<Moved> GitRefs::write(const std::vector<RefMove>& moves, const std::string& reason) const {
  const bool is_done = std::all_of(moves.begin(), moves.end(),
                                   [this](const RefMove& move) { return read_loose(move.ref) == move.to; });
  if (is_done) return Moved::yes;
  for (const RefMove& move : moves) TRY(prepare(move.ref));
  PIANOLA_STEP("ref.before");
  GitCall call{.args = {"update-ref", "-m", reason, "-z", "--stdin"},
               .git_dir = options_.git_dir,
               .env = {{"GIT_COMMITTER_NAME", options_.identity.name},
                       {"GIT_COMMITTER_EMAIL", options_.identity.email}},
               .lock_wait_ms = options_.lock_wait_ms};
  for (const RefMove& move : moves) {
    using namespace std::string_literals;
    if (move.from == RefMove::absent)
      call.stdin_bytes += "create " + move.ref + "\0"s + move.to + "\0"s;
    else
      call.stdin_bytes += "update " + move.ref + "\0"s + move.to + "\0"s + move.from + "\0"s;
  }
  const Finished finished = TRY(git_.run(call));
  PIANOLA_STEP("ref.updated");
  if (!finished.ok()) return explain(moves, git_error(call, finished), finished.err);
  return Moved::yes;
}

Result<std::vector<NamedRef>> GitRefs::list(const std::string& name) const {
  const std::string listed =
      TRY(git_.output({.args = {"for-each-ref", "--format=%(objectname) %(refname)", "--", name},
                       .git_dir = options_.common_dir}));
  std::vector<NamedRef> refs;
  for (const std::string& line : pieces_of(listed, '\n')) {
    const size_t space = line.find(' ');
    if (space != std::string::npos)
      refs.push_back({.name = line.substr(space + 1), .id = line.substr(0, space)});
  }
  return refs;
}

Result<void> GitRefs::remove(const std::vector<NamedRef>& refs) const {
  GitCall call{.args = {"update-ref", "-z", "--stdin"},
               .git_dir = options_.git_dir,
               .lock_wait_ms = options_.lock_wait_ms};
  for (const NamedRef& ref : refs) {
    using namespace std::string_literals;
    call.stdin_bytes += "delete " + ref.name + "\0"s + ref.id + "\0"s;
  }
  const Finished finished = TRY(git_.run(call));
  if (finished.ok()) return {};
  const std::string lock = lock_named_in(finished.err);
  return refuse(lock.empty() ? git_error(call, finished) : lock_error(lock, options_.lock_wait_ms));
}

Result<void> GitRefs::prepare(const std::string& ref) const {
  // A new folder is durable only once its parent is.
  std::vector<std::string> missing;
  std::string path = folder(ref);
  while (path.size() > options_.common_dir.size() && !exists(path)) {
    missing.push_back(path);
    path = parent_folder(path);
  }
  for (auto each = missing.rbegin(); each != missing.rend(); ++each) {
    if (::mkdir(each->c_str(), 0777) != 0 && errno != EEXIST) return refuse(system_error(*each, errno));
    TRY(sync_dir(parent_folder(*each)));
  }
  return {};
}

Result<void> GitRefs::sync(const std::string& ref) const {
  // A rename is durable only once its folder is (rename(2)).
  const std::string path = folder(ref);
  if (!exists(path)) return {};
  return sync_dir(path);
}

std::string GitRefs::folder(const std::string& ref) const {
  return parent_folder(options_.common_dir + "/" + ref);
}

Result<void> GitRefs::sync_folders(const std::vector<RefMove>& moves) const {
  std::set<std::string> folders;
  for (const RefMove& move : moves)
    if (folders.insert(folder(move.ref)).second) TRY(sync(move.ref));
  PIANOLA_STEP("ref.synced");
  return {};
}

Result<bool> GitRefs::all_at_target(const std::vector<RefMove>& moves) const {
  for (const RefMove& move : moves)
    if (TRY(read(move.ref)) != move.to) return false;
  return true;
}

Result<Moved> GitRefs::explain(const std::vector<RefMove>& moves, const Error& error,
                               const std::string& err) const {
  if (TRY(all_at_target(moves))) return Moved::yes;
  for (const RefMove& move : moves) {
    const std::string at = TRY(read(move.ref));
    const bool as_expected = move.from == RefMove::absent ? at.empty() : at == move.from;
    if (!move.from.empty() && !as_expected) return Moved::no;
  }
  const std::string lock = lock_named_in(err);
  if (!lock.empty()) return refuse(lock_error(lock, options_.lock_wait_ms));
  return refuse(error);
}

}  // namespace pianola::world
