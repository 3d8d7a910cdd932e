// What a worker may make of its own clone, and how one sees that somebody fell for it.
#pragma once

#include <string>
#include <vector>

#include "test/redteam/tally.h"

namespace pianola::redteam {

void shapes_open(Scene& scene, Tally& tally);
void shapes_sealed(Scene& scene, Tally& tally);

void escapes_open(Scene& scene, Tally& tally);
void escapes_sealed(Scene& scene, Tally& tally);

// Tasks for the hostile agent; a task alone owns everything. `check` is run for each.
std::string plan_of(const std::vector<std::string>& tasks, const std::string& check = "true");

}  // namespace pianola::redteam
