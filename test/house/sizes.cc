// How long files and functions may be, and what papers must hold.
#include <algorithm>
#include <set>

#include "test/house/source.h"
#include "test/house/tree.h"

namespace pianola::house {
namespace {

constexpr int file_limit_lines = 500;
constexpr int function_limit_lines = 70;
constexpr int base_limit_headers = 15;

bool is_lock_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "package-lock.json" || name == "npm-shrinkwrap.json" || name.ends_with(".lock") ||
         name == "pnpm-lock.yaml";
}

// Calls `see(line, number)` for each line.
template <class See>
void each_line(std::string_view text, See see) {
  int number = 1;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    see(text.substr(0, end), number++);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void check_headings(const File& file, std::vector<Offence>& offences) {
  bool fenced = false;
  int headings = 0;
  int last = 0;
  each_line(file.text, [&](std::string_view line, int number) {
    if (line.starts_with("```") || line.starts_with("~~~")) fenced = !fenced;
    if (fenced || !line.starts_with("# ")) return;
    ++headings;
    last = number;
  });
  if (headings == 1) return;
  offences.push_back({"one-title", file.path, last, std::to_string(headings) + " first-level headings",
                      "a paper has exactly one title"});
}

void check_lock_file(const File& file, std::vector<Offence>& offences) {
  each_line(file.text, [&](std::string_view line, int number) {
    const bool address =
        line.find("\"resolved\"") != std::string_view::npos && line.find("://") != std::string_view::npos;
    if (!address) return;
    offences.push_back({"lock-file", file.path, number, "an address of a registry",
                        "set omit-lockfile-registry-resolved=true in .npmrc and lock again"});
  });
}

}  // namespace

void check_sizes(const File& file, std::vector<Offence>& offences) {
  const Source source = read_source(file.text);
  if (source.lines > file_limit_lines) {
    offences.push_back({"file-length", file.path, 0, std::to_string(source.lines) + " lines",
                        "at most " + std::to_string(file_limit_lines) + "; split by concept"});
  }
  for (const Function& function : functions_of(source)) {
    const int lines = function.last_line - function.first_line + 1;
    if (lines <= function_limit_lines) continue;
    offences.push_back({"function-length", file.path, function.first_line,
                        function.name + " has " + std::to_string(lines) + " lines",
                        "at most " + std::to_string(function_limit_lines) + "; name its parts"});
  }
}

void check_papers(const File& file, std::vector<Offence>& offences) {
  const bool fixture = file.path.starts_with("test/fixtures/");
  if (file.path.ends_with(".md") && !fixture) check_headings(file, offences);
  if (is_lock_file(file.path)) check_lock_file(file, offences);
  if (file.text.size() > blob_limit_bytes && !fixture) {
    offences.push_back(
        {"blob", file.path, 0, std::to_string(file.text.size()) + " bytes",
         "at most " + std::to_string(blob_limit_bytes) + "; generate it, or move it to test/fixtures"});
  }
}

void check_counts(const std::vector<File>& tree, std::vector<Offence>& offences) {
  int base_headers = 0;
  std::set<std::string> yaml_users;
  bool unreleased = false;
  for (const File& file : tree) {
    if (file.path.starts_with("src/base/") && file.path.ends_with(".h")) ++base_headers;
    if (file.path == "CHANGELOG.md") unreleased = file.text.find("## [Unreleased]") != std::string::npos;
    if (room_of(file.path) != "plan") continue;
    for (const Include& include : read_source(file.text).includes) {
      if (include.name == "yaml.h") yaml_users.insert(file.path);
    }
  }
  if (base_headers > base_limit_headers) {
    offences.push_back(
        {"base-size", "src/base", 0, std::to_string(base_headers) + " headers",
         "at most " + std::to_string(base_limit_headers) + "; keep it beside its only caller"});
  }
  if (yaml_users.size() > 1) {
    offences.push_back({"library", *yaml_users.rbegin(), 0, "a second user of <yaml.h>",
                        *yaml_users.begin() + " wraps it alone"});
  }
  if (!unreleased) {
    offences.push_back({"changelog", "CHANGELOG.md", 0, "has no section [Unreleased]",
                        "every change that a user notices is named there"});
  }
}

}  // namespace pianola::house
