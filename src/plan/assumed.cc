#include "plan/assumed.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "plan/links.h"

namespace pianola::plan {
namespace {

bool lies_in(const std::string& entry, const std::string& folder) {
  const std::string literal = entry.substr(0, entry.find_first_of("*?["));
  return literal.starts_with(folder + "/") || entry == folder;
}

bool lies_in(const Task& task, const std::string& folder) {
  const auto all_in = [&](const std::vector<std::string>& entries) {
    return std::all_of(entries.begin(), entries.end(),
                       [&](const std::string& entry) { return lies_in(entry, folder); });
  };
  const bool has_files = !task.files_write.empty() || !task.files_append.empty();
  return has_files && all_in(task.files_write) && all_in(task.files_append);
}

bool may_assume(const Draft& draft, TaskIndex task) {
  return draft.plan.tasks[task].mode == Mode::write && draft.nodes[task].verification == no_node;
}

}  // namespace

std::vector<Check> checks_for(const Task& task, const std::vector<FolderChecks>& assumed) {
  std::vector<Check> all;
  const FolderChecks* own = nullptr;
  for (const FolderChecks& each : assumed) {
    if (each.folder.empty()) return each.checks;
    // The narrower of two, when one lies in the other.
    if (lies_in(task, each.folder) && (own == nullptr || own->folder.size() < each.folder.size()))
      own = &each;
    all.insert(all.end(), each.checks.begin(), each.checks.end());
  }
  return own != nullptr ? own->checks : all;
}

std::vector<AssumedCheck> assume_checks(Sheet& sheet, Draft& draft,
                                        const std::vector<FolderChecks>& assumed) {
  std::vector<AssumedCheck> out;
  std::map<std::string, size_t> places;
  std::vector<TaskIndex> without;
  for (TaskIndex index = 0; index < draft.nodes.size(); ++index) {
    if (!may_assume(draft, index)) continue;
    Task& task = draft.plan.tasks[index];
    task.verification = checks_for(task, assumed);
    if (task.verification.empty()) without.push_back(index);
    for (const Check& check : task.verification) {
      const std::string command = command_text(check.command);
      const auto [place, is_new] = places.emplace(command, out.size());
      if (is_new) out.push_back({command, {}});
      out[place->second].tasks.push_back(task.id);
    }
  }
  if (without.empty() || !sheet.has_every_rule()) return out;
  const std::string others = without.size() == 1 ? "" : fmt::format(" and {} more", without.size() - 1);
  sheet.error(draft.nodes[without.front()].task,
              {fmt::format("task \"{}\"{} {} no check, and no test command is known here",
                           shown(draft.plan.tasks[without.front()].id.str()), others,
                           without.size() == 1 ? "has" : "have"),
               "at least one check", "add test: COMMAND to the item, or to .pianola.yaml for all of them"});
  return out;
}

Check test_check(std::string command) {
  Check check;
  check.command = ShellCommand{std::move(command)};
  check.type = "test";
  return check;
}

void add_final_checks(Plan& plan, const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    if (std::find(plan.post_merge_checks.begin(), plan.post_merge_checks.end(), check) ==
        plan.post_merge_checks.end()) {
      plan.post_merge_checks.push_back(check);
    }
  }
}

}  // namespace pianola::plan
