// Commands that cannot fail, and so prove nothing.
#pragma once

#include "plan/plan.h"

namespace pianola::plan {

// True when `command` ends with status 0 whatever the work tree holds, as far as its words tell: true, ":",
// exit 0, echo, printf, test 1, [ 1 ], ls, python -c "import x"; such commands joined by ";" or "&&"; a
// list whose last word decides and is one of them; anything ending in "|| true". Nothing is executed or
// expanded. Linear in the length of the command.
bool is_trivial(const CommandLine& command);

// True for shell text that can be a project's test command: not blank, without control characters, not
// trivial.
bool is_test_command(const std::string& command);

}  // namespace pianola::plan
