// Which folders a repository's runs use.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "base/hash.h"
#include "base/text.h"
#include "world/discover.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

// sockaddr_un holds 108 bytes with the final NUL (unix(7)); a name in the folder takes 18.
constexpr size_t socket_dir_limit_bytes = 107 - 18;
constexpr size_t hash_digits = 12;

// The value of an XDG variable; relative ones do not count (XDG Base Directory Specification).
std::string folder_in(const std::map<std::string, std::string>& env, const std::string& name) {
  const auto found = env.find(name);
  return found == env.end() || found->second.empty() || found->second.front() != '/' ? "" : found->second;
}

std::string state_home(const std::map<std::string, std::string>& env) {
  const std::string named = folder_in(env, "XDG_STATE_HOME");
  if (!named.empty()) return named;
  const std::string home = folder_in(env, "HOME");
  return home.empty() ? "" : home + "/.local/state";
}

bool is_under(std::string_view path, std::string_view folder) {
  return path == folder || (path.size() > folder.size() && path.substr(0, folder.size()) == folder &&
                            path[folder.size()] == '/');
}

// "/srv/shop" for "/srv/shop/.git"; a bare or oddly placed git directory is its own repository.
std::string repository_folder(const std::string& common_git_dir) {
  constexpr std::string_view usual = "/.git";
  const size_t size = common_git_dir.size();
  const bool is_usual =
      size > usual.size() && common_git_dir.compare(size - usual.size(), usual.size(), usual) == 0;
  return is_usual ? common_git_dir.substr(0, size - usual.size()) : common_git_dir;
}

bool can_hold(const std::string& folder) {
  if (is_folder(folder)) return ::access(folder.c_str(), W_OK | X_OK) == 0;
  return !exists(folder) && ::access(parent_folder(folder).c_str(), W_OK | X_OK) == 0;
}

std::string choose_work_dir(const std::string& common_git_dir, const std::string& hash,
                            const std::string& state) {
  const std::string repository = repository_folder(common_git_dir);
  const std::string beside = repository + workspaces_ending;
  const bool is_inside_git_dir = repository.find("/.git/") != std::string::npos;
  if (!is_inside_git_dir && can_hold(beside)) return beside;
  const bool is_temporary = is_under(state, "/tmp") && !is_under(repository, "/tmp");
  return state.empty() || is_temporary ? "" : state + "/pianola/workspaces/" + hash;
}

// Who may put sockets of their own where ours are looked for could speak for a supervisor. `base` is there
// before us; what lies between it and `sockets` may have been made by anybody who can write there.
Result<void> check_private(const std::string& base, const std::string& sockets) {
  for (const std::string& folder : {base, parent_folder(sockets), sockets}) {
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0) continue;
    const bool is_shared = (found.st_mode & S_IWOTH) != 0 && (found.st_mode & S_ISVTX) == 0;
    const bool is_foreign = found.st_uid != ::geteuid() && found.st_uid != 0;
    if (!is_shared && !is_foreign) continue;
    return refuse({.kind = ErrorKind::repository,
                   .where = display(folder).str(),
                   .what = is_foreign ? "belongs to somebody else" : "anybody may write here",
                   .expected = "a folder of yours for sockets",
                   .next = "set another: XDG_RUNTIME_DIR=/run/user/$(id -u)"});
  }
  return {};
}

Error not_writable(const Layout& layout, const std::string& folder, int error_number) {
  struct stat found {};
  const bool is_ours = ::stat(folder.c_str(), &found) == 0 && found.st_uid == ::geteuid();
  const std::string by_clone =
      "work in a clone: git clone " + shown(shell_quoted(repository_folder(layout.git_dir)));
  return {.kind = ErrorKind::repository,
          .where = shown(folder),
          .what = "cannot be written to: " + system_error("", error_number).what,
          .expected = "a repository that you may change",
          .next = is_ours && error_number == EACCES
                      ? "allow it: chmod -R u+rwX " + shown(shell_quoted(folder))
                      : by_clone};
}

}  // namespace

Result<void> check_writable(const Layout& layout) {
  // access(2) minds a read-only mount as well, for root too.
  for (const std::string& folder :
       {layout.git_dir, layout.git_dir + "/objects", layout.git_dir + "/refs", layout.state_dir}) {
    if (::access(folder.c_str(), W_OK | X_OK) == 0 || errno == ENOENT) continue;
    return refuse(not_writable(layout, folder, errno));
  }
  return {};
}

Result<Layout> find_layout(const std::string& common_git_dir, const std::map<std::string, std::string>& env) {
  const std::string hash = sha256_hex(common_git_dir).substr(0, hash_digits);
  const std::string state = state_home(env);
  Layout layout{
      .git_dir = common_git_dir, .state_dir = common_git_dir + "/pianola", .work_dir = {}, .socket_dir = {}};
  layout.work_dir = choose_work_dir(common_git_dir, hash, state);
  if (layout.work_dir.empty())
    return refuse(
        {.kind = ErrorKind::repository,
         .where = display(parent_folder(repository_folder(common_git_dir))).str(),
         .what =
             "no place for workspaces: it cannot be written to, and there is no state folder outside /tmp",
         .expected = "one of both",
         .next = "set HOME or XDG_STATE_HOME to a folder of yours"});

  const std::string runtime = folder_in(env, "XDG_RUNTIME_DIR");
  for (const std::string& base : {runtime, state.empty() ? "" : state + "/pianola/sockets"}) {
    const std::string folder = base + (base == runtime ? "/pianola/" : "/") + hash;
    if (base.empty() || folder.size() > socket_dir_limit_bytes) continue;
    TRY(check_private(base, folder));
    layout.socket_dir = folder;
    return layout;
  }
  return refuse({.kind = ErrorKind::repository,
                 .where = runtime.empty() ? "XDG_RUNTIME_DIR" : display(runtime).str(),
                 .what = "no short place for sockets",
                 .expected = "XDG_RUNTIME_DIR or XDG_STATE_HOME of at most 60 bytes",
                 .next = "set one: XDG_RUNTIME_DIR=/run/user/$(id -u)"});
}

}  // namespace pianola::world
