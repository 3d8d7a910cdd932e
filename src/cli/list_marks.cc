#include "cli/list_marks.h"

#include <algorithm>

#include "core/state.h"
#include "plan/marks.h"
#include "world/child.h"
#include "world/files.h"
#include "world/git_child.h"
#include "world/user_file.h"

namespace pianola::cli {
namespace {

constexpr std::string_view at_once_word = "at once\n";
constexpr std::string_view when_over_word = "when over\n";
constexpr size_t kept_bytes_max = 8192;

std::string kept_path(const std::string& run_dir) { return run_dir + "/list"; }

bool has_path(const world::Hub& hub, const std::string& commit, const std::string& path) {
  if (commit.empty()) return false;
  const world::Git git(hub.git, world::run_child);
  const auto listed = git.output({.args = {"ls-tree", "-z", "--name-only", "--full-tree", commit, "--", path},
                                  .git_dir = hub.layout.git_dir});
  return !listed || !listed->empty();
}

std::map<std::string, plan::ItemState> states_of(const core::State& state) {
  std::map<std::string, plan::ItemState> states;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    const core::TaskRun& task = state.tasks[place];
    const std::string& id = state.plan.tasks[place].id.str();
    if (task.phase == core::TaskPhase::landed) {
      states[id] = plan::ItemState::landed;
    } else if (!task.attempts.empty()) {
      states[id] = plan::ItemState::begun;
    }
  }
  return states;
}

}  // namespace

MarkedFile marked_file(const world::Hub& hub, const std::string& base, const std::string& path) {
  const std::string real = world::real_path(path);
  const std::string top = hub.top.empty() ? "" : world::real_path(hub.top) + "/";
  if (top.empty() || !real.starts_with(top)) return {.path = path, .time = MarkTime::at_once};
  const std::string below = real.substr(top.size());
  const bool is_tracked = has_path(hub, base, below) || has_path(hub, hub.head_commit, below);
  return {.path = path, .time = is_tracked ? MarkTime::when_over : MarkTime::at_once};
}

Result<void> keep_marked_file(const std::string& run_dir, const MarkedFile& file) {
  const std::string_view word = file.time == MarkTime::at_once ? at_once_word : when_over_word;
  return world::write_file(kept_path(run_dir), std::string(word) + file.path, world::Sync::none);
}

std::optional<MarkedFile> kept_marked_file(const std::string& run_dir) {
  const auto kept = world::read_file_if_present(kept_path(run_dir), kept_bytes_max);
  if (!kept || !*kept) return std::nullopt;
  const std::string& text = **kept;
  if (text.starts_with(at_once_word)) return MarkedFile{text.substr(at_once_word.size()), MarkTime::at_once};
  if (text.starts_with(when_over_word))
    return MarkedFile{text.substr(when_over_word.size()), MarkTime::when_over};
  return std::nullopt;
}

void ListMarks::turned(const core::State& state, const std::vector<core::Recorded>& events,
                       const engine::Activities& activities) {
  next_.turned(state, events, activities);
  if (!file_ || state.run.empty() || events.empty()) return;
  const bool is_over = state.phase == core::Phase::done || state.phase == core::Phase::failed;
  if (file_->time == MarkTime::when_over && !is_over) return;
  std::map<std::string, plan::ItemState> states = states_of(state);
  if (states == written_) return;
  const Result<void> wrote = write(states);
  failure_ = wrote ? std::nullopt : std::optional<Error>(wrote.error());
  written_ = std::move(states);
}

// Reads it anew each time: people may have changed it meanwhile.
Result<void> ListMarks::write(const std::map<std::string, plan::ItemState>& states) const {
  const auto bytes = TRY(world::read_file_if_present(file_->path, plan::text_limit_bytes));
  if (!bytes) return {};
  const std::string marked = plan::marked_list(*bytes, states);
  if (marked != *bytes) TRY(world::write_user_file(file_->path, marked));
  return {};
}

}  // namespace pianola::cli
