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

// A worker that floods its log, beside one that does its work: what is wrong then, or "".
std::string harm_of_a_flood(Scene& scene);

// Tasks for the hostile agent; a task alone owns everything. `check` is run for each.
std::string plan_of(const std::vector<std::string>& tasks, const std::string& check = "true");

}  // namespace pianola::redteam
