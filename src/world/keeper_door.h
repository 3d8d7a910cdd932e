// The keeper's door: who may ask, what they are sent, what they may order.
//
// A client sends lines: `stream <out offset> <err offset>` (output from there on, then as it comes) and
// `end <grace ms>`. It is sent frames: a header of 16 bytes, then the payload.
#pragma once

#include <poll.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "world/child.h"

namespace pianola::world {

enum class FrameKind : uint8_t {
  spawned = 's',  // payload: the agent's process number in decimal
  out = 'o',      // payload: bytes of the stream at `offset`; a gap before it was dropped
  err = 'e',
  exited = 'x',   // payload: exit.json; whoever hears it makes it durable
  blocked = 'b',  // payload: why the end cannot be written down; told once a second until it is
};

inline constexpr size_t kFrameHeaderBytes = 16;
inline constexpr size_t kMostFramePayload = 64 << 10;

struct FrameHeader {
  FrameKind kind = FrameKind::spawned;
  uint32_t size = 0;
  uint64_t offset = 0;
};
std::string encode_frame(FrameKind kind, uint64_t offset, std::string_view payload);
// Errors (integrity): not a frame.
Result<FrameHeader> decode_frame_header(std::string_view bytes);

// What clients can be served from: the streams' paths and how far each has come.
struct Served {
  std::string out_path;
  std::string err_path;
  uint64_t out_bytes = 0;
  uint64_t err_bytes = 0;
  int64_t agent_pid = 0;
};

// At most 16 clients, each with bounded buffers; a slow one slows down nobody else.
class KeeperDoor {
 public:
  KeeperDoor();
  ~KeeperDoor();

  // Listens at `path` (mode 0600), replacing what is there: the caller holds the attempt's lock.
  Result<void> listen(const std::string& path);
  // A client that is connected from birth.
  void admit_first(Fd client);

  // What to wait for, appended to `fds`.
  void add_to(std::vector<pollfd>& fds, const Served& served) const;
  // Serves whoever is ready, without waiting. `end` is called with the grace of each order to end.
  void serve(const Served& served, const std::function<void(int64_t grace_ms)>& end);

  // True once the client that was connected from birth has gone.
  bool first_has_left() const;
  // True when somebody streams.
  bool is_heard() const;
  // True when nobody who streams lacks any bytes.
  bool is_caught_up(const Served& served) const;
  // Tells those who stream, best effort: a word that does not fit behind unsent output is dropped.
  void say(FrameKind kind, const std::string& payload);

 private:
  struct Client;
  void accept_all();
  std::string path_;
  Fd listening_;
  std::vector<std::unique_ptr<Client>> clients_;
  bool had_first_ = false;
};

// Connects to the keeper that listens at `path` and belongs to our user; no waiting.
Result<Fd> connect_to_keeper(const std::string& path);

}  // namespace pianola::world
