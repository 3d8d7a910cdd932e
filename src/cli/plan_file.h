// Plan files as they lie on disk.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/configuration.h"
#include "cli/program.h"
#include "plan/load.h"

namespace pianola::cli {

struct PlanFile {
  std::string bytes;
  plan::Loaded loaded;
};

// Bytes of a plan: a regular file of at most 16 MB. `shown` is its name in errors (bad_plan).
Result<std::string> read_plan_bytes(const std::string& path, const std::string& shown);

// What a run here would be configured by. Errors: as load_configuration().
Result<Configuration> configuration_here(const Program& program);

// The checks of tasks that have none: as configured, else those of the project that lies here.
std::vector<plan::FolderChecks> assumed_checks(const Program& program, const Configuration& configuration);

// Reads and checks `file` (relative to the program's folder); every rule is also those of the configuration
// here. Findings are in the result. Errors (bad_plan): no such file, a configuration that cannot be used.
Result<PlanFile> load_plan(const Program& program, const std::string& file, plan::Strictness strictness);

// The top of the checkout that `directory` lies in; "" outside of one.
std::string checkout_top(std::string directory);

// Before `file` is written. Errors (failed): it is there; `next` says what to do then.
Result<void> check_is_new(const Program& program, const std::string& file, const std::string& next);

// Prints what is wrong with a plan that cannot be used, and gives the exit code.
int report_bad_plan(const Program& program, const plan::Loaded& loaded, const std::string& file);

}  // namespace pianola::cli
