// What all processes of an attempt may use together: a cgroup of its own (cgroups(7)), where this user may
// make one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pianola::world {

// For all processes of an attempt together; 0 = no limit.
struct Limits {
  int64_t memory_bytes = 0;
  int64_t processes = 0;   // threads count as well
  int cpu_weight = 0;      // 1 to 10000; 100 is usual
  int64_t disk_bytes = 0;  // of its folders; the keeper looks at them (disk_watch.h)
  friend bool operator==(const Limits&, const Limits&) = default;
};

// What is taken when nobody said otherwise: 60 % of this machine's memory, 4096 processes, the usual weight,
// 20 GiB on disk.
Limits usual_limits();

class Cgroup {
 public:
  Cgroup() = default;  // limits nothing
  // Made below or beside the cgroup of this process: in the unified hierarchy where it is delegated with its
  // controllers, else in those of version 1. One of this name that is left over is used again. What cannot be
  // limited is left out; see the questions below.
  static Cgroup make(const std::string& name, const Limits& limits);
  // Removes it, unless there are still processes in it.
  ~Cgroup();
  Cgroup(Cgroup&& other) noexcept;
  Cgroup& operator=(Cgroup&& other) noexcept;
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  // What it consists of: one folder, or one for each hierarchy of version 1.
  const std::vector<std::string>& folders() const { return folders_; }
  bool limits_memory() const { return !memory_events_.empty(); }
  bool limits_processes() const { return limits_processes_; }

  // Puts a process in; what it starts from now on is in as well. False when a hierarchy refuses it.
  bool admit(pid_t pid) const;
  // How many of its processes were killed since it was made because they used more memory than they may.
  int64_t killed_for_memory() const;

 private:
  std::vector<std::string> folders_;
  std::string memory_events_;  // the file that counts; "" = memory is not limited
  int64_t killed_before_ = 0;
  bool limits_processes_ = false;
};

// Removes those of `folders` in which no process is left; for a group whose maker is gone.
void remove_cgroup(const std::vector<std::string>& folders);

}  // namespace pianola::world
