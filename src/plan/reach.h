// Who must land before whom, through any number of dependencies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "plan/links.h"

namespace pianola::plan {

// One bit per task.
using TaskBits = std::vector<uint64_t>;

inline bool has_task(const TaskBits& bits, TaskIndex task) {
  return ((bits[task / 64] >> (task % 64)) & 1U) != 0;
}

// Answers the first questions by walking the dependencies, and once there are many from the transitive
// closure: tasks^2 / 4 bytes, 25 MB for 10,000 tasks.
class Reach {
 public:
  // `links` must have no cycle.
  explicit Reach(Links links) : links_(std::move(links)) {}

  // Fills `bits` with the tasks that are not `task`, and neither needed by it nor in need of it.
  void find_unordered(TaskIndex task, TaskBits& bits);

 private:
  using Neighbours = std::vector<std::vector<TaskIndex>>;

  void walk(TaskIndex task, const Neighbours& neighbours, TaskBits& seen);
  void build_closure();
  void close(TaskBits& rows, TaskIndex task, const std::vector<TaskIndex>& neighbours) const;
  size_t words() const { return (links_.needs.size() + 63) / 64; }

  Links links_;
  size_t questions_ = 0;
  std::vector<TaskIndex> stack_;
  TaskBits before_;  // a row of words() per task; empty until it pays
  TaskBits after_;
};

}  // namespace pianola::plan
