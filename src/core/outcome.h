// Words for how things end: what an agent claims, how its process ended, what an attempt came to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace pianola::core {

using plan::TaskId;

// One try at one task. The number only grows and is the fencing token: a report that carries another
// number than the task's present one is of the past and changes nothing.
struct AttemptKey {
  TaskId task;
  int number = 0;
  friend auto operator<=>(const AttemptKey&, const AttemptKey&) = default;
  friend bool operator==(const AttemptKey&, const AttemptKey&) = default;
};

// Why an agent did not deliver, as far as its stream and its exit say.
enum class FailureClass {
  none,
  quota,
  auth,
  billing,
  transient,
  context,
  crash,
  timeout,
  empty,
  invalid,
  policy,
  sandbox,
};

// Tokens and money of one attempt. -1 means the CLI does not say; it is never shown as 0.
struct Usage {
  int64_t tokens_in = -1;
  int64_t tokens_out = -1;
  int64_t tokens_cached = -1;
  int64_t cost_microusd = -1;
  friend bool operator==(const Usage&, const Usage&) = default;
};

// How a process ended. `lost` means nobody saw it: the keeper died with it, or found no room to start it.
// `policy`: it was ended, as it does without an endpoint that its network does not allow.
enum class ExitKind { code, signal, lost, not_started, policy };
struct ExitStatus {
  ExitKind kind = ExitKind::code;
  int value = 0;            // exit code or signal number
  bool tree_empty = false;  // nothing the process started is left
  std::string detail;       // for not_started and lost: why; for policy: the endpoint, host:port
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

// "exit 7", "its exit was lost: the keeper ended without a record"; raw.
std::string exit_text(const ExitStatus& exit);

// What the agent's stream and exit add up to. A claim, never a verdict.
struct Claim {
  bool success = false;
  FailureClass failure = FailureClass::none;
  std::string message;  // raw bytes of the agent, at most 2,000
  std::string session;  // the CLI's conversation id, "" when it has none
  Usage usage;
  friend bool operator==(const Claim&, const Claim&) = default;
};

// design.md section 5: how an attempt ended.
enum class Outcome {
  delivered,
  empty,
  failed,
  crashed,
  timeout,
  lost,
  refused,
  red,
  conflicted,
  limited,
  policy,
  stopped,
};

// Why pianola ended a running attempt.
enum class EndReason { task_timeout, run_timeout, stopped, aborted };

// Why a run waits: for a person, space or a limit, or because what is stored is damaged. It decides the exit
// code.
enum class PauseKind { paused, integrity };

// One check of a gate, as it went.
struct CheckResult {
  std::string command;  // as shown to people
  bool passed = false;
  bool required = true;
  bool timed_out = false;
  bool signalled = false;
  int exit_value = 0;  // exit code, or the signal when `signalled`
  int64_t duration_ms = 0;
  std::string tail;      // last bytes of stdout and stderr together, at most 4,000
  std::string log_path;  // where all of it is, relative to the run's directory
  friend bool operator==(const CheckResult&, const CheckResult&) = default;
};

// "pytest -q: exit 1", "pytest -q: signal 9", "pytest -q: no end within its time limit".
std::string check_text(const CheckResult& check);

// A commit of an attempt that its head does not come from (another branch, a stash), and the ref that keeps
// it.
struct SideCommit {
  std::string ref;
  std::string commit;
  friend bool operator==(const SideCommit&, const SideCommit&) = default;
};

// True when every required check passed and there was at least one check.
bool all_green(const std::vector<CheckResult>& results);

std::string outcome_text(Outcome outcome);
std::string failure_text(FailureClass failure);
std::string end_reason_text(EndReason reason);

}  // namespace pianola::core
