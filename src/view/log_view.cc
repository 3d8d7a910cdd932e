#include "view/log_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>
#include <vector>

#include "base/text.h"
#include "core/codec.h"
#include "core/outcome.h"
#include "view/numbers.h"

namespace pianola::view {
namespace {

constexpr size_t message_columns = 60;  // of somebody else's words inside a line

// What a line says after the type: whom it is about, and the rest.
struct Said {
  std::string subject = {};
  std::string text = {};
};

std::string shown(std::string_view raw) { return display(raw).str(); }
std::string quoted(std::string_view raw) { return '"' + fit(shown(raw), message_columns) + '"'; }
std::string attempt_name(const core::AttemptKey& key) {
  return shown(key.task.str()) + "/" + std::to_string(key.number);
}

std::string hash_text(const std::string& raw);
std::string claim_text(const core::Claim& claim);
std::string checks_text(const std::vector<core::CheckResult>& checks);
std::string findings_text(const std::vector<std::string>& findings);

// One overload for each event.
class Sentence {
 public:
  explicit Sentence(const LogStyle& style) : style_(style) {}

  Said operator()(const core::RunStarted& e) const {
    return {shown(e.run.str()),
            fmt::format("{} {}: {}, base {}, {}, {}", shown(e.plan_file), hash_text(e.plan_sha256),
                        counted(e.plan.tasks.size(), "task"), hash_text(e.repository.base),
                        counted(static_cast<size_t>(std::max(e.policy.jobs, 0)), "job"),
                        isolation_phrase(core::isolation_text(e.policy.isolation)))};
  }
  Said operator()(const core::SupervisorStarted& e) const {
    return {"", fmt::format("pid {}, pianola {}", e.pid, shown(e.version))};
  }
  Said operator()(const core::RunOpened&) const { return {}; }
  Said operator()(const core::AttemptStarted& e) const {
    return {attempt_name(e.key), fmt::format("agent {}, workspace {}{}, base {}", shown(e.agent),
                                             e.generation, e.reused ? " again" : "", hash_text(e.base))};
  }
  Said operator()(const core::WorkspaceMade& e) const { return {attempt_name(e.key)}; }
  Said operator()(const core::AgentLaunched& e) const {
    return {attempt_name(e.key), "prompt " + hash_text(e.prompt_sha256)};
  }
  Said operator()(const core::AgentSpawned& e) const {
    return {attempt_name(e.key), fmt::format("pid {}", e.pid)};
  }
  Said operator()(const core::AgentProgressed& e) const {
    return {attempt_name(e.key), e.session.empty() ? "" : "session " + shown(e.session)};
  }
  Said operator()(const core::AttemptEnding& e) const {
    return {attempt_name(e.key), core::end_reason_text(e.reason)};
  }
  Said operator()(const core::AgentExited& e) const {
    return {attempt_name(e.key), shown(core::exit_text(e.exit)) + ", " + claim_text(e.claim)};
  }
  Said operator()(const core::CollectionStarted& e) const { return {attempt_name(e.key)}; }
  Said operator()(const core::SideCommitsKept& e) const {
    if (e.commits.empty()) return {attempt_name(e.key), "none"};
    const std::string more = e.commits.size() > 1 ? fmt::format(" and {} more", e.commits.size() - 1) : "";
    return {attempt_name(e.key), shown(e.commits.front().ref) + more};
  }
  Said operator()(const core::WorkCollected& e) const {
    if (e.head.empty()) return {attempt_name(e.key), "nothing new" + findings_text(e.findings)};
    return {attempt_name(e.key),
            fmt::format("head {}, {}{}{}", hash_text(e.head),
                        counted(static_cast<size_t>(std::max(e.files_changed, 0)), "file"),
                        e.leftovers ? ", with what it did not commit" : "", findings_text(e.findings))};
  }
  Said operator()(const core::CandidateStarted& e) const {
    return {attempt_name(e.key), "on staging " + hash_text(e.staging)};
  }
  Said operator()(const core::CandidateBuilt& e) const {
    return {attempt_name(e.key), hash_text(e.commit) + findings_text(e.findings)};
  }
  Said operator()(const core::GatesStarted& e) const {
    return {attempt_name(e.key),
            e.subject == core::GateSubject::head ? "on its head alone" : "on the candidate"};
  }
  Said operator()(const core::GatesFinished& e) const { return {attempt_name(e.key), checks_text(e.checks)}; }
  Said operator()(const core::LandingStarted& e) const { return {attempt_name(e.key)}; }
  Said operator()(const core::TaskLanded& e) const {
    return {attempt_name(e.key), "staging " + hash_text(e.commit)};
  }
  Said operator()(const core::AttemptEnded& e) const {
    std::string text = core::outcome_text(e.outcome);
    if (!e.reason.empty()) text += ": " + shown(e.reason);
    if (!e.counted) text += ", not counted";
    if (e.retry_at.ns > 0) text += ", next not before " + time_text(e.retry_at);
    return {attempt_name(e.key), text};
  }
  Said operator()(const core::TaskFailed& e) const { return {shown(e.task.str()), shown(e.reason)}; }
  Said operator()(const core::TaskSkipped& e) const {
    return {shown(e.task.str()), shown(e.because.str()) + " did not land"};
  }
  Said operator()(const core::TaskStopAsked& e) const { return {shown(e.task.str())}; }
  Said operator()(const core::TaskStopped& e) const { return {shown(e.task.str()), shown(e.reason)}; }
  Said operator()(const core::WorkspaceRemoving& e) const { return {workspace_name(e.task, e.generation)}; }
  Said operator()(const core::WorkspaceRemoved& e) const { return {workspace_name(e.task, e.generation)}; }
  Said operator()(const core::FinalGatesStarted& e) const { return {"", "on " + hash_text(e.commit)}; }
  Said operator()(const core::FinalGatesFinished& e) const {
    return {"", hash_text(e.commit) + " " + checks_text(e.checks)};
  }
  Said operator()(const core::PromotionRequested& e) const { return {"", core::promote_text(e.mode)}; }
  Said operator()(const core::PromotionStarted& e) const {
    return {"", fmt::format("{} to {}, {}", hash_text(e.from), hash_text(e.to), core::promote_text(e.mode))};
  }
  Said operator()(const core::TargetPromoted& e) const { return {"", "to " + hash_text(e.commit)}; }
  Said operator()(const core::PromotionLeft& e) const { return {"", shown(e.reason)}; }
  Said operator()(const core::TargetMoved& e) const { return {"", "to " + hash_text(e.commit)}; }
  Said operator()(const core::RebuildStarted& e) const {
    return {"", fmt::format("target {} into staging {}", hash_text(e.target), hash_text(e.staging))};
  }
  Said operator()(const core::StagingRebuilt& e) const { return {"", "staging " + hash_text(e.commit)}; }
  Said operator()(const core::RunPaused& e) const { return {"", shown(e.reason)}; }
  Said operator()(const core::RunResumed&) const { return {}; }
  Said operator()(const core::RunStopping& e) const {
    switch (e.how) {
      case core::Stopping::no:
        return {"", "no"};
      case core::Stopping::finish_running:
        return {"", "what runs may finish"};
      case core::Stopping::end_all:
        return {"", "everything ends now"};
    }
    return {};
  }
  Said operator()(const core::RunFinished& e) const {
    if (e.success) return {"", "done"};
    return {"", "failed: " + shown(e.reason)};
  }
  Said operator()(const core::UndoStarted& e) const {
    return {"", fmt::format("of event {}: {} back to {}", e.of, hash_text(e.from), hash_text(e.to))};
  }
  Said operator()(const core::PromotionUndone& e) const {
    return {"", fmt::format("of event {}: at {} again", e.of, hash_text(e.commit))};
  }
  Said operator()(const core::UndoLeft& e) const {
    return {"", fmt::format("of event {}: {}", e.of, shown(e.reason))};
  }
  Said operator()(const core::WorkspaceSaved& e) const {
    return {workspace_name(e.task, e.generation),
            e.commit.empty() ? "nothing new" : "as " + hash_text(e.commit)};
  }
  Said operator()(const core::NoteSaid& e) const { return {shown(e.task.str()), quoted(e.text)}; }

  std::string time_text(Instant at) const {
    return style_.is_terminal ? clock_of_day(at, style_.utc_offset_s) : iso_utc(at);
  }

 private:
  static std::string workspace_name(const core::TaskId& task, int generation) {
    return fmt::format("{}.{}", shown(task.str()), generation);
  }

  LogStyle style_;
};

}  // namespace

std::string log_line(const core::Recorded& recorded, const LogStyle& style) {
  const Sentence sentence(style);
  const Said said = std::visit(sentence, recorded.event);
  std::string line = style.is_terminal ? fmt::format("{} {:>5} {:<20}", sentence.time_text(recorded.at),
                                                     recorded.seq, core::event_type(recorded.event))
                                       : fmt::format("{} {} {}", sentence.time_text(recorded.at),
                                                     recorded.seq, core::event_type(recorded.event));
  if (!said.subject.empty()) line += " " + said.subject;
  if (!said.text.empty()) line += " " + said.text;
  if (recorded.actor.starts_with("user:")) line += ", by " + shown(recorded.actor.substr(5));
  while (line.ends_with(' ')) line.pop_back();
  return style.width > 0 ? fit(line, style.width) : line;
}

namespace {

// Seven digits of a commit or digest; what is neither is shown whole.
std::string hash_text(const std::string& raw) {
  const bool is_hash = raw.find_first_not_of("0123456789abcdef") == std::string::npos;
  return is_hash ? short_hash(raw) : shown(raw);
}

std::string claim_text(const core::Claim& claim) {
  std::string text = claim.success ? "claims success" : "claims no success";
  if (claim.failure != core::FailureClass::none) text += " (" + core::failure_text(claim.failure) + ")";
  if (!claim.message.empty()) text += ": " + quoted(claim.message);
  return text;
}

std::string checks_text(const std::vector<core::CheckResult>& checks) {
  if (core::all_green(checks)) return "green, " + counted(checks.size(), "check");
  for (const core::CheckResult& check : checks) {
    if (check.passed || !check.required) continue;
    const char* end = check.timed_out ? "timeout" : check.signalled ? "signal" : "exit";
    const std::string value = check.timed_out ? "" : fmt::format(" {}", check.exit_value);
    return fmt::format("red: {}: {}{}", fit(shown(check.command), message_columns), end, value);
  }
  return "red: no checks";
}

std::string findings_text(const std::vector<std::string>& findings) {
  if (findings.empty()) return "";
  return fmt::format(", {}: {}", counted(findings.size(), "finding"),
                     fit(shown(findings.front()), message_columns));
}

}  // namespace
}  // namespace pianola::view
