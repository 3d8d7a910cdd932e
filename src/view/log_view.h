// The journal for people: one line for each event, or everything about one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/event.h"

namespace pianola::view {

// A terminal shows the time of day in the user's zone and keeps columns; a pipe gets UTC and single spaces.
struct LogStyle {
  bool is_terminal = false;
  size_t width = 0;          // columns of the terminal; 0 = lines are not cut
  int64_t utc_offset_s = 0;  // of the user's zone
};

// "13:31:22    14 task_landed          user-model/1 staging 51d0c3e", without a newline. What comes from
// agents, plans and repositories is display-safe, and in quotes where it is a claim or somebody's words.
std::string log_line(const core::Recorded& recorded, const LogStyle& style);

// Every field of the event under its key in the journal, a line each; `seed` is the run's.
std::string log_details(const core::Recorded& recorded, uint64_t seed);

}  // namespace pianola::view
