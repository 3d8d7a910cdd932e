#include "cli/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "cli/changed_lines.h"
#include "cli/configuration.h"
#include "cli/isolation.h"
#include "cli/runs.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

constexpr size_t lines_shown_max = 12;
constexpr size_t value_columns_max = 60;

Result<std::string> trust_dir(const Program& program) { return TRY(user_state_dir(program)) + "/trust"; }

// A line of the list: what is trusted, and whose it is.
std::string line(const std::string& what, const std::string& whose) {
  return fmt::format("{:<40} {}", what, whose);
}

void show(TrustRequest& request, const std::string& what, const std::string& whose) {
  request.lines.push_back(line(what, whose));
}

void add_check(TrustRequest& request, std::string& text, const plan::Check& check, const std::string& whose) {
  const std::string command = plan::command_text(check.command);
  add_part(text, "check");
  add_part(text, command);
  show(request, display(command).str(), whose);
}

void add_setup(TrustRequest& request, std::string& text, const std::string& command,
               const std::string& whose) {
  add_part(text, "set-up, network open");
  add_part(text, command);
  show(request, display(command).str(), whose + ", network open");
}

std::string isolation_meaning(core::Isolation isolation) {
  switch (isolation) {
    case core::Isolation::sealed:
      return "agents see their own clone, the system read-only, and their model; checks have no network";
    case core::Isolation::landlock:
      return "agents read and write their own clone, read the system, reach their model; doctor --attacks";
    case core::Isolation::worktree:
      return "agents run as you, in linked worktrees";
    case core::Isolation::none:
      break;
  }
  return "agents run as you, each in a clone of its own";
}

void add_isolation(TrustRequest& request, std::string& text, core::Isolation isolation) {
  add_part(text, core::isolation_text(isolation));
  show(request, "isolation " + core::isolation_text(isolation), isolation_meaning(isolation));
}

// A variable of an agent, with a value that may be long cut.
std::string variable_text(const std::string& name, const std::string& value) {
  const std::string whole = display(value).str();
  const std::string cut = fit(whole, value_columns_max);
  const std::string size = cut == whole ? "" : fmt::format(" ({} bytes)", value.size());
  return display(name).str() + "=" + cut + size;
}

// The programs that work on their own, what they are given and what they may reach.
struct AgentLines {
  std::vector<std::string> commands;
  std::vector<std::string> variables;
  std::vector<std::string> networks;
};

void add_agent(AgentLines& lines, std::string& text, const std::string& name,
               const agents::Definition& definition) {
  add_part(text, "agent");
  add_part(text, name);
  add_part(text, definition.kind);
  add_part(text, definition.model);
  add_part(text, definition.config_dir);
  add_part(text, std::to_string(definition.argv.size()));
  std::string command;
  for (const std::string& word : definition.argv) {
    add_part(text, word);
    command += (command.empty() ? "" : " ") + shell_word(word);
  }
  const std::string agent = "agent \"" + display(name).str() + "\"";
  std::string whose = agent;
  if (definition.kind != "command") whose += ", " + definition.kind;
  if (!definition.model.empty()) whose += ", model " + display(definition.model).str();
  if (!definition.config_dir.empty()) whose += ", config_dir " + display(definition.config_dir).str();
  lines.commands.push_back(line(display(command).str(), whose));
  for (const auto& [key, value] : definition.env) {
    add_part(text, key + "=" + value);
    lines.variables.push_back(line(variable_text(key, value), "given to " + agent));
  }
  if (!definition.network.empty()) add_part(text, "network " + definition.network);
  // Only what is wider than the default is worth a line.
  if (definition.network == "open") lines.networks.push_back(line("network open", agent));
  for (const std::string& endpoint : definition.allow) {
    add_part(text, "allow " + endpoint);
    lines.networks.push_back(line("reach " + display(endpoint).str(), agent));
  }
}

// The tasks that have the network open, on one line however many they are.
void add_open_tasks(AgentLines& lines, std::string& text, const plan::Plan& plan) {
  size_t open = 0;
  std::string first;
  for (const plan::Task& task : plan.tasks) {
    if (task.network.empty()) continue;
    add_part(text, "network of " + task.id.str() + " " + task.network);
    if (task.network == "open" && ++open == 1) first = task.id.str();
  }
  if (open == 0) return;
  lines.networks.push_back(
      line("network open", "task " + first + (open > 1 ? fmt::format(" and {} more", open - 1) : "")));
}

}  // namespace

Result<std::string> user_state_dir(const Program& program) {
  const std::string xdg = program.env("XDG_STATE_HOME");
  const std::string home = program.env("HOME");
  if (!xdg.empty() && xdg.front() == '/') return xdg + "/pianola";
  if (!home.empty() && home.front() == '/') return home + "/.local/state/pianola";
  return refuse(Error{.kind = ErrorKind::missing,
                      .where = "HOME",
                      .what = "is not an absolute path",
                      .expected = "a home folder, where trust is kept",
                      .next = "set HOME or XDG_STATE_HOME"});
}

TrustRequest trust_request(const TrustSubject& subject) {
  const plan::Plan& plan = subject.plan;
  TrustRequest request;
  std::string text;
  add_part(text, "pianola trust 1");
  for (const plan::Task& task : plan.tasks) {
    for (const plan::Check& check : task.verification)
      add_check(request, text, check, "gate of " + task.id.str());
    for (const std::string& setup : task.setup) add_setup(request, text, setup, "set-up of " + task.id.str());
    for (const std::string& name : task.env_from) {
      add_part(text, "env_from");
      add_part(text, name);
      show(request, "$" + name, "given to " + task.id.str());
    }
  }
  for (const plan::Check& check : plan.post_merge_checks) add_check(request, text, check, "final check");
  for (const std::string& setup : plan.setup) add_setup(request, text, setup, "set-up");
  AgentLines of_agents;
  for (const auto& [name, definition] : subject.agents.roster) add_agent(of_agents, text, name, definition);
  add_open_tasks(of_agents, text, plan);
  // A plan can make the list as long as it likes, and only its beginning is shown everywhere.
  std::vector<std::string> of_plan = std::exchange(request.lines, std::move(of_agents.commands));
  add_isolation(request, text, subject.isolation);
  for (const Looser& one : subject.looser) {
    add_part(text, one.of + " " + one.way);
    show(request, one.of, display(one.way).str());
  }
  for (std::vector<std::string>* more : {&of_agents.networks, &of_agents.variables, &of_plan})
    std::move(more->begin(), more->end(), std::back_inserter(request.lines));
  for (const NamedFile& file : subject.agents.files) {
    add_part(text, file.sha256);
    request.files.push_back(fmt::format("{} is {}", display(file.path).str(), file.sha256.substr(0, 7)));
  }
  request.sha256 = sha256_hex(text);
  return request;
}

Result<bool> is_trusted(const Program& program, const TrustRequest& request) {
  return world::exists(TRY(trust_dir(program)) + "/" + request.sha256);
}

Result<void> store_trust(const Program& program, const TrustRequest& request) {
  const std::string folder = TRY(trust_dir(program));
  TRY(world::make_dirs(folder));
  std::string list;
  for (const std::string& line : request.lines) list += line + "\n";
  return world::write_file(folder + "/" + request.sha256, list, world::Sync::file_and_dir);
}

std::string trust_list(const TrustRequest& request, const std::string& see_all) {
  return first_lines(request.lines, see_all.empty() ? no_limit : lines_shown_max, see_all);
}

Result<void> require_trust(const Program& program, const TrustRequest& request, const TrustAnswers& answers) {
  if (TRY(is_trusted(program, request))) return {};
  if (answers.is_given) return store_trust(program, request);
  const std::string list = answers.is_listed ? "" : trust_list(request, answers.see_all);
  const Surroundings& here = program.surroundings;
  if (program.format == Format::text && here.stdin_is_terminal && here.stdout_is_terminal) {
    if (!list.empty()) program.console.out("it will run on this machine, as you:\n" + list);
    const std::string said = program.console.ask("trust exactly this? [y]es  [N]o: ");
    if (said == "y" || said == "yes") return store_trust(program, request);
  }
  const std::string name = "commands " + request.sha256.substr(0, 7);
  const std::string what =
      list.empty() ? "not trusted yet: " + name : "these commands are not trusted yet:\n" + list + name;
  return refuse(Error{.kind = ErrorKind::paused,
                      .where = {},
                      .what = what,
                      .expected = "your word",
                      .next = "trust them: " + answers.allow});
}

namespace {

std::string command_of(const Program& program, std::string words, const TrustOf& of) {
  words += " " + file_word(of.file);
  if (!of.agent.empty()) words += " --agent " + shell_word(of.agent);
  if (!of.isolation.empty()) words += " --isolation " + of.isolation;
  if (of.allow_unsandboxed) words += " --allow-unsandboxed";
  return program.typed(words);
}

}  // namespace

std::string trust_command(const Program& program, const TrustOf& of, const std::string& more) {
  return command_of(program, "trust", of) + more;
}

std::string approve_command(const Program& program, const TrustOf& of, const std::string& more) {
  return command_of(program, "approve", of) + more;
}

Result<Commands> find_commands(const Program& program, const plan::Plan& plan, const TrustOf& of) {
  const world::Hub hub = TRY(find_hub(program));
  const Configuration configuration = TRY(load_configuration(program, hub.top));
  const Agents agents =
      TRY(find_agents(program, configuration, plan, {.default_agent = of.agent, .run_dir = {}}));
  const core::Isolation level =
      TRY(isolation_level(program, {of.isolation, configuration.isolation, of.allow_unsandboxed}));
  return Commands{.request = trust_request(
                      {.agents = agents, .plan = plan, .isolation = level, .looser = configuration.looser}),
                  .policy = plan::policy_of(configuration.risk),
                  .hub = hub,
                  .target = configuration.target};
}

}  // namespace pianola::cli
