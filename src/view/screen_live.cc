// The block below the scrollback, redrawn in place while a run goes on.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "view/line.h"
#include "view/numbers.h"
#include "view/rows.h"
#include "view/screen.h"

namespace pianola::view {
namespace {

constexpr size_t state_width = 9;
constexpr size_t context_width = 4;
constexpr size_t time_width = 7;
constexpr size_t text_wanted = 20;
constexpr size_t bar_cells = 10;

// Which columns a row has; a narrow terminal gives them up in this order: context, agent, time.
struct Columns {
  size_t id = 12;
  size_t word = state_width;
  size_t agent = 0;  // 0 = given up
  size_t context = context_width;
  size_t time = time_width;
};

// Rows in the order of the states people look for first.
constexpr std::array<std::string_view, 5> live_words = {"working", "starting", "checking", "landing",
                                                        "retry"};

std::vector<const TaskRow*> live_rows(const Snapshot& snapshot) {
  std::vector<const TaskRow*> rows;
  for (const std::string_view word : live_words) {
    for (const TaskRow& row : snapshot.tasks) {
      if (row.state == word) rows.push_back(&row);
    }
  }
  return rows;
}

Columns columns_for(const Snapshot& snapshot, const std::vector<const TaskRow*>& rows,
                    const Terminal& terminal) {
  constexpr size_t agent_max = 10;
  Columns wanted;
  wanted.id = id_width(longest_id(snapshot), terminal);
  for (const TaskRow* row : rows) {
    wanted.agent = std::max(wanted.agent, std::min(agent_max, columns(display(row->agent).str())));
  }
  if (is_pipe(terminal)) return wanted;
  const auto width = static_cast<size_t>(terminal.width);
  const auto taken = [&] {
    const size_t agent = wanted.agent == 0 ? 0 : wanted.agent + 1;
    return 2 + wanted.id + 1 + wanted.word + 1 + agent + wanted.context + wanted.time + 2;
  };
  if (taken() + text_wanted > width) wanted.context = 0;
  if (taken() + text_wanted > width) wanted.agent = 0;
  if (taken() + text_wanted > width) wanted.word = 8;
  if (taken() + text_wanted > width) wanted.time = 0;
  return wanted;
}

std::string live_row(const TaskRow& row, const Snapshot& snapshot, const Columns& columns_of,
                     const Terminal& terminal) {
  const StateLook& look = look_of(row.state);
  Line line(terminal);
  line.glyph(look).cell(row.id, columns_of.id).cell(row.state, columns_of.word, look.role);
  if (columns_of.agent > 0) line.cell(display(row.agent).str(), columns_of.agent);
  if (columns_of.context > 0) line.right(context_text(row), context_width);
  const std::string time =
      row.wakes_at ? span_text(*row.wakes_at - snapshot.now) : span_text(Duration::from_ms(row.elapsed_ms));
  if (columns_of.time > 0) line.right(time, time_width).put("  ");
  std::string text = display(now_text(row)).str();
  if (row.wakes_at) text = "starts " + clock_of_day(*row.wakes_at, terminal.utc_offset_s) + ", " + text;
  return line.put(text).text();
}

std::string bar(const Snapshot& snapshot, Glyphs glyphs) {
  const std::string_view full = glyphs == Glyphs::ascii ? "#" : "▰";
  const std::string_view empty = glyphs == Glyphs::ascii ? "." : "▱";
  const size_t total = std::max<size_t>(1, snapshot.tasks.size());
  const size_t filled = bar_cells * static_cast<size_t>(count_of(snapshot, {"landed"})) / total;
  std::string text;
  for (size_t cell = 0; cell < bar_cells; ++cell) text += cell < filled ? full : empty;
  return text;
}

// "▰▱▱▱▱▱▱▱▱▱ 1/8 landed  2 running  1 retry  4 waiting  $0.71  11:50", without what does not fit.
std::string progress_line(const Snapshot& snapshot, const Terminal& terminal) {
  std::vector<Segment> segments = count_segments(snapshot, Counting::live);
  segments.front().text = bar(snapshot, terminal.glyphs) + " " + segments.front().text;
  if (snapshot.usage.cost_microusd >= 0) {
    segments.push_back({.text = money_text(snapshot.usage.cost_microusd), .rank = 6});
  }
  segments.push_back({.text = span_text(snapshot.now - snapshot.started_at), .rank = 3});
  return joined_segments(std::move(segments), terminal);
}

std::string foot_line(const Snapshot& snapshot, const Terminal& terminal) {
  const size_t needs = need_count(snapshot);
  Line line(terminal);
  if (needs > 0) line.put(need_text(needs), Role::need).put("   ");
  if (!snapshot.needs.empty()) {
    line.put(display(snapshot.reason).str() + ": " + snapshot.needs);
  } else if (snapshot.stopping) {
    line.put("stopping, what runs may finish   Ctrl-C leave, agents go on");
  } else {
    line.put("Ctrl-C stop starting");
  }
  return line.text();
}

}  // namespace

std::vector<std::string> live_block(const Snapshot& snapshot, const Terminal& terminal) {
  constexpr int lines_kept_free = 4;
  const auto lines_max = static_cast<size_t>(std::max(0, terminal.height - lines_kept_free));
  std::vector<std::string> block;
  const std::vector<const TaskRow*> rows = live_rows(snapshot);
  const Columns columns_of = columns_for(snapshot, rows, terminal);
  size_t room = lines_max > 2 ? lines_max - 2 : 0;
  if (snapshot.phase == "promoting" && room > 0) {
    --room;
    const StateLook& look = look_of("checking");
    Line line(terminal);
    line.glyph(look).cell(display(snapshot.run).str(), columns_of.id);
    line.cell(snapshot.phase, columns_of.word, look.role);
    block.push_back(line.put(display(snapshot.reason).str()).text());
  }
  const size_t shown = rows.size() <= room ? rows.size() : room == 0 ? 0 : room - 1;
  for (size_t i = 0; i < shown; ++i) block.push_back(live_row(*rows[i], snapshot, columns_of, terminal));
  if (shown < rows.size() && room > 0) {
    block.push_back(
        Line(terminal).put(fmt::format("{} more: pianola status --all", rows.size() - shown)).text());
  }
  if (lines_max >= 1) block.push_back(progress_line(snapshot, terminal));
  if (lines_max >= 2) block.push_back(foot_line(snapshot, terminal));
  return block;
}

}  // namespace pianola::view
