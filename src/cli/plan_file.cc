#include "cli/plan_file.h"

#include "cli/exit_code.h"
#include "plan/report.h"
#include "plan/tree.h"
#include "world/files.h"

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

Result<PlanFile> load_plan(const Program& program, const std::string& file, plan::Strictness strictness) {
  PlanFile plan_file;
  plan_file.bytes = TRY(read_plan_bytes(absolute(program.directory, file), file));
  plan_file.loaded = plan::load(plan_file.bytes, {.file = file, .strictness = strictness});
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
