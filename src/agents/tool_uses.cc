#include "agents/tool_uses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "agents/activity.h"
#include "agents/json_line.h"
#include "agents/lines.h"

namespace pianola::agents {
namespace {

namespace json = boost::json;

constexpr size_t remembered_limit = 256;

constexpr std::array tools_of_gemini = {
    KnownTool{"run_shell_command", "runs", "command"},
    KnownTool{"read_file", "reads", "file_path"},
    KnownTool{"read_many_files", "reads", "include"},
    KnownTool{"list_directory", "reads", "dir_path"},
    KnownTool{"write_file", "writes", "file_path"},
    KnownTool{"edit", "edits", "file_path"},
    KnownTool{"replace", "edits", "file_path"},
    KnownTool{"grep_search", "searches", "pattern"},
    KnownTool{"glob", "searches", "pattern"},
    KnownTool{"search_file_content", "searches", "pattern"},
    KnownTool{"web_fetch", "fetches", "url"},
    KnownTool{"google_web_search", "fetches", "query"},
    KnownTool{"todo_write", "plans", "todos"},
    KnownTool{"write_todos", "plans", "todos"},
};

std::string_view either(const json::object& input, std::string_view one, std::string_view other) {
  const std::string_view text = text_of(input, one);
  return text.empty() ? text_of(input, other) : text;
}

std::string change_of(std::string_view verb, const json::object& input) {
  if (verb == "writes") return fmt::format("{} lines", line_count(text_of(input, "content")));
  if (verb != "edits") return {};
  return fmt::format("+{} -{}", line_count(either(input, "new_string", "newString")),
                     line_count(either(input, "old_string", "oldString")));
}

ToolUsed described(const KnownTool& tool, const json::object& input, std::string_view workspace) {
  const std::string_view object = text_of(input, tool.field);
  if (tool.verb == "runs") return shell_activity(object);
  if (tool.verb == "plans") return planned(input);
  if (tool.verb == "searches") return {"searches", fmt::format("\"{}\"", phrase(object)), "", false};
  return {std::string(tool.verb), relative_path(object, workspace), "", false};
}

}  // namespace

std::span<const KnownTool> gemini_tools() { return tools_of_gemini; }

ToolUsed ToolUses::begin(std::string_view id, std::string_view name, const json::object& input) {
  const auto tool =
      std::find_if(known_.begin(), known_.end(), [&](const KnownTool& one) { return one.name == name; });
  Open open{std::string(cut_at_character(id, phrase_limit_bytes)), {"calls", phrase(name), "", false}, {}};
  if (tool != known_.end()) {
    open.use = described(*tool, input, workspace_);
    open.change = change_of(tool->verb, input);
    open.is_shell = tool->verb == "runs";
  }
  ToolUsed use = open.use;
  if (open_.size() == remembered_limit) open_.pop_front();
  open_.push_back(std::move(open));
  return use;
}

std::optional<ToolUsed> ToolUses::end(std::string_view id, const Outcome& outcome) {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Open& one) { return one.id == id; });
  if (at == open_.end()) return std::nullopt;
  ToolUsed use = at->use;
  const std::string said = phrase(outcome.output);
  use.failed = outcome.end != End::well || outcome.exit_code > 0;
  if (outcome.end == End::denied) {
    use = {"denied", use.verb + " " + use.object, said, true};
  } else if (at->is_shell) {
    use.result = shell_result(use.verb, outcome.output, outcome.exit_code, use.failed);
  } else if (use.failed) {
    use.result = said.empty() ? "failed" : said;
  } else if (!at->change.empty()) {
    use.result = at->change;
  } else {
    const int64_t lines = line_count(outcome.output);
    use.result = use.verb == "reads" && lines > 1 ? fmt::format("{} lines", lines) : "done";
  }
  open_.erase(at);
  return use;
}

ToolUsed planned(const json::object& input) {
  const json::array* todos = array_of(input, "todos");
  if (todos == nullptr) return {"plans", "", "", false};
  size_t done = 0;
  std::string now;
  for (const json::value& one : *todos) {
    if (!one.is_object()) continue;
    const std::string_view status = text_of(one.get_object(), "status");
    if (status == "completed") ++done;
    if (status == "in_progress" && now.empty())
      now = phrase(either(one.get_object(), "content", "description"));
  }
  std::string object = fmt::format("{} of {}", done, todos->size());
  if (!now.empty()) object += fmt::format(": \"{}\"", now);
  return {"plans", std::move(object), "", false};
}

}  // namespace pianola::agents
