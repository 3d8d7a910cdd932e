// What contract new, check and renegotiate share: contracts as words and plans give them, and their files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/plan_file.h"
#include "cli/program.h"
#include "plan/contract.h"

namespace pianola::cli {

inline constexpr size_t contract_bytes_max = 1 << 20;

// A refusal of `pianola contract <command>`: a usage error.
tl::unexpected<Error> wrong(const std::string& command, const plan::Finding& finding);

// The interface that the words of `contract <command>` describe. Errors: usage.
struct ContractWords {
  std::string name;
  std::vector<std::string> methods;
  std::vector<std::string> imports;
};
Result<plan::Contract> contract_of(const std::string& command, const ContractWords& words);

// A plan that is well-formed. Errors: bad_plan, its first error.
Result<PlanFile> plan_with_contracts(const Program& program, const std::string& file);

// Where a contract of a plan is, absolute: its paths begin at the top of the checkout. Errors: bad_plan, by
// links it lies outside.
Result<std::string> path_of(const Program& program, const plan::Contract& contract);

// The same from the other side: `file` as a person named it, as a plan would have it; as it is outside of a
// checkout.
std::string plan_path_of(const Program& program, const std::string& file);

// The bytes of a contract's file, nothing where there is none.
Result<std::optional<std::string>> read_contract_file(const std::string& path);

// The first version of a contract, as its file has it.
std::string first_file(const plan::Contract& contract, plan::Language language);

// How the file of one contract of a plan stands.
struct ContractRow {
  std::string name;
  std::string version;  // of what the file holds, "" = there is none
  std::string file_path;
  std::string_view state;  // ok written there missing described by-hand edited differs other too-often
  std::string detail;      // for people; "" = the state says it
  std::string next;        // "" = nothing has to be done
};

// Prints them and gives the exit code: findings where something has to be done.
int print_rows(const Program& program, const std::string& file, const std::vector<ContractRow>& rows);

}  // namespace pianola::cli
