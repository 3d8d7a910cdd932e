// status and wait: how a run stands, by folding its journal.
#include <algorithm>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "core/core.h"
#include "view/reasons.h"
#include "view/screen.h"
#include "view/snapshot.h"
#include "world/clock.h"
#include "world/journal_reader.h"

namespace pianola::cli {
namespace {

// What is waited for: the tasks at these places, or the end of the run.
bool is_reached(const core::State& state, const std::vector<size_t>& places) {
  if (core::is_over(state)) return true;
  const auto settled = [&](size_t place) { return core::is_settled(state.tasks[place].phase); };
  return !places.empty() && std::all_of(places.begin(), places.end(), settled);
}

int code_of(const core::State& state, const std::vector<size_t>& places) {
  const auto landed = [&](size_t place) { return state.tasks[place].phase == core::TaskPhase::landed; };
  if (!places.empty()) return std::all_of(places.begin(), places.end(), landed) ? exit_done : exit_findings;
  if (state.phase == core::Phase::left) return exit_paused;
  return state.phase == core::Phase::done ? exit_done : exit_findings;
}

}  // namespace

Result<int> run_command(const Program& program, const StatusOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const core::State state = TRY(fold_run(run));
  if (options.report) {
    const std::string path = world::run_dir(run.layout, run.id);
    const bool json = program.format == Format::json;
    program.console.out(json ? view::report_json(state, path) + "\n"
                             : view::end_report(state, path, program.terminal()));
    return exit_done;
  }
  const Instant now = std::max(world::wall_now(), state.at);
  const view::Snapshot snapshot =
      view::snapshot(state, {}, {.now = now, .supervised = run.holder.has_value()});
  if (program.format == Format::json) {
    program.console.out(view::status_json(snapshot) + "\n");
  } else {
    const auto depth = options.all ? view::StatusDepth::all : view::StatusDepth::short_form;
    program.console.out(view::status_text(snapshot, program.terminal(), depth));
  }
  return exit_done;
}

Result<int> run_command(const Program& program, const WaitOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  core::State state = TRY(fold_run(run));
  std::vector<size_t> places;
  for (const std::string& task : options.tasks) places.push_back(TRY(place_of_task(state, task)));
  const std::string lock = world::run_lock(run.layout, run.id);
  const Duration began = world::since_boot();
  bool supervised = true;
  bool in_time = true;
  const auto go_on = [&] {
    if (is_reached(state, places)) return false;
    // Looked at before the journal is read once more, so that its last words are not missed.
    if (!supervised) return false;
    const Result<std::optional<world::LockHolder>> holder = world::lock_holder(lock);
    supervised = holder && holder->has_value();
    in_time =
        !options.timeout_s || world::since_boot().ns - began.ns < Duration::from_s(*options.timeout_s).ns;
    return in_time;
  };
  TRY(world::follow_journal(world::journal_dir(run.layout, run.id),
                            {.from_seq = state.seq + 1, .is_wanted = go_on},
                            [&](core::Recorded&& recorded) { return core::evolve(state, recorded); }));
  if (is_reached(state, places)) return code_of(state, places);
  const std::string what = !in_time       ? "not over after " + std::to_string(*options.timeout_s) + " s"
                           : state.paused ? "paused: " + view::run_reason(state)
                                          : "no supervisor runs it";
  return refuse(Error{.kind = in_time && state.paused ? error_kind(state.pause_kind) : ErrorKind::paused,
                      .where = run.id.str(),
                      .what = what,
                      .expected = {},
                      .next = in_time ? "go on: pianola resume" : "look: pianola status"});
}

}  // namespace pianola::cli
