// Who must land before whom, through any number of dependencies.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/links.h"

namespace pianola::plan {

// The transitive closure as one row of bits per task: 2 * tasks^2 / 8 bytes, 25 MB for 10,000 tasks.
class Reach {
 public:
  // `links` must have no cycle.
  explicit Reach(const Links& links);

  // True when one is a transitive dependency of the other, or both are one task.
  bool are_ordered(TaskIndex a, TaskIndex b) const {
    return a == b || has(before_, a, b) || has(after_, a, b);
  }

  // The tasks without an order to `task`, as bits of `row`.
  void unordered(TaskIndex task, std::vector<uint64_t>& row) const;

 private:
  using Rows = std::vector<uint64_t>;
  bool has(const Rows& rows, TaskIndex row, TaskIndex bit) const {
    return ((rows[row * words_ + bit / 64] >> (bit % 64)) & 1U) != 0;
  }
  void close(Rows& rows, TaskIndex task, const std::vector<TaskIndex>& neighbours);

  size_t words_ = 0;  // per row
  Rows before_;
  Rows after_;
};

}  // namespace pianola::plan
