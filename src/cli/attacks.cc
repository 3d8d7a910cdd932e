#include "cli/attacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/isolation.h"

namespace pianola::cli {
namespace {

bool came_through(const Trial& trial, const std::string& name) {
  return std::any_of(trial.tried.begin(), trial.tried.end(),
                     [&](const auto& one) { return one.name == name && !one.is_refused; });
}

std::string text_of(const Trial& trial, core::Isolation level) {
  std::string text = trial_text(trial, level) + "\n";
  for (const world::TriedAttack& attack : trial.tried) {
    if (attack.is_refused) text += "  refused  " + attack.name + "\n";
  }
  for (const world::OpenAttack& open : trial.open)
    text += fmt::format("  open     {}: {}\n", open.name, open.why);
  return text;
}

boost::json::object json_of(const Trial& trial) {
  boost::json::array refused;
  for (const world::TriedAttack& attack : trial.tried) {
    if (attack.is_refused) refused.emplace_back(attack.name);
  }
  boost::json::array open;
  for (const world::OpenAttack& one : trial.open) {
    open.push_back(boost::json::object{
        {"name", one.name}, {"why", one.why}, {"came_through", came_through(trial, one.name)}});
  }
  return {{"holds", true}, {"why", ""}, {"refused", refused}, {"open", open}};
}

}  // namespace

Result<int> print_attacks(const Program& program) {
  bool holds = false;
  std::string text;
  boost::json::object levels;
  for (const core::Isolation level : {core::Isolation::sealed, core::Isolation::landlock}) {
    const Result<Trial> trial = try_level(program, level);
    const std::string why = trial ? "" : display(trial.error().what).str();
    const std::string name = core::isolation_text(level);
    holds = holds || trial.has_value();
    text += trial ? text_of(*trial, level) : name + ": does not hold here: " + why + "\n";
    levels[name] = trial ? json_of(*trial) : boost::json::object{{"holds", false}, {"why", why}};
  }
  program.console.out(program.format == Format::json ? boost::json::serialize(levels) + "\n" : text);
  return holds ? exit_done : exit_missing;
}

}  // namespace pianola::cli
