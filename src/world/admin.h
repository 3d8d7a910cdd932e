// The supervisor's own socket: where `pianola stop` and `say` ask. Mode 0600 in a folder of
// mode 0700, the same user only (SO_PEERCRED, unix(7)). Lines are api/request.h's.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "core/input.h"
#include "world/loop.h"

namespace pianola::world {

class AdminSocket {
 public:
  // Listens at `path`, replacing a socket nobody listens on; the caller holds the run's lock, so there is
  // no second listener. `loop` outlives it. Errors: failed.
  static Result<std::unique_ptr<AdminSocket>> open(Loop& loop, const std::string& path);
  ~AdminSocket();
  AdminSocket(const AdminSocket&) = delete;
  AdminSocket& operator=(const AdminSocket&) = delete;

  // Hands a reply to the connection that asked; unknown askers have left.
  void answer(uint64_t asker, const engine::Reply& reply);

 private:
  struct Parts;
  explicit AdminSocket(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Whether a supervisor holds the lock at `lock`: then it is one that can be asked at `socket`, since one that
// starts or leaves, which holds the lock and does not listen, is waited for up to `wait_ms`. Errors (paused):
// it is held all that time and nobody listens.
Result<bool> await_supervisor(const std::string& lock, const std::string& socket, int64_t wait_ms);

// Asks a running supervisor and waits for its answer, at most `timeout_ms`. Errors: the refusal; paused
// when nobody listens at `path`.
Result<uint64_t> ask_supervisor(const std::string& path, const core::Input& input, int64_t timeout_ms);

}  // namespace pianola::world
