#include "plan/reach.h"

namespace pianola::plan {

Reach::Reach(const Links& links)
    : words_((links.needs.size() + 63) / 64), before_(words_ * links.needs.size()), after_(before_.size()) {
  const TopologicalOrder order = topological_order(links);
  for (const TaskIndex task : order.tasks) close(before_, task, links.needs[task]);
  for (auto task = order.tasks.rbegin(); task != order.tasks.rend(); ++task)
    close(after_, *task, links.needed[*task]);
}

void Reach::unordered(TaskIndex task, std::vector<uint64_t>& row) const {
  row.resize(words_);
  for (size_t word = 0; word < words_; ++word) {
    row[word] = ~(before_[task * words_ + word] | after_[task * words_ + word]);
  }
  row[task / 64] &= ~(uint64_t{1} << (task % 64));
}

// The neighbours and all that their rows, closed before, hold.
void Reach::close(Rows& rows, TaskIndex task, const std::vector<TaskIndex>& neighbours) {
  uint64_t* row = rows.data() + task * words_;
  for (const TaskIndex neighbour : neighbours) {
    const uint64_t* other = rows.data() + neighbour * words_;
    for (size_t word = 0; word < words_; ++word) row[word] |= other[word];
    row[neighbour / 64] |= uint64_t{1} << (neighbour % 64);
  }
}

}  // namespace pianola::plan
