#include "world/cgroup.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <utility>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

constexpr size_t proc_file_bytes_max = 1 << 20;
constexpr int remove_tries = 40;
constexpr int remove_again_ms = 5;
constexpr int usual_weight = 100;
constexpr int usual_shares = 1024;  // of version 1

std::vector<std::string> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string content_of(const std::string& path) {
  const auto text = read_file_if_present(path, proc_file_bytes_max);
  return text && *text ? **text : "";
}

// Control files take one write and are not replaced.
bool put(const std::string& file, const std::string& value) {
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

// Where a hierarchy is mounted: proc_pid_mountinfo(5), "ID PARENT DEV ROOT POINT ... - TYPE SOURCE OPTIONS".
struct Hierarchy {
  std::string root;
  std::string point;
};

bool is_mount_of(const std::vector<std::string>& fields, const std::string& controller) {
  const auto dash = std::find(fields.begin(), fields.end(), "-");
  if (fields.size() < 5 || fields.end() - dash < 4) return false;
  if (controller.empty()) return dash[1] == "cgroup2";
  return dash[1] == "cgroup" && has(words_of(dash[3], ","), controller);
}

// `controller` "" is the unified hierarchy.
Hierarchy find_hierarchy(const std::string& mountinfo, const std::string& controller) {
  for (const std::string& line : words_of(mountinfo, "\n")) {
    const std::vector<std::string> fields = words_of(line, " ");
    if (is_mount_of(fields, controller)) return {fields[3], fields[4]};
  }
  return {};
}

// The folder of this process's own cgroup: cgroups(7), /proc/PID/cgroup, "ID:CONTROLLERS:PATH".
std::string own_folder(const std::string& memberships, const Hierarchy& hierarchy,
                       const std::string& controller) {
  if (hierarchy.point.empty()) return "";
  for (const std::string& line : words_of(memberships, "\n")) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = line.substr(first + 1, second - first - 1);
    const bool is_it = controller.empty() ? names.empty() : has(words_of(names, ","), controller);
    if (!is_it) continue;
    std::string path = line.substr(second + 1);
    if (hierarchy.root != "/" && path.starts_with(hierarchy.root)) path = path.substr(hierarchy.root.size());
    return hierarchy.point + (path == "/" ? "" : path);
  }
  return "";
}

bool make_folder(const std::string& folder) { return ::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST; }

// In "oom_kill 3" among lines of that form.
int64_t kills_in(const std::string& events_file) {
  for (const std::string& line : words_of(content_of(events_file), "\n")) {
    const std::vector<std::string> fields = words_of(line, " ");
    if (fields.size() != 2 || fields[0] != "oom_kill") continue;
    int64_t count = 0;
    std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), count);
    return count;
  }
  return 0;
}

// A folder beside or below this process's own, where the controllers are on for what lies there.
std::string unified_folder(const std::string& own, const std::string& name) {
  if (own.empty()) return "";
  for (const std::string& above : {own, own.substr(0, own.rfind('/'))}) {
    const std::vector<std::string> on = words_of(content_of(above + "/cgroup.subtree_control"), " \n");
    if (!has(on, "memory") && !has(on, "pids")) continue;
    if (make_folder(above + "/" + name)) return above + "/" + name;
  }
  return "";
}

}  // namespace

Limits usual_limits() {
  constexpr int64_t memory_percent = 60;
  const int64_t memory_bytes = int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
  return {.memory_bytes = memory_bytes / 100 * memory_percent,
          .processes = 4096,
          .cpu_weight = usual_weight,
          .disk_bytes = int64_t{20} << 30};
}

Cgroup Cgroup::make(const std::string& name, const Limits& limits) {
  Cgroup group;
  const std::string mounts = content_of("/proc/self/mountinfo");
  const std::string memberships = content_of("/proc/self/cgroup");
  const std::string folder = unified_folder(own_folder(memberships, find_hierarchy(mounts, ""), ""), name);
  const auto limit = [&](const std::string& in, const char* file, int64_t value) {
    return value > 0 && put(in + "/" + file, std::to_string(value));
  };
  if (!folder.empty()) {
    group.folders_.push_back(folder);
    if (limit(folder, "memory.max", limits.memory_bytes)) group.memory_events_ = folder + "/memory.events";
    if (group.limits_memory()) put(folder + "/memory.swap.max", "0");
    group.limits_processes_ = limit(folder, "pids.max", limits.processes);
    limit(folder, "cpu.weight", limits.cpu_weight);
  }
  const auto first_version = [&](const char* controller, const char* file, int64_t value) {
    const std::string own = own_folder(memberships, find_hierarchy(mounts, controller), controller);
    if (value == 0 || own.empty() || !make_folder(own + "/" + name)) return std::string();
    group.folders_.push_back(own + "/" + name);
    return limit(own + "/" + name, file, value) ? own + "/" + name : std::string();
  };
  if (!group.limits_memory()) {
    const std::string memory = first_version("memory", "memory.limit_in_bytes", limits.memory_bytes);
    if (!memory.empty()) group.memory_events_ = memory + "/memory.oom_control";
    // With swap; where the kernel does not count that, the file is not there.
    if (!memory.empty()) limit(memory, "memory.memsw.limit_in_bytes", limits.memory_bytes);
  }
  if (!group.limits_processes_) {
    group.limits_processes_ = !first_version("pids", "pids.max", limits.processes).empty();
  }
  if (folder.empty())
    first_version("cpu", "cpu.shares", int64_t{limits.cpu_weight} * usual_shares / usual_weight);
  group.killed_before_ = kills_in(group.memory_events_);
  return group;
}

void remove_cgroup(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    // A process that was just killed is in it for a moment more.
    for (int tries = 0; ::rmdir(folder.c_str()) != 0 && errno == EBUSY && tries < remove_tries; ++tries)
      ::poll(nullptr, 0, remove_again_ms);
  }
}

Cgroup::~Cgroup() { remove_cgroup(folders_); }

Cgroup::Cgroup(Cgroup&& other) noexcept { *this = std::move(other); }

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
  std::swap(folders_, other.folders_);
  std::swap(memory_events_, other.memory_events_);
  std::swap(killed_before_, other.killed_before_);
  std::swap(limits_processes_, other.limits_processes_);
  return *this;
}

bool Cgroup::admit(pid_t pid) const {
  bool ok = true;
  for (const std::string& folder : folders_) ok = put(folder + "/cgroup.procs", std::to_string(pid)) && ok;
  return ok;
}

int64_t Cgroup::killed_for_memory() const { return kills_in(memory_events_) - killed_before_; }

}  // namespace pianola::world
