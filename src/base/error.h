// What the world refused, in the form people read: `where: what; expected; next`.
#pragma once

#include <string>
#include <vector>

namespace pianola {

// The class of a refusal. It alone decides the exit code (cli/exit_code.h), never the text.
enum class ErrorKind {
  usage,        // the command line is wrong
  bad_plan,     // a plan or a configuration file is wrong
  repository,   // the state of the git repository does not allow it
  missing,      // a tool, an agent or a sandbox is not there
  paused,       // waits for a person, space or a limit; nothing is lost
  held,         // another supervisor holds the run
  integrity,    // stored state is damaged or of a newer format
  failed,       // the operation was tried and did not succeed
  interrupted,  // by a person
  internal,     // we do not understand what happened
};

// A place in a text the user wrote. Lines and columns count from 1; columns count bytes.
struct Place {
  std::string file;
  int line = 0;
  int col = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

// One refusal. `where` names the exact thing (a path, `file:line:col`, a ref, a command); `expected` and
// `next` may be empty. No field ends in a full stop.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string where;
  std::string what;
  std::string expected;
  std::string next;

  // "where: what; expected; next", without the empty parts.
  std::string text() const;

  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace pianola
