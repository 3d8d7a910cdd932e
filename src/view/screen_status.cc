// `status`: what needs a person first, then what works, then what pianola mends by itself.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "view/line.h"
#include "view/numbers.h"
#include "view/rows.h"
#include "view/screen.h"

namespace pianola::view {
namespace {

constexpr size_t age_width = 4;
constexpr size_t word_min = 6;

class Status {
 public:
  Status(const Snapshot& snapshot, const Terminal& terminal, StatusDepth depth)
      : snapshot_(snapshot), terminal_(terminal), ids_(id_width(longest_id(snapshot), terminal)) {
    if (depth == StatusDepth::all) {
      for (const TaskRow& row : snapshot.tasks) rows_.push_back(&row);
    } else {
      choose_rows();
    }
    for (const TaskRow* row : rows_) words_ = std::max(words_, row->state.size());
    if (!snapshot.needs.empty()) words_ = std::max(words_, snapshot.phase.size());
  }

  std::string text(StatusDepth depth) {
    put_heading();
    if (!snapshot_.needs.empty()) put_run();
    for (const TaskRow* row : rows_) put_row(*row);
    if (depth == StatusDepth::all) return joined_lines(out_);
    put_watching();
    put_whole(out_, terminal_, 0, "more: pianola status --all   pianola logs TASK");
    return joined_lines(out_);
  }

 private:
  void choose_rows();
  void put_heading();
  void put_run();
  void put_row(const TaskRow& row);
  void put_watching();
  // Glyph, name, word and age; then `raw`, cut at the end of the line; then the command on its own line.
  void put(const StateLook& look, std::string_view name, std::string_view word, std::string_view age,
           const std::string& raw, const std::string& needs);

  const Snapshot& snapshot_;
  const Terminal& terminal_;
  size_t ids_ = 12;
  size_t words_ = word_min;
  std::vector<const TaskRow*> rows_;
  std::vector<std::string> out_;
};

// Rows that need a person, those that hold up most and wait longest first; then what works, in plan order.
void Status::choose_rows() {
  for (const TaskRow& row : snapshot_.tasks) {
    if (!row.needs.empty()) rows_.push_back(&row);
  }
  std::sort(rows_.begin(), rows_.end(), [](const TaskRow* a, const TaskRow* b) {
    return std::tuple(-a->holds, a->since.value_or(Instant{}), a->id) <
           std::tuple(-b->holds, b->since.value_or(Instant{}), b->id);
  });
  for (const std::string_view word : {"working", "starting", "checking", "landing"}) {
    for (const TaskRow& row : snapshot_.tasks) {
      if (row.state == word) rows_.push_back(&row);
    }
  }
}

void Status::put_heading() {
  const std::string gap = is_pipe(terminal_) ? ", " : "   ";
  const Duration up = snapshot_.finished_at.value_or(snapshot_.now) - snapshot_.started_at;
  // A run that was imported has no target.
  const std::string into = snapshot_.target.empty() ? "" : " > " + snapshot_.target;
  const std::string heading = fmt::format(
      "{}{}{} {}{}{}{}{}{} {}{}{}", snapshot_.run, is_pipe(terminal_) ? " " : "  ", snapshot_.phase,
      span_text(up), gap, leaf_of(snapshot_.repository), into, gap, snapshot_.plan_file,
      short_hash(snapshot_.plan_sha256), gap, isolation_phrase(snapshot_.isolation));
  put_paragraph(out_, {.head = Line(terminal_)}, display(heading).str());
  std::vector<Segment> counts = count_segments(snapshot_, Counting::status);
  if (snapshot_.usage.cost_microusd >= 0) {
    counts.push_back({.text = money_text(snapshot_.usage.cost_microusd), .rank = 6});
  }
  out_.push_back(joined_segments(std::move(counts), terminal_));
  if (snapshot_.needs.empty() && !snapshot_.reason.empty()) {
    put_paragraph(out_, {.head = Line(terminal_)}, display(snapshot_.reason).str());
  }
}

void Status::put_run() {
  put(look_of("review"), snapshot_.run, snapshot_.phase,
      snapshot_.finished_at ? age_text(snapshot_.now - *snapshot_.finished_at) : "", snapshot_.reason,
      snapshot_.needs);
}

void Status::put_row(const TaskRow& row) {
  std::string text = now_text(row);
  if (row.wakes_at) text = "in " + countdown_text(*row.wakes_at - snapshot_.now) + ", " + text;
  if (!row.needs.empty() && row.holds > 0) text += fmt::format(", holds {}", row.holds);
  put(look_of(row.state), row.id, row.state, row.since ? age_text(snapshot_.now - *row.since) : "-", text,
      row.needs);
}

void Status::put(const StateLook& look, std::string_view name, std::string_view word, std::string_view age,
                 const std::string& raw, const std::string& needs) {
  const bool pipe = is_pipe(terminal_);
  Line line(terminal_);
  line.glyph(look).cell(display(name).str(), ids_).put(word, look.role);
  if (pipe) {
    line.put(age.empty() ? "" : " ").put(age).put(" ");
  } else {
    line.pad_to(2 + ids_ + 1 + words_).right(age, std::max(age_width, age.size() + 1)).put("  ");
  }
  const size_t indent = line.used();
  line.put(display(raw).str());
  if (pipe && !needs.empty()) line.put(": ").put(needs);
  out_.push_back(line.text());
  if (!pipe && !needs.empty()) put_whole(out_, terminal_, indent, needs);
}

void Status::put_watching() {
  std::string text;
  for (const TaskRow& row : snapshot_.tasks) {
    if (!row.wakes_at) continue;
    text += (text.empty() ? "watching: " : ", ") + row.id + " " + row.state + " " +
            countdown_text(*row.wakes_at - snapshot_.now);
  }
  if (!text.empty()) put_paragraph(out_, {.head = Line(terminal_)}, text);
}

}  // namespace

std::string status_text(const Snapshot& snapshot, const Terminal& terminal, StatusDepth depth) {
  return Status(snapshot, terminal, depth).text(depth);
}

}  // namespace pianola::view
