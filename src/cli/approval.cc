#include "cli/approval.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "cli/changed_lines.h"
#include "plan/risk_policy.h"
#include "plan/risk_report.h"
#include "world/child.h"
#include "world/files.h"
#include "world/git_child.h"
#include "world/git_text.h"

namespace pianola::cli {
namespace {

std::vector<std::string> displayed(std::vector<std::string> lines) {
  for (std::string& line : lines) line = display(line).str();
  return lines;
}

// Where the words of a person are kept: one file for each, and what they were of, for the plan at each path.
struct Records {
  std::string last_folder;
  std::string approval;
  std::string last_plan;
  std::string last_list;
};

Result<Records> records_of(const Program& program, const ApprovalRequest& request) {
  const std::string folder = TRY(user_state_dir(program)) + "/approvals";
  const std::string last = folder + "/last/" + sha256_hex(request.path).substr(0, 16);
  return Records{.last_folder = folder + "/last",
                 .approval = folder + "/" + request.sha256,
                 .last_plan = last + ".plan",
                 .last_list = last + ".list"};
}

// Commands, files and policy, as a person approves them.
std::string list_text(const ApprovalRequest& request) {
  std::string text;
  for (const auto& lines : {request.commands.lines, request.commands.files, displayed(request.policy)}) {
    for (const std::string& line : lines) text += line + "\n";
  }
  return text;
}

std::vector<std::string> entries_written(const plan::Plan& plan) {
  std::vector<std::string> entries;
  std::set<std::string> seen;
  for (const plan::Task& task : plan.tasks) {
    for (const auto* of_task : {&task.files_write, &task.files_append}) {
      for (const std::string& entry : *of_task) {
        if (seen.insert(entry).second) entries.push_back(display(entry).str());
      }
    }
  }
  return entries;
}

std::string digest_of(const ApprovalRequest& request, const std::string& repository) {
  std::string text = "pianola approval 1\n";
  for (const std::string& part : {request.plan_sha256, request.commands.sha256, request.policy_sha256,
                                  repository, std::to_string(request.risk.score)}) {
    add_part(text, part);
  }
  for (const plan::RiskFactor& factor : request.risk.factors) add_part(text, factor.name);
  return sha256_hex(text);
}

}  // namespace

std::vector<std::string> tracked_paths(const plan::Plan& plan, const world::Hub& hub,
                                       const std::string& commit) {
  if (commit.empty() || !plan::writes_several(plan)) return {};
  const world::Git git(hub.git, world::run_child);
  const auto listed = git.output(
      {.args = {"ls-tree", "-r", "-z", "--name-only", "--full-tree", commit}, .git_dir = hub.layout.git_dir});
  return listed ? world::pieces_of(*listed, '\0') : std::vector<std::string>();
}

std::vector<std::string> tracked_at_start(const plan::Plan& plan, const world::Hub& hub,
                                          const std::string& branch) {
  if (!plan::writes_several(plan)) return {};
  const auto start = world::choose_start(hub, branch, world::run_child);
  return tracked_paths(plan, hub, start ? start->base : hub.head_commit);
}

ApprovalRequest approval_request(const Program& program, ApprovalSubject subject) {
  const plan::Plan& plan = *subject.plan.loaded.plan;
  ApprovalRequest request;
  request.file = subject.file;
  request.path = world::real_path(absolute(program.directory, subject.file));
  request.bytes = subject.plan.bytes;
  request.risk = plan::assess_risk(plan, subject.policy, subject.tracked);
  request.commands = std::move(subject.commands);
  request.policy = plan::policy_lines(subject.policy);
  request.writes = entries_written(plan);
  request.plan_sha256 = sha256_hex(request.bytes);
  std::string policy = "pianola policy 1\n";
  for (const std::string& line : request.policy) add_part(policy, line);
  request.policy_sha256 = sha256_hex(policy);
  request.sha256 = digest_of(request, subject.hub.layout.git_dir);
  return request;
}

Result<bool> is_approved(const Program& program, const ApprovalRequest& request) {
  if (request.risk.status == plan::RiskStatus::auto_approve) return true;
  return world::exists(TRY(records_of(program, request)).approval);
}

Result<void> store_approval(const Program& program, const ApprovalRequest& request) {
  const Records records = TRY(records_of(program, request));
  TRY(store_trust(program, request.commands));
  TRY(world::make_dirs(records.last_folder));
  TRY(world::write_file(records.last_plan, request.bytes, world::Sync::file_and_dir));
  TRY(world::write_file(records.last_list, list_text(request), world::Sync::file_and_dir));
  // Last, since this one counts.
  return world::write_file(records.approval, names_text(request) + "\n", world::Sync::file_and_dir);
}

Result<Changes> changes_since_approval(const Program& program, const ApprovalRequest& request) {
  const Records records = TRY(records_of(program, request));
  Changes changes;
  if (!world::exists(records.last_plan) || !world::exists(records.last_list)) return changes;
  changes.of_list = TRY(changed_lines(program, {.path = records.last_list}, {.bytes = list_text(request)}));
  changes.of_plan = TRY(changed_lines(program, {.path = records.last_plan}, {.bytes = request.bytes}));
  return changes;
}

std::string names_text(const ApprovalRequest& request) {
  return fmt::format("plan {}  commands {}  policy {}", request.plan_sha256.substr(0, 7),
                     request.commands.sha256.substr(0, 7), request.policy_sha256.substr(0, 7));
}

std::string approval_text(const ApprovalRequest& request, size_t most) {
  std::string text = plan::factor_lines(request.risk, 2, most);
  text += "it will run on this machine:\n" + first_lines(request.commands.lines, most);
  text += "it may change these; nothing else lands:\n" + first_lines(request.writes, most);
  if (most == no_limit) text += "its risk is measured by:\n" + first_lines(displayed(request.policy), most);
  return text + names_text(request) + "\n";
}

}  // namespace pianola::cli
