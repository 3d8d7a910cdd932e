#include "core/ending.h"

#include <algorithm>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "core/contracts.h"
#include "core/core.h"
#include "core/plant.h"

namespace pianola::core {
namespace {

constexpr size_t paths_shown = 20;
constexpr size_t last_words_columns = 100;

Ending stopped() {
  return {.outcome = Outcome::stopped, .reason = "stopped by a person", .feedback = "", .counted = false};
}

Ending ending_of_failure(const Attempt& attempt) {
  const Claim& claim = attempt.claim;
  Ending ending{.outcome = Outcome::failed,
                .reason = failure_text(claim.failure) + ", " + exit_text(*attempt.exit),
                .feedback = claim.message.empty() ? attempt.exit->detail : claim.message};
  switch (claim.failure) {
    case FailureClass::quota:
      ending.outcome = Outcome::limited;
      ending.counted = false;
      break;
    case FailureClass::auth:
    case FailureClass::billing:
      ending.counted = false;
      ending.pause = "agent " + attempt.agent + ": " +
                     (claim.failure == FailureClass::auth ? "not logged in" : "its account cannot pay") +
                     "; mend the account, then: pianola resume";
      break;
    case FailureClass::transient:
      ending.counted = false;
      ending.failed_start = true;
      break;
    case FailureClass::empty:
      ending.outcome = Outcome::empty;
      break;
    case FailureClass::crash:
      ending.outcome = Outcome::crashed;
      break;
    case FailureClass::timeout:
      ending.outcome = Outcome::timeout;
      break;
    case FailureClass::policy:
      ending.outcome = Outcome::policy;
      break;
    case FailureClass::none:
    case FailureClass::context:
    case FailureClass::invalid:
    case FailureClass::sandbox:
      break;
  }
  return ending;
}

Instant retry_at(const State& state, const AttemptKey& key, const Ending& ending, Instant now) {
  const TaskRun& run = state.tasks[*find(state, key.task)];
  const Policy& policy = state.policy;
  if (ending.outcome == Outcome::conflicted && run.conflicts == 0) return now;
  if (ending.outcome == Outcome::stopped) return now;
  int64_t delay_ms = policy.backoff_first_ms;
  if (ending.outcome == Outcome::limited) delay_ms = policy.backoff_max_ms;
  const int doublings = run.counted_attempts + run.failed_starts;
  for (int i = 0; i < doublings && delay_ms < policy.backoff_max_ms; ++i) delay_ms *= 2;
  delay_ms = std::min(delay_ms, policy.backoff_max_ms);
  Random random(state.seed ^ crc32c(key.task.str()) ^ (static_cast<uint64_t>(key.number) << 32));
  delay_ms += static_cast<int64_t>(random.below(static_cast<uint64_t>(delay_ms / 4 + 1)));
  return now + Duration::from_ms(delay_ms);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (size_t i = 0; i < lines.size() && i < paths_shown; ++i) text += lines[i] + "\n";
  if (lines.size() > paths_shown) text += std::to_string(lines.size() - paths_shown) + " more\n";
  return text;
}

// To try the same again is of no use: a person widens what may be reached, or says that it is not needed.
Ending ending_of_refusal(const Attempt& attempt) {
  const std::string& endpoint = attempt.exit->detail;
  return {.outcome = Outcome::policy,
          .reason = endpoint + " is not allowed by network: model",
          .feedback =
              "The network reaches the model and little else. " + endpoint + " was refused; do without it.\n",
          .counted = false,
          .pause = "agent " + attempt.agent + " does not go on without " + endpoint +
                   ", which network: model does not allow; give the agent allow: [\"" + endpoint +
                   "\"] or network: open, then: pianola resume"};
}

// The last line of what an agent said, for people; "" when it said nothing.
std::string last_words(const Claim& claim) {
  constexpr const char* blanks = " \t\r\n";
  std::string_view said = claim.message;
  said = said.substr(0, said.find_last_not_of(blanks) + 1);
  said = said.substr(said.find_last_of('\n') + 1);
  said.remove_prefix(std::min(said.find_first_not_of(blanks), said.size()));
  return fit(display(said).str(), last_words_columns);
}

// Nobody answers an agent, so one that asks waits until its time is over: what it asked is the reason then.
Ending ending_of_time_limit(const Attempt& attempt) {
  const FailureClass failure = attempt.claim.failure;
  const bool is_accounts =
      failure == FailureClass::auth || failure == FailureClass::billing || failure == FailureClass::quota;
  if (is_accounts) return ending_of_failure(attempt);
  Ending ending{.outcome = Outcome::timeout, .reason = "no end within its time limit", .feedback = ""};
  const std::string said = last_words(attempt.claim);
  if (!said.empty()) ending.reason += "; the last it said: " + said;
  return ending;
}

Ending ending_of_exit(const Attempt& attempt) {
  const ExitStatus& exit = *attempt.exit;
  if (attempt.ending == EndReason::task_timeout) return ending_of_time_limit(attempt);
  if (attempt.ending == EndReason::run_timeout) {
    return {.outcome = Outcome::timeout, .reason = "the run's time limit", .feedback = "", .counted = false};
  }
  if (attempt.ending) return stopped();
  if (exit.kind == ExitKind::lost || exit.kind == ExitKind::not_started) {
    const bool lost = exit.kind == ExitKind::lost;
    return {.outcome = lost ? Outcome::lost : Outcome::failed,
            .reason = exit_text(exit),
            .feedback = "",
            .counted = false,
            .failed_start = true};
  }
  if (exit.kind == ExitKind::policy) return ending_of_refusal(attempt);
  return ending_of_failure(attempt);
}

// With the tails of the failed checks as feedback.
Ending ending_of_red(const std::vector<CheckResult>& checks) {
  Ending ending{.outcome = Outcome::red, .reason = red_reason(checks), .feedback = ""};
  for (const CheckResult& check : checks) {
    if (check.passed || !check.required) continue;
    ending.feedback += "$ " + check_text(check) + "\n" + check.tail + "\n";
  }
  return ending;
}

Ending ending_of_findings(const std::vector<std::string>& findings) {
  return {.outcome = Outcome::refused,
          .reason = findings.front() +
                    (findings.size() > 1 ? ", and " + std::to_string(findings.size() - 1) + " more" : ""),
          .feedback = joined(findings)};
}

// It says it is done and its branch is as it was; what it committed beside that is named.
Ending ending_of_nothing(const Attempt& attempt) {
  Ending ending{.outcome = Outcome::empty,
                .reason = "it says it is done, and nothing changed",
                .feedback = "Nothing in the workspace changed. Make the change the task asks for.\n"};
  const std::vector<SideCommit>& kept = attempt.side_commits;
  if (kept.empty()) return ending;
  ending.reason += " on its branch; what it committed elsewhere is kept in " + kept.front().ref;
  if (kept.size() > 1) ending.reason += " and " + std::to_string(kept.size() - 1) + " more";
  ending.feedback =
      "Nothing on the branch of your workspace changed, and only that branch counts. What was committed "
      "elsewhere is kept:\n";
  std::vector<std::string> lines;
  for (const SideCommit& side : kept) {
    lines.push_back(side.ref + ", see it with: git diff " + attempt.base + " " + side.commit);
  }
  ending.feedback += joined(lines) + "Bring what the task needs of it onto your branch.\n";
  return ending;
}

bool is_delivered(const Attempt& attempt) { return attempt.claim.success && !attempt.ending; }

std::optional<Ending> verdict_on_work(const plan::Task& task, const Attempt& attempt) {
  if (!attempt.findings.empty() && !PIANOLA_PLANTED("skip-boundary")) {
    return ending_of_findings(attempt.findings);
  }
  if (attempt.head.empty() && task.mode == plan::Mode::write) {
    return ending_of_nothing(attempt);
  }
  return std::nullopt;
}

std::optional<Ending> verdict_on_environment(const State& state, const Attempt& attempt) {
  const bool is_stale = attempt.environment != state.environment && !attempt.head.empty();
  const bool may_land = state.policy.stale_environment == StaleEnvironment::lands;
  if (!is_stale || may_land || PIANOLA_PLANTED("stale-environment")) return std::nullopt;
  Ending ending = ending_of_conflict(attempt,
                                     "the lockfiles are " + state.environment +
                                         " by now, and this work was made with " + attempt.environment,
                                     {});
  // Not its doing, and each landing brings at most one.
  ending.counted = false;
  return ending;
}

}  // namespace

std::optional<Ending> verdict(const State& state, size_t place) {
  const TaskRun& run = state.tasks[place];
  const Attempt& attempt = *current(run);
  if (attempt.stage == Stage::queued && !is_delivered(attempt)) return ending_of_exit(attempt);
  const bool rests = attempt.stage == Stage::prepared || attempt.stage == Stage::queued ||
                     attempt.stage == Stage::built || attempt.stage == Stage::red ||
                     attempt.stage == Stage::green;
  if (!rests) return std::nullopt;
  if (run.stop_asked) return stopped();
  if (attempt.stage == Stage::queued) return verdict_on_work(state.plan.tasks[place], attempt);
  if (attempt.stage == Stage::built && !attempt.findings.empty() &&
      !PIANOLA_PLANTED("skip-second-boundary")) {
    return ending_of_conflict(attempt, "merged with what landed meanwhile, it leaves its files",
                              attempt.findings);
  }
  if (attempt.stage == Stage::built) {
    if (auto ending = verdict_on_contracts(state, place)) return ending;
    if (auto ending = verdict_on_environment(state, attempt)) return ending;
  }
  const bool moved_since = attempt.base != attempt.staging_from && !attempt.head.empty();
  if (attempt.stage == Stage::red && !moved_since) return ending_of_red(attempt.checks);
  return std::nullopt;
}

std::optional<Event> settlement(const State& state, size_t place) {
  const TaskRun& run = state.tasks[place];
  const plan::Task& task = state.plan.tasks[place];
  if (run.phase != TaskPhase::waiting && run.phase != TaskPhase::backoff) return std::nullopt;
  if (run.stop_asked) return TaskStopped{.task = task.id, .reason = stopped().reason};
  if (run.phase == TaskPhase::waiting) return std::nullopt;
  const std::string& reason = current(run)->reason;
  if (run.counted_attempts >= task.attempts) {
    return TaskFailed{.task = task.id,
                      .reason = std::to_string(run.counted_attempts) + " of " +
                                std::to_string(task.attempts) + " attempts: " + reason};
  }
  if (run.failed_starts >= state.policy.starts) {
    return TaskFailed{.task = task.id,
                      .reason = std::to_string(run.failed_starts) + " failed starts: " + reason};
  }
  return std::nullopt;
}

Ending ending_of_lost_work(const Attempt& attempt, const std::string& why) {
  const std::string reason = "its work could not be fetched: " + why;
  if (!is_delivered(attempt)) {
    Ending ending = ending_of_exit(attempt);
    ending.reason += "; " + reason;
    return ending;
  }
  return {.outcome = Outcome::failed,
          .reason = reason,
          .feedback = "The repository of the workspace could not be read: " + why + "\n"};
}

Ending ending_of_conflict(const Attempt& attempt, const std::string& why,
                          const std::vector<std::string>& paths) {
  Ending ending{.outcome = Outcome::conflicted, .reason = why, .feedback = why + "\n" + joined(paths)};
  if (!paths.empty()) ending.reason += ": " + paths.front();
  if (!attempt.head.empty()) {
    ending.feedback +=
        "Your earlier change is kept; see it with: git diff " + attempt.base + " " + attempt.head + "\n";
  }
  return ending;
}

Ending ending_of_head_checks(const Attempt& attempt, const std::vector<CheckResult>& checks) {
  Ending red = ending_of_red(attempt.checks);
  if (!all_green(checks)) return red;
  Ending ending =
      ending_of_conflict(attempt, "its checks pass alone and fail with what landed meanwhile", {});
  ending.feedback = red.feedback + ending.feedback;
  return ending;
}

std::string red_reason(const std::vector<CheckResult>& checks) {
  const auto failed = std::find_if(checks.begin(), checks.end(),
                                   [](const CheckResult& check) { return check.required && !check.passed; });
  return failed == checks.end() ? "no checks were run" : check_text(*failed);
}

std::vector<Event> end_attempt(const State& state, const AttemptKey& key, const Ending& ending, Instant now) {
  const TaskRun& run = state.tasks[*find(state, key.task)];
  const bool first_conflict = ending.outcome == Outcome::conflicted && run.conflicts == 0;
  bool counted = ending.counted && !first_conflict && !run.stop_asked;
  if (PIANOLA_PLANTED("never-count")) counted = false;
  std::vector<Event> events;
  events.push_back(AttemptEnded{.key = key,
                                .outcome = ending.outcome,
                                .reason = ending.reason,
                                .feedback = ending.feedback,
                                .counted = counted,
                                .failed_start = ending.failed_start,
                                .retry_at = retry_at(state, key, ending, now)});
  if (!ending.pause.empty() && !state.paused) events.push_back(RunPaused{ending.pause});
  return events;
}

}  // namespace pianola::core
