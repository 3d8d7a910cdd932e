// The checks of a gate: each runs as a kept process in a fresh workspace, one after the other.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/ports.h"
#include "world/kept_place.h"
#include "world/kept_records.h"
#include "world/layout.h"
#include "world/loop.h"

namespace pianola::world {

class Setups;

struct CheckOptions {
  // Makes a fresh workspace at `commit` for the gate `name`, replacing one that is left over, and returns
  // its absolute path. Both are called on a pool thread.
  std::function<Result<std::string>(const std::string& commit, const std::string& name)> make_workspace;
  std::function<Result<void>(const std::string& name)> remove_workspace;
  std::map<std::string, std::string> env;  // all that a check is given
  Limits limits;                           // of each
  Setups* setups = nullptr;                // what is put into the workspace before; outlives the checks
  // What is really run for a check in `workspace`; absent: the spec as it is. Called on a pool thread.
  std::function<Result<KeptSpec>(KeptSpec spec, const std::string& workspace)> enclose;
};

// "<task>.<n>.candidate", "<task>.<n>.head" or "final": names the gate's folder and workspace.
std::string gate_name(const engine::CheckRun& run);

// Runs gates on threads of its own and pushes what became of each: GatesWereRun or GatesFailed for an
// attempt, FinalGatesWereRun or FinalGatesFailed for the final checks. All checks run even when one fails;
// results stand in plan order. A step of the set-up that fails is the one result there is. At its timeout and
// at its end a check loses its whole tree: TERM, then KILL after a second. What an earlier supervisor left
// running of the same gate is ended first. Output is in gates/<name>/<check number>/out.
class CheckRuns {
 public:
  CheckRuns(Loop& loop, Layout layout, core::RunId run, KeeperProgram keeper, CheckOptions options);
  // Ends what runs and waits for it.
  ~CheckRuns();
  CheckRuns(const CheckRuns&) = delete;
  CheckRuns& operator=(const CheckRuns&) = delete;

  void run(const engine::CheckRun& run);
  // Every gate that runs or waits ends now, with the reason "stopped"; so do set-ups.
  void end_all();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace pianola::world
