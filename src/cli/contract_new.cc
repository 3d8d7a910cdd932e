// contract new: the file of an interface, from words or from a plan.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/contract_file.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "world/files.h"
#include "world/user_file.h"

namespace pianola::cli {
namespace {

namespace json = boost::json;
using plan::Contract;
using plan::Language;

enum class Written { now, before };

// A file with other content is somebody's work.
Result<Written> write_new(const std::string& path, const std::string& shown, const std::string& bytes,
                          const std::string& name) {
  const auto present = TRY(read_contract_file(path));
  if (present && *present == bytes) return Written::before;
  if (present) {
    const plan::ContractFile file = plan::read_contract(*present);
    const bool is_same = file.header && file.header->name == name;
    return refuse(Error{.kind = ErrorKind::failed,
                        .where = display(shown).str(),
                        .what = "the file is there, and its content is another",
                        .expected = "a new file",
                        .next = is_same ? "change it with: pianola contract renegotiate " + name +
                                              " ... -o " + file_word(shown)
                                        : "name another file"});
  }
  TRY(world::write_user_file(path, bytes));
  return Written::now;
}

// What stands there already is for `contract check` to judge.
Result<ContractRow> write_one(const Program& program, const Contract& contract) {
  const auto language = plan::language_of(contract.file_path);
  ContractRow row{
      .name = contract.name, .version = {}, .file_path = contract.file_path, .state = "described"};
  if (contract.file_path.empty()) return row;
  const std::string path = TRY(path_of(program, contract));
  if (const auto present = TRY(read_contract_file(path))) {
    row.state = "there";
    row.version = plan::contract_version(*present);
  } else if (language && !contract.methods.empty()) {
    const std::string bytes = first_file(contract, *language);
    TRY(write_new(path, contract.file_path, bytes, contract.name));
    row.state = "written";
    row.version = plan::contract_version(bytes);
  } else {
    row.state = "missing";
    row.detail = contract.methods.empty() ? "the plan lists no methods" : "of no known language";
    row.next = "write it yourself";
  }
  return row;
}

Result<int> write_those_of_plan(const Program& program, const ContractNewOptions& options) {
  if (!options.language.empty() || !options.output.empty() || !options.imports.empty())
    return wrong("new", {"--plan with words about one contract", "--plan alone", {}});
  const PlanFile plan = TRY(plan_with_contracts(program, options.file));
  std::vector<ContractRow> rows;
  for (const Contract& contract : plan.loaded.plan->contracts)
    rows.push_back(TRY(write_one(program, contract)));
  return print_rows(program, options.file, rows);
}

Result<Language> language_for(const ContractNewOptions& options) {
  const auto by_ending = plan::language_of(options.output);
  if (!options.language.empty()) {
    const Language named =
        *std::find_if(std::begin(plan::languages), std::end(plan::languages),
                      [&](Language language) { return plan::language_name(language) == options.language; });
    if (options.output.empty() || by_ending == named) return named;
    return wrong("new", {fmt::format("\"{}\" for {}", plan::shown(options.output), options.language),
                         "a path with the ending of that language",
                         {}});
  }
  if (options.output.empty()) return Language::python;
  if (by_ending) return *by_ending;
  return wrong("new", {fmt::format("\"{}\" is of no known language", plan::shown(options.output)),
                       "a path that ends in .py, .ts, .go, .rs or .h",
                       {}});
}

}  // namespace

Result<int> run_command(const Program& program, const ContractNewOptions& options) {
  if (options.name.empty() == options.file.empty()) {
    return wrong("new", {options.name.empty() ? "no NAME and no --plan" : "a NAME and --plan", "one of them",
                         "pianola contract new Auth \"login(user: str) -> Token\" -o contracts/auth.py"});
  }
  if (options.name.empty()) return write_those_of_plan(program, options);
  const Language language = TRY(language_for(options));
  Contract contract = TRY(contract_of("new", {options.name, options.methods, options.imports}));
  contract.file_path = plan_path_of(program, options.output);
  if (const auto finding = plan::misfit(contract, language)) return wrong("new", *finding);
  const std::string bytes = first_file(contract, language);
  Written written = Written::now;
  if (!options.output.empty()) {
    written =
        TRY(write_new(absolute(program.directory, options.output), options.output, bytes, options.name));
  }
  const std::string version = plan::contract_version(bytes);
  if (program.format == Format::json) {
    program.console.out(json::serialize(json::object{{"name", contract.name},
                                                     {"version", version},
                                                     {"language", plan::language_name(language)},
                                                     {"file_path", options.output},
                                                     {"content", bytes}}) +
                        "\n");
  } else if (options.output.empty()) {
    program.console.out(bytes);
  } else {
    program.console.out(fmt::format("{} {}  {}  {}\n", contract.name, version, display(options.output).str(),
                                    written == Written::now ? "written; commit it" : "there already"));
  }
  return exit_done;
}

}  // namespace pianola::cli
