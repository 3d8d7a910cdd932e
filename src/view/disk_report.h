// What runs take on disk, and what was freed (`pianola gc`).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "view/screen.h"

namespace pianola::view {

struct DiskRow {
  std::string run;
  std::string phase;
  int64_t workspaces = 0;  // bytes, before
  int64_t logs = 0;
  int64_t journal = 0;
  int64_t freed = 0;
  size_t refs_dropped = 0;
  size_t refs_saved = 0;                // of those, kept under saved/ first
  std::vector<std::string> notes = {};  // raw; why something stays
  size_t failures = 0;                  // of them, where something should have gone and could not
};

enum class Freeing { would, did };

std::string disk_text(const std::vector<DiskRow>& rows, Freeing freeing, const Terminal& terminal);
std::string disk_json(const std::vector<DiskRow>& rows, Freeing freeing);

}  // namespace pianola::view
