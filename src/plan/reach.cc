#include "plan/reach.h"

namespace pianola::plan {
namespace {

// A walk takes each dependency once, the closure one word of 64 tasks for each.
constexpr size_t tasks_per_walk = 64;

void set_task(TaskBits& bits, TaskIndex task) { bits[task / 64] |= uint64_t{1} << (task % 64); }

}  // namespace

void Reach::find_unordered(TaskIndex task, TaskBits& bits) {
  bits.assign(words(), 0);
  if (before_.empty() && ++questions_ * tasks_per_walk > links_.needs.size()) build_closure();
  if (before_.empty()) {
    walk(task, links_.needs, bits);
    walk(task, links_.needed, bits);
  } else {
    for (size_t word = 0; word < words(); ++word) {
      bits[word] = before_[task * words() + word] | after_[task * words() + word];
    }
  }
  set_task(bits, task);
  for (uint64_t& word : bits) word = ~word;
}

void Reach::walk(TaskIndex task, const Neighbours& neighbours, TaskBits& seen) {
  stack_.assign(1, task);
  while (!stack_.empty()) {
    const TaskIndex at = stack_.back();
    stack_.pop_back();
    for (const TaskIndex next : neighbours[at]) {
      if (has_task(seen, next)) continue;
      set_task(seen, next);
      stack_.push_back(next);
    }
  }
}

void Reach::build_closure() {
  before_.resize(words() * links_.needs.size());
  after_.resize(before_.size());
  const TopologicalOrder order = topological_order(links_);
  for (const TaskIndex task : order.tasks) close(before_, task, links_.needs[task]);
  for (auto task = order.tasks.rbegin(); task != order.tasks.rend(); ++task)
    close(after_, *task, links_.needed[*task]);
}

// The neighbours and all that their rows, closed before, hold.
void Reach::close(TaskBits& rows, TaskIndex task, const std::vector<TaskIndex>& neighbours) const {
  uint64_t* row = rows.data() + task * words();
  for (const TaskIndex neighbour : neighbours) {
    const uint64_t* other = rows.data() + neighbour * words();
    for (size_t word = 0; word < words(); ++word) row[word] |= other[word];
    row[neighbour / 64] |= uint64_t{1} << (neighbour % 64);
  }
}

}  // namespace pianola::plan
