// What `check`, `dag` and `conflicts` print. Text is for people and ends each line with "\n"; JSON is one
// value without a line end, with keys that are only ever added.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/load.h"

namespace pianola::plan {

// The exit code of a bad plan, as the error objects state it (cli/exit_code.h holds the table).
inline constexpr int bad_plan_exit = 3;

// Diagnostics shown in text; the count line speaks of all of them.
inline constexpr size_t shown_diagnostics = 20;

// The warnings among them, one line each, as check_text has them.
std::string warnings_text(const std::vector<Diagnostic>& diagnostics);

// Of a plan loaded with every rule:
// "tasks.yaml  ok: 8 tasks, 8 dependencies, 5 waves, no conflicts, 8 of 8 tested", the critical path any
// warnings above and below it the checks that were assumed; for a plan with errors the first of them and "4
// errors in tasks.yaml, nothing changed".
std::string check_text(const Loaded& loaded, std::string_view file);
// {"valid": true, "tasks", "dependencies", "waves", "conflicts", "tested", "critical_path", "warnings",
// "assumed": [{"command", "tasks": [id]}]} or
// errors_json with "valid": false.
std::string check_json(const Loaded& loaded);

// The waves, one line each, or the errors as check_text has them.
std::string dag_text(const Loaded& loaded, std::string_view file);
// {"valid": true, "waves", "total_waves", "total_tasks"} or {"valid": false, "errors": [text], "cycle":
// [id]}.
std::string dag_json(const Loaded& loaded);

// One line per conflict with the dependency that would settle it, then the count.
std::string conflicts_text(const Loaded& loaded, std::string_view file);
// {"conflicts": [{"type", "tasks", "target"}], "count", "complete"}; "complete" is false when there are more
// than conflict_limit. For a plan with errors errors_json.
std::string conflicts_json(const Loaded& loaded);

// The errors of a plan that was refused: {"error": first, "errors": [...], "warnings": [...]}, each
// {"code": "bad_plan", "exit": 3, "message", "at": {"file", "line", "col"}, "hint"}.
std::string errors_json(const Loaded& loaded);

}  // namespace pianola::plan
