#include "core/outcome.h"

#include <algorithm>
#include <string>

namespace pianola::core {

bool all_green(const std::vector<CheckResult>& results) {
  const auto holds = [](const CheckResult& result) { return result.passed || !result.required; };
  return !results.empty() && std::all_of(results.begin(), results.end(), holds);
}

std::string exit_text(const ExitStatus& exit) {
  const std::string detail = exit.detail.empty() ? "" : ": " + exit.detail;
  switch (exit.kind) {
    case ExitKind::code:
      return "exit " + std::to_string(exit.value) + detail;
    case ExitKind::signal:
      return "signal " + std::to_string(exit.value) + detail;
    case ExitKind::lost:
      return "its exit was lost" + detail;
    case ExitKind::not_started:
      return "it did not start" + detail;
    case ExitKind::policy:
      return "ended by policy" + detail;
  }
  return "";
}

std::string outcome_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::delivered:
      return "delivered";
    case Outcome::empty:
      return "empty";
    case Outcome::failed:
      return "failed";
    case Outcome::crashed:
      return "crashed";
    case Outcome::timeout:
      return "timeout";
    case Outcome::lost:
      return "lost";
    case Outcome::refused:
      return "refused";
    case Outcome::red:
      return "red";
    case Outcome::conflicted:
      return "conflicted";
    case Outcome::limited:
      return "limited";
    case Outcome::policy:
      return "policy";
    case Outcome::stopped:
      return "stopped";
  }
  return "";
}

std::string failure_text(FailureClass failure) {
  switch (failure) {
    case FailureClass::none:
      return "none";
    case FailureClass::quota:
      return "quota";
    case FailureClass::auth:
      return "auth";
    case FailureClass::billing:
      return "billing";
    case FailureClass::transient:
      return "transient";
    case FailureClass::context:
      return "context";
    case FailureClass::crash:
      return "crash";
    case FailureClass::timeout:
      return "timeout";
    case FailureClass::empty:
      return "empty";
    case FailureClass::invalid:
      return "invalid";
    case FailureClass::policy:
      return "policy";
    case FailureClass::sandbox:
      return "sandbox";
  }
  return "";
}

std::string end_reason_text(EndReason reason) {
  switch (reason) {
    case EndReason::task_timeout:
      return "task_timeout";
    case EndReason::run_timeout:
      return "run_timeout";
    case EndReason::stopped:
      return "stopped";
    case EndReason::aborted:
      return "aborted";
  }
  return "";
}

std::string check_text(const CheckResult& check) {
  if (check.timed_out) return check.command + ": no end within its time limit";
  return check.command + (check.signalled ? ": signal " : ": exit ") + std::to_string(check.exit_value);
}

}  // namespace pianola::core
