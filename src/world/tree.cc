#include "world/tree.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <map>
#include <set>
#include <utility>

#include "world/child.h"
#include "world/clock.h"
#include "world/process_table.h"
#include "world/strays.h"

namespace pianola::world {

namespace {

constexpr size_t kMostEnvironment = 8 << 20;  // above what execve(2) accepts by default
constexpr int64_t kKillLimitMs = 10'000;
constexpr int64_t kExecMs = 2;         // of execve(2), until it shows an environment
constexpr pid_t kKernelThreads = 2;    // kthreadd, and the parent of all others
constexpr int64_t kStopLimitMs = 200;  // for one that waits for a disk and cannot stop

void pause_ms(int64_t ms) {
  const timespec time{static_cast<time_t>(ms / 1'000), static_cast<long>(ms % 1'000 * 1'000'000)};
  ::nanosleep(&time, nullptr);
}

std::string environment_of(pid_t pid) {
  return read_proc(fmt::format("/proc/{}/environ", pid), kMostEnvironment);
}

bool carries(const std::string& environment, const std::string& keep) {
  const std::string name = std::string(kKeepVariable) + "=";
  for (size_t at = 0; at < environment.size();) {
    const size_t end = std::min(environment.find('\0', at), environment.size());
    const std::string_view entry = std::string_view(environment).substr(at, end - at);
    if (entry.starts_with(name)) {
      const std::string ids = fmt::format(":{}:", entry.substr(name.size()));
      if (ids.find(":" + keep + ":") != std::string::npos) return true;
    }
    at = end + 1;
  }
  return false;
}

// What was told to stop may be in the midst of a fork still, and its child would be lost with it.
bool are_stopped(const std::vector<ProcessId>& processes) {
  return std::all_of(processes.begin(), processes.end(), [](const ProcessId& process) {
    const auto line = read_stat(process.pid);
    return !line || line->id != process || !line->is_living() || line->state == 'T' || line->state == 't';
  });
}

// Those of `all` that carry it. In the midst of execve(2) a process shows no environment, so one that shows
// none is looked at once more.
std::vector<const StatLine*> carriers(const std::vector<StatLine>& all, const std::string& keep) {
  std::vector<const StatLine*> found;
  std::vector<const StatLine*> blank;
  for (const StatLine& line : all) {
    if (keep.empty() || !line.is_living()) continue;
    const std::string environment = environment_of(line.id.pid);
    if (carries(environment, keep)) found.push_back(&line);
    const bool is_of_kernel = line.id.pid == kKernelThreads || line.parent == kKernelThreads;
    if (environment.empty() && !is_of_kernel && is_of_our_user(line.id.pid)) blank.push_back(&line);
  }
  if (!blank.empty()) pause_ms(kExecMs);
  for (const StatLine* line : blank) {
    if (carries(environment_of(line->id.pid), keep)) found.push_back(line);
  }
  return found;
}

// Stops those of `living` that were not caught before; true when there were any.
bool catch_new(const std::vector<ProcessId>& living, std::vector<ProcessId>& caught) {
  bool is_any_new = false;
  for (const ProcessId& process : living) {
    if (std::find(caught.begin(), caught.end(), process) != caught.end()) continue;
    signal_process(process, SIGSTOP);
    caught.push_back(process);
    is_any_new = true;
  }
  return is_any_new;
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.boot_id = read_proc("/proc/sys/kernel/random/boot_id", 64);
  while (!machine.boot_id.empty() && machine.boot_id.back() == '\n') machine.boot_id.pop_back();
  struct stat status {};
  if (::stat("/proc/self/ns/pid", &status) == 0) machine.pid_namespace = status.st_ino;
  return machine;
}

std::optional<ProcessId> identify(pid_t pid) {
  const auto line = read_stat(pid);
  if (!line || !line->is_living()) return std::nullopt;
  return line->id;
}

bool is_alive(const ProcessId& process) { return identify(process.pid) == process; }

bool signal_process(const ProcessId& process, int signal) {
  if (process.pid <= 1) return false;
  // Looked at after the pidfd was opened: what has the right start time then is what the pidfd holds.
  const Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd || !is_alive(process)) return false;
  return ::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) == 0;
}

std::vector<ProcessId> members(const TreeOf& tree) {
  const std::vector<StatLine> all = all_processes();
  std::multimap<pid_t, const StatLine*> children;
  for (const StatLine& line : all) children.emplace(line.parent, &line);

  const pid_t self = ::getpid();
  std::vector<pid_t> ancestors;
  std::set<pid_t> seen{self};
  std::vector<ProcessId> found;
  const auto take = [&](const StatLine& line) {
    if (!seen.insert(line.id.pid).second) return;
    ancestors.push_back(line.id.pid);
    if (line.is_living()) found.push_back(line.id);
  };
  if (tree.root != 0) ancestors.push_back(tree.root);
  for (const StatLine& line : all) {
    if (line.id.pid == tree.root || !line.is_living()) continue;
    const bool is_named = std::find(tree.also.begin(), tree.also.end(), line.id) != tree.also.end();
    if (is_named) take(line);
  }
  for (const StatLine* line : carriers(all, tree.keep)) {
    if (line->id.pid != tree.root) take(*line);
  }
  if (tree.signs) {
    for (const StatLine& line : strays(all, *tree.signs)) take(line);
  }
  while (!ancestors.empty()) {
    const pid_t parent = ancestors.back();
    ancestors.pop_back();
    const auto [first, last] = children.equal_range(parent);
    for (auto child = first; child != last; ++child) take(*child->second);
  }
  return found;
}

bool kill_tree(const TreeOf& tree, int* ended) {
  const int64_t deadline_ms = since_boot().ms() + kKillLimitMs;
  int64_t stopped_by_ms = since_boot().ms() + kStopLimitMs;
  std::vector<ProcessId> caught;
  bool is_empty = false;
  bool is_still = false;
  while (since_boot().ms() < deadline_ms) {
    TreeOf left = tree;
    for (const ProcessId& process : caught) {
      if (is_alive(process)) left.also.push_back(process);
    }
    const std::vector<ProcessId> living = members(left);
    is_empty = living.empty();
    if (is_empty) break;
    if (catch_new(living, caught)) {
      stopped_by_ms = since_boot().ms() + kStopLimitMs;
      is_still = false;
      continue;
    }
    // One more look after the last of them stands still.
    const bool was_still = std::exchange(is_still, are_stopped(living) || since_boot().ms() >= stopped_by_ms);
    if (was_still) {
      for (const ProcessId& process : living) signal_process(process, SIGKILL);
    }
    pause_ms(1);
  }
  if (ended != nullptr) *ended = static_cast<int>(caught.size());
  return is_empty;
}

}  // namespace pianola::world
