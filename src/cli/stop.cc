// stop and say: what is asked of a supervisor while it runs.
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/roster.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "core/core.h"
#include "view/reasons.h"
#include "world/admin.h"
#include "world/files.h"
#include "world/journal_lock.h"
#include "world/journal_reader.h"
#include "world/kept_all.h"

namespace pianola::cli {
namespace {

constexpr int64_t answer_timeout_ms = 30'000;
constexpr int64_t heard_timeout_ms = 5'000;  // of a supervisor that starts or leaves
constexpr int stop_tries_max = 3;
constexpr std::string_view all_over = "everything it started is over; workspaces are kept";

Result<void> check_words(const StopOptions& options) {
  const auto wrong = [](const std::string& what, const std::string& next) {
    return refuse(
        Error{.kind = ErrorKind::usage, .where = "pianola stop", .what = what, .expected = {}, .next = next});
  };
  if (options.all != options.now) {
    return wrong(options.all ? "--all without --now" : "--now without --all",
                 "end everything: pianola stop --all --now, or let it finish: pianola stop");
  }
  if (options.all && !options.task.empty()) return wrong("a task and --all", "say one of them");
  return {};
}

core::Input request_of(const StopOptions& options) {
  if (!options.task.empty()) return core::TaskStopRequested{core::TaskId(options.task)};
  return core::StopRequested{options.all ? core::Stopping::end_all : core::Stopping::finish_running};
}

// Nobody supervises the run: this process does, until what is to end has ended. Everything else is left as it
// was, with its keepers.
Result<std::string> end_unsupervised(const Program& program, const FoundRun& run, const core::State& state,
                                     const StopOptions& options) {
  const core::Input request = request_of(options);
  TRY(core::admit(state, request, state.at));  // what any supervisor would refuse
  const std::string what = options.all ? "everything it started" : display(options.task).str();
  if (program.format == Format::text) {
    program.console.err(run.id.str() + ": no supervisor; ending " + what + " here\n");
  }
  const world::Hub hub = TRY(find_hub(program));
  const auto configuration = load_configuration(program, hub.top).value_or(Configuration{});
  SuperviseOptions supervision{.hub = hub,
                               .run = run.id,
                               .roster = roster_to_end(configuration, state),
                               .show = Show::silent,
                               .first = {request},
                               .until_settled = {},
                               .starts_nothing = true};
  if (options.all) {
    TRY(supervise(program, supervision));
    return std::string(all_over);
  }
  supervision.first.push_back(core::StopRequested{core::Stopping::finish_running});
  const core::TaskId task(options.task);
  supervision.until_settled = task;
  const core::State left = TRY(supervise(program, supervision));
  if (core::is_settled(left.tasks[*core::find(left, task)].phase))
    return what + " has ended; its work is kept";
  return refuse(Error{.kind = ErrorKind::paused,
                      .where = run.id.str(),
                      .what = what + " has not ended: " + view::run_reason(left),
                      .expected = {},
                      .next = "mend that, then once more"});
}

// Nothing can be written down in a journal that cannot be read, but what runs can still be ended. How many.
int end_by_folders(const Program& program, const world::Layout& layout, const core::RunId& run) {
  const auto ended = world::end_all_kept(world::run_dir(layout, run));
  if (ended && *ended == 0) return 0;
  const std::string what =
      ended ? "ended what still ran of it: " + std::to_string(*ended) : ended.error().text();
  if (program.format == Format::text)
    program.console.err(run.str() + ": no journal to go by; " + what + "\n");
  return ended.value_or(1);
}

Result<std::string> stop_unsupervised(const Program& program, const FoundRun& run,
                                      const StopOptions& options) {
  const auto folded = fold_run(run);
  if (!folded && options.all) end_by_folders(program, run.layout, run.id);
  const core::State state = TRY(folded);
  if (!options.task.empty()) TRY(place_of_task(state, options.task));
  if (core::is_over(state)) return "nothing runs; it is " + core::phase_text(state);
  if (options.all || !options.task.empty()) return end_unsupervised(program, run, state, options);
  return "no supervisor runs it; nothing new starts";
}

Result<bool> can_be_asked(const FoundRun& run) {
  return world::await_supervisor(world::run_lock(run.layout, run.id), world::admin_socket(run.layout, run.id),
                                 heard_timeout_ms);
}

Result<std::string> ask_to_stop(const FoundRun& run, const StopOptions& options) {
  TRY(world::ask_supervisor(world::admin_socket(run.layout, run.id), request_of(options), answer_timeout_ms));
  if (options.all) {
    TRY(world::await_release(world::run_lock(run.layout, run.id), answer_timeout_ms));
    return std::string(all_over);
  }
  if (options.task.empty()) return "nothing new starts; what runs finishes";
  return display(options.task).str() + " ends; its work is kept";
}

// By whoever supervises the run now; by this process where nobody does, or whoever did left unasked. A
// supervisor that came first meanwhile is asked in its turn.
Result<std::string> stop_run(const Program& program, const FoundRun& run, const StopOptions& options) {
  for (int tries = 1;; ++tries) {
    if (TRY(can_be_asked(run))) {
      Result<std::string> asked = ask_to_stop(run, options);
      const bool left = !asked && asked.error().kind == ErrorKind::paused && !TRY(can_be_asked(run));
      if (!left) return asked;
    }
    Result<std::string> stopped = stop_unsupervised(program, run, options);
    const bool overtaken = !stopped && stopped.error().kind == ErrorKind::held;
    if (!overtaken || tries == stop_tries_max) return stopped;
  }
}

// A run whose journal is gone is none, but what it started may live. `why` when nothing does.
Error end_unknown_runs(const Program& program, const StopOptions& options, Error why) {
  const auto hub = find_hub(program);
  if (!hub) return why;
  for (const std::string& name :
       world::list_dir(world::runs_dir(hub->layout)).value_or(std::vector<std::string>())) {
    const core::RunId run(name);
    const std::string lock = world::run_lock(hub->layout, run);
    const bool is_held = world::exists(lock) && world::lock_holder(lock).value_or(std::nullopt);
    const bool has_journal = world::exists(world::segment_path(world::journal_dir(hub->layout, run), 1));
    if (is_held || has_journal || (!options.run.empty() && name != options.run)) continue;
    if (end_by_folders(program, hub->layout, run) == 0) continue;
    why = Error{.kind = ErrorKind::integrity,
                .where = name,
                .what = "its journal is gone",
                .expected = {},
                .next = {}};
  }
  return why;
}

Error not_heard(const core::State& state) {
  const bool over = core::is_over(state);
  return Error{.kind = over ? ErrorKind::usage : ErrorKind::paused,
               .where = state.run.str(),
               .what = over ? "it is over, and has no next prompt" : "no supervisor runs it",
               .expected = "a running one",
               .next = over ? "look: pianola status" : "start it: pianola resume"};
}

}  // namespace

Result<int> run_command(const Program& program, const StopOptions& options) {
  TRY(check_words(options));
  const auto chosen = choose_run(program, options.run);
  if (!chosen && options.all) return refuse(end_unknown_runs(program, options, chosen.error()));
  const FoundRun run = TRY(chosen);
  const std::string said = TRY(stop_run(program, run, options));
  const bool json = program.format == Format::json;
  program.console.out(json ? "{\"run\":\"" + run.id.str() + "\"}\n" : run.id.str() + ": " + said + "\n");
  return exit_done;
}

Result<int> run_command(const Program& program, const SayOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const core::Input request = core::SayRequested{.task = core::TaskId(options.task), .text = options.text};
  const core::State state = TRY(fold_run(run));
  TRY(place_of_task(state, options.task));
  if (core::is_over(state) || !TRY(can_be_asked(run))) return refuse(not_heard(TRY(fold_run(run))));
  TRY(world::ask_supervisor(world::admin_socket(run.layout, run.id), request, answer_timeout_ms));
  if (program.format == Format::json) {
    program.console.out(
        boost::json::serialize(boost::json::object{{"run", run.id.str()}, {"task", options.task}}) + "\n");
  } else {
    program.console.out(options.task + " reads it in its next prompt\n");
  }
  return exit_done;
}

}  // namespace pianola::cli
