#include "plan/conflict.h"

#include "plan/collision.h"

namespace pianola::plan {

std::string conflict_type_text(ConflictType type) {
  switch (type) {
    case ConflictType::file_write_write:
      return "file_write_write";
    case ConflictType::file_read_write:
      return "file_read_write";
    case ConflictType::resource:
      return "resource";
  }
  return "";
}

std::vector<Conflict> conflicts(const Plan& plan) {
  std::vector<Conflict> out;
  const Collisions collisions = find_collisions(plan.tasks, conflict_limit);
  out.reserve(collisions.found.size());
  for (const Collision& collision : collisions.found) {
    out.push_back({collision.type, plan.tasks[collision.first.task].id, plan.tasks[collision.second.task].id,
                   collision.target});
  }
  return out;
}

}  // namespace pianola::plan
