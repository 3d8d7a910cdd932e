// Two connected stream sockets made one: what either says goes to the other, with bounded memory.
#pragma once

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "world/child.h"

namespace pianola::world {

// How many there may be at once in this process: 256, or fewer where descriptors are few.
size_t tunnels_max();

class Tunnel {
 public:
  // Both ends do not block. `to_near` and `to_far` are said first; they do not count as bytes.
  Tunnel(Fd near, Fd far, std::string to_near, std::string to_far);

  // What to wait for at each end; none of it while that end can neither be read nor written.
  pollfd near_wait() const { return wait_of(up_, down_); }
  pollfd far_wait() const { return wait_of(down_, up_); }
  // Moves what can be moved, without waiting, where poll(2) said so. An end that is closed for writing is
  // closed for the other one too, once everything has been said.
  void serve(const pollfd& near, const pollfd& far);

  // Both have said all, or one of them is broken.
  bool is_over() const { return is_broken_ || (up_.is_shut && down_.is_shut); }
  uint64_t up_bytes() const { return up_.bytes; }      // from near to far
  uint64_t down_bytes() const { return down_.bytes; }  // from far to near

 private:
  // One direction: it reads from its own end and writes to the other's.
  struct Flow {
    Fd from;
    std::string waiting;   // read and not written
    bool is_read = false;  // to its end
    bool is_shut = false;  // and all of it was written
    uint64_t bytes = 0;
  };
  static pollfd wait_of(const Flow& out, const Flow& in);
  void take(Flow& flow);
  void give(Flow& flow, const Fd& to);

  Flow up_;
  Flow down_;
  bool is_broken_ = false;
};

}  // namespace pianola::world
