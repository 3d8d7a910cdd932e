#include "plan/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "plan/assumed.h"

namespace pianola::plan {
namespace {

namespace json = boost::json;

std::vector<std::string> parts(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(", "), list.size());
    out.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 2, list.size()));
  }
  return out;
}

// A text of JSON is one of YAML, too.
std::string quoted(std::string_view text) { return json::serialize(json::string(text)); }

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

std::string plain_list(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return "[" + out + "]";
}

std::string check_line(const Check& check) {
  const auto* argv = std::get_if<ArgvCommand>(&check.command);
  std::string out = fmt::format(
      "      - {{command: {}, type: {}",
      argv != nullptr ? quoted_list(argv->argv) : quoted(std::get<ShellCommand>(check.command).text),
      quoted(check.type));
  if (check.timeout_ms != Check{}.timeout_ms) {
    out += fmt::format(", timeout: {}", static_cast<double>(check.timeout_ms) / 1000);
  }
  if (!check.required) out += ", required: false";
  if (check.allow_trivial) out += ", allow_trivial: true";
  if (!check.description.empty()) out += ", description: " + quoted(check.description);
  return out + "}\n";
}

std::string task_lines(const TemplateTask& task, const std::vector<FolderChecks>& assumed) {
  std::string out = fmt::format("  - id: {}\n    description: {}\n", task.id, quoted(task.description));
  const std::vector<std::string> depends = parts(task.depends);
  if (!depends.empty()) out += fmt::format("    depends_on: {}\n", plain_list(depends));
  if (task.files.empty()) return out + "    mode: read\n";
  Task owner;
  owner.files_write = parts(task.files);
  out += fmt::format("    files_write: {}\n    verification:\n", quoted_list(owner.files_write));
  for (const Check& check : checks_for(owner, assumed)) out += check_line(check);
  return out;
}

}  // namespace

const Template* find_template(std::string_view name) {
  const std::span<const Template> all = templates();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Template& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string template_text(const Template& of, const std::vector<FolderChecks>& assumed) {
  std::string out = fmt::format(
      "# From the template {}. Make the descriptions and paths those of your project.\n"
      "# The checks were assumed: the project's own test command, where no better one was known.\n"
      "version: 1\nrequest: {}\ntasks:\n",
      of.name, quoted(of.request));
  for (const TemplateTask& task : of.tasks) out += task_lines(task, assumed);
  return out;
}

}  // namespace pianola::plan
