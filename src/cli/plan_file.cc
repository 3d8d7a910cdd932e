#include "cli/plan_file.h"

#include "base/text.h"
#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "plan/assumed.h"
#include "plan/plan_text.h"
#include "plan/report.h"
#include "plan/sheet.h"
#include "plan/tree.h"
#include "world/files.h"
#include "world/links_out.h"
#include "world/project_folders.h"

namespace pianola::cli {

Result<std::string> read_plan_bytes(const std::string& path, const std::string& shown) {
  Result<std::optional<std::string>> bytes = world::read_file_if_present(path, plan::text_limit_bytes);
  if (!bytes) {
    Error error = bytes.error();
    return refuse(Error{.kind = ErrorKind::bad_plan,
                        .where = shown,
                        .what = error.what,
                        .expected = "a regular file of at most 16 MB",
                        .next = "name the plan's file"});
  }
  if (!*bytes) {
    return refuse(Error{.kind = ErrorKind::bad_plan,
                        .where = shown,
                        .what = "no such file",
                        .expected = "a plan",
                        .next = "name the plan's file, or write tasks.yaml"});
  }
  return std::move(**bytes);
}

std::string checkout_top(std::string directory) {
  while (!directory.empty() && !world::exists(directory + "/.git")) {
    directory.erase(directory.find_last_of('/'));
  }
  return directory;
}

namespace {

// What leads out of the repository by a link that is in it today. The boundary holds without this: it
// compares trees; but the task could never deliver.
void refuse_links_out(plan::Loaded& loaded, const std::string& top) {
  if (top.empty()) return;
  world::LinksOut links(top);
  for (const plan::WrittenEntry& written : loaded.written) {
    const std::string literal = written.entry.substr(0, written.entry.find_first_of("*?["));
    const std::string link = links.first(literal.substr(0, literal.rfind('/') + 1));
    if (link.empty()) continue;
    loaded.plan.reset();
    loaded.diagnostics.push_back({.severity = plan::Severity::error,
                                  .at = written.at,
                                  .what = "\"" + plan::shown(written.entry) +
                                          "\" leaves the repository by the link \"" + plan::shown(link) +
                                          "\"",
                                  .expected = "a path inside it",
                                  .next = {}});
  }
}

// A plan that lists final checks of its own has said what they are.
void complete_final_checks(const Configuration& configuration, plan::Loaded& loaded) {
  if (!loaded.plan || loaded.final_checks == plan::FinalChecks::written) return;
  plan::add_final_checks(*loaded.plan, configuration.post_merge_checks);
}

}  // namespace

Result<Configuration> configuration_here(const Program& program) {
  const std::string top = checkout_top(program.directory);
  return load_configuration(program, top.empty() ? program.directory : top);
}

std::vector<plan::FolderChecks> assumed_checks(const Program& program, const Configuration& configuration) {
  if (!configuration.verifier_checks.empty())
    return {{.folder = {}, .checks = configuration.verifier_checks}};
  if (!configuration.test.empty()) return {{.folder = {}, .checks = {plan::test_check(configuration.test)}}};
  const std::string top = checkout_top(program.directory);
  return plan::project_checks(world::find_project_folders(top.empty() ? program.directory : top));
}

Result<PlanFile> load_plan(const Program& program, const std::string& file, plan::Strictness strictness) {
  PlanFile plan_file;
  plan_file.bytes = TRY(read_plan_bytes(absolute(program.directory, file), file));
  const bool has_every_rule = strictness == plan::Strictness::every_rule;
  const bool is_list = plan::notation_of(file) == plan::Notation::checklist;
  plan::LoadOptions options{.file = file, .strictness = strictness};
  Configuration configuration;
  if (has_every_rule || is_list) {
    configuration = TRY(configuration_here(program));
    if (has_every_rule) options.rules = task_rules(configuration);
    if (is_list) options.assumed = assumed_checks(program, configuration);
  }
  plan_file.loaded = plan::load(plan_file.bytes, options);
  if (has_every_rule) {
    refuse_links_out(plan_file.loaded, checkout_top(program.directory));
    complete_final_checks(configuration, plan_file.loaded);
  }
  return plan_file;
}

Result<void> check_is_new(const Program& program, const std::string& file, const std::string& next) {
  if (!world::exists(absolute(program.directory, file))) return {};
  return refuse(Error{.kind = ErrorKind::failed,
                      .where = display(file).str(),
                      .what = "the file is there",
                      .expected = "a new file",
                      .next = next});
}

int report_bad_plan(const Program& program, const plan::Loaded& loaded, const std::string& file) {
  if (program.format == Format::json) {
    program.console.out(plan::errors_json(loaded) + "\n");
  } else {
    program.console.err(plan::check_text(loaded, file));
  }
  return exit_bad_plan;
}

}  // namespace pianola::cli
