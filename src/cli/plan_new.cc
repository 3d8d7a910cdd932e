// plan new: a plan to begin with, from a template.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "plan/assumed.h"
#include "plan/report.h"
#include "plan/sheet.h"
#include "plan/template.h"
#include "plan/trivial.h"
#include "world/files.h"
#include "world/user_file.h"

namespace pianola::cli {
namespace {

Error wrong_word(plan::Finding finding) {
  return Error{.kind = ErrorKind::usage,
               .where = "pianola plan new",
               .what = std::move(finding.what),
               .expected = std::move(finding.expected),
               .next = std::move(finding.next)};
}

Result<const plan::Template*> template_of(const PlanNewOptions& options) {
  if (const plan::Template* found = plan::find_template(options.name)) return found;
  std::vector<std::string_view> names;
  std::string all;
  for (const plan::Template& each : plan::templates()) {
    names.push_back(each.name);
    all += (all.empty() ? "" : ", ") + std::string(each.name);
  }
  const std::string near = nearest(options.name, names);
  return refuse(wrong_word(
      {options.name.empty() ? "no --template" : fmt::format("no template \"{}\"", plan::shown(options.name)),
       "one of " + all, near.empty() ? "" : "nearest is " + near}));
}

// What `--test` names, else what check lists are given here.
Result<std::vector<plan::FolderChecks>> checks_of(const Program& program, const PlanNewOptions& options) {
  if (options.test) {
    if (!plan::is_test_command(*options.test)) {
      return refuse(wrong_word({fmt::format("--test \"{}\"", plan::shown(*options.test)),
                                "a command that can fail, such as npm test",
                                {}}));
    }
    return std::vector<plan::FolderChecks>{{.folder = {}, .checks = {plan::test_check(*options.test)}}};
  }
  std::vector<plan::FolderChecks> checks = assumed_checks(program, TRY(configuration_here(program)));
  if (!checks.empty()) return checks;
  return refuse(Error{.kind = ErrorKind::bad_plan,
                      .where = "pianola plan new",
                      .what = "no test command is known here",
                      .expected = "one that every task has to pass",
                      .next = "add --test COMMAND, or test: COMMAND to .pianola.yaml"});
}

Result<void> write_new_plan(const Program& program, const std::string& file, const std::string& text) {
  TRY(check_is_new(program, file, "name another: -o FILE, or print the plan: -o -"));
  return world::write_user_file(absolute(program.directory, file), text);
}

}  // namespace

Result<int> run_command(const Program& program, const PlanNewOptions& options) {
  const plan::Template& chosen = *TRY(template_of(options));
  const std::string text = plan::template_text(chosen, TRY(checks_of(program, options)));
  const bool is_printed = options.output == "-";
  const bool is_other =
      plan::notation_of(options.output) == plan::Notation::checklist || options.output.ends_with(".json");
  if (is_other) {
    return refuse(wrong_word({fmt::format("\"{}\" for a plan in YAML", plan::shown(options.output)),
                              "a name that ends in neither .md nor .json",
                              {}}));
  }
  if (!is_printed) TRY(write_new_plan(program, options.output, text));
  if (program.format == Format::json) {
    program.console.out(
        boost::json::serialize(boost::json::object{{"template", chosen.name},
                                                   {"file", is_printed ? "" : utf8_text(options.output)},
                                                   {"tasks", chosen.tasks.size()},
                                                   {"content", text}}) +
        "\n");
  } else if (is_printed) {
    program.console.out(text);
  } else {
    program.console.out(fmt::format("{}  {} tasks from {}; make them those of your project, then: {}\n",
                                    display(options.output).str(), chosen.tasks.size(), chosen.name,
                                    display(program.typed("check " + file_word(options.output))).str()));
  }
  return exit_done;
}

}  // namespace pianola::cli
