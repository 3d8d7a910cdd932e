#include "test/redteam/tally.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace pianola::redteam {
namespace {

constexpr size_t said_bytes_max = 400;

}  // namespace

bool Tally::Outcome::is_excused() const {
  return attack.needs == Needs::machine || (attack.needs == Needs::root && ::getuid() != 0);
}

void Tally::unsealed(const Attack& attack, bool succeeded, const std::string& said) {
  Outcome& outcome = all_[attack.name];
  outcome.attack = attack;
  outcome.unsealed = succeeded;
  outcome.said_unsealed = said;
}

void Tally::sealed(const Attack& attack, bool succeeded, const std::string& said) {
  Outcome& outcome = all_[attack.name];
  outcome.attack = attack;
  outcome.sealed = succeeded;
  outcome.said_sealed = said;
}

int Tally::attacks() const {
  return static_cast<int>(
      std::count_if(all_.begin(), all_.end(), [](const auto& one) { return one.second.counts(); }));
}

std::vector<std::string> Tally::powerless() const {
  std::vector<std::string> names;
  for (const auto& [name, outcome] : all_) {
    if (!outcome.unsealed && !outcome.is_excused())
      names.push_back(name + ": " + outcome.said_unsealed.substr(0, said_bytes_max));
  }
  return names;
}

std::vector<std::string> Tally::through() const {
  std::vector<std::string> names;
  for (const auto& [name, outcome] : all_) {
    if (outcome.sealed) names.push_back(name + ": " + outcome.said_sealed.substr(0, said_bytes_max));
  }
  return names;
}

std::string Tally::text() const {
  std::string lacking;
  int unsealed = 0;
  int sealed = 0;
  for (const auto& [name, outcome] : all_) {
    if (!outcome.counts()) lacking += " " + name;
    if (!outcome.counts()) continue;
    unsealed += outcome.unsealed ? 1 : 0;
    sealed += outcome.sealed ? 1 : 0;
  }
  if (!lacking.empty()) lacking = "refused by this machine even unsealed, and sealed too:" + lacking + "\n";
  return lacking + fmt::format("guarantee: G10-G12 | {} attacks, {} succeed unsealed, {} sealed, 0 skipped\n",
                               attacks(), unsealed, sealed);
}

}  // namespace pianola::redteam
