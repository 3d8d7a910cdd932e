#include "cli/launching.h"

#include <algorithm>
#include <string_view>

#include "agents/credentials.h"
#include "cli/network.h"
#include "cli/roster.h"
#include "cli/toolbox.h"
#include "world/files.h"
#include "world/git_stale_locks.h"
#include "world/layout.h"

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
  if (definition.config_dir.empty() && !folder.in_home.empty()) {
    const std::string named = folder.variable.empty() ? "" : program.env(folder.variable);
    const std::string usual = folder.in_home == "." ? home : home + "/" + folder.in_home;
    definition.config_dir = !named.empty() ? named : usual;
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

namespace {

// Where files cannot be hidden, programs are told what to leave alone: git dies of a system configuration
// that it sees and may not read.
void add_for_landlock(std::map<std::string, std::string>& env, const std::string& tmp) {
  for (const char* name : {"TMPDIR", "TMP", "TEMP"}) env[name] = tmp;
  env["GIT_CONFIG_NOSYSTEM"] = "1";
}

// Nobody must be able to go to its workspace: through the folder of the run's, and that of all runs.
Result<void> let_pass_to(const std::string& workspace) {
  const std::string of_run = workspace.substr(0, workspace.rfind('/'));
  TRY(world::let_everybody_pass(of_run));
  return world::let_everybody_pass(of_run.substr(0, of_run.rfind('/')));
}

// One launch, in the order it is made ready.
class Start {
 public:
  Start(const Program& program, const world::Layout& layout, const core::RunId& run,
        const engine::Launch& launch, const std::optional<world::Sealer>& sealer)
      : program_(program),
        layout_(layout),
        launch_(launch),
        sealer_(sealer),
        workspace_(world::workspace_dir(layout, run, launch.key.task, launch.generation)),
        home_(workspace_ + world::beside_home) {}

  Result<world::KeptSpec> spec(const std::string& attempt_dir) {
    const std::string prompt_file = attempt_dir + "/prompt.md";
    world::clear_stale_locks(workspace_);
    TRY(world::write_file(prompt_file, launch_.prompt, world::Sync::none));
    TRY(world::make_dirs(home_));

    world::KeptSpec spec;
    spec.env = common_environment(program_);
    for (const std::string& name : launch_.env_from) spec.env.emplace(name, program_.env(name));
    agents::Definition definition = launch_.agent;
    add_login(program_, definition, spec.env);
    const std::string settings_dir = definition.config_dir;
    world::Seal seal;
    if (sealer_) seal = TRY(seal_for(definition, prompt_file));
    const agents::Assignment assignment{.workspace = sealer_ ? seal.cwd : workspace_,
                                        .prompt_file = sealer_ ? seal.binds.back().at : prompt_file,
                                        .home = sealer_ ? inside_home() : home_,
                                        .session = launch_.session,
                                        .as_root = program_.surroundings.uid == 0 && !sealer_};
    const agents::Invocation invocation =
        TRY(agents::find_adapter(definition.kind)->invoke(definition, assignment));
    spec.argv = invocation.argv;
    spec.cwd = workspace_;
    spec.disk_folders = {workspace_, home_};
    if (invocation.stdin_from == agents::Invocation::Stdin::prompt) spec.stdin_file = prompt_file;
    spec.env["HOME"] = assignment.home;
    for (const auto& [name, value] : invocation.env) spec.env[name] = value;
    spec.env["PIANOLA_PROMPT_FILE"] = assignment.prompt_file;
    if (!sealer_) return spec;
    if (!has_root()) add_for_landlock(spec.env, tmp());
    if (seal.network == world::Seal::Network::model) {
      seal.way_out = TRY(way_out({definition, spec.env, settings_dir, attempt_dir}));
      // On the machine's own loopback the door finds a port that is free.
      if (!has_root()) seal.way_out->proxy_port = 0;
      add_proxy(spec.env, *seal.way_out, definition.kind);
    }
    return close(std::move(spec), std::move(seal));
  }

 private:
  // Beside the workspace: the private HOME, and without a root of its own also a private /tmp and what is
  // only read.
  bool has_root() const { return world::has_own_root(*sealer_); }
  std::string real_home() const { return has_root() ? home_ : home_ + "/home"; }
  std::string inside_home() const { return world::place_inside(*sealer_, real_home(), world::sealed_home); }
  std::string tmp() const { return home_ + "/tmp"; }
  std::string given() const { return home_ + "/given"; }

  // The folders, and a copy of the CLI's configuration in the private HOME; the prompt comes last.
  Result<world::Seal> seal_for(agents::Definition& definition, const std::string& prompt_file) const {
    using enum world::Bind::Access;
    world::Seal seal;
    seal.cwd = world::place_inside(*sealer_, workspace_,
                                   world::sealed_workspace(launch_.key.task.str(), layout_.git_dir));
    seal.network = network_level(definition);
    if (has_root() && seal.cwd != command_place(layout_)) {
      seal.links.emplace_back(seal.cwd, command_place(layout_));
    }
    seal.binds = world::object_binds(layout_.git_dir);
    seal.binds.push_back({workspace_, seal.cwd, write});
    seal.binds.push_back({real_home(), inside_home(), write});
    if (!has_root()) TRY(make_places(seal));
    if (!definition.config_dir.empty()) TRY(copy_configuration(definition, seal));
    if (!world::is_workers(workspace_, *sealer_)) TRY(world::give_to_worker(workspace_, *sealer_));
    TRY(world::give_to_worker(real_home(), *sealer_));
    if (has_root()) {
      TRY(world::give_to_worker(prompt_file, *sealer_));
      seal.binds.push_back({prompt_file, std::string(world::sealed_run) + "/prompt.md"});
      return seal;
    }
    const std::string copy = given() + "/prompt.md";
    TRY(world::copy_file_for_all(prompt_file, copy));
    seal.binds.push_back({copy, copy});
    return seal;
  }

  // What is only read is made anew for each attempt.
  Result<void> make_places(world::Seal& seal) const {
    TRY(world::remove_tree(given()));
    for (const std::string& place : {real_home(), tmp(), given()}) TRY(world::make_dirs(place));
    if (sealer_->is_root) TRY(let_pass_to(workspace_));
    for (const std::string& place : {home_, given()}) TRY(world::let_everybody_pass(place));
    TRY(world::give_to_worker(tmp(), *sealer_));
    seal.binds.push_back({tmp(), tmp(), world::Bind::Access::write});
    return {};
  }

  Result<void> copy_configuration(agents::Definition& definition, world::Seal& seal) const {
    const agents::ConfigParts parts = agents::config_parts(definition.kind);
    const std::string name = "/." + definition.kind;
    TRY(world::copy_entries(definition.config_dir, real_home() + name, parts.copied));
    for (const std::string& login : parts.logins) {
      const std::string file = definition.config_dir + "/" + login;
      if (!world::exists(file)) continue;
      if (has_root()) {
        seal.binds.push_back({file, world::sealed_home + name + "/" + login});
      } else {
        TRY(world::copy_entries(definition.config_dir, real_home() + name, {login}));
      }
    }
    definition.config_dir = inside_home() + name;
    return {};
  }

  Result<world::KeptSpec> close(world::KeptSpec spec, world::Seal seal) const {
    std::string& path = spec.env["PATH"];
    std::string& program = spec.argv.front();
    if (program.find('/') == std::string::npos) program = find_on_path(program_, program);
    if (!has_root()) TRY(give_copies(spec.argv));
    for (world::Bind& bind : world::program_binds(spec.argv, path, *sealer_)) {
      if (bind.from.starts_with(layout_.state_dir + "/")) TRY(world::give_to_worker(bind.from, *sealer_));
      seal.binds.push_back(std::move(bind));
    }
    path = world::path_to_interpreter(program, path, *sealer_);
    add_tools(program_, *sealer_, seal, spec.env);
    TRY(clear_ways(seal));
    path = world::visible_path(path, *sealer_, seal);
    return world::sealed(std::move(spec), *sealer_, seal);
  }

  // An attempt before may have left a link in its HOME, on the way to where something is shown now:
  // bubblewrap would follow it out.
  Result<void> clear_ways(const world::Seal& seal) const {
    const std::string inside = inside_home() + "/";
    for (const world::Bind& bind : seal.binds) {
      if (!has_root() || !bind.at.starts_with(inside)) continue;
      TRY(world::clear_way(real_home(), bind.at.substr(inside.size())));
    }
    return {};
  }

  // The run's own copies lie where nobody but us may pass.
  Result<void> give_copies(std::vector<std::string>& argv) const {
    for (size_t i = 0; i < argv.size(); ++i) {
      if (!argv[i].starts_with(layout_.state_dir + "/")) continue;
      const std::string name = argv[i].substr(argv[i].rfind('/') + 1);
      const std::string copy = given() + "/" + std::to_string(i) + "/" + name;
      TRY(world::copy_file_for_all(argv[i], copy));
      argv[i] = copy;
    }
    return {};
  }

  const Program& program_;
  const world::Layout& layout_;
  const engine::Launch& launch_;
  const std::optional<world::Sealer>& sealer_;
  std::string workspace_;
  std::string home_;
};

}  // namespace

std::function<Result<world::KeptSpec>(const engine::Launch& launch, const std::string& attempt_dir)> launcher(
    const Program& program, const world::Layout& layout, const core::RunId& run,
    const std::optional<world::Sealer>& sealer) {
  return [=, &program](const engine::Launch& launch, const std::string& attempt_dir) {
    return Start(program, layout, run, launch, sealer).spec(attempt_dir);
  };
}

std::string command_place(const world::Layout& layout) {
  return world::sealed_workspace("check", layout.git_dir);
}

Enclose command_sealer(const Program& program, const world::Layout& layout, const world::Sealer& sealer) {
  return [=, &program](world::KeptSpec spec, const std::string& workspace,
                       world::Seal::Network network) -> Result<world::KeptSpec> {
    using enum world::Bind::Access;
    world::Seal seal;
    seal.network = network;
    seal.cwd = world::place_inside(sealer, workspace, command_place(layout));
    seal.binds = world::object_binds(layout.git_dir);
    seal.binds.push_back({workspace, seal.cwd, write});
    TRY(world::give_to_worker(workspace, sealer));
    spec.env["HOME"] = world::sealed_home;
    if (!world::has_own_root(sealer)) {
      // Each check has a HOME and a /tmp that nobody used before.
      const std::string beside = workspace + world::beside_home;
      TRY(world::remove_tree(beside));
      for (const char* name : {"/home", "/tmp"}) {
        TRY(world::make_dirs(beside + name));
        seal.binds.push_back({beside + name, beside + name, write});
      }
      TRY(world::give_to_worker(beside, sealer));
      if (sealer.is_root) TRY(let_pass_to(workspace));
      spec.env["HOME"] = beside + "/home";
      spec.disk_folders.push_back(beside);
      add_for_landlock(spec.env, beside + "/tmp");
    }
    add_tools(program, sealer, seal, spec.env);
    spec.env["PATH"] = world::visible_path(spec.env["PATH"], sealer, seal);
    return world::sealed(std::move(spec), sealer, seal);
  };
}

}  // namespace pianola::cli
