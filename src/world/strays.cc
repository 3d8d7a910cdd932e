#include "world/strays.h"

#include <dirent.h>
#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <string_view>

namespace pianola::world {

namespace {

constexpr size_t kMostCgroup = 64 << 10;
constexpr size_t kMostMaps = 4 << 20;

using Table = std::map<pid_t, const StatLine*>;

std::string linked_path(const std::string& link) {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  return {path.data(), size > 0 ? static_cast<size_t>(size) : 0};
}

bool is_in(std::string_view path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(), [path](const std::string& folder) {
    if (!path.starts_with(folder)) return false;
    const std::string_view rest = path.substr(folder.size());
    // Where the folder itself is gone, proc(5) says so behind its name.
    return rest.empty() || rest.front() == '/' || rest == " (deleted)";
  });
}

bool has_open_in(const std::string& process, const std::vector<std::string>& folders) {
  const std::string path = process + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path.c_str()), ::closedir);
  while (dir) {
    const dirent* entry = ::readdir(dir.get());
    if (entry == nullptr) return false;
    if (is_in(linked_path(path + "/" + entry->d_name), folders)) return true;
  }
  return false;
}

// Lines of "from-to rwxp offset device inode   path".
bool has_program_in(const std::string& process, const std::vector<std::string>& folders) {
  const std::string maps = read_proc(process + "/maps", kMostMaps);
  for (size_t at = 0; at < maps.size();) {
    const size_t end = std::min(maps.find('\n', at), maps.size());
    const std::string_view line = std::string_view(maps).substr(at, end - at);
    at = end + 1;
    const size_t rights = line.find(' ');
    const size_t path = line.find('/');
    if (path == std::string_view::npos || line.substr(rights + 1, 4).find('x') == std::string_view::npos)
      continue;
    if (is_in(line.substr(path), folders)) return true;
  }
  return false;
}

bool works_in(pid_t pid, const std::vector<std::string>& folders) {
  const std::string process = fmt::format("/proc/{}", pid);
  for (const char* name : {"/cwd", "/root", "/exe"}) {
    if (is_in(linked_path(process + name), folders)) return true;
  }
  return has_open_in(process, folders) || has_program_in(process, folders);
}

// By its name too: after an update it runs from a file that is not there any more.
bool is_pianola(pid_t pid) {
  const std::string link = fmt::format("/proc/{}/exe", pid);
  const auto name = [](const std::string& path) { return path.substr(path.find_last_of('/') + 1); };
  const std::string its = name(linked_path(link));
  const std::string ours = name(linked_path("/proc/self/exe"));
  return its.empty() || its == ours || its == ours + " (deleted)" || its.starts_with("pianola");
}

// A parent that got it as an orphan. Whoever starts programs as pid 1 or as a user's systemd gives them a
// cgroup of their own, or is the only one in a container.
bool was_orphaned(const StatLine& line, const Table& table) {
  if (line.parent == 1) return true;
  const auto parent = table.find(line.parent);
  return parent != table.end() && is_of_our_user(line.parent) &&
         read_proc(fmt::format("/proc/{}/comm", line.parent), 64) == "systemd\n";
}

bool is_session_of_attempt(const StatLine& line, const Table& table, const StraySigns& signs) {
  const auto leader = table.find(line.session);
  if (leader == table.end() || !leader->second->is_living()) return line.session == signs.session;
  return leader->second->id.start_ticks >= signs.since_ticks;
}

std::set<pid_t> ancestors_of_this(const Table& table) {
  std::set<pid_t> ancestors;
  for (pid_t pid = ::getpid(); pid > 0 && ancestors.insert(pid).second;) {
    const auto line = table.find(pid);
    pid = line == table.end() ? 0 : line->second->parent;
  }
  return ancestors;
}

// As proc(5) shows them. Only folders that can be one attempt's own.
std::vector<std::string> real_folders(const std::vector<std::string>& folders) {
  std::vector<std::string> real;
  for (const std::string& folder : folders) {
    const size_t slash = folder.find_last_of('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == folder.size()) continue;
    // The folder itself may have been removed.
    const std::unique_ptr<char, void (*)(void*)> above(::realpath(folder.substr(0, slash).c_str(), nullptr),
                                                       ::free);
    if (above) real.push_back(above.get() + folder.substr(slash));
  }
  return real;
}

}  // namespace

std::vector<StatLine> strays(const std::vector<StatLine>& all, const StraySigns& signs) {
  std::vector<StatLine> found;
  const std::vector<std::string> folders = real_folders(signs.folders);
  if (folders.empty() || signs.since_ticks == 0) return found;
  Table table;
  for (const StatLine& line : all) table.emplace(line.id.pid, &line);
  const std::set<pid_t> ancestors = ancestors_of_this(table);
  for (const StatLine& line : all) {
    const pid_t pid = line.id.pid;
    if (pid <= 1 || ancestors.contains(pid) || !line.is_living() || line.has_terminal) continue;
    if (line.id.start_ticks < signs.since_ticks || !was_orphaned(line, table)) continue;
    if (!is_session_of_attempt(line, table, signs) || !is_of_our_user(pid) || is_pianola(pid)) continue;
    if (cgroup_of(pid) != signs.cgroup || !works_in(pid, folders)) continue;
    found.push_back(line);
  }
  return found;
}

std::string cgroup_of(pid_t pid) { return read_proc(fmt::format("/proc/{}/cgroup", pid), kMostCgroup); }

}  // namespace pianola::world
