#include "agents/claim.h"

#include "agents/lines.h"

namespace pianola::agents {
namespace {

using core::ExitKind;
using core::FailureClass;

constexpr size_t message_limit_bytes = 2'000;
constexpr size_t session_limit = 128;
constexpr int bad_system_call = 31;  // SIGSYS of signal(7): a seccomp filter said no

FailureClass failure_of(const Told& told, const core::ExitStatus& exit, bool ended_by_us);
std::string message_of(const Told& told, const core::ExitStatus& exit, bool ended_by_us);
std::string part_shown(const std::string& message, bool ended_by_us);

}  // namespace

core::Claim conclude_from(const Told& told, const core::ExitStatus& exit, bool ended_by_us) {
  core::Claim claim;
  claim.failure = failure_of(told, exit, ended_by_us);
  const bool clean_exit = exit.kind == ExitKind::code && exit.value == 0;
  claim.success = told.ended && told.success && !told.marked && !ended_by_us && clean_exit &&
                  claim.failure == FailureClass::none;
  claim.message = part_shown(message_of(told, exit, ended_by_us), ended_by_us);
  claim.session = told.session;
  claim.usage = told.usage;
  return claim;
}

bool is_session_name(std::string_view name) {
  if (name.empty() || name.size() > session_limit || name.front() == '-') return false;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '-' && c != '_') return false;
  }
  return true;
}

namespace {

FailureClass failure_of(const Told& told, const core::ExitStatus& exit, bool ended_by_us) {
  const bool told_failure = (told.ended && !told.success) || told.marked;
  if (told_failure && told.failure != FailureClass::none) return told.failure;
  // The end was pianola's doing; the stream adds a reason only when it was stuck in retries.
  if (ended_by_us) return told.ended ? FailureClass::none : told.suspected;
  switch (exit.kind) {
    case ExitKind::signal:
      return exit.value == bad_system_call ? FailureClass::sandbox : FailureClass::crash;
    case ExitKind::lost:
      return FailureClass::crash;
    case ExitKind::not_started:
      return FailureClass::invalid;
    case ExitKind::policy:
      return FailureClass::policy;
    case ExitKind::code:
      break;
  }
  if (told_failure) return FailureClass::crash;
  if (told.ended && told.success && exit.value == 0)
    return told.acted ? FailureClass::none : FailureClass::empty;
  if (!told.ended && told.suspected != FailureClass::none) return told.suspected;
  if (!told.anything && exit.value == 0) return FailureClass::empty;
  // 1 and 2 are what CLIs use when they refuse their command line or their surroundings.
  const bool refused = !told.anything && !told.error_tail.empty() && (exit.value == 1 || exit.value == 2);
  return refused ? FailureClass::invalid : FailureClass::crash;
}

std::string message_of(const Told& told, const core::ExitStatus& exit, bool ended_by_us) {
  const bool unseen = exit.kind == ExitKind::not_started || exit.kind == ExitKind::lost;
  if (unseen && !exit.detail.empty()) return exit.detail;
  const bool spoken = told.ended || told.marked || ended_by_us;
  return spoken || told.error_tail.empty() ? told.text : told.error_tail;
}

// Of one that was ended the last of what it said, which may be a question; else the beginning.
std::string part_shown(const std::string& message, bool ended_by_us) {
  if (!ended_by_us) return std::string(cut_at_character(message, message_limit_bytes));
  Tail tail(message_limit_bytes);
  tail.add(message);
  return tail.text();
}

}  // namespace
}  // namespace pianola::agents
