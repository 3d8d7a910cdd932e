// contract check: do the files of a plan's contracts say what the plan says?
#include <fmt/format.h>

#include "base/text.h"
#include "cli/contract_file.h"
#include "cli/options.h"

namespace pianola::cli {
namespace {

using plan::Contract;

ContractRow row_of_missing(const Contract& contract, const plan::Plan& plan, const std::string& plan_file) {
  ContractRow row{.name = contract.name, .version = {}, .file_path = contract.file_path, .state = "missing"};
  if (plan::is_written_by_a_task(plan, contract.file_path)) {
    row.detail = "missing; a task writes it";
  } else {
    row.next = contract.methods.empty() || !plan::language_of(contract.file_path)
                   ? "write it yourself"
                   : "pianola contract new --plan " + file_word(plan_file);
  }
  return row;
}

ContractRow judge(const Contract& contract, const plan::ContractFile& file, const std::string& plan_file) {
  ContractRow row{.name = contract.name,
                  .version = plan::interface_version(file.interface),
                  .file_path = contract.file_path,
                  .state = "ok"};
  const std::string plan = plan_file == "tasks.yaml" ? "" : " --plan " + file_word(plan_file);
  const std::string again =
      fmt::format("pianola contract renegotiate {}{} --reason \"...\"", contract.name, plan);
  if (!file.header) {
    row.state = "by-hand";
    row.detail = "written by hand, not compared with the plan";
    if (file.interface.empty()) row.next = "it is empty";
  } else if (file.header->name != contract.name) {
    row.state = "other";
    row.detail = "is contract " + display(file.header->name).str();
    row.next = "give one of them another file_path";
  } else if (file.header->version != row.version) {
    row.state = "edited";
    row.detail = "edited, its header says " + display(file.header->version).str();
    row.next = (contract.methods.empty() ? "" : "have the change in the plan too, then: ") + again;
  } else if (file.header->renegotiations > plan::renegotiations_max) {
    row.state = "too-often";
    row.detail = fmt::format("renegotiated {} times", file.header->renegotiations);
    row.next = "settle it with a person, then write a new one";
  } else if (plan::differs_from(contract, file)) {
    row.state = "differs";
    row.detail = "differs from the plan";
    row.next = again;
  }
  return row;
}

}  // namespace

Result<int> run_command(const Program& program, const ContractCheckOptions& options) {
  const PlanFile file = TRY(plan_with_contracts(program, options.file));
  const plan::Plan& plan = *file.loaded.plan;
  std::vector<ContractRow> rows;
  for (const Contract& contract : plan.contracts) {
    if (contract.file_path.empty()) {
      rows.push_back({.name = contract.name, .version = {}, .file_path = {}, .state = "described"});
      continue;
    }
    const auto bytes = TRY(read_contract_file(TRY(path_of(program, contract))));
    rows.push_back(bytes ? judge(contract, plan::read_contract(*bytes), options.file)
                         : row_of_missing(contract, plan, options.file));
  }
  return print_rows(program, options.file, rows);
}

}  // namespace pianola::cli
