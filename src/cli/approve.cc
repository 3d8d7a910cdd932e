// approve: see everything a plan may do and how much risk it is, and let exactly that run.
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/approval.h"
#include "cli/changed_lines.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "plan/risk_report.h"

namespace pianola::cli {
namespace {

std::string json_of(const ApprovalRequest& request, bool is_approved) {
  const auto texts = [](const std::vector<std::string>& lines) {
    return boost::json::array(lines.begin(), lines.end());
  };
  return boost::json::serialize(
      boost::json::object{{"approval", request.sha256},
                          {"approved", is_approved},
                          {"plan", request.plan_sha256},
                          {"commands", request.commands.sha256},
                          {"policy", request.policy_sha256},
                          {"risk", boost::json::parse(plan::risk_json(request.risk))},
                          {"lines", texts(request.commands.lines)},
                          {"measured_by", texts(request.policy)},
                          {"writes", texts(request.writes)}});
}

// A plan that needs nobody may still have commands that nobody trusted.
Result<bool> is_settled(const Program& program, const ApprovalRequest& request) {
  return TRY(is_approved(program, request)) && TRY(is_trusted(program, request.commands));
}

}  // namespace

Result<int> run_command(const Program& program, const ApproveOptions& options) {
  const PlanFile file = TRY(load_plan(program, options.of.file, plan::Strictness::every_rule));
  if (!file.loaded.plan) return report_bad_plan(program, file.loaded, options.of.file);
  Commands commands = TRY(find_commands(program, *file.loaded.plan, options.of));
  const ApprovalRequest request = approval_request(
      program, {.file = options.of.file,
                .plan = file,
                .commands = std::move(commands.request),
                .policy = commands.policy,
                .hub = commands.hub,
                .tracked = tracked_at_start(*file.loaded.plan, commands.hub, commands.target)});
  const bool was_settled = TRY(is_settled(program, request));
  const bool is_given = options.yes && !options.show;
  if (!was_settled && is_given) TRY(store_approval(program, request));
  if (program.format == Format::json) {
    program.console.out(json_of(request, was_settled || is_given) + "\n");
    return was_settled || is_given || options.show ? exit_done : exit_paused;
  }
  program.console.out(display(options.of.file).str() + "  risk " + plan::verdict_text(request.risk) + "\n" +
                      approval_text(request, no_limit));
  if (was_settled) program.console.out("approved already\n");
  if (was_settled || options.show) return exit_done;
  const std::string allow = approve_command(program, options.of, " --yes");
  TRY(require_approval(program, request, {.is_listed = true, .see_all = {}, .allow = allow}));
  TRY(require_trust(program, request.commands, {.is_listed = true, .see_all = {}, .allow = allow}));
  program.console.out("approved, for you, on this machine\n");
  return exit_done;
}

}  // namespace pianola::cli
