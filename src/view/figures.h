// What a run came to, in numbers: read off the fold, nothing is measured here.
#pragma once

#include <cstddef>
#include <optional>

#include "base/instant.h"
#include "core/state.h"

namespace pianola::view {

struct Figures {
  Duration wall;  // start to end, or to the last event of a run that is not over
  // Along the dependencies, the chain of landed tasks that took longest, each from its first attempt to
  // its landing: no number of slots could have been faster. None when nothing landed.
  std::optional<Duration> critical_path;
  // Share of jobs x wall in which agents held slots, in percent. The fold does not keep when an agent
  // ended, so an attempt is taken to hold its slot until its candidate is made: at most this much.
  std::optional<int> slots_used;
  size_t tasks = 0;
  size_t landed = 0;
  size_t attempts = 0;
  size_t red = 0;         // a gate failed
  size_t refused = 0;     // went outside its files
  size_t conflicted = 0;  // could not be merged with what landed meanwhile
  size_t lost = 0;        // nobody saw the exit
  size_t other = 0;       // every other end without a landing
  core::Usage usage;      // all attempts
  int64_t unpriced_tokens = 0;
  size_t silent = 0;  // attempts over that said nothing of tokens or money
};

Figures figures_of(const core::State& state);

}  // namespace pianola::view
