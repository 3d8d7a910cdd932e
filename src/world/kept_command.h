// One command run as a kept process to its end: a check of a gate, or a step of a set-up.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "core/outcome.h"
#include "plan/plan.h"
#include "world/child.h"
#include "world/kept_place.h"
#include "world/kept_records.h"

namespace pianola::world {

// What may end commands before their time. One is shared by all that end together.
class StopSign {
 public:
  StopSign();
  void raise() const;
  bool is_raised() const;
  int fd() const { return fd_.get(); }  // readable once it is raised

 private:
  Fd fd_;
};

// What a person wrote as a command, as an argv: shell text goes to /bin/sh.
std::vector<std::string> argv_of(const plan::CommandLine& command);

struct KeptCommand {
  std::string text;      // as shown to people
  std::string dir;       // of its records and of `out`, what it says
  std::string log_path;  // of that, relative to the run's folder
  int64_t timeout_ms = 0;
  std::function<Result<KeptSpec>()> make_spec;  // see start_or_find()
};

// Runs it and waits until all of it is over. At its timeout, and when the sign is raised, it loses its whole
// tree: TERM, then KILL after a second. `required` is left true. Errors: interrupted when the sign is raised,
// failed when nobody saw how it ended.
Result<core::CheckResult> run_kept_command(const KeptCommand& command, const KeeperProgram& keeper,
                                           const StopSign& stop);

// Ends what is left of commands 1, 2, 3 of an earlier process below `dir`, and empties it.
Result<void> clear_commands(const std::string& dir);

// A spec with what every such command has: one stream, plain records, and an end when we end.
KeptSpec command_spec(std::vector<std::string> argv, std::string cwd);

Error stopped_error();

}  // namespace pianola::world
