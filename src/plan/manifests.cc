#include "plan/manifests.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "plan/environment.h"

namespace pianola::plan {
namespace {

// Sorted by ecosystem. The names are those that the tools' own manuals give; lockfiles are known beside them.
constexpr std::array<std::string_view, 46> names = {
    "package.json", ".yarnrc.yml", ".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs", "bunfig.toml",
    "deno.json", "deno.jsonc",
    //
    "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml", "environment.yaml",
    //
    "go.mod", "go.work",
    //
    "Cargo.toml", "rust-toolchain", "rust-toolchain.toml",
    //
    "Gemfile", "composer.json",
    //
    "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts",
    "gradle.properties", "libs.versions.toml", "gradle-wrapper.properties",
    //
    "Directory.Packages.props", "Directory.Build.props", "global.json", "nuget.config", "NuGet.Config",
    //
    "CMakePresets.json", "conanfile.txt", "conanfile.py", "vcpkg.json", "vcpkg-configuration.json",
    //
    "mix.exs", "pubspec.yaml", "Package.swift",
    //
    "flake.nix", ".tool-versions", ".nvmrc", ".python-version"};

constexpr std::array<std::string_view, 3> endings = {".csproj", ".fsproj", ".gemspec"};

constexpr std::string_view word_parts = " \t\n;&|()<>\"'`=";

// The words of all commands, each also without a "./" before it.
std::set<std::string> words_of(const std::vector<std::string>& commands) {
  std::set<std::string> words;
  for (const std::string& command : commands) {
    std::string_view rest = command;
    while (!rest.empty()) {
      rest.remove_prefix(std::min(rest.find_first_not_of(word_parts), rest.size()));
      std::string_view word = rest.substr(0, rest.find_first_of(word_parts));
      rest.remove_prefix(word.size());
      while (word.starts_with("./")) word.remove_prefix(2);
      if (!word.empty()) words.emplace(word);
    }
  }
  return words;
}

// A command may have gone into a folder before it names a file.
bool is_named(std::string_view path, const std::set<std::string>& words) {
  while (true) {
    if (words.count(std::string(path)) > 0) return true;
    const size_t slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

bool is_manifest(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (is_lockfile(path) || std::find(names.begin(), names.end(), name) != names.end()) return true;
  const auto ends = [&](std::string_view ending) { return name.ends_with(ending); };
  if (std::any_of(endings.begin(), endings.end(), ends)) return true;
  if (path == ".cargo/config.toml" || path.ends_with("/.cargo/config.toml")) return true;
  const std::string_view folder = path.substr(0, path.size() - name.size());
  const bool is_of_pip = name.starts_with("requirements") || name.starts_with("constraints") ||
                         folder == "requirements/" || folder.ends_with("/requirements/");
  return is_of_pip && (name.ends_with(".txt") || name.ends_with(".in"));
}

std::string environment_digest(const std::vector<std::string>& commands, const std::vector<TreeFile>& files,
                               const std::string& surroundings) {
  std::string text = "pianola environment 1\n" + surroundings + '\0';
  for (const std::string& command : commands) text += command + '\0';
  const std::set<std::string> words = words_of(commands);
  for (const TreeFile& file : files) {
    if (!is_manifest(file.path) && !is_named(file.path, words)) continue;
    text += std::to_string(file.mode) + ' ' + file.id + ' ' + file.path + '\0';
  }
  return sha256_hex(text);
}

}  // namespace pianola::plan
