// trust: see what a plan would run on this machine, and allow exactly that.
#include <boost/json.hpp>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "cli/trust.h"

namespace pianola::cli {
namespace {

std::string json_of(const TrustRequest& request, bool trusted) {
  boost::json::array lines;
  for (const std::string& line : request.lines) lines.emplace_back(line);
  return boost::json::serialize(
      boost::json::object{{"commands", request.sha256}, {"trusted", trusted}, {"lines", lines}});
}

}  // namespace

Result<int> run_command(const Program& program, const TrustOptions& options) {
  const PlanFile file = TRY(load_plan(program, options.of.file, plan::Strictness::every_rule));
  if (!file.loaded.plan) return report_bad_plan(program, file.loaded, options.of.file);
  const TrustRequest request = TRY(find_commands(program, *file.loaded.plan, options.of)).request;
  const bool was_trusted = TRY(is_trusted(program, request));
  if (program.format == Format::json) {
    const bool allows = options.yes && !options.show;
    if (!was_trusted && allows) TRY(store_trust(program, request));
    program.console.out(json_of(request, was_trusted || allows) + "\n");
    return was_trusted || allows || options.show ? exit_done : exit_paused;
  }
  for (const std::string& line : request.lines) program.console.out("  " + line + "\n");
  program.console.out("commands " + request.sha256.substr(0, 7) +
                      (was_trusted ? ", trusted already\n" : "\n"));
  if (was_trusted || options.show) return exit_done;
  TRY(require_trust(program, request,
                    {.is_given = options.yes,
                     .is_listed = true,
                     .see_all = {},
                     .allow = trust_command(program, options.of, " --yes")}));
  program.console.out("trusted, for you, on this machine\n");
  return exit_done;
}

}  // namespace pianola::cli
