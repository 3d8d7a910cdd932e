// One connection through the door: its head is read, its endpoint judged, its name asked for, then bytes go
// both ways.
#pragma once

#include <poll.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "world/child.h"
#include "world/connect_head.h"
#include "world/door_names.h"
#include "world/host_port.h"
#include "world/tunnel.h"

namespace pianola::world {

// What is written down of a connection when it is over.
struct CrossingRecord {
  int64_t at_ns = 0;  // wall clock, when it came
  HostPort to;        // empty: it named none
  Verdict verdict = Verdict::refused;
  std::string why;  // for people, "" when it was let through
  uint64_t up_bytes = 0;
  uint64_t down_bytes = 0;
};
// One JSON object and a newline.
std::string to_json(const CrossingRecord& record);

struct CrossingTimes {
  int64_t head_ms = 10'000;     // for a head to come
  int64_t connect_ms = 15'000;  // for an address to answer
  int64_t idle_ms = 1'800'000;  // between bytes; a model may think for long
};

class Crossing {
 public:
  Crossing(uint64_t ticket, Fd worker, const NetRules& rules, const CrossingTimes& times);

  // What to wait for: two entries, each with -1 when there is nothing.
  void add_to(std::vector<pollfd>& fds) const;
  // When it wants to be served though nothing came, on the clock of since_boot().
  int64_t due_ms() const { return due_ms_; }
  // Does what can be done without waiting.
  void serve(const pollfd& worker, const pollfd& far, NameDesk& names);
  void hear(const std::vector<Address>& addresses);

  uint64_t ticket() const { return ticket_; }
  bool is_over() const { return stage_ == Stage::over; }
  // Bytes that went through, both ways.
  uint64_t moved() const { return tunnel_ ? tunnel_->up_bytes() + tunnel_->down_bytes() : 0; }
  CrossingRecord record() const;

 private:
  enum class Stage { asking, naming, connecting, open, refusing, over };
  void read_more(NameDesk& names);
  void decide(const Asked& asked, NameDesk& names);
  void connect_next();
  void finish_connect();
  void refuse_with(Status status, Verdict verdict, std::string why);
  void say_farewell();
  void expire();

  uint64_t ticket_;
  Fd worker_;
  const NetRules& rules_;
  CrossingTimes times_;
  Stage stage_ = Stage::asking;
  int64_t due_ms_ = 0;
  std::string heard_;     // the head, and what came after it
  std::string farewell_;  // of a refusal, what is not yet sent
  std::vector<Address> addresses_;
  Fd far_;
  std::optional<Tunnel> tunnel_;
  CrossingRecord record_;
};

}  // namespace pianola::world
