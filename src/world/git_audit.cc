#include "world/git_audit.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <set>
#include <string_view>

#include "base/hash.h"
#include "base/text.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr size_t file_limit_bytes = size_t{1} << 20;
constexpr size_t packed_limit_bytes = size_t{64} << 20;
constexpr size_t entries_limit = 20'000;
constexpr std::string_view ref_prefix = "refs/";
constexpr std::string_view worktree_prefix = "worktrees/";

std::string fingerprint(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "";
  const auto bytes = read_file_if_present(path, file_limit_bytes);
  const std::string content =
      bytes && *bytes ? sha256_hex(**bytes).substr(0, 32) : std::to_string(status.st_size);
  return fmt::format("{:o} {}", status.st_mode, content);
}

// Every file below `folder`, with the names of the folders above it.
void add_files(HubLook& look, const std::string& git_dir, const std::string& folder) {
  std::vector<std::string> folders = {folder};
  for (size_t i = 0; i < folders.size(); ++i) {
    const std::string path = git_dir + "/" + folders[i];
    const Result<std::vector<std::string>> names =
        is_folder(path) ? list_dir(path) : std::vector<std::string>();
    if (!names) continue;
    for (const std::string& name : *names) {
      const std::string below = folders[i] + "/" + name;
      if (look.size() + folders.size() > entries_limit) return;
      if (is_folder(git_dir + "/" + below)) {
        folders.push_back(below);
      } else {
        look[below] = fingerprint(git_dir + "/" + below);
      }
    }
  }
}

std::string first_line(const std::string& path) {
  const auto bytes = read_file_if_present(path, file_limit_bytes);
  return bytes && *bytes ? line_of(**bytes) : "";
}

// Loose names win over packed ones, as in git.
void add_refs(HubLook& look, const std::string& git_dir) {
  const auto packed = read_file_if_present(git_dir + "/packed-refs", packed_limit_bytes);
  if (packed && *packed) {
    for (const std::string& line : pieces_of(**packed, '\n')) {
      const size_t space = line.find(' ');
      const std::string name = space == std::string::npos ? "" : line.substr(space + 1);
      const bool is_peoples = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
      if (is_peoples && look.size() < entries_limit) look[name] = line.substr(0, space);
    }
  }
  HubLook loose;
  for (const char* folder : {"refs/heads", "refs/tags"}) add_files(loose, git_dir, folder);
  for (const auto& [name, unused] : loose) look[name] = first_line(git_dir + "/" + name);
}

std::vector<std::string> worktrees(const std::string& git_dir) {
  const std::string folder = git_dir + "/worktrees";
  return is_folder(folder) ? list_dir(folder).value_or(std::vector<std::string>{})
                           : std::vector<std::string>{};
}

// A branch that is checked out moves by the hand of whoever works there.
void leave_out_checked_out(HubLook& look, const std::string& git_dir) {
  std::vector<std::string> heads = {git_dir + "/HEAD"};
  for (const std::string& name : worktrees(git_dir))
    heads.push_back(git_dir + "/worktrees/" + name + "/HEAD");
  for (const std::string& head : heads) {
    constexpr std::string_view symbolic = "ref: ";
    const std::string value = first_line(head);
    if (value.starts_with(symbolic)) look[value.substr(symbolic.size())] = "checked out";
  }
}

std::string what_happened(const std::string& was, const std::string& is) {
  if (was.empty()) return "appeared";
  return is.empty() ? "went away" : "was changed";
}

}  // namespace

HubLook look_at_hub(const std::string& git_dir) {
  HubLook look;
  for (const char* file : {"config", "config.worktree", "commondir", "shallow"}) {
    if (exists(git_dir + "/" + file)) look[file] = fingerprint(git_dir + "/" + file);
  }
  for (const char* folder : {"hooks", "info"}) add_files(look, git_dir, folder);
  look.erase("info/refs");  // which git-gc(1) writes
  for (const std::string& name : worktrees(git_dir)) {
    const std::string place = std::string(worktree_prefix) + name;
    look[place] = fingerprint(git_dir + "/" + place + "/gitdir") + " " +
                  fingerprint(git_dir + "/" + place + "/commondir");
  }
  add_refs(look, git_dir);
  leave_out_checked_out(look, git_dir);
  return look;
}

std::string to_text(const HubLook& look) {
  std::string text;
  for (const auto& [name, state] : look) text += name + std::string(1, 0) + state + std::string(1, 0);
  return text;
}

HubLook parse_look(const std::string& text) {
  HubLook look;
  const std::vector<std::string> pieces = pieces_of(text, '\0');
  for (size_t i = 0; i + 1 < pieces.size(); i += 2) look[pieces[i]] = pieces[i + 1];
  return look;
}

std::vector<std::string> audit_findings(const HubLook& before, const HubLook& after) {
  std::set<std::string> names;
  for (const HubLook* look : {&before, &after}) {
    for (const auto& [name, unused] : *look) names.insert(name);
  }
  const auto state = [](const HubLook& look, const std::string& name) {
    const auto found = look.find(name);
    return found == look.end() ? "" : found->second;
  };
  std::vector<std::string> findings;
  for (const std::string& name : names) {
    const std::string was = state(before, name);
    const std::string is = state(after, name);
    const bool is_checked_out = was == "checked out" || is == "checked out";
    const bool comes_and_goes = name.starts_with(worktree_prefix) && (was.empty() || is.empty());
    const bool is_new_ref = name.starts_with(ref_prefix) && was.empty();
    if (was == is || is_checked_out || comes_and_goes || is_new_ref) continue;
    findings.push_back(display(name).str() + " of the repository " + what_happened(was, is) +
                       " while it ran");
  }
  return findings;
}

}  // namespace pianola::world
