// contract renegotiate: another version of an interface that others work by.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/contract_file.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "plan/method.h"
#include "world/user_file.h"

namespace pianola::cli {
namespace {

namespace json = boost::json;
using plan::Contract;

struct Renegotiation {
  Contract contract;
  std::string path;       // absolute
  std::string shown;      // as people name it
  std::string plan_file;  // that says what its methods are, "" = none
};

std::string listed(const std::vector<plan::TaskId>& ids) {
  std::string list;
  for (const plan::TaskId& id : ids) list += (list.empty() ? "" : ", ") + display(id.str()).str();
  return list;
}

Result<void> check_words(const ContractRenegotiateOptions& options) {
  if (options.reason.empty() || !plan::is_comment(options.reason) ||
      options.reason.find('\n') != std::string::npos) {
    return wrong("renegotiate", {fmt::format("reason \"{}\"", plan::shown(options.reason)),
                                 "one line without control characters, backslashes and marks of comments",
                                 {}});
  }
  if (options.methods.empty() && !options.imports.empty())
    return wrong("renegotiate", {"--import without METHOD", "the whole interface", {}});
  return {};
}

// The interface of the words, or that of the plan, which is edited first then; without methods, the file
// itself as somebody has edited it.
Result<Renegotiation> find_contract(const Program& program, const ContractRenegotiateOptions& options) {
  Contract given = TRY(contract_of("renegotiate", {options.name, options.methods, options.imports}));
  if (!options.output.empty()) {
    if (!options.file.empty()) return wrong("renegotiate", {"-o and --plan", "one of them", {}});
    given.file_path = plan_path_of(program, options.output);
    return Renegotiation{std::move(given), absolute(program.directory, options.output), options.output, ""};
  }
  const std::string plan_name = options.file.empty() ? "tasks.yaml" : options.file;
  PlanFile file = TRY(plan_with_contracts(program, plan_name));
  std::vector<Contract>& contracts = file.loaded.plan->contracts;
  const auto found = std::find_if(contracts.begin(), contracts.end(),
                                  [&](const Contract& contract) { return contract.name == options.name; });
  if (found == contracts.end() || found->file_path.empty()) {
    return wrong("renegotiate",
                 {fmt::format("{} lists no file of contract {}", display(plan_name).str(), options.name),
                  "a contract of the plan, or -o and its file",
                  {}});
  }
  const bool is_of_plan = !found->methods.empty();
  if (!given.methods.empty() && is_of_plan) {
    return wrong("renegotiate",
                 {fmt::format("{} says what the methods of {} are", display(plan_name).str(), options.name),
                  "one place that says it", "change them there, then say it without METHOD"});
  }
  if (!given.methods.empty()) found->methods = std::move(given.methods);
  if (!given.imports.empty()) found->imports = std::move(given.imports);
  const std::string path = TRY(path_of(program, *found));
  return Renegotiation{*found, path, found->file_path, is_of_plan ? plan_name : ""};
}

// Its file as it stands: one that pianola has written, for whatever else stands there is somebody's.
Result<plan::ContractFile> read_file_of(const Renegotiation& what) {
  const auto bytes = TRY(read_contract_file(what.path));
  const auto refusal = [&](const std::string& said, const std::string& next) {
    return refuse(Error{.kind = ErrorKind::failed,
                        .where = display(what.shown).str(),
                        .what = said,
                        .expected = "the file of contract " + what.contract.name,
                        .next = next});
  };
  if (!bytes) return refusal("no such file", "write it first: pianola contract new");
  if (!plan::language_of(what.shown)) return refusal("of no known language", "edit it as any other file");
  plan::ContractFile file = plan::read_contract(*bytes);
  if (!file.header) return refusal("written by hand, without a header", "edit it as any other file");
  if (file.header->name != what.contract.name)
    return refusal("is contract " + display(file.header->name).str(), {});
  return file;
}

// The interface that is to be. An edit of the file that the plan does not have is not thrown away.
Result<std::string> next_interface(const Renegotiation& what, const plan::ContractFile& before) {
  const plan::Language language = *plan::language_of(what.shown);
  if (what.contract.methods.empty()) return before.interface;
  if (const auto finding = plan::misfit(what.contract, language)) return wrong("renegotiate", *finding);
  std::string interface = plan::interface_text(what.contract, language);
  const bool is_edited = plan::interface_version(before.interface) != before.header->version;
  if (!is_edited || interface == before.interface) return interface;
  return refuse(Error{
      .kind = ErrorKind::failed,
      .where = display(what.shown).str(),
      .what = "edited by hand, and " +
              (what.plan_file.empty() ? std::string("METHOD") : display(what.plan_file).str()) +
              " says another thing",
      .expected = "one interface",
      .next =
          "write it there as it stands here, or take the edit back: git checkout " + file_word(what.shown)});
}

Error third(const Renegotiation& what) {
  const std::string consumers = listed(what.contract.consumers);
  return {.kind = ErrorKind::paused,
          .where = display(what.shown).str(),
          .what = fmt::format("contract {} was renegotiated {} times", what.contract.name,
                              plan::renegotiations_max),
          .expected = "a person who settles it" + (consumers.empty() ? "" : " between " + consumers),
          .next = "write what was settled as a new file: remove this one, then pianola contract new"};
}

// Says what the contract is now, and to whom that matters.
void print(const Program& program, const Renegotiation& what, const plan::ContractHeader& now,
           bool is_changed) {
  const std::vector<plan::TaskId>& consumers = what.contract.consumers;
  if (program.format == Format::json) {
    json::array list;
    for (const plan::TaskId& id : consumers) list.push_back(json::string(id.str()));
    program.console.out(json::serialize(json::object{{"name", now.name},
                                                     {"version", now.version},
                                                     {"from", now.from},
                                                     {"renegotiations", now.renegotiations},
                                                     {"consumers", std::move(list)},
                                                     {"changed", is_changed}}) +
                        "\n");
  } else if (!is_changed) {
    program.console.out(fmt::format("{} {}  the interface is the same\n", now.name, now.version));
  } else {
    program.console.out(fmt::format("{} {}  {}  renegotiation {} of {}, from {}\n", now.name, now.version,
                                    display(what.shown).str(), now.renegotiations, plan::renegotiations_max,
                                    now.from));
    if (!consumers.empty())
      program.console.out("built on it: " + listed(consumers) + "; commit it before they go on\n");
  }
}

}  // namespace

Result<int> run_command(const Program& program, const ContractRenegotiateOptions& options) {
  TRY(check_words(options));
  const Renegotiation what = TRY(find_contract(program, options));
  const plan::ContractFile before = TRY(read_file_of(what));
  const std::string interface = TRY(next_interface(what, before));
  plan::ContractHeader now = *before.header;
  const std::string version = plan::interface_version(interface);
  const bool is_changed = version != now.version;
  if (is_changed) {
    if (now.renegotiations >= plan::renegotiations_max) return refuse(third(what));
    now = {.name = options.name,
           .version = version,
           .renegotiations = now.renegotiations + 1,
           .from = now.version,
           .reason = options.reason};
    TRY(world::write_user_file(what.path,
                               plan::write_contract(now, interface, *plan::language_of(what.shown))));
  }
  print(program, what, now, is_changed);
  return exit_done;
}

}  // namespace pianola::cli
