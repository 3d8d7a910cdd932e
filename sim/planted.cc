#include "sim/planted.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/plant.h"

namespace pianola::sim {
namespace {

#ifdef PIANOLA_PLANTS
constexpr std::array<std::string_view, 35> plants = {"act-before-sync",
                                                     "act-when-gathered",
                                                     "answer-early",
                                                     "double-land",
                                                     "drop-last-event",
                                                     "finish-early",
                                                     "forget-environment",
                                                     "forget-failed-intents",
                                                     "forget-open-landing",
                                                     "forget-open-undo",
                                                     "forget-retry",
                                                     "gate-the-head",
                                                     "ignore-conflicts",
                                                     "ignore-dependencies",
                                                     "ignore-pause",
                                                     "judge-together",
                                                     "land-on-red",
                                                     "launch-again",
                                                     "never-count",
                                                     "no-fencing",
                                                     "no-task-timeout",
                                                     "one-slot-too-many",
                                                     "prompt-of-today",
                                                     "promote-unverified",
                                                     "record-another-time",
                                                     "remove-unsaved",
                                                     "renegotiate-for-ever",
                                                     "reuse-dirty-workspace",
                                                     "skip-boundary",
                                                     "skip-second-boundary",
                                                     "skip-the-others-checks",
                                                     "stale-base",
                                                     "stale-contract",
                                                     "stale-environment",
                                                     "wake-for-nothing"};
#else
constexpr std::array<std::string_view, 0> plants = {};
#endif

std::string& chosen() {
  static std::string name;
  return name;
}

}  // namespace

std::span<const std::string_view> planted_names() { return plants; }

bool plant(std::string_view name) {
  if (!name.empty() && std::find(plants.begin(), plants.end(), name) == plants.end()) return false;
  chosen() = name;
  return true;
}

}  // namespace pianola::sim

#ifdef PIANOLA_PLANTS
namespace pianola::core {
bool is_planted(std::string_view name) { return sim::chosen() == name; }
}  // namespace pianola::core
#endif
