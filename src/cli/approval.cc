#include "cli/approval.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "plan/risk_report.h"
#include "world/child.h"
#include "world/files.h"
#include "world/git_child.h"

namespace pianola::cli {
namespace {

constexpr size_t shown_in_question = 12;
constexpr size_t all = SIZE_MAX;
constexpr size_t record_bytes_max = 32 << 20;
constexpr int64_t diff_timeout_ms = 10'000;

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> policy_lines(const plan::RiskPolicy& policy) {
  std::vector<std::string> lines{fmt::format("threshold {}", policy.auto_approve_threshold)};
  for (const plan::SensitivePattern& one : policy.sensitive_patterns) {
    lines.push_back(fmt::format("sensitive {} +{}", display(one.pattern).str(), one.weight));
  }
  for (const std::string& entry : policy.always_require_human) {
    lines.push_back("always_require_human " + display(entry).str());
  }
  return lines;
}

// Where the words of a person are kept: one file for each, and what they were of, for the plan at each path.
struct Records {
  std::string approval;
  std::string last_plan;
  std::string last_list;
};

Result<Records> records_of(const Program& program, const ApprovalRequest& request) {
  const std::string folder = TRY(user_state_dir(program)) + "/approvals";
  TRY(world::make_dirs(folder + "/last"));
  const std::string last = folder + "/last/" + sha256_hex(request.path).substr(0, 16);
  return Records{
      .approval = folder + "/" + request.sha256, .last_plan = last + ".plan", .last_list = last + ".list"};
}

// Commands and policy, as a person approved them.
std::string list_text(const ApprovalRequest& request) {
  return text_of(request.commands.lines) + text_of(request.policy);
}

// The lines that `git diff` finds between two files, one of which is "-" for `bytes`, display-safe.
Result<std::vector<std::string>> changed_lines(const Program& program, const std::string& before,
                                               const std::string& after, const std::string& bytes) {
  const world::Git git(TRY(world::find_git(program.surroundings.env, world::run_child)), world::run_child);
  world::GitCall call;
  call.args = {"diff",   "--no-index", "--no-color", "--no-ext-diff", "--no-textconv",
               "--text", "-U0",        "--",         before,          after};
  call.stdin_bytes = bytes;
  call.timeout_ms = diff_timeout_ms;
  const world::Finished done = TRY(git.run(call));
  std::vector<std::string> lines;
  bool in_hunk = false;
  for (size_t from = 0; from < done.out.size();) {
    const size_t to = std::min(done.out.find('\n', from), done.out.size());
    const std::string_view line(done.out.data() + from, to - from);
    from = to + 1;
    in_hunk = in_hunk || line.starts_with("@@");
    if (in_hunk && (line.starts_with('+') || line.starts_with('-'))) lines.push_back(display(line).str());
  }
  return lines;
}

std::string cut(const std::vector<std::string>& lines, size_t most) {
  std::string text;
  for (size_t i = 0; i < std::min(lines.size(), most); ++i) text += "  " + lines[i] + "\n";
  if (lines.size() > most) text += fmt::format("  ... {} more\n", lines.size() - most);
  return text;
}

std::string names_text(const ApprovalRequest& request) {
  return fmt::format("plan {}  commands {}  policy {}", request.plan_sha256.substr(0, 7),
                     request.commands.sha256.substr(0, 7), request.policy_sha256.substr(0, 7));
}

std::string heading(const ApprovalRequest& request) {
  return fmt::format("{} needs your approval: risk {} {}, threshold {}\n", display(request.file).str(),
                     request.risk.score, plan::risk_status_text(request.risk.status), request.risk.threshold);
}

bool is_high(const ApprovalRequest& request) { return request.risk.status == plan::RiskStatus::high_risk; }

}  // namespace

ApprovalRequest approval_request(const Program& program, const std::string& file, const PlanFile& plan,
                                 TrustRequest commands, const plan::RiskPolicy& policy) {
  ApprovalRequest request;
  request.file = file;
  request.path = absolute(program.directory, file);
  request.bytes = plan.bytes;
  request.risk = plan::assess_risk(*plan.loaded.plan, policy);
  request.commands = std::move(commands);
  request.policy = policy_lines(policy);
  std::set<std::string> seen;
  for (const plan::Task& task : plan.loaded.plan->tasks) {
    for (const auto* entries : {&task.files_write, &task.files_append}) {
      for (const std::string& entry : *entries) {
        if (seen.insert(entry).second) request.writes.push_back(display(entry).str());
      }
    }
  }
  request.plan_sha256 = sha256_hex(plan.bytes);
  request.policy_sha256 = sha256_hex("pianola policy 1\n" + text_of(request.policy));
  request.sha256 = sha256_hex("pianola approval 1\n" + request.plan_sha256 + "\n" + request.commands.sha256 +
                              "\n" + request.policy_sha256 + "\n");
  return request;
}

Result<bool> is_approved(const Program& program, const ApprovalRequest& request) {
  if (request.risk.status == plan::RiskStatus::auto_approve) return true;
  return world::exists(TRY(records_of(program, request)).approval);
}

Result<void> store_approval(const Program& program, const ApprovalRequest& request) {
  const Records records = TRY(records_of(program, request));
  TRY(store_trust(program, request.commands));
  TRY(world::write_file(records.last_plan, request.bytes, world::Sync::file_and_dir));
  TRY(world::write_file(records.last_list, list_text(request), world::Sync::file_and_dir));
  // Last, since this one counts.
  return world::write_file(records.approval, names_text(request) + "\n", world::Sync::file_and_dir);
}

Result<std::vector<std::string>> changes_since_approval(const Program& program,
                                                        const ApprovalRequest& request) {
  const Records records = TRY(records_of(program, request));
  std::vector<std::string> lines;
  for (const auto& [path, now] :
       {std::pair(records.last_plan, request.bytes), std::pair(records.last_list, list_text(request))}) {
    if (!world::exists(path)) continue;
    for (std::string& line : TRY(changed_lines(program, path, "-", now))) lines.push_back(std::move(line));
  }
  return lines;
}

std::string approval_text(const ApprovalRequest& request, size_t most) {
  std::string text = plan::factor_lines(request.risk, 2, most);
  text += "it will run on this machine:\n" + cut(request.commands.lines, most);
  text += fmt::format("it may write {} {}; anything else is refused:\n", request.writes.size(),
                      request.writes.size() == 1 ? "path" : "paths");
  return text + cut(request.writes, most) + names_text(request) + "\n";
}

namespace {

std::string question(const ApprovalRequest& request, const ApprovalAnswers& answers, bool has_changes) {
  std::string keys = is_high(request) ? fmt::format("over twice the threshold; type {} to approve, or [N]o",
                                                    request.risk.score)
                                      : "approve exactly this? [y]es  [N]o";
  if (answers.can_edit) keys += "  [e]dit";
  keys += "  [s]how all";
  if (has_changes) keys += "  [d]iff to last time";
  return keys + ": ";
}

bool is_yes(const ApprovalRequest& request, const std::string& said) {
  return is_high(request) ? said == std::to_string(request.risk.score) : said == "y" || said == "yes";
}

// The person's editor on the plan, then what they changed.
Result<void> edit(const Program& program, const ApprovalRequest& request) {
  std::string editor = program.env("VISUAL");
  if (editor.empty()) editor = program.env("EDITOR");
  if (editor.empty()) editor = "vi";
  world::SpawnOptions how;
  how.argv = {"/bin/sh", "-c", editor + " \"$1\"", "sh", request.path};
  how.env = program.surroundings.env;
  how.cwd = program.directory;
  how.stdin_fd = 0;
  how.stdout_fd = 1;
  how.stderr_fd = 2;
  how.group = world::SpawnOptions::Group::same;
  const int code = world::wait_for_exit(TRY(world::spawn(how)));
  if (code != 0) program.console.err(fmt::format("{}: exit {}\n", display(editor).str(), code));
  const std::string now = TRY(read_plan_bytes(request.path, request.file));
  if (now == request.bytes) {
    program.console.out("nothing changed\n");
    return {};
  }
  program.console.out("changed:\n" + cut(TRY(changed_lines(program, "-", request.path, request.bytes)), all));
  return {};
}

Error not_approved(const ApprovalRequest& request, const ApprovalAnswers& answers,
                   const std::vector<std::string>& changes) {
  std::string what;
  if (!answers.is_listed) {
    what = heading(request) + plan::factor_lines(request.risk, 2, shown_in_question);
    what += changes.empty() ? "it will run on this machine:\n" + trust_list(request.commands, answers.see_all)
                            : "changed since you approved it:\n" + cut(changes, shown_in_question);
  } else {
    what = "not approved yet: ";
  }
  return Error{.kind = ErrorKind::paused,
               .where = {},
               .what = what + names_text(request),
               .expected = "your word",
               .next = (answers.is_listed ? "" : "see it: " + answers.see_all + "; ") +
                       "approve it: " + answers.allow};
}

}  // namespace

namespace {

// A person at the terminal, who has been shown the request; nothing when they said no.
Result<std::optional<Answer>> ask(const Program& program, const ApprovalRequest& request,
                                  const ApprovalAnswers& answers, const std::vector<std::string>& changes) {
  while (true) {
    const std::string said = program.console.ask(question(request, answers, !changes.empty()));
    if (is_yes(request, said)) {
      TRY(store_approval(program, request));
      return Answer::approved;
    }
    if (said == "e" && answers.can_edit) {
      TRY(edit(program, request));
      return Answer::edited;
    }
    if (said == "s") {
      program.console.out(approval_text(request, all));
    } else if (said == "d" && !changes.empty()) {
      program.console.out(cut(changes, all));
    } else {
      return std::nullopt;
    }
  }
}

}  // namespace

Result<Answer> require_approval(const Program& program, const ApprovalRequest& request,
                                const ApprovalAnswers& answers) {
  if (TRY(is_approved(program, request))) return Answer::approved;
  if (answers.is_given) {
    TRY(store_approval(program, request));
    return Answer::approved;
  }
  const std::vector<std::string> changes = TRY(changes_since_approval(program, request));
  const Surroundings& here = program.surroundings;
  if (program.format == Format::json || !here.stdin_is_terminal || !here.stdout_is_terminal) {
    return refuse(not_approved(request, answers, changes));
  }
  if (!answers.is_listed) program.console.out(heading(request) + approval_text(request, shown_in_question));
  const std::optional<Answer> answer = TRY(ask(program, request, answers, changes));
  if (answer) return *answer;
  ApprovalAnswers after = answers;
  after.is_listed = true;
  return refuse(not_approved(request, after, changes));
}

}  // namespace pianola::cli
