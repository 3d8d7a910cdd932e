#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <deque>

#include "base/text.h"
#include "cli/configuration.h"
#include "plan/environment.h"
#include "plan/planner.h"
#include "plan/template.h"

namespace pianola::cli {
namespace {

// The parser with the place its answers go to. One at a time, on the stack of the caller.
struct Parser {
  // Filled while the words are read; a deque, so that what CLI11 points to stays where it is.
  std::deque<Command> options;
  CLI::App app{"pianola: a plan to a merged, verified main, with many coding agents at once", "pianola"};
  std::optional<Command> chosen;
  bool json = false;
  std::string directory;
};

void add_run_id(CLI::App* command, std::string& run) {
  command->add_option("--run", run,
                      "the run, by id or the start of one (default: the live one, else the newest)");
}

void add_file(CLI::App* command, std::string& file) {
  command->add_option("FILE", file, "the plan")->capture_default_str();
}

template <class Options>
void add_isolation(CLI::App* command, Options& options) {
  command
      ->add_option("--isolation", options.isolation,
                   "how agents are kept apart (default: sealed, else landlock)")
      ->check(CLI::IsMember({"sealed", "landlock", "worktree", "none"}));
  command->add_flag("--allow-unsandboxed", options.allow_unsandboxed,
                    "go on without isolation where this machine has no seal");
}

void add_promote(CLI::App* command, std::string& promote) {
  command->add_option("--promote", promote, "when the target is checked out")
      ->check(CLI::IsMember({"ask", "checkout", "leave"}));
}

void add_show(CLI::App* command, Show& show) {
  auto* plain = command->add_flag_callback(
      "--plain", [&show] { show = Show::plain; }, "one line an event");
  auto* live = command->add_flag_callback(
      "--live", [&show] { show = Show::live; }, "lines and a block redrawn in place");
  plain->excludes(live);
}

// A subcommand, and the options it fills.
template <class Options>
struct Added {
  CLI::App* command;
  Options* options;
};

// CLI11 alone takes -1 for the largest number there is, and 010 for 8.
void add_event(CLI::App* command, const std::string& name, uint64_t& number) {
  const auto refusal = [](const std::string& text) -> std::string {
    constexpr size_t most_digits = 18;
    const bool is_number = !text.empty() && text.size() <= most_digits && text.front() != '0' &&
                           text.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? "" : "\"" + text + "\" is no number of an event, as pianola log tail shows them";
  };
  command->add_option(name, number, "its number in the journal: pianola log tail")
      ->required()
      ->check(refusal);
}

template <class Options>
Added<Options> add(Parser& parser, CLI::App& parent, const std::string& name, const std::string& what) {
  CLI::App* command = parent.add_subcommand(name, what);
  parser.options.emplace_back(Options{});
  auto* options = std::get_if<Options>(&parser.options.back());
  command->callback([&parser, options] { parser.chosen = *options; });
  command->fallthrough();
  return {.command = command, .options = options};
}

CLI::App* add_plan_request(Parser& parser) {
  auto [ask, options] = add<PlanRequestOptions>(
      parser, parser.app, "plan", "a plan to begin with: asked of an agent, or from a template");
  ask->add_option("REQUEST", options->request,
                  "what is to be done, in words; an agent plans it, reading only");
  ask->add_option("-o,--output", options->output, "the plan, a new file")->capture_default_str();
  ask->add_option("--agent", options->agent, "who plans (default: roles.planner, else the worker)");
  ask->add_option("--model", options->model, "of that agent (default: orchestration.planner_model)");
  ask->add_option("--repairs", options->repairs, "tries after the first, told what is wrong")
      ->check(CLI::Range(0, plan::repairs_max))
      ->capture_default_str();
  ask->add_option("--timeout", options->timeout_s, "seconds of each try")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  add_isolation(ask, *options);
  ask->add_flag("--approve", options->approve, "trust what is run");
  add_show(ask, options->show);
  // `plan new` is no request.
  ask->callback([&parser, command = ask, chosen = options] {
    if (command->get_subcommands().empty()) parser.chosen = *chosen;
  });
  return ask;
}

void add_plan_commands(Parser& parser) {
  auto [check, check_options] = add<CheckOptions>(parser, parser.app, "check", "every rule of a plan");
  add_file(check, check_options->file);
  check->add_flag("--fix", check_options->fix, "rewrite ids that break the id rule");
  auto [dag, dag_options] = add<DagOptions>(parser, parser.app, "dag", "waves of a plan");
  add_file(dag, dag_options->file);
  auto [conflicts, conflict_options] =
      add<ConflictsOptions>(parser, parser.app, "conflicts", "pairs of tasks that touch one thing");
  add_file(conflicts, conflict_options->file);
  auto [risk, risk_options] =
      add<RiskOptions>(parser, parser.app, "risk", "how much a plan deserves a look; exit 1 when it does");
  add_file(risk, risk_options->file);
  risk->add_option("--config", risk_options->config, "the configuration to measure by");
  CLI::App* plans = add_plan_request(parser);
  auto [make, new_options] = add<PlanNewOptions>(parser, *plans, "new", "write one, from a template");
  std::string names;
  for (const plan::Template& each : plan::templates())
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  make->add_option("--template", new_options->name, names);
  make->add_option("-o,--output", new_options->output, "the file; - is stdout")->capture_default_str();
  make->add_option("--test", new_options->test,
                   "the check of every task (default: the project's test command)");
}

void add_environment_of(CLI::App* command, EnvironmentOf& of) {
  command->add_option("--path", of.path, "the folder to look in and below (default: this one)");
  command->add_flag("--tools", of.tools, "versions of the tools that read the lockfiles, too");
}

void add_environment_commands(Parser& parser) {
  CLI::App* env = parser.app.add_subcommand("env", "the environment hash: what a project is built with");
  env->require_subcommand(1);
  env->fallthrough();
  auto [hash, hash_options] = add<EnvHashOptions>(parser, *env, "hash", "print it, made from all lockfiles");
  add_environment_of(hash, hash_options->of);
  auto [verify, verify_options] =
      add<EnvVerifyOptions>(parser, *env, "verify", "compare it; exit 1 when it differs");
  const auto refusal = [](const std::string& text) -> std::string {
    return plan::is_environment_hash(text) ? ""
                                           : "\"" + text +
                                                 "\" is no environment hash; expected 16 hex digits, or "
                                                 "no-lock, as pianola env hash prints them";
  };
  verify->add_option("HASH", verify_options->hash, "as pianola env hash printed it")
      ->required()
      ->check(refusal);
  add_environment_of(verify, verify_options->of);
}

void add_contract_commands(Parser& parser) {
  CLI::App* contract =
      parser.app.add_subcommand("contract", "interfaces that a plan fixes between its tasks");
  contract->require_subcommand(1);
  contract->fallthrough();
  const auto add_interface = [](CLI::App* command, std::vector<std::string>& methods,
                                std::vector<std::string>& imports) {
    command->add_option("METHOD", methods, "such as \"login(user: str) -> Token\"");
    command
        ->add_option("--import", imports,
                     "a line the file begins with, for types of yours; all of them each time")
        ->allow_extra_args(false);
  };
  auto [make, new_options] =
      add<ContractNewOptions>(parser, *contract, "new", "write one, or those of a plan");
  make->add_option("NAME", new_options->name, "its name");
  add_interface(make, new_options->methods, new_options->imports);
  make->add_option("--language", new_options->language, "default: by the ending of the file, else python")
      ->check(CLI::IsMember({"python", "typescript", "go", "rust", "cpp"}));
  make->add_option("-o,--output", new_options->output, "the file (default: stdout)");
  make->add_option("--plan", new_options->file, "write what this plan lists and is not there yet");
  auto [check, check_options] = add<ContractCheckOptions>(
      parser, *contract, "check", "the files of a plan's contracts; exit 1 if any is off");
  add_file(check, check_options->file);
  auto [again, again_options] = add<ContractRenegotiateOptions>(parser, *contract, "renegotiate",
                                                                "a new version of one, at most twice");
  again->add_option("NAME", again_options->name, "its name")->required();
  add_interface(again, again_options->methods, again_options->imports);
  again->add_option("--reason", again_options->reason, "one line for those who build on it")->required();
  again->add_option("-o,--output", again_options->output, "its file (default: where the plan says)");
  again->add_option("--plan", again_options->file, "the plan that lists it");
}

// A question about what a plan would run.
template <class Options>
void add_question(Parser& parser, const std::string& name, const std::string& what) {
  auto [command, options] = add<Options>(parser, parser.app, name, what);
  add_file(command, options->of.file);
  command->add_option("--agent", options->of.agent, "agent of tasks that name none");
  add_isolation(command, options->of);
  command->add_flag("--yes", options->yes, "allow it without asking");
  command->add_flag("--show", options->show, "only show it");
}

void add_run(Parser& parser) {
  auto [run, options] = add<RunOptions>(parser, parser.app, "run", "carry out a plan");
  add_file(run, options->file);
  run->add_option("--jobs", options->jobs, "agents at once")->check(CLI::Range(1, jobs_max));
  run->add_option("--agent", options->agent, "agent of tasks that name none");
  run->add_option("--target", options->target, "branch to land on (default: the one checked out)");
  add_promote(run, options->promote);
  add_isolation(run, *options);
  run->add_option("--timeout", options->timeout_s, "seconds the whole run may take (default: no limit)")
      ->check(CLI::Range(1, 31'536'000));
  run->add_flag("--approve", options->approve, "trust the commands of this plan and approve its risk");
  run->add_flag("--detach", options->detach, "print the run's id and go on without this terminal");
  run->add_flag("--partial", options->partial, "promote what landed even if some tasks did not");
  add_show(run, options->show);
}

void add_undo(Parser& parser) {
  auto [undo, options] = add<UndoOptions>(parser, parser.app, "undo", "take a promotion back");
  add_event(undo, "EVENT", options->event);
  add_run_id(undo, options->run);
}

void add_run_commands(Parser& parser) {
  add_run(parser);
  auto [resume, resume_options] =
      add<ResumeOptions>(parser, parser.app, "resume", "go on with a run that stopped");
  resume->add_option("RUN", resume_options->run, "the run (default: the newest)");
  resume->add_option("--run", resume_options->run, "the same");
  resume->add_flag("--dry-run", resume_options->dry_run, "only say what it would do");
  add_promote(resume, resume_options->promote);
  resume->add_flag("--approve", resume_options->approve, "trust the commands of its plan and configuration");
  resume->add_flag("--detach", resume_options->detach, "print the run's id and go on without this terminal");
  add_show(resume, resume_options->show);
  auto [status, status_options] = add<StatusOptions>(parser, parser.app, "status", "how a run stands");
  status->add_option("RUN", status_options->run, "the run");
  status->add_option("--run", status_options->run, "the same");
  status->add_flag("--all", status_options->all, "every task");
  status->add_flag("--report", status_options->report, "the report of its end");
  auto [wait, wait_options] =
      add<WaitOptions>(parser, parser.app, "wait", "until tasks, or the run, are over");
  wait->add_option("TASK", wait_options->tasks, "tasks to wait for (default: the run)");
  wait->add_option("--timeout", wait_options->timeout_s, "seconds; then exit 6")
      ->check(CLI::Range(0, 31'536'000));
  add_run_id(wait, wait_options->run);
  auto [stop, stop_options] =
      add<StopOptions>(parser, parser.app, "stop", "no new starts; or end one task, or all");
  stop->add_option("TASK", stop_options->task, "end this task's attempt and keep its work");
  stop->add_flag("--all", stop_options->all, "with --now: end everything this run started");
  stop->add_flag("--now", stop_options->now, "with --all: do not let attempts finish");
  add_run_id(stop, stop_options->run);
  auto [say, say_options] = add<SayOptions>(parser, parser.app, "say", "a note for a task's next prompt");
  say->add_option("TASK", say_options->task, "the task")->required();
  say->add_option("TEXT", say_options->text, "the note")->required();
  add_run_id(say, say_options->run);
  auto [promote, promote_options] =
      add<PromoteOptions>(parser, parser.app, "promote", "land a verified run that was left");
  add_run_id(promote, promote_options->run);
  add_undo(parser);
  add_question<TrustOptions>(parser, "trust", "see what a plan would run, and allow it");
  add_question<ApproveOptions>(parser, "approve", "see a plan's risk and what it would run, and allow both");
}

void add_look_commands(Parser& parser) {
  auto [logs, logs_options] =
      add<LogsOptions>(parser, parser.app, "logs", "what an agent, or its gate, printed");
  logs->add_option("TASK", logs_options->task, "the task")->required();
  logs->add_option("--attempt", logs_options->attempt, "which try (default: the last)")
      ->check(CLI::Range(1, 1'000'000));
  logs->add_flag("-f,--follow", logs_options->follow, "go on as it grows");
  logs->add_flag("--gate", logs_options->gate, "the output of its checks");
  add_run_id(logs, logs_options->run);
  CLI::App* log = parser.app.add_subcommand("log", "the journal of a run");
  log->require_subcommand(1);
  log->fallthrough();
  auto [tail, tail_options] = add<LogTailOptions>(parser, *log, "tail", "its last events");
  tail->add_option("-n,--lines", tail_options->lines, "how many")->check(CLI::Range(0, 1'000'000));
  tail->add_flag("-f,--follow", tail_options->follow, "go on as it grows");
  add_run_id(tail, tail_options->run);
  auto [show, show_options] = add<LogShowOptions>(parser, *log, "show", "one event, whole");
  add_event(show, "SEQ", show_options->seq);
  add_run_id(show, show_options->run);
  auto [verify, verify_options] = add<LogVerifyOptions>(parser, *log, "verify", "every checksum and number");
  add_run_id(verify, verify_options->run);
  auto [import, import_options] = add<LogImportOptions>(
      parser, *log, "import", "the event log of a Multi-Claude coordinator, as a run that is over");
  import->add_option("FILE", import_options->file, "orchestration/event-log.jsonl, or a copy")->required();
  CLI::App* workspace = parser.app.add_subcommand("workspace", "where agents work");
  workspace->require_subcommand(1);
  workspace->fallthrough();
  auto [list, list_options] =
      add<WorkspaceListOptions>(parser, *workspace, "list", "the workspaces of a run");
  add_run_id(list, list_options->run);
  auto [path, path_options] = add<WorkspacePathOptions>(parser, *workspace, "path", "the folder of a task");
  path->add_option("TASK", path_options->task, "the task")->required();
  add_run_id(path, path_options->run);
  auto [doctor, doctor_options] =
      add<DoctorOptions>(parser, parser.app, "doctor", "what this machine has of what pianola needs");
  doctor->add_flag("--attacks", doctor_options->attacks,
                   "try to get out at each level of isolation, and list what stays open");
  CLI::App* agents = parser.app.add_subcommand("agents", "agent CLIs");
  agents->require_subcommand(1);
  agents->fallthrough();
  add<AgentsListOptions>(parser, *agents, "list", "agents that can be named, and where they are");
  auto [completion, completion_options] =
      add<CompletionOptions>(parser, parser.app, "completion", "completion for a shell");
  completion->add_option("SHELL", completion_options->shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  add<VersionOptions>(parser, parser.app, "version", "the version");
}

void add_upkeep_commands(Parser& parser) {
  auto [gc, gc_options] =
      add<GcOptions>(parser, parser.app, "gc", "free the disk of what finished runs left");
  gc->add_flag("--dry-run", gc_options->dry_run, "only say what it would free");
  gc->add_flag("--logs", gc_options->logs, "what agents and checks printed, too");
  gc->add_option("--keep", gc_options->keep, "how many of the newest runs to leave alone")
      ->check(CLI::Range(0, 1'000'000));
  auto [repair, repair_options] =
      add<RepairOptions>(parser, parser.app, "repair", "put right what a crash or a power cut left");
  repair->add_flag("--diagnose", repair_options->diagnose, "only say what is wrong; exit 1 when anything is");
}

void build(Parser& parser) {
  parser.app.require_subcommand(0, 1);
  parser.app.fallthrough();
  parser.app.add_flag("--json", parser.json, "JSON on stdout, errors too");
  parser.app.add_option("-C", parser.directory, "work in this folder");
  parser.app.get_formatter()->column_width(34);
  add_plan_commands(parser);
  add_environment_commands(parser);
  add_contract_commands(parser);
  add_run_commands(parser);
  add_look_commands(parser);
  add_upkeep_commands(parser);
}

std::vector<std::string> names_below(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// The deepest command the words name, for help and for errors about its options.
const CLI::App* named_command(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return at;
}

std::string full_name(const CLI::App* command) {
  std::string name;
  for (const CLI::App* at = command; at->get_parent() != nullptr; at = at->get_parent()) {
    name = at->get_name() + (name.empty() ? "" : " ") + name;
  }
  return name;
}

// An unknown word: a command or an option nobody has.
Error unknown_word(const Parser& parser, const std::string& word) {
  const CLI::App* command = named_command(parser.app);
  const std::string whose = full_name(command);
  Error error{.kind = ErrorKind::usage, .where = "pianola"};
  if (!whose.empty()) error.where += " " + whose;
  std::vector<std::string> known;
  if (word.starts_with("-")) {
    for (const CLI::App* at = command; at != nullptr; at = at->get_parent()) {
      for (const CLI::Option* option : at->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    }
    error.what = "no option " + display(word).str();
  } else {
    known = names_below(*command);
    error.what = known.empty() ? "one word too many, \"" + display(word).str() + "\""
                               : "no command \"" + display(word).str() + "\"";
  }
  const std::string near = nearest(word.substr(0, word.find('=')), known);
  error.next = near.empty() ? "all of them: pianola " + whose + (whose.empty() ? "" : " ") + "--help"
                            : "nearest is " + near + "; all of them: pianola " + whose +
                                  (whose.empty() ? "" : " ") + "--help";
  return error;
}

}  // namespace

Result<Parsed> parse_command_line(const std::vector<std::string>& words) {
  Parser parser;
  build(parser);
  Parsed parsed;
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    parser.app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    parsed.text = named_command(parser.app)->help();
    return parsed;
  } catch (const CLI::ExtrasError&) {
    const std::vector<std::string> left = parser.app.remaining(true);
    return refuse(unknown_word(parser, left.empty() ? "" : left.front()));
  } catch (const CLI::ParseError& failure) {
    const std::string whose = full_name(named_command(parser.app));
    return refuse(Error{.kind = ErrorKind::usage,
                        .where = "pianola" + (whose.empty() ? "" : " " + whose),
                        .what = display(failure.what()).str(),
                        .expected = {},
                        .next = "see: pianola " + whose + (whose.empty() ? "" : " ") + "--help"});
  }
  parsed.command = std::move(parser.chosen);
  parsed.format = parser.json ? Format::json : Format::text;
  parsed.directory = parser.directory;
  if (!parsed.command) parsed.text = parser.app.help();
  return parsed;
}

std::vector<CommandShape> command_shapes() {
  Parser parser;
  build(parser);
  std::vector<CommandShape> shapes;
  const auto add_shape = [&](const CLI::App* command) {
    CommandShape shape{.name = full_name(command), .description = command->get_description(), .options = {}};
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) shape.options.push_back("--" + name);
    }
    shapes.push_back(std::move(shape));
  };
  for (const CLI::App* command : parser.app.get_subcommands({})) {
    add_shape(command);
    for (const CLI::App* inner : command->get_subcommands({})) add_shape(inner);
  }
  return shapes;
}

}  // namespace pianola::cli
