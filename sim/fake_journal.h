// The durable log in memory. A failing append may leave a part of its batch behind.
#pragma once

#include <vector>

#include "sim/fate.h"
#include "sim/watch.h"

namespace pianola::sim {

class FakeJournal final : public engine::Journal {
 public:
  FakeJournal(Fate& fate, Watch& watch) : fate_(fate), watch_(watch) {}

  Result<void> append(const std::vector<core::Recorded>& events) override;

 private:
  Result<void> tear(const std::vector<core::Recorded>& events);

  Fate& fate_;
  Watch& watch_;
};

}  // namespace pianola::sim
