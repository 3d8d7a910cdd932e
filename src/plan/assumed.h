// Checks of tasks that were written without one: those of the configuration, or of the project as it lies
// there (project.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/schema.h"

namespace pianola::plan {

// The checks among `assumed` that hold for a task with these files: those of the top; where only folders
// below have any, of the one folder that all of its files lie in, else of all folders.
std::vector<Check> checks_for(const Task& task, const std::vector<FolderChecks>& assumed);

// Gives them to each task of `draft` without a check, and says which. With every rule, one finding when there
// are none to give.
std::vector<AssumedCheck> assume_checks(Sheet& sheet, Draft& draft, const std::vector<FolderChecks>& assumed);

// Adds `checks`, those it has not yet, to the final checks of `plan`.
void add_final_checks(Plan& plan, const std::vector<Check>& checks);

// A check that runs `command`, shell text, and counts as a test.
Check test_check(std::string command);

}  // namespace pianola::plan
