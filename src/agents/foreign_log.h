// The event log of another coordinator as events of ours: a run that is over, and that nobody can go on with.
//
// What pianola did not see is not claimed: no workspace was made, no check ran, nothing landed. A task that
// its agent completed has an attempt that delivered, and is stopped, with the reason; `actor` names the line
// that an event is made from.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/event.h"

namespace pianola::agents {

struct ImportOptions {
  std::string file;    // its name, for people
  std::string sha256;  // of its bytes
  std::string repository;
  std::string by;  // who imports it
};

struct Import {
  std::vector<core::Recorded> events;  // the same for the same bytes and options; the first lacks its run
  size_t tasks = 0;
  size_t attempts = 0;
  std::string counts;                     // "2 completed, 1 pending"
  std::map<std::string, size_t> unknown;  // types that mean nothing here, and how many lines have them
  std::vector<std::string> remarks;       // what was left out, with its line
};

// Errors (bad_plan): FILE:LINE:COL. A last line that was never finished is left out.
Result<Import> import_log(std::string_view bytes, const ImportOptions& options);

}  // namespace pianola::agents
