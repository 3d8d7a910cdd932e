// `orchestration:` how many agents, how often, and by which models.
#include <fmt/format.h>

#include "cli/configuration_keys.h"
#include "plan/scalar.h"

namespace pianola::cli {
namespace {

using plan::NodeIndex;
using plan::Sheet;

constexpr std::string_view no_command_yet = "no command verifies by a model yet";

int number_of(const Sheet& sheet, NodeIndex value) {
  return static_cast<int>(plan::scalar_number(sheet.tree().text(value)).value_or(0));
}

// The same number as `jobs`, of which a file has one.
void read_workers(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  const int workers = number_of(sheet, value);
  const plan::Tree& tree = sheet.tree();
  const NodeIndex other = tree.find(tree.root(), "jobs");
  const bool has_other = other != plan::no_node && !sheet.is_null(other);
  if (has_other && plan::scalar_number(tree.text(other)) != workers) {
    sheet.error(value,
                {.what = fmt::format("orchestration.max_parallel_workers is {}, and jobs is {} ({})", workers,
                                     plan::shown(tree.text(other)), sheet.position(other)),
                 .expected = "one number of agents",
                 .next = fmt::format("drop one of {} and {}", sheet.position(value), sheet.position(other))});
    return;
  }
  configuration.jobs = workers;
}

const std::array<Key, 8> keys = {{
    {.name = "planner_model",
     .read = [](Sheet& sheet, NodeIndex value,
                Configuration& to) { read_text(sheet, value, "planner_model", to.planner_model); },
     .shape = Shape::text},
    {.name = "supervisor_model",
     .effect = Effect::never,
     .shape = Shape::text,
     .note = "the engine is deterministic and uses no model"},
    {.name = "worker_model",
     .read = [](Sheet& sheet, NodeIndex value,
                Configuration& to) { read_text(sheet, value, "worker_model", to.worker_model); },
     .shape = Shape::text},
    {.name = "verifier_model",
     .read = [](Sheet& sheet, NodeIndex value,
                Configuration& to) { read_text(sheet, value, "verifier_model", to.verifier_model); },
     .effect = Effect::later,
     .shape = Shape::text,
     .note = no_command_yet},
    {.name = "max_parallel_workers",
     .read = read_workers,
     .shape = Shape::number,
     .range = {.least = 1, .most = jobs_max, .unit = "agents"}},
    {.name = "max_iterations",
     .read = [](Sheet& sheet, NodeIndex value, Configuration& to) { to.attempts = number_of(sheet, value); },
     .shape = Shape::number,
     .range = {.least = 1, .most = plan::attempts_max, .unit = "attempts"}},
    {.name = "merge_strategy",
     .effect = Effect::required,
     .shape = Shape::text,
     .note = "a task lands by a commit of two parents and no other way",
     .always = {"merge_bubble"}},
    {.name = "worktree_dir",
     .effect = Effect::never,
     .shape = Shape::text,
     .note =
         "workspaces lie in <repo>.pianola/ beside the checkout, where its watchers and test discovery do "
         "not walk"},
}};

}  // namespace

std::span<const Key> orchestration_keys() { return keys; }

}  // namespace pianola::cli
