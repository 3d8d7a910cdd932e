// A plan of some risk, and the person who is asked about it.
#include <fmt/format.h>

#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "cli/approval.h"
#include "cli/changed_lines.h"
#include "plan/risk_report.h"
#include "world/files.h"
#include "world/terminal.h"

namespace pianola::cli {
namespace {

constexpr size_t shown_in_question = 12;

std::string changes_text(const Changes& changes, size_t most) {
  return first_lines(changes.of_list, most) + first_lines(changes.of_plan, most);
}

std::string heading(const ApprovalRequest& request) {
  return fmt::format("{} needs your approval: risk {} {}, threshold {}\n", display(request.file).str(),
                     request.risk.score, plan::risk_status_text(request.risk.status), request.risk.threshold);
}

bool is_high(const ApprovalRequest& request) { return request.risk.status == plan::RiskStatus::high_risk; }

std::string question(const ApprovalRequest& request, const ApprovalAnswers& answers, const Changes& changes) {
  std::string keys = is_high(request) ? fmt::format("over twice the threshold; type {} to approve, or [N]o",
                                                    request.risk.score)
                                      : "approve exactly this? [y]es  [N]o";
  if (answers.can_edit) keys += "  [e]dit";
  keys += "  [s]how all";
  if (!changes.none()) keys += "  [d]iff to last time";
  return keys + ": ";
}

bool is_yes(const ApprovalRequest& request, const std::string& said) {
  return is_high(request) ? said == std::to_string(request.risk.score) : said == "y" || said == "yes";
}

std::string lower(std::string word) {
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word;
}

// A person at the terminal, who has been shown the request; nothing when they said no.
Result<std::optional<Answer>> ask(const Program& program, const ApprovalRequest& request,
                                  const ApprovalAnswers& answers, const Changes& changes) {
  while (true) {
    const std::string said = lower(program.console.ask(question(request, answers, changes)));
    if (is_yes(request, said)) {
      TRY(store_approval(program, request));
      return Answer::approved;
    }
    if (said == "e" && answers.can_edit) {
      TRY(edit_plan(program, request.path, request.bytes));
      return Answer::edited;
    }
    if (said == "s") {
      program.console.out(approval_text(request, no_limit));
    } else if (said == "d" && !changes.none()) {
      program.console.out(changes_text(changes, no_limit));
    } else if (said.empty() || said == "n" || said == "no") {
      return std::nullopt;
    }
  }
}

Error not_approved(const ApprovalRequest& request, const ApprovalAnswers& answers, const Changes& changes) {
  std::string what = answers.is_listed ? "not approved yet: " : heading(request);
  if (!answers.is_listed) {
    what += plan::factor_lines(request.risk, 2, shown_in_question) + "it will run on this machine:\n" +
            trust_list(request.commands, answers.see_all);
    if (!changes.none()) {
      what += "changed since you approved it:\n" + changes_text(changes, shown_in_question);
    }
  }
  return Error{.kind = ErrorKind::paused,
               .where = {},
               .what = what + names_text(request),
               .expected = "your word",
               .next = (answers.is_listed ? "" : "see it all: " + answers.see_all + "; ") +
                       "approve it: " + answers.allow};
}

}  // namespace

Result<void> edit_plan(const Program& program, const std::string& path, const std::string& before) {
  std::string editor = program.env("VISUAL");
  if (editor.empty()) editor = program.env("EDITOR");
  if (editor.empty()) editor = "vi";
  world::SpawnOptions how;
  how.argv = {"/bin/sh", "-c", editor + " \"$1\"", "sh", path};
  how.env = program.surroundings.env;
  how.cwd = program.directory;
  const int code = TRY(world::run_on_terminal(std::move(how)));
  if (code != 0) program.console.err(fmt::format("{}: exit {}\n", display(editor).str(), code));
  const std::string now = TRY(read_plan_bytes(path, path));
  if (now == before) {
    program.console.out("nothing changed\n");
    return {};
  }
  // The plan itself may be a link, which git would compare as such.
  const std::string folder = TRY(user_state_dir(program)) + "/approvals/last";
  const std::string edited = folder + "/" + sha256_hex(path).substr(0, 16) + ".edited";
  TRY(world::make_dirs(folder));
  TRY(world::write_file(edited, now, world::Sync::none));
  const Result<std::vector<std::string>> lines = changed_lines(program, {.bytes = before}, {.path = edited});
  TRY(world::remove_tree(edited));
  program.console.out("changed:\n" + first_lines(TRY(lines), no_limit));
  return {};
}

Result<Answer> require_approval(const Program& program, const ApprovalRequest& request,
                                const ApprovalAnswers& answers) {
  if (TRY(is_approved(program, request))) return Answer::approved;
  if (answers.is_given) {
    TRY(store_approval(program, request));
    return Answer::approved;
  }
  const Changes changes = TRY(changes_since_approval(program, request));
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
