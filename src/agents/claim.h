// What a stream told, added up to a claim. The rule is one for all CLIs: success needs a final event that
// says so, no error marker after it all, an end that was not our doing, and exit code 0.
#pragma once

#include <string>
#include <string_view>

#include "core/outcome.h"

namespace pianola::agents {

// What a reader has gathered so far.
struct Told {
  bool anything = false;  // at least one line that meant something
  bool acted = false;     // said something or used a tool
  bool ended = false;     // a final event came
  bool success = false;   // the last final event said success
  bool marked = false;    // an error marker stands that nothing after it has taken back
  core::FailureClass failure = core::FailureClass::none;    // of the final event or the marker
  core::FailureClass suspected = core::FailureClass::none;  // of the last retry; counts when no end came
  std::string text;        // of the final event; else of the marker, else the last thing said
  std::string error_tail;  // the end of stderr
  std::string session;
  core::Usage usage;
};

core::Claim conclude_from(const Told& told, const core::ExitStatus& exit, bool ended_by_us);

// A session name that a CLI gave and that may stand in a command line later: letters, digits, '-', '_',
// at most 128 and not beginning with '-'.
bool is_session_name(std::string_view name);

}  // namespace pianola::agents
