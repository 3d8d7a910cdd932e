// The little of HTTP/1.1 that the door speaks: the head of a CONNECT (RFC 9110, 9.3.6) and of its answer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "world/host_port.h"

namespace pianola::world {

inline constexpr size_t head_max_bytes = 8 << 10;

// What the first bytes of a connection to the door ask for.
struct Asked {
  enum class State { unfinished, whole, broken } state = State::unfinished;
  bool is_connect = false;     // else another method, whose URL names `to`
  std::optional<HostPort> to;  // none: no endpoint that can be read
  size_t bytes = 0;            // of the head; what follows belongs to the other side
};
Asked read_head(std::string_view bytes);

std::string connect_head(const HostPort& to);

// The whole answer for a connection that is not made; `why` is one line for people.
enum class Status { forbidden = 403, not_allowed = 405, bad = 400, unreachable = 502, busy = 503 };
std::string refusal_answer(Status status, std::string_view why);
inline constexpr std::string_view connected_answer = "HTTP/1.1 200 Connection established\r\n\r\n";

// What the first bytes from the door say.
struct Answered {
  enum class State { unfinished, connected, refused } state = State::unfinished;
  size_t bytes = 0;  // of the head, once connected
};
Answered read_answer(std::string_view bytes);

}  // namespace pianola::world
