#include "cli/detach.h"

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "world/ready.h"

namespace pianola::cli {

Result<int> detach(const Program& program, const world::Layout& layout, const core::RunId& run,
                   const std::vector<std::string>& more) {
  const std::string log_path = world::run_dir(layout, run) + "/supervisor.log";
  world::Detached child{
      .argv = {program.surroundings.self_path, "-C", program.directory, "resume", run.str(), "--plain"},
      .env = program.surroundings.env,
      .log_path = log_path};
  child.argv.insert(child.argv.end(), more.begin(), more.end());
  const std::optional<world::EndedEarly> ended = TRY(world::start_detached(child));
  if (!ended) {
    const bool json = program.format == Format::json;
    program.console.out(json ? "{\"run\":\"" + run.str() + "\"}\n" : run.str() + "\n");
    return exit_done;
  }
  std::string said = ended->said;
  while (said.ends_with('\n')) said.pop_back();
  if (said.empty())
    said = fmt::format("{}: the supervisor ended before it served, exit {}", log_path, ended->exit_code);
  return refuse(Error{.kind = error_kind(ended->exit_code), .where = {}, .what = said});
}

}  // namespace pianola::cli
