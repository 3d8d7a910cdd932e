#include "cli/contract_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "plan/method.h"
#include "plan/path_set.h"
#include "world/files.h"
#include "world/links_out.h"

namespace pianola::cli {

namespace json = boost::json;

tl::unexpected<Error> wrong(const std::string& command, const plan::Finding& finding) {
  return refuse(Error{.kind = ErrorKind::usage,
                      .where = "pianola contract " + command,
                      .what = finding.what,
                      .expected = finding.expected,
                      .next = finding.next});
}

Result<plan::Contract> contract_of(const std::string& command, const ContractWords& words) {
  if (!plan::is_identifier(words.name)) {
    return wrong(command, {fmt::format("contract name \"{}\"", plan::shown(words.name)),
                           "an identifier: letters, digits and _, no digit first",
                           {}});
  }
  plan::Contract contract{.name = words.name, .version = {}, .file_path = {}};
  for (const std::string& text : words.methods) {
    auto method = plan::parse_method(text);
    if (!method) return wrong(command, method.error());
    contract.methods.push_back(std::move(*method));
  }
  contract.imports = words.imports;
  return contract;
}

Result<PlanFile> plan_with_contracts(const Program& program, const std::string& file) {
  PlanFile read = TRY(load_plan(program, file, plan::Strictness::well_formed));
  if (read.loaded.plan) return read;
  const auto first =
      std::find_if(read.loaded.diagnostics.begin(), read.loaded.diagnostics.end(),
                   [](const plan::Diagnostic& found) { return found.severity == plan::Severity::error; });
  return refuse(Error{.kind = ErrorKind::bad_plan, .where = {}, .what = first->text()});
}

Result<std::string> path_of(const Program& program, const plan::Contract& contract) {
  const std::string checkout = checkout_top(program.directory);
  const std::string top = checkout.empty() ? program.directory : checkout;
  const std::string link = world::LinksOut(top).first(contract.file_path + "/");
  if (link.empty()) return top + "/" + contract.file_path;
  return refuse(Error{.kind = ErrorKind::bad_plan,
                      .where = display(contract.file_path).str(),
                      .what = "contract " + contract.name + " leaves the repository by the link \"" +
                              display(link).str() + "\"",
                      .expected = "a file inside it",
                      .next = {}});
}

std::string plan_path_of(const Program& program, const std::string& file) {
  const std::string top = checkout_top(program.directory) + "/";
  const std::string path = absolute(program.directory, file);
  if (top == "/" || !path.starts_with(top)) return file;
  const auto entry = plan::normalise_entry(path.substr(top.size()));
  return entry ? *entry : file;
}

Result<std::optional<std::string>> read_contract_file(const std::string& path) {
  return world::read_file_if_present(path, contract_bytes_max);
}

std::string first_file(const plan::Contract& contract, plan::Language language) {
  const std::string interface = plan::interface_text(contract, language);
  return plan::write_contract({.name = contract.name,
                               .version = plan::interface_version(interface),
                               .renegotiations = 0,
                               .from = {},
                               .reason = {}},
                              interface, language);
}

namespace {

std::string heading(const std::vector<ContractRow>& rows, size_t off) {
  const auto written =
      std::count_if(rows.begin(), rows.end(), [](const ContractRow& row) { return row.state == "written"; });
  if (off > 0) return fmt::format("{} off", off);
  return written > 0 ? fmt::format("{} written; commit {}", written, written == 1 ? "it" : "them")
                     : "none off";
}

}  // namespace

int print_rows(const Program& program, const std::string& file, const std::vector<ContractRow>& rows) {
  const auto off = static_cast<size_t>(
      std::count_if(rows.begin(), rows.end(), [](const ContractRow& row) { return !row.next.empty(); }));
  const int code = off == 0 ? exit_done : exit_findings;
  if (program.format == Format::json) {
    json::array list;
    for (const ContractRow& row : rows) {
      list.push_back(json::object{{"name", row.name},
                                  {"version", row.version},
                                  {"file_path", row.file_path},
                                  {"state", row.state},
                                  {"detail", row.detail},
                                  {"next", row.next}});
    }
    program.console.out(json::serialize(json::object{{"contracts", std::move(list)}, {"off", off}}) + "\n");
    return code;
  }
  std::string text = fmt::format("{}  {} {}, {}\n", display(file).str(), rows.size(),
                                 rows.size() == 1 ? "contract" : "contracts", heading(rows, off));
  for (const ContractRow& row : rows) {
    text += fmt::format("  {:<20} {:<12}  {}  {}{}{}\n", row.name, row.version, display(row.file_path).str(),
                        row.detail.empty() ? std::string(row.state) : row.detail,
                        row.next.empty() ? "" : "; ", row.next);
  }
  program.console.out(text);
  return code;
}

}  // namespace pianola::cli
