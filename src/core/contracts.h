// Contracts while a run goes on: which version each attempt works by, and what becomes of a change.
//
// A task that owns the file of a contract may change it; that is a renegotiation. It lands only when what the
// others have landed on the contract still passes, at most twice (plan::renegotiations_max); a third one is
// for a person.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/ending.h"
#include "core/state.h"

namespace pianola::core {

// True when the task implements the contract or builds on it.
bool works_by(const plan::Contract& contract, const TaskId& task);

// The contracts of the plan that have a file.
std::vector<ContractPath> contract_paths(const plan::Plan& plan);

// Those that `task` works by, as staging has them.
std::vector<ContractVersion> contracts_at_staging(const State& state, const TaskId& task);

// What `records` are once `landed` are on staging. To write the first version is not to change it.
std::map<std::string, ContractRecord> contracts_after(std::map<std::string, ContractRecord> records,
                                                      const std::vector<ContractVersion>& landed);

// The ending of an attempt whose candidate stands: conflicted when a contract that it works by has changed
// since its base, refused when it would change one too often; none when nothing is wrong.
std::optional<Ending> verdict_on_contracts(const State& state, size_t place);

// What the task's gate runs: its own checks, and on a candidate that changes a contract also the required
// ones of all tasks that have landed on it, equal ones once.
std::vector<plan::Check> gate_checks(const State& state, size_t place, GateSubject subject);

}  // namespace pianola::core
