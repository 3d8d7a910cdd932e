// What the shell is told. The one table; every command's exit goes through it.
#pragma once

#include "base/error.h"
#include "core/outcome.h"

namespace pianola::cli {

enum ExitCode : int {
  exit_done = 0,
  exit_findings = 1,  // finished, with failed tasks or findings
  exit_usage = 2,
  exit_bad_plan = 3,  // plan or configuration
  exit_repository = 4,
  exit_missing = 5,  // a tool, an agent or a sandbox
  exit_paused = 6,   // approval, trust, promotion, disk, a limit, a login, a wait at its timeout
  exit_held = 7,     // another supervisor
  exit_integrity = 8,
  exit_internal = 70,
  exit_interrupted = 130,
};

constexpr ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return exit_usage;
    case ErrorKind::bad_plan:
      return exit_bad_plan;
    case ErrorKind::repository:
      return exit_repository;
    case ErrorKind::missing:
      return exit_missing;
    case ErrorKind::paused:
      return exit_paused;
    case ErrorKind::held:
      return exit_held;
    case ErrorKind::integrity:
      return exit_integrity;
    case ErrorKind::failed:
      return exit_findings;
    case ErrorKind::interrupted:
      return exit_interrupted;
    case ErrorKind::internal:
      return exit_internal;
  }
  return exit_internal;
}

constexpr ErrorKind error_kind(core::PauseKind kind) {
  return kind == core::PauseKind::integrity ? ErrorKind::integrity : ErrorKind::paused;
}

// The kind of refusal a pianola that exited with `code` had met.
constexpr ErrorKind error_kind(int code) {
  using enum ErrorKind;
  for (const ErrorKind kind :
       {usage, bad_plan, repository, missing, paused, held, integrity, failed, interrupted}) {
    if (exit_code(kind) == code) return kind;
  }
  return internal;
}

}  // namespace pianola::cli
