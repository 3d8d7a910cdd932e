// Trust: leave to run exactly these commands on this machine, for this user, once per content (design.md
// section 6).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "cli/program.h"
#include "cli/roster.h"
#include "core/state.h"
#include "plan/plan.h"
#include "plan/risk.h"
#include "world/discover.h"

namespace pianola::cli {

// What a run would execute on this machine, as one is asked to trust it.
struct TrustRequest {
  std::string sha256;              // of everything below, the level and the bytes of named files
  std::vector<std::string> lines;  // for people: one for each command, variable and agent, and the level
  std::vector<std::string> files;  // which bytes the named files have, a line each
};
struct TrustSubject {
  const Agents& agents;
  const plan::Plan& plan;
  core::Isolation isolation;
  const std::vector<Looser>& looser;  // of the repository's configuration
};
TrustRequest trust_request(const TrustSubject& subject);

// True when this exact request was trusted by this user before.
Result<bool> is_trusted(const Program& program, const TrustRequest& request);
Result<void> store_trust(const Program& program, const TrustRequest& request);

// How a request that is not trusted yet can be answered.
struct TrustAnswers {
  bool is_given = false;   // by a flag
  bool is_listed = false;  // the person sees the list already
  std::string see_all;     // the command that shows the whole list; "": it is shown whole
  std::string allow;       // what to type to allow it
};
// Passes when the request is trusted, or the answer is given, or a person at the terminal says y; nobody is
// asked under --json. Errors (paused): not trusted, with the list and what to type.
Result<void> require_trust(const Program& program, const TrustRequest& request, const TrustAnswers& answers);

// The lines of such a list, of many the first and how to see the rest; `see_all` "": all of them.
std::string trust_list(const TrustRequest& request, const std::string& see_all);

// The `trust` command for this plan, as it may be typed here, with `more` at its end.
std::string trust_command(const Program& program, const TrustOf& of, const std::string& more);
// The same of `approve`.
std::string approve_command(const Program& program, const TrustOf& of, const std::string& more);

// What a run of `plan` with these options would execute, and what measures its risk.
struct Commands {
  TrustRequest request;
  plan::RiskPolicy policy;
  world::Hub hub;
  std::string target;  // short branch name, "" = the branch that is checked out
};
Result<Commands> find_commands(const Program& program, const plan::Plan& plan, const TrustOf& of);

// The folder of what pianola keeps for this user beside repositories. Errors (missing): no home folder.
Result<std::string> user_state_dir(const Program& program);

}  // namespace pianola::cli
