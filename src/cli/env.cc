// env hash and env verify: what a project is built with, under one short name.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/roster.h"
#include "cli/tool_version.h"
#include "plan/environment.h"
#include "world/git_dirs.h"
#include "world/lockfiles.h"

namespace pianola::cli {
namespace {

struct Environment {
  std::vector<plan::LockedFile> files;
  std::vector<plan::ToolVersion> tools;
  bool has_tools = false;  // they were asked for
  std::string hash;
};

Result<plan::ToolVersion> version_of(const Program& program, const plan::Tool& tool) {
  constexpr int64_t limit_s = 5;
  const std::string path = find_on_path(program, tool.name);
  if (path.empty()) {
    program.console.err("warning: " + tool.name + " is not on PATH; its version counts as absent\n");
    return plan::ToolVersion{tool.name, std::string(plan::absent_version)};
  }
  const std::string line = version_line({.path = path,
                                         .argument = tool.argument,
                                         .env = program.surroundings.env,
                                         .timeout_ms = limit_s * 1'000});
  // What fails now may answer later, so it has no place in a hash.
  if (line.empty())
    return refuse(Error{.kind = ErrorKind::missing,
                        .where = display(path).str(),
                        .what = fmt::format("does not answer to {} within {} s", tool.argument, limit_s),
                        .expected = "its version",
                        .next = "try it yourself, or leave --tools out"});
  return plan::ToolVersion{tool.name, line};
}

Result<Environment> find_environment(const Program& program, const EnvironmentOf& of) {
  const std::string folder = of.path.empty() ? program.directory : absolute(program.directory, of.path);
  if (!world::is_folder(folder + "/."))  // through links
    return refuse(Error{.kind = ErrorKind::usage,
                        .where = "pianola env: --path",
                        .what = "no folder " + display(folder).str(),
                        .expected = "one that is there",
                        .next = {}});
  Environment environment;
  environment.files = TRY(world::find_lockfiles(folder));
  environment.has_tools = of.tools;
  if (of.tools) {
    for (const plan::Tool& tool : plan::tools_of(environment.files))
      environment.tools.push_back(TRY(version_of(program, tool)));
  }
  environment.hash = plan::environment_hash(environment.files, environment.tools);
  return environment;
}

// What the hash follows from, as lines for people.
std::string sources_text(const Environment& environment) {
  std::string files;
  for (const plan::LockedFile& file : environment.files)
    files += (files.empty() ? "" : ", ") + display(file.path).str();
  std::string tools;
  for (const plan::ToolVersion& tool : environment.tools)
    tools += (tools.empty() ? "" : ", ") + tool.name + " (" + tool.version + ")";
  return "sources: " + (files.empty() ? "none" : files) + "\n" +
         (tools.empty() ? "" : "tools: " + tools + "\n");
}

void add_sources(boost::json::object& value, const Environment& environment) {
  boost::json::array files;
  for (const plan::LockedFile& file : environment.files) files.emplace_back(utf8_text(file.path));
  value["lockfiles"] = std::move(files);
  if (!environment.has_tools) return;
  boost::json::object tools;
  for (const plan::ToolVersion& tool : environment.tools) tools[tool.name] = tool.version;
  value["tools"] = std::move(tools);
}

}  // namespace

Result<int> run_command(const Program& program, const EnvHashOptions& options) {
  const Environment environment = TRY(find_environment(program, options.of));
  if (program.format == Format::json) {
    boost::json::object value{{"hash", environment.hash}};
    add_sources(value, environment);
    program.console.out(boost::json::serialize(value) + "\n");
    return exit_done;
  }
  // Nothing else on stdout: it becomes the value of a shell variable.
  program.console.out(environment.hash + "\n");
  program.console.err(sources_text(environment));
  return exit_done;
}

Result<int> run_command(const Program& program, const EnvVerifyOptions& options) {
  const Environment environment = TRY(find_environment(program, options.of));
  const bool is_match = environment.hash == options.hash;
  if (program.format == Format::json) {
    boost::json::object value{{"match", is_match}, {"expected", options.hash}, {"actual", environment.hash}};
    add_sources(value, environment);
    program.console.out(boost::json::serialize(value) + "\n");
  } else {
    program.console.out((is_match ? "match: " + environment.hash
                                  : "no match: actual " + environment.hash + ", expected " + options.hash) +
                        "\n" + sources_text(environment));
  }
  return is_match ? exit_done : exit_findings;
}

}  // namespace pianola::cli
