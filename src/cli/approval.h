// Approval: a person's word that a plan of some risk may run, with exactly these commands and measured by
// exactly this policy (design.md section 6). Trust in the commands is part of the same question.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/plan_file.h"
#include "cli/program.h"
#include "cli/trust.h"
#include "plan/risk.h"

namespace pianola::cli {

struct ApprovalRequest {
  std::string file;  // as the person named it
  std::string path;  // absolute
  std::string bytes;
  plan::Risk risk;
  TrustRequest commands;
  std::vector<std::string> writes;  // entries that tasks may write, each once
  std::vector<std::string> policy;  // a line for each thing the score depends on
  std::string plan_sha256;
  std::string policy_sha256;
  std::string sha256;  // of the three
};
ApprovalRequest approval_request(const Program& program, const std::string& file, const PlanFile& plan,
                                 TrustRequest commands, const plan::RiskPolicy& policy);

// True when this user approved exactly this before, or its score needs nobody.
Result<bool> is_approved(const Program& program, const ApprovalRequest& request);
// Trusts the commands too.
Result<void> store_approval(const Program& program, const ApprovalRequest& request);

// What differs from what was approved last of the plan at this path: lines with "-" and "+" before them, of
// the plan and then of commands and policy; empty when nothing of it was, or nothing differs.
Result<std::vector<std::string>> changes_since_approval(const Program& program,
                                                        const ApprovalRequest& request);

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
// --json. `edited`: the plan was written anew and must be read again. Errors (paused): not approved, with
// what changed since it last was and what to type.
Result<Answer> require_approval(const Program& program, const ApprovalRequest& request,
                                const ApprovalAnswers& answers);

}  // namespace pianola::cli
