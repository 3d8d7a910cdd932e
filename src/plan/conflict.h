// Pairs of tasks that may run at the same time and touch the same thing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace pianola::plan {

enum class ConflictType { file_write_write, file_read_write, resource };

struct Conflict {
  ConflictType type = ConflictType::file_write_write;
  TaskId first;  // first < second as bytes
  TaskId second;
  std::string target;  // the path entry or resource they share; for overlapping globs an example path
  friend bool operator==(const Conflict&, const Conflict&) = default;
};

// "file_write_write", "file_read_write", "resource".
std::string conflict_type_text(ConflictType type);

inline constexpr size_t conflict_limit = 10'000;

// Every conflict once, sorted by (first, second, type, target): the first `conflict_limit` of them. A pair is
// safe only when one task is a transitive dependency of the other. Files that several tasks append to or
// patch by intents are shared: they conflict with owners and readers, not with each other.
std::vector<Conflict> conflicts(const Plan& plan);

}  // namespace pianola::plan
