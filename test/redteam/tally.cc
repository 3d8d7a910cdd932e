#include "test/redteam/tally.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace pianola::redteam {
namespace {

constexpr size_t said_bytes_max = 400;
constexpr std::string_view of_check = "check/";

}  // namespace

bool Tally::Outcome::is_excused() const {
  return attack.needs == Needs::machine || (attack.needs == Needs::root && ::getuid() != 0);
}

Tally::Tally(std::string level, std::vector<world::OpenAttack> open)
    : level_(std::move(level)), open_(std::move(open)) {}

bool Tally::is_listed(const std::string& name) const {
  const std::string plain = name.starts_with(of_check) ? name.substr(of_check.size()) : name;
  return std::any_of(open_.begin(), open_.end(), [&](const auto& one) { return one.name == plain; });
}

void Tally::unsealed(const Attack& attack, bool succeeded, const std::string& said) {
  Outcome& outcome = all_[attack.name];
  outcome.attack = attack;
  outcome.is_tried_unsealed = true;
  outcome.unsealed = succeeded;
  outcome.said_unsealed = said;
}

void Tally::sealed(const Attack& attack, bool succeeded, const std::string& said) {
  Outcome& outcome = all_[attack.name];
  outcome.attack = attack;
  outcome.sealed = succeeded;
  outcome.said_sealed = said;
}

void Tally::skipped(const Attack& attack, const std::string& why) {
  sealed(attack, false, why);
  all_[attack.name].is_skipped = true;
}

int Tally::attacks() const {
  return static_cast<int>(
      std::count_if(all_.begin(), all_.end(), [](const auto& one) { return one.second.counts(); }));
}

std::vector<std::string> Tally::powerless() const {
  std::vector<std::string> names;
  for (const auto& [name, outcome] : all_) {
    if (outcome.is_tried_unsealed && !outcome.unsealed && !outcome.is_excused())
      names.push_back(name + ": " + outcome.said_unsealed.substr(0, said_bytes_max));
  }
  return names;
}

std::vector<std::string> Tally::through() const {
  std::vector<std::string> names;
  for (const auto& [name, outcome] : all_) {
    if (outcome.sealed && !is_listed(name))
      names.push_back(name + ": " + outcome.said_sealed.substr(0, said_bytes_max));
  }
  return names;
}

std::vector<std::string> Tally::overstated() const {
  std::vector<std::string> names;
  for (const world::OpenAttack& one : open_) {
    bool is_through = !one.is_tried;
    for (const std::string& name : {one.name, std::string(of_check) + one.name}) {
      const auto found = all_.find(name);
      is_through = is_through || (found != all_.end() && found->second.sealed);
    }
    if (!is_through) names.push_back(one.name);
  }
  return names;
}

std::vector<std::string> Tally::skipped() const {
  std::vector<std::string> names;
  for (const auto& [name, outcome] : all_) {
    if (outcome.is_skipped) names.push_back(name + ": " + outcome.said_sealed.substr(0, said_bytes_max));
  }
  return names;
}

std::vector<std::string> Tally::open_targets() const {
  std::vector<std::string> targets;
  for (const auto& [name, outcome] : all_) {
    if (outcome.sealed && is_listed(name) && outcome.attack.proof == Proof::changed)
      targets.push_back(outcome.attack.target);
  }
  return targets;
}

std::string Tally::text() const {
  std::string lacking;
  std::string open;
  for (const world::OpenAttack& one : open_) open += fmt::format("open: {}: {}\n", one.name, one.why);
  int unsealed = 0;
  int sealed = 0;
  for (const auto& [name, outcome] : all_) {
    if (!outcome.counts()) lacking += " " + name;
    if (!outcome.counts()) continue;
    unsealed += outcome.unsealed ? 1 : 0;
    sealed += outcome.sealed ? 1 : 0;
  }
  if (!lacking.empty()) open += "refused by this machine even unsealed, and sealed too:" + lacking + "\n";
  const std::string power = unsealed == 0 ? "" : fmt::format("succeed unsealed {}, ", unsealed);
  return open +
         fmt::format("guarantee: G10 | a hostile worker at level {} | attacks {}, {}get out {}, skipped {}\n",
                     level_, attacks(), power, sealed, skipped().size());
}

}  // namespace pianola::redteam
