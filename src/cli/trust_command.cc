// trust: see what a plan would run on this machine, and allow exactly that.
#include <boost/json.hpp>

#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "cli/roster.h"
#include "cli/runs.h"
#include "plan/report.h"

namespace pianola::cli {

Result<int> run_command(const Program& program, const TrustOptions& options) {
  const PlanFile file = TRY(load_plan(program, options.file, plan::Strictness::every_rule));
  if (!file.loaded.plan) {
    program.console.err(plan::check_text(file.loaded, options.file));
    return exit_bad_plan;
  }
  const world::Hub hub = TRY(find_hub(program));
  const Configuration configuration = TRY(load_configuration(program, hub.top));
  const Agents agents = TRY(find_agents(program, configuration, *file.loaded.plan, options.agent));
  const std::string level = configuration.isolation.empty() ? "none" : configuration.isolation;
  const TrustRequest request = trust_request(agents, *file.loaded.plan, level);
  const bool trusted = TRY(is_trusted(program, request));
  if (program.format == Format::json) {
    boost::json::array lines;
    for (const std::string& line : request.lines) lines.emplace_back(line);
    program.console.out(
        boost::json::serialize(boost::json::object{
            {"commands", request.sha256}, {"trusted", trusted || options.yes}, {"lines", lines}}) +
        "\n");
  } else {
    for (const std::string& line : request.lines) program.console.out("  " + line + "\n");
    program.console.out("commands " + request.sha256.substr(0, 7) + (trusted ? ", trusted already\n" : "\n"));
  }
  if (trusted || options.show) return exit_done;
  TRY(require_trust(program, request, options.yes ? TrustAnswer::granted_by_flag : TrustAnswer::ask));
  if (program.format == Format::text) program.console.out("trusted, for you, on this machine\n");
  return exit_done;
}

}  // namespace pianola::cli
