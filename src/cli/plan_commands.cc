// check, dag and conflicts: a plan looked at without a run.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "plan/conflict.h"
#include "plan/fix.h"
#include "plan/report.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

// Output of a plan command: findings of a bad plan are errors and go to stderr, unless they are JSON.
int print(const Program& program, const plan::Loaded& loaded, const std::string& text,
          const std::string& value) {
  const bool good = loaded.plan.has_value();
  if (program.format == Format::json) {
    program.console.out(value + "\n");
  } else if (good) {
    program.console.out(text);
  } else {
    program.console.err(text);
  }
  return good ? exit_done : exit_bad_plan;
}

// Rewrites the file and says which ids it changed.
Result<std::vector<plan::Change>> fix_plan(const Program& program, const std::string& file) {
  const std::string path = absolute(program.directory, file);
  const std::string bytes = TRY(read_plan_bytes(path, file));
  plan::FixedPlan fixed = TRY(plan::fix(bytes, file));
  if (!fixed.changes.empty()) TRY(world::write_file(path, fixed.bytes, world::Sync::file_and_dir));
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

Result<int> run_command(const Program& program, const CheckOptions& options) {
  std::vector<plan::Change> changes;
  if (options.fix) {
    changes = TRY(fix_plan(program, options.file));
    if (program.format == Format::text) program.console.out(changes_text(changes, options.file));
  }
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::every_rule)).loaded;
  const std::string checked = plan::check_json(loaded);
  return print(program, loaded, plan::check_text(loaded, options.file),
               options.fix ? with_changes(checked, changes) : checked);
}

Result<int> run_command(const Program& program, const DagOptions& options) {
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::well_formed)).loaded;
  return print(program, loaded, plan::dag_text(loaded, options.file), plan::dag_json(loaded));
}

Result<int> run_command(const Program& program, const ConflictsOptions& options) {
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::well_formed)).loaded;
  const int code =
      print(program, loaded, plan::conflicts_text(loaded, options.file), plan::conflicts_json(loaded));
  const bool found = loaded.plan && !plan::conflicts(*loaded.plan).empty();
  return found ? exit_findings : code;
}

}  // namespace pianola::cli
