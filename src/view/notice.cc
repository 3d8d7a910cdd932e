#include "view/notice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "view/numbers.h"
#include "view/reasons.h"

namespace pianola::view {
namespace {

using core::Attempt;
using core::Outcome;
using core::State;
using core::TaskId;
using core::TaskPhase;
using core::TaskRun;

using Notices = std::vector<Notice>;

class Wording {
 public:
  Wording(const State& state, Instant at) : state_(state), at_(at) {}

  Notices operator()(const core::RunStarted& e) const;
  Notices operator()(const core::SupervisorStarted& e) const;
  Notices operator()(const core::TaskLanded& e) const;
  Notices operator()(const core::AttemptEnded& e) const;
  Notices operator()(const core::TaskFailed& e) const;
  Notices operator()(const core::TaskSkipped& e) const;
  Notices operator()(const core::TaskStopped& e) const;
  Notices operator()(const core::FinalGatesStarted& e) const;
  Notices operator()(const core::FinalGatesFinished& e) const;
  Notices operator()(const core::PromotionLeft& e) const;
  Notices operator()(const core::TargetMoved& e) const;
  Notices operator()(const core::PromotionUndone& e) const;
  Notices operator()(const core::RunPaused& e) const;
  Notices operator()(const core::RunResumed&) const;
  Notices operator()(const core::RunStopping& e) const;
  Notices operator()(const core::RunFinished& e) const;
  // Nobody waits for the others: the rows of the live view show them.
  template <class Other>
  Notices operator()(const Other&) const {
    return {};
  }

 private:
  const TaskRun& task(const TaskId& id) const { return state_.tasks[*find(state_, id)]; }
  // By its number: the state may be further than the event.
  const Attempt& attempt_of(const core::AttemptKey& key) const {
    return task(key.task).attempts[static_cast<size_t>(key.number) - 1];
  }
  std::string target() const { return short_ref(state_.repository.target); }
  // "6 of 8 landed"
  std::string landed_text() const;
  // A notice about the run itself.
  Notice of_run(std::string_view look, std::string word, std::string text) const {
    return {.look = look,
            .role = look_of(look).role,
            .subject = state_.run.str(),
            .word = std::move(word),
            .text = std::move(text)};
  }
  static Notice of_task(const TaskId& id, std::string_view look, std::string text) {
    return {.look = look,
            .role = look_of(look).role,
            .subject = id.str(),
            .word = std::string(look),
            .text = std::move(text)};
  }
  std::optional<Notice> retry_of(const core::AttemptEnded& e) const;

  const State& state_;
  Instant at_;
};

// What the next prompt holds of this end.
std::string retry_help(const core::AttemptEnded& e) {
  if (e.outcome == Outcome::conflicted) return ", from today's staging";
  if (e.feedback.empty()) return "";
  return e.outcome == Outcome::red ? ", with that output" : ", with that reason";
}

std::string Wording::landed_text() const {
  const auto landed = std::count_if(state_.tasks.begin(), state_.tasks.end(),
                                    [](const TaskRun& run) { return run.phase == TaskPhase::landed; });
  return fmt::format("{} of {} landed", landed, state_.tasks.size());
}

Notices Wording::operator()(const core::RunStarted& e) const {
  Notice notice = of_run("starting", "run start",
                         fmt::format("{} {}, {}, {}, {}", target(), short_hash(e.repository.base),
                                     counted(e.plan.tasks.size(), "task"),
                                     counted(static_cast<size_t>(std::max(e.policy.jobs, 0)), "job"),
                                     isolation_phrase(isolation_text(e.policy.isolation))));
  notice.reader = Reader::pipe;
  return {notice};
}

Notices Wording::operator()(const core::SupervisorStarted& e) const {
  if (state_.supervisors < 2) return {};
  return {of_run("starting", "reopened", fmt::format("by supervisor {}, pianola {}", e.pid, e.version))};
}

Notices Wording::operator()(const core::TaskLanded& e) const {
  std::string text = "staging " + short_hash(e.commit) + ", " + effort_text(attempt_of(e.key));
  for (const core::ContractVersion& contract : attempt_of(e.key).renegotiated)
    text += ", contract " + contract.name + (contract.version.empty() ? " gone" : " now " + contract.version);
  return {of_task(e.key.task, "landed", std::move(text))};
}

Notices Wording::operator()(const core::AttemptEnded& e) const {
  const TaskRun& run = task(e.key.task);
  if (run.stop_asked) return {};  // TaskStopped says it
  if (e.outcome == Outcome::stopped) {
    return {of_task(e.key.task, "stopped", "by a person, work kept")};
  }
  const Attempt& attempt = attempt_of(e.key);
  Notice ended = of_task(e.key.task, "failed", e.reason);
  ended.word = outcome_text(e.outcome);
  if (!e.counted) ended.role = Role::warn;
  if (const core::CheckResult* red = first_red(attempt.checks); red != nullptr) {
    if (std::string line = failing_line(red->tail); !line.empty()) ended.details.push_back(std::move(line));
  }
  ended.details.push_back("all of it: " + logs_command(e.key.task, &attempt));
  Notices notices{ended};
  if (std::optional<Notice> retry = retry_of(e)) notices.push_back(*retry);
  return notices;
}

std::optional<Notice> Wording::retry_of(const core::AttemptEnded& e) const {
  const size_t place = *find(state_, e.key.task);
  const TaskRun& run = state_.tasks[place];
  const bool used_up =
      run.counted_attempts >= state_.plan.tasks[place].attempts || run.failed_starts >= state_.policy.starts;
  const bool goes_on = run.phase == TaskPhase::backoff && !used_up && state_.stopping == core::Stopping::no;
  const bool went_on = run.attempts.size() > static_cast<size_t>(e.key.number);
  if (!goes_on && !went_on) return std::nullopt;
  const Duration wait = e.retry_at - at_;
  Notice retry = of_task(e.key.task, "retry",
                         next_try_text(state_, place) +
                             (wait.ns <= 0 ? std::string(" at once") : " in " + countdown_text(wait)) +
                             retry_help(e) + (e.counted ? "" : "; this one is not counted"));
  retry.reader = Reader::terminal;
  return retry;
}

Notices Wording::operator()(const core::TaskFailed& e) const { return {of_task(e.task, "failed", e.reason)}; }

Notices Wording::operator()(const core::TaskSkipped& e) const {
  return {of_task(e.task, "skipped", e.because.str() + " did not land")};
}

Notices Wording::operator()(const core::TaskStopped& e) const {
  constexpr std::string_view said = "stopped ";
  const std::string why = e.reason.starts_with(said) ? e.reason.substr(said.size()) : e.reason;
  return {of_task(e.task, "stopped", why + ", work kept")};
}

Notices Wording::operator()(const core::FinalGatesStarted& e) const {
  return {
      of_run("checking", "checking",
             counted(state_.plan.post_merge_checks.size(), "final check") + " on " + short_hash(e.commit))};
}

Notices Wording::operator()(const core::FinalGatesFinished& e) const {
  const core::CheckResult* red = first_red(e.checks);
  if (red == nullptr) {
    return {
        of_run("landed", "green", counted(e.checks.size(), "final check") + " on " + short_hash(e.commit))};
  }
  Notice notice = of_run("failed", "red", core::check_text(*red));
  if (std::string line = failing_line(red->tail); !line.empty()) notice.details.push_back(std::move(line));
  return {notice};
}

Notices Wording::operator()(const core::PromotionLeft& e) const {
  Notice notice = of_run("review", "left",
                         fmt::format("{} verified, {}, {} not moved: {}; pianola promote",
                                     short_hash(state_.finish.verified), landed_text(), target(), e.reason));
  notice.reader = Reader::pipe;
  return {notice};
}

Notices Wording::operator()(const core::TargetMoved& e) const {
  return {of_run("retry", "moved",
                 fmt::format("{} is at {} now; this run is merged with it and checked again", target(),
                             short_hash(e.commit)))};
}

Notices Wording::operator()(const core::PromotionUndone& e) const {
  return {of_run("review", "undone", fmt::format("{} is at {} again", target(), short_hash(e.commit)))};
}

Notices Wording::operator()(const core::RunPaused& e) const { return {of_run("review", "paused", e.reason)}; }

Notices Wording::operator()(const core::RunResumed&) const {
  return {of_run("starting", "resumed", landed_text())};
}

Notices Wording::operator()(const core::RunStopping& e) const {
  const bool all = e.how == core::Stopping::end_all;
  return {of_run("stopped", "stopping",
                 all ? "everything is ended, work is kept" : "no new start, what runs may finish")};
}

Notices Wording::operator()(const core::RunFinished& e) const {
  Notice notice =
      e.success
          ? of_run("landed", "done",
                   fmt::format("{} {}, {}", target(), short_hash(state_.finish.verified), landed_text()))
          : of_run("failed", "failed", e.reason);
  notice.reader = Reader::pipe;  // on a terminal the report follows
  return {notice};
}

// pytest and unittest, TAP, GoogleTest, go test.
constexpr std::array<std::string_view, 4> runner_words = {"FAIL", "not ok", "[  FAILED  ]", "--- FAIL"};
constexpr std::string_view ctest_word = "***Failed";
constexpr std::array<std::string_view, 5> error_words = {"rror:", "ERROR", "Error", "ssert", "FAIL"};

}  // namespace

std::vector<Notice> notices_of(const State& state, const core::Recorded& recorded) {
  return std::visit(Wording(state, recorded.at), recorded.event);
}

std::string failing_line(std::string_view output) {
  std::string_view by_runner, by_error, last;
  while (!output.empty()) {
    const size_t end = std::min(output.find('\n'), output.size());
    std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    if (line.empty()) continue;
    last = line;
    const auto starts = [&](std::string_view word) { return line.starts_with(word); };
    const auto holds = [&](std::string_view word) { return line.find(word) != std::string_view::npos; };
    const bool from_runner =
        std::any_of(runner_words.begin(), runner_words.end(), starts) || holds(ctest_word);
    if (by_runner.empty() && from_runner) by_runner = line;
    if (by_error.empty() && std::any_of(error_words.begin(), error_words.end(), holds)) by_error = line;
  }
  return std::string(!by_runner.empty() ? by_runner : !by_error.empty() ? by_error : last);
}

const core::CheckResult* first_red(const std::vector<core::CheckResult>& checks) {
  for (const core::CheckResult& check : checks) {
    if (check.required && !check.passed) return &check;
  }
  return nullptr;
}

std::string effort_text(const Attempt& attempt) {
  std::string text =
      fmt::format("try {}, {}", attempt.number, span_text(attempt.ended_at - attempt.started_at));
  const core::Usage& usage = attempt.claim.usage;
  if (usage.cost_microusd >= 0) return text + ", " + money_text(usage.cost_microusd);
  if (tokens_of(usage) >= 0) return text + ", " + tokens_text(tokens_of(usage)) + " tokens";
  return text;
}

}  // namespace pianola::view
