#include "plan/environment.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/hash.h"

namespace pianola::plan {
namespace {

constexpr size_t hash_digits = 16;

struct Lockfile {
  std::string_view name;
  std::array<std::string_view, 2> tools = {};  // what it is made and used by
};

// Sorted by ecosystem. The names are those that the tools' own manuals give.
constexpr std::array<Lockfile, 36> lockfiles = {{
    {"package-lock.json", {"node", "npm"}},
    {"npm-shrinkwrap.json", {"node", "npm"}},
    {"yarn.lock", {"node", "yarn"}},
    {"pnpm-lock.yaml", {"node", "pnpm"}},
    {"bun.lock", {"bun"}},
    {"bun.lockb", {"bun"}},
    {"deno.lock", {"deno"}},
    //
    {"poetry.lock", {"python3", "poetry"}},
    {"uv.lock", {"python3", "uv"}},
    {"pdm.lock", {"python3", "pdm"}},
    {"pylock.toml", {"python3"}},
    {"Pipfile.lock", {"python3", "pipenv"}},
    {"requirements.lock", {"python3"}},
    {"requirements-dev.lock", {"python3"}},
    {"conda-lock.yml", {"conda"}},
    {"pixi.lock", {"pixi"}},
    //
    {"go.sum", {"go"}},
    {"go.work.sum", {"go"}},
    {"Cargo.lock", {"cargo", "rustc"}},
    //
    {"Gemfile.lock", {"bundle", "ruby"}},
    {"gems.locked", {"bundle", "ruby"}},
    {"composer.lock", {"composer", "php"}},
    //
    {"gradle.lockfile", {"java"}},
    {"buildscript-gradle.lockfile", {"java"}},
    {"packages.lock.json", {"dotnet"}},
    {"paket.lock", {"dotnet"}},
    {"conan.lock", {"conan"}},
    {"MODULE.bazel.lock", {"bazel"}},
    //
    {"mix.lock", {"elixir"}},
    {"rebar.lock", {"rebar3"}},
    {"pubspec.lock", {"dart"}},
    {"Package.resolved", {"swift"}},
    {"Podfile.lock", {"pod"}},
    {"stack.yaml.lock", {"stack"}},
    {"cabal.project.freeze", {"cabal", "ghc"}},
    {"flake.lock", {"nix"}},
}};

constexpr std::array<std::string_view, 6> foreign_folders = {".git",  "node_modules", "vendor",
                                                             ".venv", "venv",         "target"};

const Lockfile* find_lockfile(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto found = std::find_if(lockfiles.begin(), lockfiles.end(),
                                  [&](const Lockfile& lockfile) { return lockfile.name == name; });
  return found == lockfiles.end() ? nullptr : &*found;
}

// go knows no --version; the first line of elixir's is that of Erlang.
std::string version_argument(std::string_view tool) {
  if (tool == "go") return "version";
  return tool == "elixir" ? "--short-version" : "--version";
}

}  // namespace

bool is_lockfile(std::string_view path) { return find_lockfile(path) != nullptr; }

bool may_hold_lockfiles(std::string_view folder) {
  const std::string_view name = folder.substr(folder.rfind('/') + 1);
  return std::find(foreign_folders.begin(), foreign_folders.end(), name) == foreign_folders.end();
}

bool is_own_lockfile(std::string_view path) {
  if (!is_lockfile(path)) return false;
  for (size_t end = path.rfind('/'); end != std::string_view::npos; end = path.rfind('/', end - 1)) {
    if (!may_hold_lockfiles(path.substr(0, end))) return false;
    if (end == 0) break;
  }
  return true;
}

std::vector<Tool> tools_of(const std::vector<LockedFile>& files) {
  std::map<std::string_view, Tool> tools;
  for (const LockedFile& file : files) {
    const Lockfile* lockfile = find_lockfile(file.path);
    if (lockfile == nullptr) continue;
    for (const std::string_view tool : lockfile->tools) {
      if (!tool.empty()) tools[tool] = {std::string(tool), version_argument(tool)};
    }
  }
  std::vector<Tool> sorted;
  for (auto& [name, tool] : tools) sorted.push_back(std::move(tool));
  return sorted;
}

std::string environment_hash(std::vector<LockedFile> files, std::vector<ToolVersion> tools) {
  if (files.empty() && tools.empty()) return std::string(no_lock);
  std::sort(files.begin(), files.end());
  std::sort(tools.begin(), tools.end());
  std::string text = "pianola environment hash 1\n";
  add_part(text, std::to_string(files.size()));
  for (const LockedFile& file : files) {
    add_part(text, file.path);
    add_part(text, file.sha256);
  }
  for (const ToolVersion& tool : tools) {
    add_part(text, tool.name);
    add_part(text, tool.version);
  }
  return sha256_hex(text).substr(0, hash_digits);
}

bool is_environment_hash(std::string_view text) {
  if (text == no_lock) return true;
  return text.size() == hash_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace pianola::plan
