// The keeper: one small process per attempt that outlives the supervisor. It owns the agent's pipes, drains
// them into capped files, answers whoever connects, ends the tree when told to, and writes down how it
// ended. Nothing else may be lost when a supervisor is killed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pianola::world {

// Descriptors a keeper is born with.
inline constexpr int kKeeperLock = 3;    // attempt.lock, flocked by whoever started it
inline constexpr int kKeeperSpec = 4;    // a memory file: the KeptSpec, with its secrets
inline constexpr int kKeeperClient = 5;  // its first client's end of a socket pair

// The hidden command `__keep DIR`: keeps the attempt whose folder is `dir`, from taking it over to its exit
// record. SIGTERM, SIGHUP and SIGINT do not end it; only the attempt's end does. Returns the exit code: 0
// when the end is recorded, 1 when it could not be, 2 when the keeper came too late (the folder is closed,
// has another keeper or another holder of its lock) and did nothing.
int keeper_main(const std::string& dir);

// Runs `__keep`, `__exec`, `__door` or `__enter`, the words pianola says to itself. Nothing when `arguments`
// (without the program's name) are something else. Called first in main, before any thread or descriptor is
// made.
std::optional<int> run_hidden_command(const std::vector<std::string>& arguments);

}  // namespace pianola::world
