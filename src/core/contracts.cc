#include "core/contracts.h"

#include <algorithm>
#include <set>

#include "core/plant.h"
#include "plan/contract.h"

namespace pianola::core {
namespace {

const plan::Contract* contract_named(const plan::Plan& plan, const std::string& name) {
  const auto found = std::find_if(plan.contracts.begin(), plan.contracts.end(),
                                  [&](const plan::Contract& contract) { return contract.name == name; });
  return found == plan.contracts.end() ? nullptr : &*found;
}

std::string shown_version(const std::string& version) { return version.empty() ? "nothing" : version; }

// The others that work by it, for people.
std::string others(const plan::Contract& contract, const TaskId& task) {
  std::string list;
  for (const std::vector<TaskId>* ids : {&contract.producers, &contract.consumers}) {
    for (const TaskId& id : *ids) {
      if (id != task) list += (list.empty() ? "" : ", ") + id.str();
    }
  }
  return list;
}

Ending ending_of_third(const plan::Contract& contract, const TaskId& task) {
  const std::string who = others(contract, task);
  return {.outcome = Outcome::refused,
          .reason = "contract " + contract.name + " would change for the third time",
          .feedback = "The contract " + contract.name + " in " + contract.file_path +
                      " was changed twice in this run already. Leave it as it is.\n",
          .pause = "contract " + contract.name + " was changed " + std::to_string(plan::renegotiations_max) +
                   " times, and task " + task.str() + " would change it again; settle it" +
                   (who.empty() ? "" : " for " + who) + ", then: pianola resume"};
}

}  // namespace

bool works_by(const plan::Contract& contract, const TaskId& task) {
  const auto has = [&](const std::vector<TaskId>& ids) {
    return std::find(ids.begin(), ids.end(), task) != ids.end();
  };
  return has(contract.producers) || has(contract.consumers);
}

std::vector<ContractPath> contract_paths(const plan::Plan& plan) {
  std::vector<ContractPath> paths;
  for (const plan::Contract& contract : plan.contracts) {
    if (!contract.file_path.empty()) paths.push_back({contract.name, contract.file_path});
  }
  return paths;
}

std::vector<ContractVersion> contracts_at_staging(const State& state, const TaskId& task) {
  std::vector<ContractVersion> versions;
  for (const plan::Contract& contract : state.plan.contracts) {
    const auto record = state.contracts.find(contract.name);
    if (record == state.contracts.end() || !works_by(contract, task)) continue;
    versions.push_back({contract.name, record->second.version});
  }
  return versions;
}

std::map<std::string, ContractRecord> contracts_after(std::map<std::string, ContractRecord> records,
                                                      const std::vector<ContractVersion>& landed) {
  for (const ContractVersion& contract : landed) {
    ContractRecord& record = records[contract.name];
    if (!record.version.empty()) ++record.renegotiations;
    record.version = contract.version;
  }
  return records;
}

std::optional<Ending> verdict_on_contracts(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  const TaskId& task = state.plan.tasks[place].id;
  for (const ContractVersion& given : attempt.contracts) {
    const auto now = state.contracts.find(given.name);
    if (now == state.contracts.end() || now->second.version == given.version) continue;
    // Its prompt had the plan's methods; the file that came since says the same.
    const plan::Contract* contract = contract_named(state.plan, given.name);
    const bool is_as_planned = contract != nullptr && plan::planned_version(*contract) == now->second.version;
    if (given.version.empty() && is_as_planned) continue;
    if (PIANOLA_PLANTED("stale-contract")) continue;
    Ending ending =
        ending_of_conflict(attempt,
                           "contract " + given.name + " is " + shown_version(now->second.version) +
                               " by now, and this work goes by " + shown_version(given.version),
                           {});
    // Not its doing, and contracts change a few times only.
    ending.counted = false;
    return ending;
  }
  for (const ContractVersion& changed : attempt.renegotiated) {
    const auto record = state.contracts.find(changed.name);
    const plan::Contract* contract = contract_named(state.plan, changed.name);
    const bool is_third =
        record != state.contracts.end() && record->second.renegotiations >= plan::renegotiations_max;
    if (contract != nullptr && is_third && !PIANOLA_PLANTED("renegotiate-for-ever"))
      return ending_of_third(*contract, task);
  }
  return std::nullopt;
}

std::vector<plan::Check> gate_checks(const State& state, size_t place, GateSubject subject) {
  std::vector<plan::Check> checks = state.plan.tasks[place].verification;
  const std::vector<ContractVersion>& changed = current(state.tasks[place])->renegotiated;
  // The head alone has not what the others landed.
  if (changed.empty() || subject == GateSubject::head || PIANOLA_PLANTED("skip-the-others-checks"))
    return checks;
  std::set<size_t> bound;  // in plan order
  for (const ContractVersion& one : changed) {
    const plan::Contract* contract = contract_named(state.plan, one.name);
    if (contract == nullptr) continue;
    for (const std::vector<TaskId>* ids : {&contract->producers, &contract->consumers}) {
      for (const TaskId& id : *ids) bound.insert(state.index.at(id));
    }
  }
  std::set<std::string> known;
  for (const plan::Check& check : checks) known.insert(plan::check_key(check));
  for (const size_t other : bound) {
    if (state.tasks[other].phase != TaskPhase::landed) continue;
    for (const plan::Check& check : state.plan.tasks[other].verification) {
      if (check.required && known.insert(plan::check_key(check)).second) checks.push_back(check);
    }
  }
  return checks;
}

}  // namespace pianola::core
