#include "cli/runs.h"

#include <algorithm>

#include "base/text.h"
#include "core/core.h"
#include "world/files.h"
#include "world/journal_reader.h"

namespace pianola::cli {
namespace {

// The number of "r12", or -1 for other names.
int64_t run_number(const std::string& name) {
  if (name.size() < 2 || name.size() > 10 || name.front() != 'r') return -1;
  int64_t number = 0;
  for (size_t i = 1; i < name.size(); ++i) {
    if (name[i] < '0' || name[i] > '9') return -1;
    number = number * 10 + (name[i] - '0');
  }
  return number;
}

std::string listed(const std::vector<FoundRun>& runs) {
  std::string text;
  for (const FoundRun& run : runs) text += (text.empty() ? "" : ", ") + run.id.str();
  return text;
}

Error no_run(const std::string& what, const std::string& next) {
  return Error{.kind = ErrorKind::usage, .where = "run", .what = what, .expected = {}, .next = next};
}

}  // namespace

Result<world::Hub> find_hub(const Program& program) {
  return world::discover({.dir = program.directory, .env = program.surroundings.env});
}

Result<std::vector<FoundRun>> all_runs(const Program& program) {
  const world::Hub hub = TRY(find_hub(program));
  std::vector<FoundRun> runs;
  for (const std::string& name : TRY(world::list_dir(world::runs_dir(hub.layout)))) {
    if (run_number(name) < 0) continue;
    runs.push_back({.layout = hub.layout, .id = core::RunId(name), .holder = std::nullopt});
  }
  std::sort(runs.begin(), runs.end(), [](const FoundRun& a, const FoundRun& b) {
    return run_number(a.id.str()) < run_number(b.id.str());
  });
  for (FoundRun& run : runs) {
    const std::string lock = world::run_lock(run.layout, run.id);
    if (world::exists(lock)) run.holder = TRY(world::lock_holder(lock));
  }
  return runs;
}

bool has_begun(const FoundRun& run) {
  if (world::exists(world::run_dir(run.layout, run.id) + "/attempts")) return true;
  const std::string dir = world::journal_dir(run.layout, run.id);
  if (!world::exists(world::segment_path(dir, 1))) return false;
  const auto stop_at_first = [](core::Recorded&&) -> Result<void> { return refuse(Error{}); };
  return !world::read_journal(dir, 1, stop_at_first);
}

namespace {

Result<FoundRun> live_or_newest(std::vector<FoundRun> runs) {
  std::vector<FoundRun> live;
  for (const FoundRun& run : runs) {
    if (run.holder && has_begun(run)) live.push_back(run);
  }
  if (live.size() > 1) return refuse(no_run("several are live: " + listed(live), "name one: --run ID"));
  if (!live.empty()) return live.front();
  while (!runs.empty() && !has_begun(runs.back())) runs.pop_back();
  if (runs.empty()) return refuse(no_run("no runs here yet", "start one: pianola run tasks.yaml"));
  return runs.back();
}

Result<FoundRun> named_run(const std::vector<FoundRun>& runs, const std::string& prefix) {
  std::vector<FoundRun> fitting;
  for (const FoundRun& run : runs) {
    if (run.id.str() == prefix) return run;
    if (run.id.str().starts_with(prefix)) fitting.push_back(run);
  }
  if (fitting.size() == 1) return fitting.front();
  const std::string shown = "\"" + display(prefix).str() + "\"";
  if (fitting.empty()) return refuse(no_run("no run " + shown, "there are " + listed(runs)));
  return refuse(no_run(shown + " fits " + listed(fitting), "write more of it"));
}

}  // namespace

Result<FoundRun> choose_run(const Program& program, const std::string& prefix) {
  std::vector<FoundRun> runs = TRY(all_runs(program));
  if (prefix.empty() || runs.empty()) return live_or_newest(std::move(runs));
  FoundRun run = TRY(named_run(runs, prefix));
  if (has_begun(run)) return run;
  return refuse(no_run(run.id.str() + " never started", "start another: pianola run tasks.yaml"));
}

namespace {

Error no_events(const std::string& dir, const std::string& how) {
  return {.kind = ErrorKind::integrity,
          .where = dir,
          .what = how + ", and the run has attempts",
          .expected = "its events",
          .next = "put its files back from a backup; commits are under refs/pianola/"};
}

}  // namespace

Result<std::string> journal_of(const FoundRun& run) {
  std::string dir = world::journal_dir(run.layout, run.id);
  if (!world::exists(dir)) return refuse(no_events(dir, "is gone"));
  return dir;
}

Result<core::State> fold_run(const FoundRun& run) {
  core::State state;
  const std::string dir = TRY(journal_of(run));
  TRY(world::read_journal(dir, 1, [&](core::Recorded&& recorded) { return core::evolve(state, recorded); }));
  if (state.run.empty()) return refuse(no_events(dir, "is empty"));
  return state;
}

Result<size_t> place_of_task(const core::State& state, const std::string& name) {
  const size_t* place = core::find(state, core::TaskId(name));
  if (place != nullptr) return *place;
  std::vector<std::string> known;
  for (const plan::Task& task : state.plan.tasks) known.push_back(task.id.str());
  const std::string near = nearest(name, known);
  return refuse(Error{.kind = ErrorKind::usage,
                      .where = state.run.str(),
                      .what = "no task \"" + display(name).str() + "\"",
                      .expected = "a task of this run",
                      .next = near.empty() ? "pianola status --all lists them" : "nearest is " + near});
}

Result<core::RunId> make_run_dir(const world::Layout& layout) {
  TRY(world::make_dirs(world::runs_dir(layout)));
  int64_t next = 1;
  for (const std::string& name : TRY(world::list_dir(world::runs_dir(layout)))) {
    next = std::max(next, run_number(name) + 1);
  }
  constexpr int tries_max = 1000;
  for (int tries = 0; tries < tries_max; ++tries, ++next) {
    const core::RunId id("r" + std::to_string(next));
    if (TRY(world::make_new_dir(world::run_dir(layout, id)))) return id;
  }
  return refuse(no_run("no free number for a run", "look: ls " + world::runs_dir(layout)));
}

}  // namespace pianola::cli
