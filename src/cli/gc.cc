// gc: what finished runs left on disk is cleared away, after whatever it holds is safe.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/over_run.h"
#include "cli/run_repository.h"
#include "cli/runs.h"
#include "view/disk_report.h"
#include "world/clock.h"
#include "world/disk_use.h"
#include "world/files.h"
#include "world/git_unfinished.h"
#include "world/layout.h"
#include "world/setups.h"

namespace pianola::cli {
namespace {

using view::DiskRow;

const std::vector<std::string> swept_kinds{"in", "cand"};

std::string work_dir(const FoundRun& run) { return run.layout.work_dir + "/" + run.id.str(); }

// What no agent of a finished run sees any more.
std::string etc_dir(const FoundRun& run) { return world::sealed_etc_dir(run.layout, run.id); }

// Everything of a finished run that only people read.
std::vector<std::string> log_paths(const FoundRun& run) {
  const std::string dir = world::run_dir(run.layout, run.id);
  return {dir + "/attempts", dir + "/gates", dir + "/agents", dir + "/supervisor.log"};
}

int64_t bytes_of(const std::vector<std::string>& paths) {
  int64_t bytes = 0;
  for (const std::string& path : paths) bytes += world::bytes_on_disk(path);
  return bytes;
}

// Clears one finished run.
class Clearing {
 public:
  Clearing(OverRun& over, const FoundRun& run, DiskRow& row) : over_(over), run_(run), row_(row) {}

  Result<void> clear(const GcOptions& options) {
    clear_workspaces();
    TRY(world::remove_tree(etc_dir(run_)));
    TRY(clear_leftovers());
    world::remove_unfinished_packs(run_.layout.git_dir + "/objects", world::left_long_ago(world::wall_now()));
    const world::GitRepository::Sweep sweep =
        TRY(over_.repository().sweep_refs(swept_kinds, world::SweepMode::sweep));
    row_.refs_dropped = sweep.dropped.size();
    row_.refs_saved = sweep.saved;
    if (!options.logs) return {};
    for (const std::string& path : log_paths(run_)) TRY(world::remove_tree(path));
    return {};
  }

 private:
  void clear_workspaces() {
    const core::State& state = over_.state();
    for (size_t place = 0; place < state.tasks.size(); ++place) {
      const core::TaskId task = state.plan.tasks[place].id;
      std::vector<int> generations;
      for (const auto& [generation, workspace] : state.tasks[place].workspaces)
        generations.push_back(generation);
      for (const int generation : generations) clear_workspace(task, generation);
    }
  }
  void clear_workspace(const core::TaskId& task, int generation) {
    Result<void> done = over_.save_workspace(task, generation);
    if (done) done = over_.remove_workspace(task, generation);
    if (!done) ++row_.failures;
    if (!done)
      row_.notes.push_back(fmt::format("kept {}.{}: {}", task.str(), generation, done.error().text()));
  }
  // What lies beside workspaces that are gone, and checkouts of checks.
  Result<void> clear_leftovers() {
    const std::string dir = work_dir(run_);
    const std::vector<std::string> names = TRY(world::list_dir(dir));
    size_t strange = 0;
    for (const std::string& name : names) {
      const std::string path = dir + "/" + name;
      const world::BesideWorkspace* beside = world::find_beside(name);
      const bool is_known = beside != nullptr && is_of_plan(world::workspace_beside(name));
      const bool is_beside_one = beside != nullptr && world::exists(world::workspace_beside(path));
      const bool is_kept = is_beside_one && beside->stays == world::BesideWorkspace::Stays::with_it;
      if (name.starts_with("gate.")) {
        TRY(over_.repository().remove_gate_workspace(name.substr(5)));
      } else if (is_known && !is_kept) {
        TRY(world::remove_tree(path));
      } else if (!is_known && !world::exists(path + world::beside_base)) {
        ++strange;
      }
    }
    if (strange > 0)
      row_.notes.push_back(fmt::format("kept {} in {} that pianola did not make",
                                       strange == 1 ? "something" : fmt::format("{} things", strange), dir));
    if (world::exists(dir) && TRY(world::list_dir(dir)).empty()) TRY(world::remove_tree(dir));
    return {};
  }

  bool is_of_plan(const std::string& name) const {
    const auto workspace = workspace_name(name);
    return workspace && core::find(over_.state(), workspace->first) != nullptr;
  }

  OverRun& over_;
  const FoundRun& run_;
  DiskRow& row_;
};

DiskRow row_of(const FoundRun& run, const core::State& state) {
  DiskRow row;
  row.run = run.id.str();
  row.phase = core::phase_text(state);
  row.workspaces = bytes_of({work_dir(run), etc_dir(run)});
  row.logs = bytes_of(log_paths(run));
  row.journal = world::bytes_on_disk(world::journal_dir(run.layout, run.id));
  return row;
}

Result<void> look_at(const Program& program, const world::Hub& hub, const FoundRun& run,
                     const core::State& state, const GcOptions& options, DiskRow& row);

// Clears the run, or says what that would free, or why it is kept.
DiskRow clear_run(const Program& program, const world::Hub& hub, const FoundRun& run,
                  const Result<core::State>& state, bool is_spared, const GcOptions& options) {
  if (!state) {
    DiskRow row = row_of(run, core::State{});
    row.phase = "-";
    row.notes.push_back("kept: " + state.error().text());
    return row;
  }
  DiskRow row = row_of(run, *state);
  std::string reason = reason_to_keep(*state);
  if (run.holder) reason = fmt::format("supervisor {} runs it", run.holder->pid);
  if (reason.empty() && is_spared) reason = fmt::format("among the last {}", options.keep);
  if (!reason.empty()) {
    row.notes.push_back("kept: " + reason);
    return row;
  }
  const Result<void> done = look_at(program, hub, run, *state, options, row);
  if (done) return row;
  row.notes.push_back("kept: " + done.error().text());
  ++row.failures;
  return row;
}

Result<void> look_at(const Program& program, const world::Hub& hub, const FoundRun& run,
                     const core::State& state, const GcOptions& options, DiskRow& row) {
  if (options.dry_run) {
    const std::vector<std::string> living = TRY(living_attempts(run));
    if (!living.empty()) {
      row.notes.push_back("kept: the agent of " + living.front() + " still runs");
      return {};
    }
    const world::GitRepository repository(
        repository_options(hub, {run.id, state.policy, state.repository}, std::nullopt));
    const auto sweep = TRY(repository.sweep_refs(swept_kinds, world::SweepMode::look));
    row.refs_dropped = sweep.dropped.size();
    row.refs_saved = sweep.saved;
    row.freed = row.workspaces + (options.logs ? row.logs : 0);
    return {};
  }
  const std::unique_ptr<OverRun> over = TRY(OverRun::take(program, hub, run));
  const Result<void> cleared = Clearing(*over, run, row).clear(options);
  const int64_t left = bytes_of({work_dir(run), etc_dir(run)}) + bytes_of(log_paths(run));
  row.freed = std::max<int64_t>(0, row.workspaces + row.logs - left);
  return cleared;
}

Result<void> clear_unused_setups(const world::Layout& layout, const GcOptions& options, DiskRow& row) {
  for (const std::string& path : TRY(world::unused_setups(layout, world::wall_now()))) {
    const int64_t bytes = world::bytes_on_disk(path);
    if (!options.dry_run) TRY(world::remove_setup(path));
    row.freed += bytes;
  }
  return {};
}

// What set-ups made is every run's; it stays while one of them may ask for it.
DiskRow clear_setups(const world::Layout& layout, bool is_at_work, const GcOptions& options) {
  DiskRow row;
  row.run = "set-ups";
  row.workspaces = world::bytes_on_disk(world::setups_dir(layout));
  if (is_at_work) {
    row.notes.emplace_back("kept: a run is not over");
    return row;
  }
  const Result<void> done = clear_unused_setups(layout, options, row);
  if (done) return row;
  row.notes.push_back("kept: " + done.error().text());
  ++row.failures;
  return row;
}

}  // namespace

Result<int> run_command(const Program& program, const GcOptions& options) {
  const world::Hub hub = TRY(find_hub(program));
  std::vector<FoundRun> runs = TRY(all_runs(program));
  std::erase_if(runs, [](const FoundRun& run) { return !has_begun(run); });
  std::vector<DiskRow> rows;
  bool is_at_work = false;  // a supervisor holds a run, or one can go on
  // The newest are spared; those that are not over count among them no more than others.
  for (size_t at = 0; at < runs.size(); ++at) {
    const bool is_spared = runs.size() - at <= static_cast<size_t>(options.keep);
    const Result<core::State> state = fold_run(runs[at]);
    is_at_work = is_at_work || runs[at].holder || !state || !core::is_over(*state);
    rows.push_back(clear_run(program, hub, runs[at], state, is_spared, options));
  }
  if (world::exists(world::setups_dir(hub.layout)))
    rows.push_back(clear_setups(hub.layout, is_at_work, options));
  const view::Freeing freeing = options.dry_run ? view::Freeing::would : view::Freeing::did;
  program.console.out(program.format == Format::json ? view::disk_json(rows, freeing) + "\n"
                                                     : view::disk_text(rows, freeing, program.terminal()));
  const bool is_all =
      std::all_of(rows.begin(), rows.end(), [](const DiskRow& row) { return row.failures == 0; });
  return is_all ? exit_done : exit_findings;
}

}  // namespace pianola::cli
