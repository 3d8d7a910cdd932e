// The ways through the program that the campaign kills on: between them they pass every named step.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "test/campaign/playground.h"

namespace pianola::campaign {

using Environment = std::map<std::string, std::string>;

// One command is attacked; what was done before it decides which steps it passes.
struct Scenario {
  std::string name;
  RunChoice choice;
  void (*before)(const Playground&) = nullptr;
  Ended (*attacked)(const Playground&, const Environment&) = nullptr;
  // Kill at the keepers' steps although a whole run passes them too: its first keeper is of an agent.
  bool has_other_keepers = false;
};

// The first is a whole run that nothing disturbs.
const std::vector<Scenario>& scenarios();

// Every name in a PIANOLA_STEP of the program's sources.
std::set<std::string> named_steps();

// The steps the attacked command and its keepers pass when nobody kills them, and how often. What is promised
// must hold after it too.
std::map<std::string, int> steps_passed(const Scenario& scenario);

std::string joined(const std::vector<std::string>& lines);

}  // namespace pianola::campaign
