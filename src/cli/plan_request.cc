// plan "request": an agent writes the plan, in a run of its own whose check is `pianola check`; what it wrote
// becomes a file here, with its contracts and a page for people.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/hash.h"
#include "base/text.h"
#include "cli/carry_out.h"
#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/plan_file.h"
#include "cli/risk_here.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "plan/execution_plan.h"
#include "plan/planner.h"
#include "plan/risk_report.h"
#include "world/files.h"
#include "world/git_child.h"
#include "world/user_file.h"

namespace pianola::cli {
namespace {

constexpr const char* page_name = "execution-plan.md";

tl::unexpected<Error> wrong_words(std::string what, std::string expected, std::string next) {
  return refuse(Error{.kind = ErrorKind::usage,
                      .where = "pianola plan",
                      .what = std::move(what),
                      .expected = std::move(expected),
                      .next = std::move(next)});
}

Result<void> check_words(const PlanRequestOptions& options) {
  if (options.request.find_first_not_of(" \t\r\n") == std::string::npos)
    return wrong_words("no request", "what is to be done, in words",
                       "pianola plan \"Add a login page\", or: pianola plan new --template NAME");
  // A slip of the keyboard is no reason to start an agent.
  if (!nearest(options.request.substr(0, 64), std::vector<std::string_view>{"new"}).empty())
    return wrong_words(fmt::format("\"{}\" is near the command new", display(options.request).str()),
                       "what is to be done, in words", "pianola plan new --template NAME");
  if (!is_utf8(options.request)) return wrong_words("the request is not UTF-8", "text", "");
  if (options.request.size() > plan::request_bytes_max)
    return wrong_words(fmt::format("the request has {} bytes", options.request.size()),
                       fmt::format("at most {}", plan::request_bytes_max),
                       "write it to a file of the repository, commit it, and ask for a plan of what it says");
  if (!options.output.ends_with(".yaml") && !options.output.ends_with(".yml"))
    return wrong_words(fmt::format("\"{}\" for a plan in YAML", display(options.output).str()),
                       "a name that ends in .yaml", "");
  return {};
}

// One JSON value on stdout is the promise of --json.
class OnlyErrors : public Console {
 public:
  explicit OnlyErrors(Console& console) : console_(console) {}
  void out(std::string_view) override {}
  void err(std::string_view text) override { console_.err(text); }
  std::string ask(std::string_view question) override { return console_.ask(question); }

 private:
  Console& console_;
};

// Where the page lies: beside the plan.
std::string page_of(const std::string& file) { return file.substr(0, file.rfind('/') + 1) + page_name; }

// The question lies in a file as every plan does, so that `trust` can be asked about it. Equal questions are
// one file.
Result<std::string> write_question(const world::Hub& hub, const std::string& bytes) {
  const std::string dir = hub.layout.state_dir + "/questions";
  TRY(world::make_dirs(dir));
  const std::string path = dir + "/" + sha256_hex(bytes).substr(0, 12) + ".yaml";
  TRY(world::write_file(path, bytes, world::Sync::none));
  return path;
}

Result<std::string> ask_question(const Program& program, const PlanRequestOptions& options) {
  const Configuration configuration = TRY(configuration_here(program));
  const plan::PlannerQuestion question{
      .request = options.request,
      .agent = options.agent.empty() ? configuration.planner : options.agent,
      .model = options.model.empty() ? configuration.planner_model : options.model,
      .repairs = options.repairs,
      .timeout_s = options.timeout_s,
      .checks = task_rules(configuration).checks_min};
  return write_question(TRY(find_hub(program)), plan::planner_plan(question));
}

Result<std::string> planned_bytes(const CarriedRun& run) {
  const world::Git git(run.hub.git, world::run_child);
  return git.output(
      {.args = {"cat-file", "blob", run.state.tasks.front().landed_as + ":" + plan::planned_file},
       .git_dir = run.hub.layout.git_dir});
}

bool is_planned(const core::State& state) {
  return state.tasks.size() == 1 && state.tasks.front().phase == core::TaskPhase::landed &&
         !state.finish.verified.empty();
}

void print_written(const Program& program, const PlanRequestOptions& options, const core::State& state,
                   const plan::Plan& plan, const plan::Risk& risk) {
  const size_t tries = state.tasks.front().attempts.size();
  if (program.format == Format::json) {
    program.console.out(
        boost::json::serialize(boost::json::object{{"file", utf8_text(options.output)},
                                                   {"page", utf8_text(page_of(options.output))},
                                                   {"run", state.run.str()},
                                                   {"attempts", tries},
                                                   {"tasks", plan.tasks.size()},
                                                   {"risk", boost::json::parse(plan::risk_json(risk))}}) +
        "\n");
    return;
  }
  program.console.out(fmt::format(
      "{}  {} {} in {} {} of {}; {} shows {}\nrisk        {}\nnext        look at it, then: {}\n",
      display(options.output).str(), plan.tasks.size(), plan.tasks.size() == 1 ? "task" : "tasks", tries,
      tries == 1 ? "try" : "tries", state.run.str(), display(page_of(options.output)).str(),
      plan.tasks.size() == 1 ? "it" : "them", plan::verdict_text(risk),
      display(program.typed("run " + file_word(options.output))).str()));
}

Result<int> write_plan(const Program& program, const PlanRequestOptions& options, const CarriedRun& run) {
  TRY(world::write_user_file(absolute(program.directory, options.output), TRY(planned_bytes(run))));
  const PlanFile written = TRY(load_plan(program, options.output, plan::Strictness::every_rule));
  // The agent's check did not know the configuration of this user.
  if (!written.loaded.plan) return report_bad_plan(program, written.loaded, options.output);
  const plan::Plan& plan = *written.loaded.plan;
  const plan::Risk risk = TRY(risk_here(program, plan, ""));
  TRY(world::write_user_file(absolute(program.directory, page_of(options.output)),
                             plan::execution_plan(plan, risk, options.output)));
  if (!plan.contracts.empty()) {
    OnlyErrors errors(program.console);
    Program writer{.surroundings = program.surroundings,
                   .console = program.format == Format::json ? errors : program.console,
                   .format = Format::text,
                   .directory = program.directory};
    TRY(run_command(
        writer,
        ContractNewOptions{
            .name = {}, .methods = {}, .imports = {}, .language = {}, .output = {}, .file = options.output}));
  }
  print_written(program, options, run.state, plan, risk);
  return exit_done;
}

}  // namespace

Result<int> run_command(const Program& program, const PlanRequestOptions& options) {
  TRY(check_words(options));
  // Before an agent works for them.
  for (const std::string& file : {options.output, page_of(options.output)})
    TRY(check_is_new(program, file, "name another: -o FILE, or move it away"));
  const RunOptions run{.file = TRY(ask_question(program, options)),
                       .jobs = 1,
                       .agent = {},
                       .target = {},
                       .promote = "leave",
                       .isolation = options.isolation,
                       .allow_unsandboxed = options.allow_unsandboxed,
                       .approve = options.approve,
                       .show = program.format == Format::json ? Show::silent : options.show};
  const Carried carried = TRY(carry_out(program, run));
  if (const int* code = std::get_if<int>(&carried)) return *code;
  const auto& planned = std::get<CarriedRun>(carried);
  if (is_planned(planned.state)) return write_plan(program, options, planned);
  return conclude(program, planned.hub.layout, planned.state, run.show);
}

}  // namespace pianola::cli
