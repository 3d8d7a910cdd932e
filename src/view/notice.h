// What an event says to people: the one wording behind the lines of a terminal and of a pipe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/state.h"
#include "view/look.h"

namespace pianola::view {

enum class Reader { everybody, terminal, pipe };

// Texts are raw bytes; whoever prints them passes display().
struct Notice {
  Reader reader = Reader::everybody;
  std::string_view look;  // whose glyph it wears, a word of state_looks()
  Role role = Role::text;
  std::string subject;  // a task, or the run
  std::string word;     // landed, red, retry
  std::string text;
  std::vector<std::string> details = {};  // further lines of a terminal
};

// In the order they are printed; a pipe shows the first that it may. `state` has folded the event, and
// may have folded the rest of its turn.
std::vector<Notice> notices_of(const core::State& state, const core::Recorded& recorded);

// The line of a check's output that says what failed: the first that starts with a test runner's word for
// it, else the first that names an error, else the last one.
std::string failing_line(std::string_view output);

// The first required check that did not pass, or null.
const core::CheckResult* first_red(const std::vector<core::CheckResult>& checks);

// What attempt `attempt` of a landed task took and cost: "try 1, 9:40, $0.52".
std::string effort_text(const core::Attempt& attempt);

}  // namespace pianola::view
