// workspace list and path: where agents work.
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/runs.h"
#include "world/files.h"

namespace pianola::cli {

Result<int> run_command(const Program& program, const WorkspaceListOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const core::State state = TRY(fold_run(run));
  boost::json::array rows;
  std::string text;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    const core::TaskId& task = state.plan.tasks[place].id;
    for (const auto& [generation, workspace] : state.tasks[place].workspaces) {
      const std::string path = world::workspace_dir(run.layout, run.id, task, generation);
      const std::string how = workspace.saved ? "saved" : "not saved yet";
      rows.push_back(boost::json::object{
          {"task", task.str()}, {"generation", generation}, {"path", path}, {"saved", workspace.saved}});
      text += task.str() + "  " + how + "  " + display(path).str() + "\n";
    }
  }
  if (program.format == Format::json) {
    program.console.out(boost::json::serialize(rows) + "\n");
  } else {
    program.console.out(text.empty() ? run.id.str() + ": no workspaces\n" : text);
  }
  return exit_done;
}

Result<int> run_command(const Program& program, const WorkspacePathOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const core::State state = TRY(fold_run(run));
  const auto& workspaces = state.tasks[TRY(place_of_task(state, options.task))].workspaces;
  if (workspaces.empty()) {
    return refuse(Error{.kind = ErrorKind::usage,
                        .where = display(options.task).str(),
                        .what = "no workspace now",
                        .expected = {},
                        .next = "look: pianola workspace list"});
  }
  const int generation = workspaces.rbegin()->first;
  const std::string path = world::workspace_dir(run.layout, run.id, core::TaskId(options.task), generation);
  if (program.format == Format::json) {
    program.console.out(boost::json::serialize(boost::json::object{{"path", path}}) + "\n");
  } else {
    program.console.out(path + "\n");
  }
  return exit_done;
}

}  // namespace pianola::cli
