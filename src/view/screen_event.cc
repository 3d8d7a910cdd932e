// What one event adds to a terminal's scrollback, or to a pipe.
#include <algorithm>

#include "base/text.h"
#include "view/line.h"
#include "view/notice.h"
#include "view/screen.h"

namespace pianola::view {
namespace {

constexpr size_t word_width = 8;
constexpr size_t text_lines_max = 4;

size_t longest_id(const core::State& state) {
  size_t longest = state.run.str().size();
  for (const plan::Task& task : state.plan.tasks) longest = std::max(longest, task.id.str().size());
  return longest;
}

void put_notice(std::vector<std::string>& out, const Notice& notice, const Terminal& terminal, size_t ids,
                const std::string& clock) {
  // The time is the first thing a narrow terminal gives up.
  const bool with_clock = is_pipe(terminal) || terminal.width >= 60;
  Line head(terminal);
  if (with_clock) head.put(clock, Role::dim).put(" ");
  head.glyph(look_of(notice.look)).cell(display(notice.subject).str(), ids);
  const size_t indent = head.used();
  head.cell(notice.word, std::max(word_width, notice.word.size()), notice.role);
  put_paragraph(out, {.head = head, .indent = indent, .lines_max = text_lines_max},
                display(notice.text).str());
  for (const std::string& detail : notice.details) {
    const std::string shown = display(detail).str();
    if (detail.starts_with("all of it: ")) {
      put_whole(out, terminal, indent, shown);
    } else {
      out.push_back(Line(terminal).pad_to(indent).put(shown).text());
    }
  }
}

}  // namespace

std::vector<std::string> event_lines(const core::State& state, const core::Recorded& event,
                                     const Terminal& terminal) {
  std::vector<std::string> out;
  const size_t ids = id_width(longest_id(state), terminal);
  for (const Notice& notice : notices_of(state, event)) {
    if (notice.reader == Reader::pipe) continue;
    put_notice(out, notice, terminal, ids, clock_of_day(event.at, terminal.utc_offset_s));
  }
  return out;
}

std::optional<std::string> piped_line(const core::State& state, const core::Recorded& event) {
  for (const Notice& notice : notices_of(state, event)) {
    if (notice.reader == Reader::terminal) continue;
    std::string line = iso_utc(event.at) + " " + display(notice.subject).str() + " " + notice.word;
    if (!notice.text.empty()) line += " " + display(notice.text).str();
    return line;
  }
  return std::nullopt;
}

}  // namespace pianola::view
