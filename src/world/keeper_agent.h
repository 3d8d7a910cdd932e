// The agent's side of a keeper: a process that exists, is written down, and only then becomes the agent.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "world/child.h"
#include "world/kept_records.h"

namespace pianola::world {

// The agent while the keeper holds it: a process in its own session, waiting to become the program.
struct HeldAgent {
  Spawned process;
  ProcessId id;
  Fd leash;  // releases it by one byte, or ends it by closing; tells why the program could not be started
  Fd out;    // reading ends of its output; `err` is none when the streams go together
  Fd err;
};

// Starts the agent of `spec` up to the point where it would run. The caller is the process that dies with
// it: when the caller's thread ends, the kernel kills the agent. Errors (missing, paused): it cannot be.
Result<HeldAgent> hold_agent(const KeptSpec& spec);

// Lets it go and waits until it has become the program. Errors (missing, failed): the program cannot be
// executed; the process is then about to be over.
Result<void> release_agent(HeldAgent& agent, const KeptSpec& spec);

// The process held by hold_agent(), as the hidden command `__exec KEEPER_PID [limit=value ...] -- PROGRAM
// ARGUMENT...` with the leash as descriptor 3. Returns only when the program could not be executed.
int exec_main(const std::vector<std::string>& arguments);

}  // namespace pianola::world
