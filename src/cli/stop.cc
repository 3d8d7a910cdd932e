// stop and say: what is asked of a supervisor while it runs.
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/roster.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "world/admin.h"
#include "world/journal_lock.h"

namespace pianola::cli {
namespace {

constexpr int64_t answer_timeout_ms = 30'000;

Result<core::Input> request_of(const StopOptions& options) {
  const auto wrong = [](const std::string& what, const std::string& next) {
    return refuse(
        Error{.kind = ErrorKind::usage, .where = "pianola stop", .what = what, .expected = {}, .next = next});
  };
  if (options.all != options.now) {
    return wrong(options.all ? "--all without --now" : "--now without --all",
                 "end everything: pianola stop --all --now, or let it finish: pianola stop");
  }
  if (options.all && !options.task.empty()) return wrong("a task and --all", "say one of them");
  if (options.all) return core::StopRequested{core::Stopping::end_all};
  if (options.task.empty()) return core::StopRequested{core::Stopping::finish_running};
  return core::TaskStopRequested{core::TaskId(options.task)};
}

// Nobody supervises the run: this process does, for as long as the request takes. A run that is only to
// start nothing is that already.
Result<int> ask_unsupervised(const Program& program, const FoundRun& run, const core::Input& request) {
  const core::State state = TRY(fold_run(run));
  const auto* stop = std::get_if<core::StopRequested>(&request);
  if (core::is_over(state) || (stop != nullptr && stop->how == core::Stopping::finish_running)) {
    if (program.format == Format::text) program.console.out(run.id.str() + " is not running\n");
    return exit_done;
  }
  const world::Hub hub = TRY(find_hub(program));
  const Configuration configuration = TRY(load_configuration(program, hub.top));
  Agents agents = TRY(find_agents(program, configuration, state.plan, state.policy.default_agent));
  use_copies(agents, world::run_dir(hub.layout, run.id));
  std::vector<core::Input> first{request};
  if (stop == nullptr) first.push_back(core::StopRequested{core::Stopping::finish_running});
  TRY(supervise(program,
                {.hub = hub, .run = run.id, .roster = agents.roster, .show = Show::silent, .first = first}));
  return exit_done;
}

Result<int> ask(const Program& program, const FoundRun& run, const core::Input& request) {
  if (!run.holder) return ask_unsupervised(program, run, request);
  TRY(world::ask_supervisor(world::admin_socket(run.layout, run.id), request, answer_timeout_ms));
  return exit_done;
}

}  // namespace

Result<int> run_command(const Program& program, const StopOptions& options) {
  const core::Input request = TRY(request_of(options));
  const FoundRun run = TRY(choose_run(program, options.run));
  const int code = TRY(ask(program, run, request));
  if (options.all && run.holder) {
    TRY(world::await_release(world::run_lock(run.layout, run.id), answer_timeout_ms));
  }
  if (program.format == Format::json) {
    program.console.out("{\"run\":\"" + run.id.str() + "\"}\n");
  } else if (run.holder || options.all) {
    const std::string what = options.all            ? "everything it started is over; workspaces are kept"
                             : options.task.empty() ? "nothing new starts; what runs finishes"
                                                    : display(options.task).str() + " ends; its work is kept";
    program.console.out(run.id.str() + ": " + what + "\n");
  }
  return code;
}

Result<int> run_command(const Program& program, const SayOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const core::Input request = core::SayRequested{.task = core::TaskId(options.task), .text = options.text};
  if (!run.holder) {
    return refuse(Error{.kind = ErrorKind::paused,
                        .where = run.id.str(),
                        .what = "no supervisor runs it",
                        .expected = "a running one",
                        .next = "start it: pianola resume"});
  }
  const int code = TRY(ask(program, run, request));
  if (program.format == Format::json) {
    program.console.out(
        boost::json::serialize(boost::json::object{{"run", run.id.str()}, {"task", options.task}}) + "\n");
  } else {
    program.console.out(options.task + " reads it in its next prompt\n");
  }
  return code;
}

}  // namespace pianola::cli
