#include "cli/plan_file.h"

#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "plan/report.h"
#include "plan/sheet.h"
#include "plan/tree.h"
#include "world/files.h"
#include "world/links_out.h"

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

}  // namespace

Result<PlanFile> load_plan(const Program& program, const std::string& file, plan::Strictness strictness) {
  PlanFile plan_file;
  plan_file.bytes = TRY(read_plan_bytes(absolute(program.directory, file), file));
  plan::LoadOptions options{.file = file, .strictness = strictness};
  const std::string top = checkout_top(program.directory);
  const bool has_every_rule = strictness == plan::Strictness::every_rule;
  if (has_every_rule)
    options.rules = task_rules(TRY(load_configuration(program, top.empty() ? program.directory : top)));
  plan_file.loaded = plan::load(plan_file.bytes, options);
  if (has_every_rule) refuse_links_out(plan_file.loaded, top);
  return plan_file;
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
