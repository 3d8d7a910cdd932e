// check, dag and conflicts: a plan looked at without a run.
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

Result<int> fix_plan(const Program& program, const CheckOptions& options) {
  const std::string path = absolute(program.directory, options.file);
  const std::string bytes = TRY(read_plan_bytes(path, options.file));
  const plan::FixedPlan fixed = TRY(plan::fix(bytes, options.file));
  if (!fixed.changes.empty()) TRY(world::write_file(path, fixed.bytes, world::Sync::file_and_dir));
  if (program.format == Format::json) return exit_done;
  for (const plan::Change& change : fixed.changes) {
    program.console.out(change.at.file + ":" + std::to_string(change.at.line) + ":" +
                        std::to_string(change.at.col) + ": \"" + display(change.before).str() +
                        "\" is now \"" + change.after + "\"\n");
  }
  program.console.out(std::to_string(fixed.changes.size()) + (fixed.changes.size() == 1 ? " id" : " ids") +
                      " rewritten in " + display(options.file).str() + "\n");
  return exit_done;
}

}  // namespace

Result<int> run_command(const Program& program, const CheckOptions& options) {
  if (options.fix) TRY(fix_plan(program, options));
  const plan::Loaded loaded = TRY(load_plan(program, options.file, plan::Strictness::every_rule)).loaded;
  return print(program, loaded, plan::check_text(loaded, options.file), plan::check_json(loaded));
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
