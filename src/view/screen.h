// Text for a terminal or a pipe, from a Snapshot and from events. Wording is ui.md section 2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/state.h"
#include "view/snapshot.h"

namespace pianola::view {

enum class Glyphs { unicode, ascii };
enum class Colour { none, ansi16 };

// Where the text goes. A width of 0 is a pipe: nothing is cut, wrapped, padded or coloured.
struct Terminal {
  int width = 80;
  int height = 24;
  Glyphs glyphs = Glyphs::unicode;
  Colour colour = Colour::none;
  int64_t utc_offset_s = 0;
};

// The first lines of `run`: plan, run, agents. No line is longer than the terminal.
std::vector<std::string> run_heading(const core::State& state, const Terminal& terminal);

// What scrolls up for one event on a terminal (landed, red with the failing line and the command that
// shows all, retry, refused, failed, skipped, paused, ...); empty for events nobody waits for. `state` has
// folded the event, and may have folded the rest of its turn.
std::vector<std::string> event_lines(const core::State& state, const core::Recorded& event,
                                     const Terminal& terminal);

// The same for a pipe: at most one line, UTC, no padding, no wrapping, no colour.
std::optional<std::string> piped_line(const core::State& state, const core::Recorded& event);

// The block redrawn in place: one row per live task, then bar, counts, money and the foot. At most
// height - 4 lines, no line longer than the terminal.
std::vector<std::string> live_block(const Snapshot& snapshot, const Terminal& terminal);

// `status`: at most two lines a task that matters; `all` lists every task.
enum class StatusDepth { short_form, all };
std::string status_text(const Snapshot& snapshot, const Terminal& terminal, StatusDepth depth);

// design.md section 5; one JSON value, keys only ever added.
std::string status_json(const Snapshot& snapshot);

// What `run` ends with: done/failed/left, time against the longest dependency chain, tries, cost, logs,
// and the next command. `run_path` is where everything of the run lies.
std::string end_report(const core::State& state, const std::string& run_path, const Terminal& terminal);

// The final report of `run --json`.
std::string report_json(const core::State& state, const std::string& run_path);

}  // namespace pianola::view
