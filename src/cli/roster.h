// The agents a run uses, found on this machine and made ready to start.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/configuration.h"
#include "cli/program.h"
#include "core/state.h"
#include "engine/engine.h"
#include "plan/plan.h"

namespace pianola::cli {

// A file of the repository that an argv names. A copy in the run's directory is what runs, so that
// nothing a worker lands changes what pianola starts.
struct NamedFile {
  std::string agent;
  size_t argv_index = 0;
  std::string path;    // absolute
  std::string sha256;  // of its bytes
};

struct Agents {
  engine::Roster roster;
  std::string default_agent;
  std::vector<NamedFile> files;
};

struct AgentSearch {
  std::string default_agent;  // --agent, or what a run that goes on has begun with
  std::string run_dir;        // of that run: what it copied stands for the files it was made from
};

// Finds every agent `plan` names and the default one: the one searched for, else the worker role's, else the
// only one configured, else the first CLI found on PATH. Errors (missing) say what was looked for.
Result<Agents> find_agents(const Program& program, const Configuration& configuration, const plan::Plan& plan,
                           const AgentSearch& search);

// Points the roster at copies of the named files below `run_dir`/agents, and makes those that are not there.
Result<void> use_copies(Agents& agents, const std::string& run_dir);

// The agents of a run by their kinds alone: enough to read what runs and to end it. Nothing need be found.
engine::Roster roster_to_end(const Configuration& configuration, const core::State& state);

// The absolute path of `name` on PATH (absolute entries only), or "".
std::string find_on_path(const Program& program, const std::string& name);

}  // namespace pianola::cli
