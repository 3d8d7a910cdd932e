// The inside half of the door (door.h): what programs in the seal connect to. Ports of the machine's loopback
// that hold an allowed endpoint are there under their own number, and the door itself is an HTTP proxy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/host_port.h"

namespace pianola::world {

struct RelayOrders {
  std::vector<HostPort> endpoints;  // of loopback: each is listened at as it is written
  uint16_t proxy_port = 0;          // of 127.0.0.1; 0: no relay at all
  std::string door = "/run/pianola/net";
};

// Listens, then leaves a process that serves until it is killed with the namespace it is in: nobody's child
// here, in a session of its own, with no descriptor of ours. Errors (failed): what could not be had.
Result<void> start_relay(const RelayOrders& orders);

// The relay itself, on sockets that listen already; returns never.
struct RelayPort {
  int listening = -1;
  std::string connect;  // what is said to the door first; "" at the proxy
};
[[noreturn]] void serve_relay(const std::vector<RelayPort>& ports, const std::string& door);

}  // namespace pianola::world
