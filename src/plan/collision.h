// Which entries of which tasks meet: what conflicts, diagnostics and reports are made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "plan/conflict.h"
#include "plan/links.h"

namespace pianola::plan {

// How a task names a path or a resource. Files that several tasks append to, or patch by intents, are
// shared: they meet owners and readers, not each other.
enum class UseKind : uint8_t {
  files_write,
  files_append,
  patch_file,
  files_read,
  resources_write,
  patch_resource,
  resources_read,
};

// One entry of one task: `index` counts in the list of the kind.
struct Use {
  TaskIndex task = 0;
  UseKind kind = UseKind::files_write;
  uint32_t index = 0;
};

struct Collision {
  ConflictType type = ConflictType::file_write_write;
  Use first;  // of the task whose id is smaller
  Use second;
  std::string target;
};

struct Collisions {
  std::vector<Collision> found;  // sorted by (first id, second id, type, target); the first `limit`
  bool is_complete = true;       // false when there are more
};

// Empty entries are skipped and unknown dependencies ignored; the dependencies must have no cycle.
Collisions find_collisions(const std::vector<Task>& tasks, size_t limit);

// The entry a use names; for an intent its file, or the resource it implies.
std::string use_text(const Task& task, const Use& use);

// The resource an intent implies: "route:<prefix>", "di:<function>", "config:<key>", "middleware:<class>";
// "" without the argument.
std::string implied_resource(const PatchIntent& intent);

}  // namespace pianola::plan
