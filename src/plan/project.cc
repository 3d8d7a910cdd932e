#include "plan/project.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "plan/assumed.h"
#include "plan/json.h"
#include "plan/sheet.h"
#include "plan/trivial.h"

namespace pianola::plan {
namespace {

bool has(const ProjectFolder& folder, std::string_view name) {
  return std::find(folder.names.begin(), folder.names.end(), name) != folder.names.end();
}

std::string_view text_of(const ProjectFolder& folder, const std::string& name) {
  const auto found = folder.texts.find(name);
  return found == folder.texts.end() ? std::string_view() : found->second;
}

// The script that `npm init` writes says so and fails; it is no test.
bool has_npm_test(const ProjectFolder& folder) {
  const CheckedText checked = check_text_bytes(text_of(folder, "package.json"));
  if (checked.fault) return false;
  const Parsed parsed = parse_json(checked.text);
  if (!parsed.tree) return false;
  const Tree& tree = *parsed.tree;
  const NodeIndex script = tree.find(tree.find(tree.root(), "scripts"), "test");
  if (script == no_node || tree.node(script).kind != NodeKind::scalar || tree.node(script).plain)
    return false;
  const std::string command(tree.text(script));
  const bool is_blank = command.find_first_not_of(" \t\r\n") == std::string::npos;
  return !is_blank && command.find("no test specified") == std::string::npos &&
         !is_trivial(ShellCommand{command});
}

bool has_pytest(const ProjectFolder& folder) {
  if (has(folder, "pyproject.toml") || has(folder, "setup.cfg") || has(folder, "pytest.ini")) return true;
  return std::any_of(folder.names.begin(), folder.names.end(), [](const std::string& name) {
    return name.starts_with("tests/") && name.ends_with(".py");
  });
}

bool has_ctest(const ProjectFolder& folder) {
  if (has(folder, "CTestTestfile.cmake")) return true;
  const std::string_view lists = text_of(folder, "CMakeLists.txt");
  const bool is_tested = lists.find("enable_testing") != std::string_view::npos ||
                         lists.find("include(CTest)") != std::string_view::npos;
  return is_tested || (has(folder, "CMakeLists.txt") && has(folder, "CMakePresets.json"));
}

struct ProjectKind {
  bool (*is_here)(const ProjectFolder& folder);
  std::string_view command;
};

constexpr std::array<ProjectKind, 5> project_kinds = {{
    {has_npm_test, "npm test"},
    {has_pytest, "python3 -m pytest"},
    {[](const ProjectFolder& folder) { return has(folder, "Cargo.toml"); }, "cargo test"},
    {[](const ProjectFolder& folder) { return has(folder, "go.mod"); }, "go test ./..."},
    {has_ctest, "ctest --test-dir build"},
}};

}  // namespace

bool is_telling(std::string_view name) { return name == "package.json" || name == "CMakeLists.txt"; }

std::vector<std::string> test_commands(const ProjectFolder& folder) {
  std::vector<std::string> commands;
  for (const ProjectKind& kind : project_kinds) {
    if (kind.is_here(folder)) commands.emplace_back(kind.command);
  }
  return commands;
}

std::vector<FolderChecks> project_checks(const std::vector<ProjectFolder>& folders) {
  std::vector<FolderChecks> out;
  for (const ProjectFolder& folder : folders) {
    if (!is_utf8(folder.path) || folder.path.find_first_of("\r\n") != std::string::npos ||
        has_control_characters(folder.path)) {
      continue;
    }
    std::string before;
    if (!folder.path.empty()) {
      const std::string named = folder.path.front() == '-' ? "./" + folder.path : folder.path;
      before = command_text(ArgvCommand{{"cd", named}}) + " && ";
    }
    FolderChecks checks{.folder = folder.path, .checks = {}};
    for (const std::string& command : test_commands(folder))
      checks.checks.push_back(test_check(before + command));
    if (!checks.checks.empty()) out.push_back(std::move(checks));
  }
  return out;
}

}  // namespace pianola::plan
