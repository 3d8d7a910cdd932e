#include "world/git_dirs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "world/files.h"

namespace pianola::world {

Result<void> make_own_git_dir(const std::string& path, const std::string& object_format) {
  if (exists(path + "/HEAD")) return {};
  // Made aside and put in place by one rename: two runs of a repository may come here at once.
  const std::string making = path + "." + std::to_string(::getpid()) + "." + std::to_string(::gettid());
  TRY(remove_tree(making));
  TRY(make_dirs(making + "/refs"));
  TRY(make_dirs(making + "/objects"));
  TRY(write_file(making + "/config",
                 format_settings(object_format) + "\tbare = true\n\tlogAllRefUpdates = false\n", Sync::file));
  TRY(write_file(making + "/HEAD", "ref: refs/heads/none\n", Sync::file_and_dir));
  if (::rename(making.c_str(), path.c_str()) == 0) return {};
  const int error_number = errno;
  TRY(remove_tree(making));
  if (exists(path + "/HEAD")) return {};
  return refuse(system_error(path, error_number));
}

std::string format_settings(const std::string& object_format) {
  if (object_format == "sha1") return "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n";
  return "[extensions]\n\tobjectformat = " + object_format +
         "\n[core]\n\trepositoryformatversion = 1\n\tfilemode = true\n";
}

std::string linked_git_dir(const std::string& folder) {
  const auto text = read_file_if_present(folder + "/.git", 8192);
  constexpr std::string_view lead = "gitdir: ";
  if (!text || !*text || (*text)->rfind(lead, 0) != 0) return {};
  std::string path = (*text)->substr(lead.size());
  while (!path.empty() && path.back() == '\n') path.pop_back();
  return path.empty() || path.front() == '/' ? path : folder + "/" + path;
}

std::string parent_folder(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool is_folder(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

std::string operation_in(const std::string& git_dir) {
  // git-status(1) looks for the same files (wt-status.c, wt_status_get_state).
  static constexpr std::array<std::array<const char*, 2>, 7> signs = {{{"/rebase-merge", "rebase"},
                                                                       {"/rebase-apply/applying", "am"},
                                                                       {"/rebase-apply", "rebase"},
                                                                       {"/MERGE_HEAD", "merge"},
                                                                       {"/CHERRY_PICK_HEAD", "cherry-pick"},
                                                                       {"/REVERT_HEAD", "revert"},
                                                                       {"/BISECT_LOG", "bisect"}}};
  for (const auto& [file, operation] : signs)
    if (exists(git_dir + file)) return operation;
  return {};
}

}  // namespace pianola::world
