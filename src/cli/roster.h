// The agents a run uses, found on this machine and made ready to start.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/configuration.h"
#include "cli/program.h"
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

// Finds every agent `plan` names and the default one: `flag` (--agent), else the worker role's, else the
// only one configured, else the first CLI found on PATH. Errors (missing) say what was looked for.
Result<Agents> find_agents(const Program& program, const Configuration& configuration, const plan::Plan& plan,
                           const std::string& flag);

// Copies the named files below `run_dir`/agents and points the roster at the copies.
Result<void> copy_named_files(Agents& agents, const std::string& run_dir);

// The same after a restart: the copies are there already.
void use_copies(Agents& agents, const std::string& run_dir);

// The absolute path of `name` on PATH (absolute entries only), or "".
std::string find_on_path(const Program& program, const std::string& name);

}  // namespace pianola::cli
