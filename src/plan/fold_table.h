// The rows of Unicode 14 that fold_path needs, for the basic plane without Hangul and Han.
#pragma once

#include <cstdint>
#include <span>

namespace pianola::plan {

// CaseFolding.txt, C and S: `first`, `first + stride` ... `last` fold to themselves plus `delta`.
struct FoldRun {
  uint16_t first;
  uint16_t last;
  uint16_t stride;
  int32_t delta;
};

// UnicodeData.txt, canonical decompositions; `second` is 0 for a singleton.
struct Decomposition {
  uint16_t point;
  uint16_t first;
  uint16_t second;
};

// UnicodeData.txt, canonical combining classes other than 0.
struct CombiningRun {
  uint16_t first;
  uint16_t last;
  uint8_t combining_class;
};

// Each sorted by its first member.
std::span<const FoldRun> fold_runs();
std::span<const Decomposition> decompositions();
std::span<const CombiningRun> combining_runs();

}  // namespace pianola::plan
