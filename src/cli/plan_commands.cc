// check, dag, conflicts and risk: a plan looked at without a run.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "base/text.h"
#include "cli/approval.h"
#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "cli/risk_here.h"
#include "cli/runs.h"
#include "plan/conflict.h"
#include "plan/fix.h"
#include "plan/report.h"
#include "plan/risk_report.h"
#include "world/user_file.h"

namespace pianola::cli {
namespace {

// Output of a plan command, of which only what is printed is made: findings of a bad plan are errors and go
// to stderr, unless they are JSON.
template <class Text, class Value>
int print(const Program& program, const plan::Loaded& loaded, Text text, Value value) {
  const bool good = loaded.plan.has_value();
  if (program.format == Format::json) {
    program.console.out(value() + "\n");
  } else if (good) {
    program.console.out(text());
  } else {
    program.console.err(text());
  }
  return good ? exit_done : exit_bad_plan;
}

// Rewrites the file and says which ids it changed.
Result<std::vector<plan::Change>> fix_plan(const Program& program, const std::string& file) {
  const std::string path = absolute(program.directory, file);
  const std::string bytes = TRY(read_plan_bytes(path, file));
  plan::FixedPlan fixed = TRY(plan::fix(bytes, file));
  if (!fixed.changes.empty()) TRY(world::write_user_file(path, fixed.bytes));
  return std::move(fixed.changes);
}

std::string changes_text(const std::vector<plan::Change>& changes, const std::string& file) {
  std::string text;
  for (const plan::Change& change : changes) {
    text += fmt::format("{}:{}:{}: \"{}\" is now \"{}\"\n", change.at.file, change.at.line, change.at.col,
                        display(change.before).str(), change.after);
  }
  return text + fmt::format("{} {} rewritten in {}\n", changes.size(), changes.size() == 1 ? "id" : "ids",
                            display(file).str());
}

// How many different commands of the plan itself would run on this machine.
size_t count_commands(const plan::Plan& plan) {
  std::set<std::string> commands;
  const auto add_checks = [&](const std::vector<plan::Check>& checks) {
    for (const plan::Check& check : checks) commands.insert(plan::command_text(check.command));
  };
  for (const plan::Task& task : plan.tasks) {
    add_checks(task.verification);
    commands.insert(task.setup.begin(), task.setup.end());
  }
  add_checks(plan.post_merge_checks);
  commands.insert(plan.setup.begin(), plan.setup.end());
  return commands.size();
}

std::string gate_text(const Program& program, const plan::Plan& plan, const plan::Risk& risk,
                      const std::string& file) {
  constexpr size_t label_width = 12;
  constexpr size_t factors_shown = 6;
  const size_t commands = count_commands(plan);
  const std::string text = fmt::format("{:<{}}{}\n", "risk", label_width, plan::verdict_text(risk)) +
                           plan::factor_lines(risk, label_width, factors_shown);
  if (commands == 0) return text;
  return text + fmt::format("{:<{}}{} {} on this machine; see {}: {}\n", "runs", label_width, commands,
                            commands == 1 ? "command" : "commands", commands == 1 ? "it" : "them",
                            display(program.typed("approve " + file_word(file) + " --show")).str());
}

std::string with_risk(const std::string& checked, const plan::Risk& risk) {
  boost::json::object value = boost::json::parse(checked).as_object();
  value["risk"] = boost::json::parse(plan::risk_json(risk));
  return boost::json::serialize(value);
}

// The value of the check, with the changes in it.
std::string with_changes(const std::string& checked, const std::vector<plan::Change>& changes) {
  boost::json::array rows;
  for (const plan::Change& change : changes) {
    rows.push_back(boost::json::object{
        {"at", {{"file", change.at.file}, {"line", change.at.line}, {"col", change.at.col}}},
        {"before", change.before},
        {"after", change.after}});
  }
  boost::json::object value = boost::json::parse(checked).as_object();
  value["changes"] = std::move(rows);
  return boost::json::serialize(value);
}

}  // namespace

Result<plan::Risk> risk_here(const Program& program, const plan::Plan& plan, const std::string& config) {
  const std::string top = checkout_top(program.directory);
  const Configuration found =
      config.empty() ? TRY(configuration_here(program))
                     : TRY(read_named_configuration(absolute(program.directory, config), "--config"));
  if (program.format == Format::text) program.console.err(plan::warnings_text(found.warnings));
  std::vector<std::string> tracked;
  // git is asked only where its answer matters.
  if (!top.empty() && plan::writes_several(plan)) {
    if (const auto hub = find_hub(program)) tracked = tracked_at_start(plan, *hub, found.target);
  }
  return plan::assess_risk(plan, plan::policy_of(found.risk), tracked);
}

Result<int> run_command(const Program& program, const CheckOptions& options) {
  std::vector<plan::Change> changes;
  if (options.fix) {
    changes = TRY(fix_plan(program, options.file));
    if (program.format == Format::text) program.console.out(changes_text(changes, options.file));
  }
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::every_rule)).loaded;
  std::optional<plan::Risk> risk;
  if (loaded.plan) risk = TRY(risk_here(program, *loaded.plan, ""));
  const auto text = [&] {
    const std::string checked = plan::check_text(loaded, options.file);
    return risk ? checked + gate_text(program, *loaded.plan, *risk, options.file) : checked;
  };
  const auto value = [&] {
    std::string checked = plan::check_json(loaded);
    if (risk) checked = with_risk(checked, *risk);
    return options.fix ? with_changes(checked, changes) : checked;
  };
  return print(program, loaded, text, value);
}

Result<int> run_command(const Program& program, const DagOptions& options) {
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::well_formed)).loaded;
  return print(
      program, loaded, [&] { return plan::dag_text(loaded, options.file); },
      [&] { return plan::dag_json(loaded); });
}

Result<int> run_command(const Program& program, const ConflictsOptions& options) {
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::well_formed)).loaded;
  const int code = print(
      program, loaded, [&] { return plan::conflicts_text(loaded, options.file); },
      [&] { return plan::conflicts_json(loaded); });
  const bool found = loaded.plan && !plan::conflicts(*loaded.plan).empty();
  return found ? exit_findings : code;
}

Result<int> run_command(const Program& program, const RiskOptions& options) {
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::well_formed)).loaded;
  if (!loaded.plan) return report_bad_plan(program, loaded, options.file);
  const plan::Risk risk = TRY(risk_here(program, *loaded.plan, options.config));
  print(
      program, loaded, [&] { return plan::risk_text(risk, options.file); },
      [&] { return plan::risk_json(risk); });
  return risk.status == plan::RiskStatus::auto_approve ? exit_done : exit_findings;
}

}  // namespace pianola::cli
