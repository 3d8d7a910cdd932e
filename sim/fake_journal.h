// The durable log in memory. A batch becomes durable when it is awaited, some time after it was begun; what
// a crash meets in between, and what the disk refuses, leaves any part of it behind.
#pragma once

#include <deque>
#include <vector>

#include "sim/fate.h"
#include "sim/watch.h"

namespace pianola::sim {

class FakeJournal final : public engine::Journal {
 public:
  FakeJournal(Fate& fate, Watch& watch) : fate_(fate), watch_(watch) {}

  void begin(const std::vector<core::Recorded>& events) override;
  Result<void> await() override;

  // The supervisor is dead: what was begun and not awaited is torn.
  void abandon();

 private:
  Fate& fate_;
  Watch& watch_;
  struct Batch {
    std::vector<core::Recorded> events;
    bool fails = false;
  };
  std::deque<Batch> begun_;
  Instant told_;  // when the last one begun will be settled
};

}  // namespace pianola::sim
