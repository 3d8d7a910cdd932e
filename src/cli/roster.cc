#include "cli/roster.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

constexpr size_t program_bytes_max = 256UL << 20;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string copy_path(const std::string& run_dir, const std::string& path) {
  return run_dir + "/agents/" + sha256_hex(path).substr(0, 12) + "/" + name_of(path);
}

// The bytes that run for the file at `path`: the copy of the run at `run_dir`, where it has one, else its
// own.
Result<std::optional<std::string>> bytes_that_run(const std::string& path, const std::string& run_dir) {
  if (!run_dir.empty()) {
    std::optional<std::string> copy =
        TRY(world::read_file_if_present(copy_path(run_dir, path), program_bytes_max));
    if (copy) return copy;
  }
  return world::read_file_if_present(path, program_bytes_max);
}

// `path` without its empty and "." parts; ".." stays, for what is before it may be a link.
std::string normalised(const std::string& path) {
  std::string out;
  for (size_t from = 0; from < path.size();) {
    const size_t to = std::min(path.find('/', from), path.size());
    const std::string part = path.substr(from, to - from);
    if (!part.empty() && part != ".") out += "/" + part;
    from = to + 1;
  }
  return out;
}

bool is_relative_file(const std::string& word) { return word.starts_with("./") || word.starts_with("../"); }

// The CLIs found on PATH, for the error that says what there is.
std::vector<std::string> clis_on_path(const Program& program) {
  std::vector<std::string> found;
  for (const std::string& kind : agents::adapter_kinds()) {
    for (const std::string& name : agents::find_adapter(kind)->programs()) {
      if (!find_on_path(program, name).empty()) found.push_back(kind);
    }
  }
  return found;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

Error not_found(const Program& program, const std::string& where, const std::string& what) {
  return Error{.kind = ErrorKind::missing,
               .where = where,
               .what = what + "; found " + joined(clis_on_path(program)),
               .expected = {},
               .next = "install it, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}"};
}

// Resolves argv of one agent; files of the repository go to `files`.
Result<void> resolve(const Program& program, AgentEntry& entry, const std::string& run_dir,
                     std::vector<NamedFile>& files) {
  agents::Definition& definition = entry.definition;
  const agents::Adapter* adapter = agents::find_adapter(definition.kind);
  if (definition.argv.empty()) {
    for (const std::string& name : adapter->programs()) {
      const std::string path = find_on_path(program, name);
      if (path.empty()) continue;
      definition.argv = {path};
      return {};
    }
    return refuse(not_found(program, entry.place, "agent \"" + definition.name + "\" is not on PATH"));
  }
  const std::string folder = folder_of(entry.file);
  for (size_t i = 0; i < definition.argv.size(); ++i) {
    std::string& word = definition.argv[i];
    if (i == 0 && word.empty()) return refuse(not_found(program, entry.place, "an empty program"));
    const bool is_program = i == 0 && word.front() != '/';
    const bool is_beside = is_program && word.find('/') != std::string::npos;
    if (is_relative_file(word) || is_beside) {
      const std::string path = normalised(folder + "/" + word);
      const std::optional<std::string> bytes = TRY(bytes_that_run(path, run_dir));
      if (!bytes) {
        return refuse(
            Error{.kind = ErrorKind::missing,
                  .where = entry.place,
                  .what = "agent \"" + definition.name + "\" names " + word + ", which is not there",
                  .expected = "a file beside " + entry.file,
                  .next = "write it or name another"});
      }
      files.push_back(
          {.agent = definition.name, .argv_index = i, .path = path, .sha256 = sha256_hex(*bytes)});
      word = path;
    } else if (is_program) {
      const std::string path = find_on_path(program, word);
      if (path.empty()) {
        return refuse(
            not_found(program, entry.place, "agent \"" + definition.name + "\": no program " + word));
      }
      word = path;
    }
  }
  return {};
}

Result<std::string> default_name(const Program& program, const Configuration& configuration,
                                 const std::string& flag) {
  if (!flag.empty()) return flag;
  if (!configuration.worker.empty()) return configuration.worker;
  if (configuration.agents.size() == 1) return configuration.agents.begin()->first;
  const std::vector<std::string> found = clis_on_path(program);
  if (!found.empty()) return found.front();
  std::string looked_for;
  for (const std::string& kind : agents::adapter_kinds()) {
    for (const std::string& name : agents::find_adapter(kind)->programs()) looked_for += " " + name;
  }
  return refuse(
      Error{.kind = ErrorKind::missing,
            .where = {},
            .what = "no agent CLI on PATH (looked for" + looked_for + ")",
            .expected = {},
            .next = "install one, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}"});
}

}  // namespace

std::string find_on_path(const Program& program, const std::string& name) {
  const std::string path = program.env("PATH");
  for (size_t from = 0; from <= path.size();) {
    size_t to = path.find(':', from);
    if (to == std::string::npos) to = path.size();
    const std::string folder = path.substr(from, to - from);
    from = to + 1;
    if (folder.empty() || folder.front() != '/') continue;
    const std::string candidate = folder + "/" + name;
    if (world::is_executable(candidate)) return candidate;
  }
  return "";
}

namespace {

// The agent of this name as it is configured, or a CLI under its own name.
std::optional<AgentEntry> entry_of(const Configuration& configuration, const std::string& name) {
  const auto configured = configuration.agents.find(name);
  if (configured != configuration.agents.end()) return configured->second;
  if (agents::find_adapter(name) == nullptr || name == "command") return std::nullopt;
  AgentEntry entry;
  entry.definition.name = name;
  entry.definition.kind = name;
  entry.place = "agent";
  return entry;
}

Error no_such_agent(const Program& program, const Configuration& configuration, const std::string& name) {
  std::vector<std::string> known = clis_on_path(program);
  for (const auto& [other, unused] : configuration.agents) known.push_back(other);
  return Error{.kind = ErrorKind::missing,
               .where = "agent \"" + display(name).str() + "\"",
               .what = "no such agent; found " + joined(known),
               .expected = {},
               .next = "name one of these, or add it under agents: in .pianola.yaml"};
}

// As the plan names them; "" is the default one.
std::set<std::string> names_in(const plan::Plan& plan) {
  std::set<std::string> names;
  for (const plan::Task& task : plan.tasks) names.insert(task.agent);
  if (names.empty()) names.insert("");
  return names;
}

}  // namespace

Result<Agents> find_agents(const Program& program, const Configuration& configuration, const plan::Plan& plan,
                           const AgentSearch& search) {
  Agents agents;
  std::set<std::string> names = names_in(plan);
  if (names.erase("") > 0) {
    agents.default_agent = TRY(default_name(program, configuration, search.default_agent));
    names.insert(agents.default_agent);
  }
  for (const std::string& name : names) {
    std::optional<AgentEntry> entry = entry_of(configuration, name);
    if (!entry) return refuse(no_such_agent(program, configuration, name));
    TRY(resolve(program, *entry, search.run_dir, agents.files));
    agents.roster[name] = entry->definition;
  }
  const std::string& worker = agents.default_agent.empty() ? configuration.worker : agents.default_agent;
  const auto of_worker = agents.roster.find(worker);
  if (of_worker != agents.roster.end() && of_worker->second.model.empty())
    of_worker->second.model = configuration.worker_model;
  return agents;
}

Result<void> use_copies(Agents& agents, const std::string& run_dir) {
  for (const NamedFile& file : agents.files) {
    const std::optional<std::string> bytes = TRY(bytes_that_run(file.path, run_dir));
    if (!bytes || sha256_hex(*bytes) != file.sha256) {
      return refuse(Error{.kind = ErrorKind::paused,
                          .where = file.path,
                          .what = "it changed while you looked",
                          .expected = "the bytes you trusted",
                          .next = "run it again"});
    }
    const std::string copy = copy_path(run_dir, file.path);
    if (!world::exists(copy)) {
      TRY(world::make_dirs(folder_of(copy)));
      // A power cut may leave the name without the bytes, and then they would count as what it runs.
      TRY(world::write_file(copy, *bytes, world::Sync::file_and_dir));
    }
    TRY(world::make_executable(copy));  // also one whose maker was killed before this
    agents.roster.at(file.agent).argv[file.argv_index] = copy;
  }
  return {};
}

engine::Roster roster_to_end(const Configuration& configuration, const core::State& state) {
  engine::Roster roster;
  for (const std::string& named : names_in(state.plan)) {
    const std::string& name = named.empty() ? state.policy.default_agent : named;
    const std::optional<AgentEntry> entry = entry_of(configuration, name);
    if (entry) roster[name] = {.name = name, .kind = entry->definition.kind};
  }
  return roster;
}

}  // namespace pianola::cli
