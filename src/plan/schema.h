// The keys of a plan and their types: tree -> draft. What one value alone can break is found here; what
// takes two (ids, dependencies, ownership) in rules.h.
#pragma once

#include <vector>

#include "plan/plan.h"
#include "plan/sheet.h"

namespace pianola::plan {

// Where the parts of a task stand; the lists run parallel to those of the Task.
struct TaskNodes {
  NodeIndex task = no_node;
  NodeIndex id = no_node;
  NodeIndex verification = no_node;
  NodeIndex mode = no_node;
  NodeIndex files_write_key = no_node;
  std::vector<NodeIndex> files_write;
  std::vector<NodeIndex> files_append;
  std::vector<NodeIndex> files_read;
  std::vector<NodeIndex> resources_write;
  std::vector<NodeIndex> resources_read;
  std::vector<NodeIndex> depends_on;
  std::vector<NodeIndex> patch_intents;
};

struct TaskDraft {
  Task task;
  TaskNodes nodes;
};

// A reference from a contract, by its place in the plan, to a task.
struct TaskReference {
  std::string id;
  NodeIndex node = no_node;
  size_t contract = 0;
};

struct Draft {
  Plan plan;  // path entries that cannot be read are "", so that the lists stay parallel
  std::vector<TaskNodes> nodes;
  std::vector<NodeIndex> contracts;  // parallel to those of the plan
  std::vector<TaskReference> contract_tasks;
};

// A draft that is as whole as the tree allows, with findings on the sheet; nothing when reading on would
// only mislead: not a plan, a newer format, too many tasks.
std::optional<Draft> read_draft(Sheet& sheet);

// One entry of `tasks`, and one of `verification`. `place` counts from 1.
TaskDraft read_task(Sheet& sheet, NodeIndex node, size_t place);
std::vector<Check> read_checks(Sheet& sheet, NodeIndex list, std::string_view key);

// The whole of `contracts`.
void read_contracts(Sheet& sheet, NodeIndex list, Draft& draft);

// The commands of `setup:`, shell text each.
std::vector<std::string> read_setup(Sheet& sheet, NodeIndex list);

// True for "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$".
bool is_task_id(std::string_view id);

// True for names that mean something else to pianola or to a file system: all, head, con, ...
bool is_reserved_id(std::string_view id);

}  // namespace pianola::plan
