// The door of a sealed worker whose network is `model`: a process outside, between the keeper and bubblewrap,
// that lets exactly the allowed endpoints through. Inside, relay.h makes of it what programs expect.
//
//   net         a Unix socket in the attempt's folder, bound into the seal; it speaks HTTP CONNECT alone
//   net.jsonl   one line for each connection that is over
//   policy.json the endpoint whose refusal ended the attempt
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/door_crossing.h"
#include "world/host_port.h"

namespace pianola::world {

struct DoorOptions {
  std::string dir;  // the attempt's folder, absolute; "" = nothing is let through, and nobody asked
  NetRules rules;
  // loopback: a port of 127.0.0.1 instead of `net`, for a worker whose loopback is the machine's.
  enum class Entrance { socket, loopback } entrance = Entrance::socket;
  // After a refusal that is not optional: how long no allowed connection moves a byte before the attempt
  // ends.
  int64_t silence_ms = 30'000;
  std::optional<uint32_t> owner;  // whose the socket is; else ours
  CrossingTimes times;
};

// What stands for the entrance on loopback until it has its port: a word of the child's command line, and a
// value in its environment.
inline constexpr const char* door_port_word = "tcp=0";
inline constexpr const char* door_port_url = "http://127.0.0.1:0";

// The command line that runs `argv` behind a door, and the inverse for `__door`. Errors (usage).
std::vector<std::string> door_argv(const std::string& self, const DoorOptions& options,
                                   const std::vector<std::string>& argv);
struct DoorOrders {
  DoorOptions options;
  std::vector<std::string> argv;
};
Result<DoorOrders> parse_door_orders(const std::vector<std::string>& arguments);

// The hidden command `__door`: starts ARGV as its child, serves the socket for as long as that lives, and
// ends as it ended. Signals to end are left to the child's own; the child does not outlive it.
int door_main(const std::vector<std::string>& arguments);

// The endpoint in <dir>/policy.json: why the door ended the attempt; "" when it did not.
std::string read_policy(const std::string& dir);

}  // namespace pianola::world
