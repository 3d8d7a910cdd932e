// doctor and agents list: what this machine has of what pianola needs, and the line that mends the rest.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "cli/attacks.h"
#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/isolation.h"
#include "cli/options.h"
#include "cli/roster.h"
#include "cli/runs.h"
#include "cli/tool_version.h"
#include "world/child.h"
#include "world/clock.h"
#include "world/probe.h"

namespace pianola::cli {
namespace {

enum class Verdict { ok, note, warn, broken };

// One requirement: what was found, what is needed, what for, and how to mend it.
struct Finding {
  Verdict verdict = Verdict::ok;
  std::string subject;
  std::string found;
  std::string needed;  // "" when anything will do
  std::string what_for;
  std::string mend;  // "" when nothing is to be done
};

std::string verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::note:
      return "note";
    case Verdict::warn:
      return "warn";
    case Verdict::broken:
      return "broken";
  }
  return "";
}

Finding git_finding(const Program& program) {
  const Result<world::GitProgram> git = world::find_git(program.surroundings.env, world::run_child);
  if (!git) return {Verdict::broken, "git", git.error().what, "2.39", "every step", "apt-get install git"};
  return {Verdict::ok, "git", git->version, "2.39", "workspaces, merging, landing", ""};
}

std::string version_of(const Program& program, const std::string& path) {
  return version_line({.path = path,
                       .env = {{"PATH", program.env("PATH")}, {"HOME", program.env("HOME")}},
                       .timeout_ms = 20'000});
}

void add_agents(const Program& program, std::vector<Finding>& findings) {
  int found = 0;
  for (const std::string& kind : agents::adapter_kinds()) {
    for (const std::string& name : agents::find_adapter(kind)->programs()) {
      const std::string path = find_on_path(program, name);
      if (path.empty()) {
        findings.push_back({Verdict::note, "agent", name + " is not on PATH", "", "tasks given to " + name,
                            "install it, or name another agent"});
        continue;
      }
      ++found;
      const std::string version = version_of(program, path);
      findings.push_back({version.empty() ? Verdict::warn : Verdict::ok, "agent",
                          name + " " + (version.empty() ? "does not answer to --version" : version), "",
                          "tasks given to " + name, version.empty() ? "run: " + path + " --version" : ""});
    }
  }
  if (found == 0) {
    findings.push_back(
        {Verdict::warn, "agents", "no agent CLI on PATH", "one", "anything but your own agents",
         "install one, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}"});
  }
}

void add_repository(const Program& program, std::vector<Finding>& findings) {
  const Result<world::Hub> hub = find_hub(program);
  if (!hub) {
    findings.push_back(
        {Verdict::note, "repository", hub.error().what, "a git repository", "run", hub.error().next});
    return;
  }
  const Result<void> settled = world::check_settled(*hub, world::run_child);
  findings.push_back({settled ? Verdict::ok : Verdict::warn, "repository",
                      settled ? display(hub->path).str() : settled.error().what, "", "run",
                      settled ? "" : settled.error().next});
  const Result<void> sound = world::probe_disk(hub->layout.state_dir);
  findings.push_back(
      {sound ? Verdict::ok : Verdict::broken, "journal",
       sound ? "lock and sync hold in " + display(hub->layout.state_dir).str() : sound.error().what, "",
       "losing nothing", sound ? "" : sound.error().next});
  const Result<Configuration> configuration = load_configuration(program, hub->top);
  if (!configuration) {
    findings.push_back(
        {Verdict::broken, "configuration", configuration.error().what, "", "run", "mend that file"});
  }
}

// The level that runs are at here when they ask for none.
Finding isolation_finding(const Program& program) {
  const std::string what_for = "agents you do not trust";
  const std::string list = "all of it: " + program.typed("doctor --attacks");
  const Result<Trial> sealed = try_level(program, core::Isolation::sealed);
  if (sealed)
    return {Verdict::ok, "isolation", trial_text(*sealed, core::Isolation::sealed), "", what_for, list};
  const std::string why = "no seal: " + display(sealed.error().what).str();
  const std::string mend = sealed.error().next;
  const Result<Trial> landlock = try_level(program, core::Isolation::landlock);
  if (landlock) {
    const std::string found = trial_text(*landlock, core::Isolation::landlock) + "; " + why;
    return {Verdict::warn, "isolation", found, "", what_for, mend + "; " + list};
  }
  const std::string found = why + "; no Landlock: " + display(landlock.error().what).str();
  return {Verdict::warn, "isolation", found, "", what_for, mend + "; runs need --allow-unsandboxed here"};
}

void add_limits(const Program& program, std::vector<Finding>& findings) {
  constexpr uint64_t descriptors_needed = 1024;
  const uint64_t descriptors = world::descriptor_limit();
  findings.push_back(
      {descriptors >= descriptors_needed ? Verdict::ok : Verdict::warn, "limits",
       fmt::format("ulimit -n {}", descriptors), fmt::format("{}", descriptors_needed), "many agents",
       descriptors >= descriptors_needed ? "" : fmt::format("ulimit -n {}", descriptors_needed)});
  if (const Instant now = world::wall_now(); !world::is_set(now)) {
    findings.push_back({Verdict::warn, "clock", iso_utc(now), "2020 or later",
                        "logins, certificates and the times of runs", "timedatectl set-ntp true"});
  }
  findings.push_back(isolation_finding(program));
  std::string ignored;
  for (const std::string name : {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_SSH_COMMAND",
                                 "LD_PRELOAD", "BASH_ENV", "NODE_OPTIONS"}) {
    if (program.surroundings.env.contains(name)) ignored += (ignored.empty() ? "" : " ") + name;
  }
  if (!ignored.empty()) {
    findings.push_back(
        {Verdict::note, "ignored", ignored + " set; git and agents do not get them", "", "", ""});
  }
}

std::string text_of(const Finding& finding) {
  std::string line =
      fmt::format("{:<6} {:<13} {}", verdict_text(finding.verdict), finding.subject, finding.found);
  if (!finding.needed.empty()) line += " (needs " + finding.needed + ")";
  if (!finding.what_for.empty()) line += ", for " + finding.what_for;
  if (!finding.mend.empty()) line += "; " + finding.mend;
  return line + "\n";
}

int print(const Program& program, const std::vector<Finding>& findings) {
  int warnings = 0;
  int broken = 0;
  boost::json::array rows;
  std::string text;
  for (const Finding& finding : findings) {
    warnings += finding.verdict == Verdict::warn ? 1 : 0;
    broken += finding.verdict == Verdict::broken ? 1 : 0;
    text += text_of(finding);
    rows.push_back(boost::json::object{{"verdict", verdict_text(finding.verdict)},
                                       {"subject", finding.subject},
                                       {"found", finding.found},
                                       {"needed", finding.needed},
                                       {"what_for", finding.what_for},
                                       {"mend", finding.mend}});
  }
  if (program.format == Format::json) {
    program.console.out(boost::json::serialize(boost::json::object{
                            {"findings", rows}, {"warnings", warnings}, {"broken", broken}}) +
                        "\n");
  } else {
    program.console.out(text + fmt::format("{} warning{}, {} broken\n", warnings, warnings == 1 ? "" : "s",
                                           broken == 0 ? "nothing" : std::to_string(broken)));
  }
  return broken > 0 ? exit_missing : exit_done;
}

}  // namespace

Result<int> run_command(const Program& program, const DoctorOptions& options) {
  if (options.attacks) return print_attacks(program);
  std::vector<Finding> findings;
  findings.push_back({Verdict::ok, "system", world::system_text(), "Linux 5.10", "everything", ""});
  findings.push_back(git_finding(program));
  add_repository(program, findings);
  add_agents(program, findings);
  add_limits(program, findings);
  return print(program, findings);
}

Result<int> run_command(const Program& program, const AgentsListOptions&) {
  std::string top;
  if (const Result<world::Hub> hub = find_hub(program)) top = hub->top;
  const Configuration configuration = TRY(load_configuration(program, top));
  boost::json::array rows;
  std::string text;
  const auto add = [&](const std::string& name, const std::string& kind, const std::string& where) {
    rows.push_back(boost::json::object{{"name", name}, {"kind", kind}, {"path", where}});
    text += fmt::format("{:<16} {:<8} {}\n", display(name).str(), kind,
                        where.empty() ? "not on PATH" : display(where).str());
  };
  for (const auto& [name, entry] : configuration.agents) {
    const agents::Definition& definition = entry.definition;
    const std::vector<std::string> programs = agents::find_adapter(definition.kind)->programs();
    const std::string named = definition.argv.empty() ? "" : definition.argv.front();
    add(name, definition.kind,
        !named.empty() || programs.empty() ? named : find_on_path(program, programs.front()));
  }
  for (const std::string& kind : agents::adapter_kinds()) {
    if (configuration.agents.contains(kind)) continue;
    for (const std::string& name : agents::find_adapter(kind)->programs())
      add(kind, kind, find_on_path(program, name));
  }
  program.console.out(program.format == Format::json ? boost::json::serialize(rows) + "\n" : text);
  return exit_done;
}

}  // namespace pianola::cli
