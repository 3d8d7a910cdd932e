// Named places where a test can kill this process: PIANOLA_STEP("spawn.lock_taken"). Outside test builds
// (PIANOLA_STEPS) they are nothing.
//
//   PIANOLA_KILL_AT=<name>[:n]   SIGKILL to itself at the n-th pass of that step, the first by default
//   PIANOLA_KILL_ONCE=<file>     only by the process that can create the file, so one of many dies
//   PIANOLA_STEP_LOG=<file>      appends the name of each step passed, one a line
//
// A keeper gets the supervisor's PIANOLA_KILL_AT_KEEPER as its own PIANOLA_KILL_AT; agents get none of it.
// Names are "<part>.<what has just happened>".
#pragma once

#if defined(PIANOLA_STEPS) && PIANOLA_STEPS

namespace pianola::world {

void pass_step(const char* name);

}  // namespace pianola::world

#define PIANOLA_STEP(name) ::pianola::world::pass_step(name)

#else

#define PIANOLA_STEP(name) static_cast<void>(0)

#endif
