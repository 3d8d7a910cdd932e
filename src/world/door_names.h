// Names to addresses beside a poll loop: getaddrinfo(3) blocks, so a few threads do nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "world/host_port.h"

namespace pianola::world {

class NameDesk {
 public:
  NameDesk();
  ~NameDesk();  // does not wait for names that are still being asked for
  NameDesk(const NameDesk&) = delete;
  NameDesk& operator=(const NameDesk&) = delete;

  // Asks for the addresses of `to`; false when too many names are being asked for already.
  bool ask(uint64_t ticket, const HostPort& to);
  // Readable when there are answers.
  int wake_fd() const;
  struct Answer {
    uint64_t ticket = 0;
    std::vector<Address> addresses;  // none: there is no such name, or nobody knows
  };
  std::vector<Answer> take();

 private:
  struct Desk;
  std::shared_ptr<Desk> desk_;  // with the threads, which may outlive us
};

}  // namespace pianola::world
