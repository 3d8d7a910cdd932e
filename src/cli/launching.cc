#include "cli/launching.h"

#include "agents/credentials.h"
#include "world/files.h"
#include "world/git_stale_locks.h"

namespace pianola::cli {
namespace {

std::string absolute_entries(const std::string& path) {
  std::string kept;
  for (size_t from = 0; from <= path.size();) {
    size_t to = path.find(':', from);
    if (to == std::string::npos) to = path.size();
    if (to > from && path[from] == '/') kept += (kept.empty() ? "" : ":") + path.substr(from, to - from);
    from = to + 1;
  }
  return kept;
}

bool is_common(const std::string& name) {
  return name == "LANG" || name.starts_with("LC_") || name == "TERM" || name == "TZ" || name == "COLUMNS" ||
         name.starts_with("SSL_CERT_");
}

// The CLI's own folders and keys of the user, where the definition names none.
void add_login(const Program& program, agents::Definition& definition,
               std::map<std::string, std::string>& env) {
  const agents::ConfigFolder folder = agents::config_folder(definition.kind);
  const std::string home = program.env("HOME");
  if (!definition.config_dir.empty() && definition.config_dir.starts_with("~/")) {
    definition.config_dir = home + definition.config_dir.substr(1);
  }
  if (definition.config_dir.empty() && !folder.variable.empty()) {
    const std::string named = program.env(folder.variable);
    definition.config_dir = !named.empty() ? named : home + "/" + folder.in_home;
  }
  for (const std::string& name : agents::credential_names(definition.kind)) {
    const std::string value = program.env(name);
    if (!value.empty()) env[name] = value;
  }
}

}  // namespace

std::map<std::string, std::string> common_environment(const Program& program) {
  std::map<std::string, std::string> env;
  for (const auto& [name, value] : program.surroundings.env) {
    if (is_common(name)) env[name] = value;
  }
  env["PATH"] = absolute_entries(program.env("PATH"));
  return env;
}

Result<void> check_env_from(const Program& program, const plan::Plan& plan) {
  for (const plan::Task& task : plan.tasks) {
    for (const std::string& name : task.env_from) {
      if (program.surroundings.env.contains(name)) continue;
      return refuse(Error{.kind = ErrorKind::missing,
                          .where = "env_from of " + task.id.str(),
                          .what = name + " is not set here",
                          .expected = "a value in the environment of pianola",
                          .next = "export " + name + "=..."});
    }
  }
  return {};
}

std::function<Result<world::KeptSpec>(const engine::Launch& launch, const std::string& attempt_dir)> launcher(
    const Program& program, const world::Layout& layout, const core::RunId& run) {
  const bool as_root = program.surroundings.uid == 0;
  return
      [=, &program](const engine::Launch& launch, const std::string& attempt_dir) -> Result<world::KeptSpec> {
        world::KeptSpec spec;
        spec.env = common_environment(program);
        for (const std::string& name : launch.env_from) spec.env.emplace(name, program.env(name));
        agents::Definition definition = launch.agent;
        add_login(program, definition, spec.env);
        const std::string workspace = world::workspace_dir(layout, run, launch.key.task, launch.generation);
        const agents::Assignment assignment{.workspace = workspace,
                                            .prompt_file = attempt_dir + "/prompt.md",
                                            .home = workspace + ".home",
                                            .session = launch.session,
                                            .as_root = as_root};
        world::clear_stale_locks(workspace);
        TRY(world::write_file(assignment.prompt_file, launch.prompt, world::Sync::none));
        TRY(world::make_dirs(assignment.home));
        const agents::Invocation invocation =
            TRY(agents::find_adapter(definition.kind)->invoke(definition, assignment));
        spec.argv = invocation.argv;
        spec.cwd = workspace;
        if (invocation.stdin_from == agents::Invocation::Stdin::prompt)
          spec.stdin_file = assignment.prompt_file;
        spec.env["HOME"] = assignment.home;
        for (const auto& [name, value] : invocation.env) spec.env[name] = value;
        spec.env["PIANOLA_PROMPT_FILE"] = assignment.prompt_file;
        return spec;
      };
}

}  // namespace pianola::cli
