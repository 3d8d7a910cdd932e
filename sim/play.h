// One seed: its scenario, played twice, and what came of it.
#pragma once

#include <cstdint>
#include <string>

#include "sim/world.h"

namespace pianola::sim {

// The scenario of a seed: plan, limits and swarm, all drawn from it. With `only`, no other fault is on.
Scenario scenario_of(uint64_t seed, std::optional<Fault> only = std::nullopt);

// The seed's journal once more, one line for each event, as far as it got.
std::string trace_of(uint64_t seed, std::optional<Fault> only = std::nullopt);

// A calm run of so many tasks, `jobs` at a time: what large plans cost.
Report play_large(size_t tasks, int jobs);

// Plays the seed twice; a difference between the two is a violation of its own (deterministic).
Report play_twice(uint64_t seed, std::optional<Fault> only = std::nullopt);

}  // namespace pianola::sim
