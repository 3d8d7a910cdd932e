// Plan text -> checked Plan, or every reason why not, each with its line and column.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plan/plan.h"

namespace pianola::plan {

enum class Severity { error, warning };

// One finding: `file:line:col: what; expected; next`. Values of the plan are shown escaped and cut to 60
// columns; `file` alone is raw, and text() escapes it.
struct Diagnostic {
  Severity severity = Severity::error;
  Place at;
  std::string what;
  std::string expected;
  std::string next;
  std::string text() const;
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// How much must hold. `well_formed` is what dag, conflicts and risk need; `every_rule` is check and run.
enum class Strictness { well_formed, every_rule };

inline constexpr int attempts_max = 20;  // of a task

// What holds for every task of a plan, as a configuration says it.
struct TaskRules {
  int attempts = Task().attempts;  // of a task that says none
  int checks_min = 1;              // of a task that writes, where every rule must hold
  std::string asked_at;            // "file:line:col" of who asks for more than one; "" = nobody
};

// Checks that tasks of a folder are taken to have; assumed.h.
struct FolderChecks {
  std::string folder;  // "" = the top of the repository
  std::vector<Check> checks;
  friend bool operator==(const FolderChecks&, const FolderChecks&) = default;
};

struct LoadOptions {
  std::string file = "tasks.yaml";  // the name shown in diagnostics; ".md" is a check list (checklist.h)
  Strictness strictness = Strictness::every_rule;
  TaskRules rules = {};
  std::vector<FolderChecks> assumed = {};  // for tasks of a check list that have no check of their own
};

// A check that nobody wrote into the plan, and the tasks that have it.
struct AssumedCheck {
  std::string command;  // as command_text() has it
  std::vector<TaskId> tasks;
};

// Where the checks come from that a whole run has to pass.
enum class FinalChecks { written, gathered };

// An entry of files_write or files_append, and where it stands.
struct WrittenEntry {
  std::string entry;
  Place at;
};

struct Loaded {
  std::optional<Plan> plan;             // present when no diagnostic is an error
  std::vector<Diagnostic> diagnostics;  // in file order; a syntax error stands alone
  // For a cycle: the ids along it, first repeated at the end; else empty.
  std::vector<std::string> cycle;
  // Of a plan without errors, in plan order: links that leave the repository are found by who knows the disk.
  std::vector<WrittenEntry> written;
  std::vector<Place> contracts;       // of such a plan, where each stands
  std::vector<AssumedCheck> assumed;  // of such a plan, each command once, in plan order
  FinalChecks final_checks = FinalChecks::gathered;
  size_t conflicts = 0;  // where every rule was applied: pairs of tasks, as plan/conflict.h counts them
};

// Reads YAML 1.2 (core scalars), JSON or a Markdown check list. Never throws, never recurses over the input,
// at most 16 MB.
Loaded load(std::string_view bytes, const LoadOptions& options);

}  // namespace pianola::plan
