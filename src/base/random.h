// A seeded generator: the only randomness in pianola's decisions and in the simulator.
#pragma once

#include <cstdint>
#include <string>

namespace pianola {

// SplitMix64 (Steele, Lea, Flood 2014). Equal seeds give equal sequences on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  // Uniform in [0, bound); bound must be positive. The bias is below 2^-32 for bounds under 2^32.
  uint64_t below(uint64_t bound) { return next() % bound; }

  // True `percent` times in a hundred.
  bool chance(uint64_t percent) { return below(100) < percent; }

  uint64_t state() const { return state_; }
  friend bool operator==(const Random&, const Random&) = default;

 private:
  uint64_t state_;
};

}  // namespace pianola
