// Approval: a person's word that a plan of some risk may run, with exactly these commands and measured by
// exactly this policy (design.md section 6). Trust in the commands is part of the same question.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/plan_file.h"
#include "cli/program.h"
#include "cli/trust.h"
#include "plan/risk.h"
#include "world/discover.h"

namespace pianola::cli {

// The paths of `commit`; none where they cannot be known. Only looked for when an entry of the plan owns
// several.
std::vector<std::string> tracked_paths(const plan::Plan& plan, const world::Hub& hub,
                                       const std::string& commit);

// The same of the commit that a run on `branch` (short name; "" = the one checked out) would start from.
std::vector<std::string> tracked_at_start(const plan::Plan& plan, const world::Hub& hub,
                                          const std::string& branch);

struct ApprovalSubject {
  std::string file;  // as the person named it
  const PlanFile& plan;
  TrustRequest commands;
  const plan::RiskPolicy& policy;
  const world::Hub& hub;
  std::vector<std::string> tracked;
};

struct ApprovalRequest {
  std::string file;
  std::string path;  // absolute, where links lead
  std::string bytes;
  plan::Risk risk;
  TrustRequest commands;
  std::vector<std::string> writes;  // entries that tasks may write, each once
  std::vector<std::string> policy;  // a line for each thing the score depends on
  std::string plan_sha256;
  std::string policy_sha256;
  std::string sha256;  // of plan, commands, policy, the score with its factors, and the repository
};
ApprovalRequest approval_request(const Program& program, ApprovalSubject subject);

// True when this user approved exactly this before, or its score needs nobody.
Result<bool> is_approved(const Program& program, const ApprovalRequest& request);
// Trusts the commands too.
Result<void> store_approval(const Program& program, const ApprovalRequest& request);

// What differs from what was approved last of the plan at this path: lines with "-" and "+" before them.
struct Changes {
  std::vector<std::string> of_list;  // commands, files and policy
  std::vector<std::string> of_plan;
  bool none() const { return of_list.empty() && of_plan.empty(); }
};
Result<Changes> changes_since_approval(const Program& program, const ApprovalRequest& request);

// "plan 4be19c2  commands c41d7e2  policy 77e0b3c"
std::string names_text(const ApprovalRequest& request);

// Everything a person is asked to approve, in lines; of each list at most `most`.
std::string approval_text(const ApprovalRequest& request, size_t most);

// How a request that is not approved yet can be answered.
struct ApprovalAnswers {
  bool is_given = false;   // by a flag
  bool can_edit = false;   // "e" opens the plan in the person's editor
  bool is_listed = false;  // the person sees it all already
  std::string see_all;     // the command that shows everything
  std::string allow;       // what to type to approve it
};
enum class Answer { approved, edited };

// Approved when it is so already, or by a flag, or a person at the terminal says so; nobody is asked under
// --json. `edited`: the plan was written anew and must be read again. Errors (paused): not approved, with the
// commands, what changed since it last was, and what to type.
Result<Answer> require_approval(const Program& program, const ApprovalRequest& request,
                                const ApprovalAnswers& answers);

// The person's editor on the plan at `path`; then says what of `before` they changed.
Result<void> edit_plan(const Program& program, const std::string& path, const std::string& before);

}  // namespace pianola::cli
