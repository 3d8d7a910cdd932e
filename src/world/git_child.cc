#include "world/git_child.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "base/text.h"
#include "world/git_dirs.h"

namespace pianola::world {
namespace {

constexpr int oldest_major = 2;
constexpr int oldest_minor = 39;

// What no repository's configuration may decide for pianola.
constexpr std::array fixed_settings = {
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.fsync=all",
    "core.attributesFile=/dev/null",
    "core.alternateRefsCommand=true",
    "fetch.fsckObjects=true",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "protocol.allow=never",
    "protocol.file.allow=always",
    "merge.directoryRenames=false",
    "commit.gpgSign=false",
    "diff.ignoreSubmodules=dirty",
};

// Major and minor of "git version 2.39.5 (...)"; {0, 0} when it is no such line.
std::array<int, 2> version_numbers(std::string_view version) {
  std::array<int, 2> numbers = {0, 0};
  size_t at = 0;
  for (int& number : numbers) {
    while (at < version.size() && version[at] >= '0' && version[at] <= '9' && number < 10'000)
      number = number * 10 + (version[at++] - '0');
    if (at < version.size() && version[at] == '.') ++at;
  }
  return numbers;
}

std::string version_in(const std::string& output) {
  constexpr std::string_view lead = "git version ";
  if (output.rfind(lead, 0) != 0) return {};
  const size_t end = output.find_first_of(" \n", lead.size());
  return output.substr(lead.size(), end == std::string::npos ? end : end - lead.size());
}

Result<GitProgram> ask_version(const std::string& path, const RunChild& run) {
  const GitCall call{.args = {"--version"}, .timeout_ms = 10'000};
  const Finished finished = TRY(run(git_options({path, ""}, call)));
  const std::string version = version_in(finished.out);
  const auto [major, minor] = version_numbers(version);
  if (!finished.ok() || major == 0)
    return refuse({.kind = ErrorKind::missing,
                   .where = path,
                   .what = "does not say which git it is",
                   .expected = "git 2.39 or newer",
                   .next = "run: git --version"});
  if (major < oldest_major || (major == oldest_major && minor < oldest_minor))
    return refuse({.kind = ErrorKind::missing,
                   .where = path,
                   .what = fmt::format("git {} is too old", display(version).str()),
                   .expected = "git 2.39 or newer",
                   .next = "install a newer one: apt-get install git"});
  return GitProgram{path, version};
}

void add_person(const GitCall& call, std::map<std::string, std::string>& env) {
  if (call.config == GitCall::Config::person) return;
  env["GIT_CONFIG_NOSYSTEM"] = "1";
  env["GIT_CONFIG_GLOBAL"] = "/dev/null";
  env["GIT_ATTR_NOSYSTEM"] = "1";
}

void add_places(const GitCall& call, std::map<std::string, std::string>& env) {
  const std::array<std::pair<const char*, const std::string*>, 5> places = {{
      {"GIT_DIR", &call.git_dir},
      {"GIT_OBJECT_DIRECTORY", &call.object_dir},
      {"GIT_WORK_TREE", &call.work_tree},
      {"GIT_INDEX_FILE", &call.index_file},
      {"GIT_SHALLOW_FILE", &call.shallow_file},
  }};
  for (const auto& [name, value] : places)
    if (!value->empty()) env[name] = *value;
}

}  // namespace

Result<GitProgram> find_git(const std::map<std::string, std::string>& env, const RunChild& run) {
  const auto found = env.find("PATH");
  const std::string path = found == env.end() ? "" : found->second;
  size_t at = 0;
  while (at <= path.size()) {
    size_t end = path.find(':', at);
    if (end == std::string::npos) end = path.size();
    const std::string folder = path.substr(at, end - at);
    at = end + 1;
    if (folder.empty() || folder.front() != '/') continue;
    const std::string candidate = folder + "/git";
    if (::access(candidate.c_str(), X_OK) == 0) return ask_version(candidate, run);
  }
  return refuse({.kind = ErrorKind::missing,
                 .where = "git",
                 .what = "not in any absolute folder of PATH",
                 .expected = "git 2.39 or newer",
                 .next = "install it: apt-get install git"});
}

ChildOptions git_options(const GitProgram& git, const GitCall& call) {
  ChildOptions options;
  options.argv = call.before;
  options.argv.push_back(git.path);
  for (const char* setting : fixed_settings) options.argv.insert(options.argv.end(), {"-c", setting});
  for (const char* key : {"core.filesRefLockTimeout", "core.packedRefsTimeout"})
    options.argv.insert(options.argv.end(), {"-c", fmt::format("{}={}", key, call.lock_wait_ms)});
  for (const std::string& setting : call.settings) options.argv.insert(options.argv.end(), {"-c", setting});
  options.argv.insert(options.argv.end(), call.args.begin(), call.args.end());

  options.env = {
      {"PATH", parent_folder(git.path) + ":/usr/bin:/bin"},
      {"LC_ALL", "C"},
      {"TZ", "UTC"},
      {"GIT_TERMINAL_PROMPT", "0"},
      {"GIT_OPTIONAL_LOCKS", "0"},
      {"GIT_NO_REPLACE_OBJECTS", "1"},
      {"GIT_LITERAL_PATHSPECS", "1"},
      {"GIT_NO_LAZY_FETCH", "1"},
      {"GIT_EDITOR", ":"},
      {"GIT_PAGER", "cat"},
      {"GIT_ASKPASS", "/bin/false"},
  };
  add_person(call, options.env);
  add_places(call, options.env);
  for (const auto& [name, value] : call.env) options.env[name] = value;

  options.cwd = call.cwd;
  options.stdin_bytes = call.stdin_bytes;
  options.stdin_file = call.stdin_file;
  options.stdout_limit_bytes = 256U << 20;
  options.timeout_ms = call.timeout_ms;
  return options;
}

Result<Finished> Git::run(const GitCall& call) const {
  Finished finished = TRY(run_(git_options(program_, call)));
  if (finished.timed_out || finished.stdout_cut)
    return refuse({.kind = ErrorKind::failed,
                   .where = "git " + call.args.front(),
                   .what = finished.timed_out ? fmt::format("not done after {} s", call.timeout_ms / 1000)
                                              : "more output than pianola reads"});
  return finished;
}

Result<std::string> Git::output(const GitCall& call) const {
  Finished finished = TRY(run(call));
  if (!finished.ok()) return refuse(git_error(call, finished));
  return std::move(finished.out);
}

std::map<std::string, std::string> author_env(const Identity& identity, int64_t seconds) {
  // The @ makes git take small numbers for seconds too.
  const std::string date = fmt::format("@{} +0000", seconds);
  return {{"GIT_AUTHOR_NAME", identity.name},
          {"GIT_AUTHOR_EMAIL", identity.email},
          {"GIT_AUTHOR_DATE", date},
          {"GIT_COMMITTER_NAME", identity.name},
          {"GIT_COMMITTER_EMAIL", identity.email},
          {"GIT_COMMITTER_DATE", date}};
}

}  // namespace pianola::world
