// One line of the event log that a Multi-Claude coordinator keeps (orchestration/event-log.jsonl):
// {"id":"<uuid>","timestamp":"<ISO 8601>","type":"task_updated","data":{..}}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "plan/plan.h"
#include "plan/tree.h"

namespace pianola::agents {

// What such a coordinator says of a task.
enum class TaskWord { pending, assigned, in_progress, completed, failed, cancelled };
std::string_view text_of(TaskWord word);

enum class LoggedKind {
  task_created,
  task_assigned,
  task_updated,
  of_an_agent,  // agent_registered, agent_heartbeat: says nothing about a task
  unknown,
};

struct LoggedEvent {
  LoggedKind kind = LoggedKind::unknown;
  std::string type;  // as it was written
  int line = 0;
  Instant at;
  plan::Task task;  // its id; of task_created also what it says, with dependencies that may not exist
  int depends_on_col = 1;
  TaskWord word = TaskWord::pending;
  std::string agent;   // "" when none is named
  std::string result;  // JSON as it was written, "" when there is none
};

struct LinePlace {
  std::string_view file;
  int line = 0;
};

// "FILE:LINE:COL: what; expected" (bad_plan).
Error fault_at(const LinePlace& place, int col, std::string what, std::string expected);

// `tree` is the JSON of `text`. Statuses are read as "pending" and as "TaskStatus.PENDING". Errors: bad_plan,
// with line and column.
Result<LoggedEvent> read_logged(const plan::Tree& tree, std::string_view text, const LinePlace& place);

}  // namespace pianola::agents
