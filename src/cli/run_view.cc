#include "cli/run_view.h"

#include <algorithm>
#include <optional>

#include "view/screen.h"
#include "view/snapshot.h"
#include "world/clock.h"

namespace pianola::cli {
namespace {

constexpr Duration frame_interval = Duration::from_ms(100);  // at most 10 frames a second

}  // namespace

struct RunView::Parts {
  Parts(const Program& owner, Show as) : program(owner), show(as) {}

  const Program& program;
  Show show;
  const core::State* state = nullptr;
  view::Activities activities;
  size_t block_lines = 0;  // on the screen now
  bool is_headed = false;
  bool is_held = false;
  Instant drawn_at;
};

RunView::RunView(const Program& program, Show show, world::Loop& loop)
    : parts_(std::make_unique<Parts>(program, shown_as(program, show))) {
  if (parts_->show == Show::live) loop.tell_each_second([this] { draw(); });
}

RunView::~RunView() { clear(); }

void RunView::turned(const core::State& state, const std::vector<core::Recorded>& events,
                     const engine::Activities& activities) {
  Parts& parts = *parts_;
  parts.state = &state;
  parts.is_held = false;
  if (parts.show == Show::silent) return;
  std::string text;
  const view::Terminal terminal = parts.program.terminal();
  const bool live = parts.show == Show::live;
  if (live && !parts.is_headed && !state.run.empty()) {
    parts.is_headed = true;
    for (const std::string& line : view::run_heading(state, terminal)) text += line + "\n";
  }
  for (const core::Recorded& event : events) {
    if (live) {
      for (const std::string& line : view::event_lines(state, event, terminal)) text += line + "\n";
    } else if (const auto line = view::piped_line(state, event)) {
      text += *line + "\n";
    }
  }
  if (!live) {
    parts.program.console.out(text);
    return;
  }
  parts.activities = to_view(activities);
  if (!text.empty()) {
    clear();
    parts.program.console.out(text);
  }
  const bool fresh = world::wall_now() - parts.drawn_at < frame_interval;
  if (!text.empty() || !fresh) draw();
}

void RunView::draw() {
  Parts& parts = *parts_;
  if (parts.is_held || parts.state == nullptr || parts.state->run.empty()) return;
  const view::Terminal terminal = parts.program.terminal();
  const Instant now = std::max(world::wall_now(), parts.state->at);
  const view::Snapshot snapshot =
      view::snapshot(*parts.state, parts.activities, {.now = now, .supervised = true});
  const std::vector<std::string> block = view::live_block(snapshot, terminal);
  std::string text;
  if (parts.block_lines > 0) text += "\x1b[" + std::to_string(parts.block_lines) + "A\r\x1b[J";
  for (const std::string& line : block) text += line + "\n";
  parts.block_lines = block.size();
  parts.drawn_at = world::wall_now();
  parts.program.console.out(text);
}

void RunView::hold() { parts_->is_held = true; }

void RunView::clear() {
  Parts& parts = *parts_;
  if (parts.block_lines > 0) {
    parts.program.console.out("\x1b[" + std::to_string(parts.block_lines) + "A\r\x1b[J");
  }
  parts.block_lines = 0;
}

Show shown_as(const Program& program, Show wished) {
  if (wished != Show::by_terminal) return wished;
  const view::Terminal terminal = program.terminal();
  const bool able = program.surroundings.stdout_is_terminal && terminal.width >= 40 &&
                    terminal.height >= 10 && program.env("TERM") != "dumb";
  return able ? Show::live : Show::plain;
}

view::Activities to_view(const engine::Activities& activities) {
  view::Activities shown;
  for (const auto& [key, activity] : activities) {
    shown[key] = view::Activity{.at = activity.at,
                                .text = activity.text,
                                .usage = activity.usage,
                                .context_used = activity.context_used,
                                .context_size = activity.context_size};
  }
  return shown;
}

}  // namespace pianola::cli
