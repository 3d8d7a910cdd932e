// logs: what an agent printed, or what its checks did; always made safe for a terminal.
#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/runs.h"
#include "world/file_tail.h"
#include "world/files.h"
#include "world/kept_output.h"

namespace pianola::cli {
namespace {

constexpr size_t begun_bytes_max = 1UL << 20;

Error nothing_yet(const std::string& task, const std::string& what) {
  return Error{.kind = ErrorKind::usage,
               .where = display(task).str(),
               .what = what,
               .expected = {},
               .next = "look: pianola status --all"};
}

Result<const core::Attempt*> chosen_attempt(const core::State& state, const LogsOptions& options) {
  const core::TaskRun& run = state.tasks[TRY(place_of_task(state, options.task))];
  const size_t last = run.attempts.size();
  const size_t wanted = options.attempt ? static_cast<size_t>(*options.attempt) : last;
  if (wanted == 0 || wanted > last) {
    return refuse(nothing_yet(options.task, last == 0 ? "no attempt yet"
                                                      : "no attempt " + std::to_string(wanted) + ", " +
                                                            std::to_string(last) + " so far"));
  }
  return &run.attempts[wanted - 1];
}

void print(const Program& program, const std::string& name, const std::string& bytes) {
  if (program.format == Format::json) {
    const std::string text = is_utf8(bytes) ? bytes : display_lines(bytes);
    program.console.out(boost::json::serialize(boost::json::object{{"file", name}, {"text", text}}) + "\n");
    return;
  }
  std::string shown = display_lines(bytes);
  if (!shown.empty() && shown.back() != '\n') shown += '\n';
  program.console.out(shown);
}

Result<int> show_gate(const Program& program, const FoundRun& run, const core::Attempt& attempt,
                      const std::string& task) {
  if (attempt.checks.empty()) return refuse(nothing_yet(task, "its checks have not run"));
  for (const core::CheckResult& check : attempt.checks) {
    const std::string path = world::run_dir(run.layout, run.id) + "/" + check.log_path;
    if (program.format == Format::text) {
      const std::string verdict = check.passed ? "green" : "red";
      program.console.out(verdict + "  " + display(check.command).str() + "\n");
    }
    const std::optional<std::string> bytes = world::read_output_shown(path);
    print(program, check.log_path, bytes ? *bytes : check.tail);
  }
  return exit_done;
}

}  // namespace

Result<int> run_command(const Program& program, const LogsOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const core::State state = TRY(fold_run(run));
  const core::Attempt& attempt = *TRY(chosen_attempt(state, options));
  if (options.gate) return show_gate(program, run, attempt, options.task);
  const core::AttemptKey key{.task = core::TaskId(options.task), .number = attempt.number};
  const std::string folder = world::attempt_dir(run.layout, run.id, key);
  if (options.follow) {
    // Followed until the attempt's exit is written down; then the rest is shown. A line that has only begun
    // is held back.
    std::string begun;
    TRY(world::follow_file(folder + "/out", folder + "/exit.json", [&](const std::string& bytes) {
      begun += bytes;
      const size_t whole = begun.size() > begun_bytes_max ? begun.size() : begun.rfind('\n') + 1;
      if (whole > 0) print(program, "out", begun.substr(0, whole));
      begun.erase(0, whole);
    }));
    if (!begun.empty()) print(program, "out", begun);
    return exit_done;
  }
  for (const std::string name : {"out", "err"}) {
    const std::optional<std::string> bytes = world::read_output_shown(folder + "/" + name);
    if (bytes && !bytes->empty()) print(program, name, *bytes);
  }
  return exit_done;
}

}  // namespace pianola::cli
