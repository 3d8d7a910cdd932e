#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "plan/contract.h"
#include "plan/rules.h"

namespace pianola::plan {
namespace {

std::string_view usual_type_check(const Contract& contract) {
  const auto language = language_of(contract.file_path);
  if (!language) return "the type checker of the project";
  switch (*language) {
    case Language::python:
      return "mypy --strict .";
    case Language::typescript:
      return "tsc --noEmit";
    case Language::go:
      return "go vet ./...";
    case Language::rust:
      return "cargo check";
    case Language::cpp:
      return "cmake --build build";
  }
  return {};
}

bool has_type_check(const Task& task) {
  return std::any_of(task.verification.begin(), task.verification.end(),
                     [](const Check& check) { return check.type == "typecheck" && check.required; });
}

void check_alone(Sheet& sheet, const Contract& contract, NodeIndex at) {
  const auto language = language_of(contract.file_path);
  if (!language) return;
  if (auto finding = misfit(contract, *language)) {
    finding->what = fmt::format("contract {}: {}", contract.name, finding->what);
    sheet.error(at, std::move(*finding));
  }
}

}  // namespace

void check_contracts(Sheet& sheet, const Draft& draft) {
  const std::vector<Contract>& contracts = draft.plan.contracts;
  std::set<std::string_view> names;
  std::set<std::string_view> paths;
  for (size_t i = 0; i < contracts.size(); ++i) {
    const Contract& contract = contracts[i];
    if (!names.insert(contract.name).second && !contract.name.empty()) {
      sheet.error(draft.contracts[i],
                  {fmt::format("contract {} stands twice", shown(contract.name)), "a name of its own", {}});
    }
    if (!contract.file_path.empty() && !paths.insert(contract.file_path).second) {
      sheet.error(draft.contracts[i],
                  {fmt::format("two contracts in {}", shown(contract.file_path)), "a file of its own", {}});
    }
    check_alone(sheet, contract, draft.contracts[i]);
  }
  if (!sheet.has_every_rule() || draft.contract_tasks.empty()) return;
  std::unordered_map<std::string_view, const Task*> by_id;
  for (const Task& task : draft.plan.tasks) by_id.emplace(task.id.str(), &task);
  for (const TaskReference& reference : draft.contract_tasks) {
    const auto task = by_id.find(reference.id);
    if (task == by_id.end() || task->second->mode == Mode::read || has_type_check(*task->second)) continue;
    const Contract& contract = contracts[reference.contract];
    sheet.error(
        reference.node,
        {fmt::format("task \"{}\" uses contract {} and has no required check of type typecheck",
                     shown(reference.id), shown(contract.name)),
         "one that would see a wrong type",
         fmt::format("write verification: [{{type: typecheck, command: {}}}]", usual_type_check(contract))});
  }
}

}  // namespace pianola::plan
