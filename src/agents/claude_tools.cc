#include "agents/claude_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "agents/activity.h"
#include "agents/json_line.h"
#include "agents/lines.h"
#include "agents/tool_uses.h"

namespace pianola::agents {
namespace {

namespace json = boost::json;

constexpr size_t open_limit = 256;
constexpr double cost_limit_usd = 1e9;

std::string text_of_result(const json::object& tool_result);
std::string result_of(const ToolUsed& use, std::string_view change, std::string_view output, bool failed);
bool refuses(std::string_view output);

}  // namespace

ToolUsed ClaudeTools::begin(const json::object& tool_use) {
  Open open = described(tool_use);
  ToolUsed use = open.use;
  if (open_.size() == open_limit) open_.pop_front();
  open_.push_back(std::move(open));
  return use;
}

std::optional<ToolUsed> ClaudeTools::end(const json::object& tool_result) {
  const std::string_view id = text_of(tool_result, "tool_use_id");
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Open& one) { return one.id == id; });
  if (at == open_.end()) return std::nullopt;
  const std::string output = text_of_result(tool_result);
  ToolUsed use = at->use;
  use.failed = is_true(tool_result, "is_error");
  if (use.failed && refuses(output)) {
    if (denied_.size() < open_limit) denied_.push_back(at->id);
    use = {"denied", use.verb + " " + use.object, phrase(output), true};
  } else {
    use.result = result_of(use, at->change, output, use.failed);
  }
  open_.erase(at);
  return use;
}

std::vector<ToolUsed> ClaudeTools::denied(const json::object& result) {
  std::vector<ToolUsed> uses;
  const json::array* denials = array_of(result, "permission_denials");
  if (denials == nullptr) return uses;
  for (const json::value& one : *denials) {
    if (!one.is_object() || uses.size() == open_limit) continue;
    const json::object& denial = one.get_object();
    const std::string_view id = text_of(denial, "tool_use_id");
    if (std::find(denied_.begin(), denied_.end(), id) != denied_.end()) continue;
    uses.push_back({"denied", phrase(text_of(denial, "tool_name")), "not permitted", true});
  }
  return uses;
}

ClaudeTools::Open ClaudeTools::described(const json::object& tool_use) const {
  static const json::object nothing;
  const std::string_view name = text_of(tool_use, "name");
  const json::object* given = object_of(tool_use, "input");
  const json::object& input = given == nullptr ? nothing : *given;
  const auto path = [&](std::string_view field) { return relative_path(text_of(input, field), workspace_); };

  Open open{std::string(cut_at_character(text_of(tool_use, "id"), phrase_limit_bytes)), {}, {}};
  if (name == "Bash") {
    open.use = shell_activity(text_of(input, "command"));
  } else if (name == "Read") {
    open.use = {"reads", path("file_path"), "", false};
  } else if (name == "Write") {
    open.use = {"writes", path("file_path"), "", false};
    open.change = fmt::format("{} lines", line_count(text_of(input, "content")));
  } else if (name == "Edit" || name == "NotebookEdit") {
    const bool notebook = name == "NotebookEdit";
    open.use = {"edits", path(notebook ? "notebook_path" : "file_path"), "", false};
    open.change = fmt::format("+{} -{}", line_count(text_of(input, notebook ? "new_source" : "new_string")),
                              line_count(text_of(input, "old_string")));
  } else if (name == "Grep" || name == "Glob") {
    open.use = {"searches", fmt::format("\"{}\"", phrase(text_of(input, "pattern"))), "", false};
  } else if (name == "WebFetch" || name == "WebSearch") {
    open.use = {"fetches", phrase(text_of(input, name == "WebFetch" ? "url" : "query")), "", false};
  } else if (name == "TodoWrite") {
    open.use = planned(input);
  } else if (name == "TaskCreate" || name == "TaskUpdate") {
    open.use = {"plans", phrase(text_of(input, "subject")), "", false};
  } else if (name.starts_with("mcp__")) {
    std::string tool = phrase(name.substr(5));
    if (const size_t joint = tool.find("__"); joint != std::string::npos) tool.replace(joint, 2, ".");
    open.use = {"calls", std::move(tool), "", false};
  } else {
    open.use = {"calls", phrase(name), "", false};
  }
  return open;
}

bool sum_models(const json::object& result, core::Usage& usage, int64_t& context_size, bool& odd) {
  const json::value* cost = result.if_contains("total_cost_usd");
  if (cost != nullptr && cost->is_number()) {
    const double usd = cost->to_number<double>();
    if (usd >= 0 && usd < cost_limit_usd) usage.cost_microusd = std::llround(usd * 1e6);
  }
  const auto add = [&odd](int64_t& sum, const json::object& counts, std::string_view name) {
    const int64_t count = count_of(counts, name, odd);
    if (count >= 0) sum = std::max<int64_t>(0, sum) + count;
  };
  const json::object* models = object_of(result, "modelUsage");
  if (models != nullptr && !models->empty()) {
    for (const auto& entry : *models) {
      if (!entry.value().is_object()) continue;
      const json::object& model = entry.value().get_object();
      add(usage.tokens_in, model, "inputTokens");
      add(usage.tokens_in, model, "cacheCreationInputTokens");
      add(usage.tokens_in, model, "cacheReadInputTokens");
      add(usage.tokens_cached, model, "cacheReadInputTokens");
      add(usage.tokens_out, model, "outputTokens");
      context_size = std::max(context_size, count_of(model, "contextWindow", odd));
    }
    return true;
  }
  const json::object* counts = object_of(result, "usage");
  if (counts == nullptr) return false;
  add(usage.tokens_in, *counts, "input_tokens");
  add(usage.tokens_in, *counts, "cache_creation_input_tokens");
  add(usage.tokens_in, *counts, "cache_read_input_tokens");
  add(usage.tokens_cached, *counts, "cache_read_input_tokens");
  add(usage.tokens_out, *counts, "output_tokens");
  return true;
}

namespace {

std::string text_of_result(const json::object& tool_result) {
  if (const std::string_view text = text_of(tool_result, "content"); !text.empty()) return std::string(text);
  std::string all;
  const json::array* parts = array_of(tool_result, "content");
  if (parts == nullptr) return all;
  for (const json::value& part : *parts) {
    if (!part.is_object()) continue;
    if (!all.empty()) all += '\n';
    all += text_of(part.get_object(), "text");
  }
  return all;
}

std::string result_of(const ToolUsed& use, std::string_view change, std::string_view output, bool failed) {
  const bool shell = use.verb == "runs" || use.verb == "tests" || use.verb == "commits" ||
                     ((use.verb == "reads" || use.verb == "searches") && output.starts_with("Exit code "));
  if (shell) {
    // A command that failed begins its output with its exit code.
    int64_t code = failed ? -1 : 0;
    constexpr std::string_view mark = "Exit code ";
    if (failed && output.starts_with(mark)) {
      output.remove_prefix(mark.size());
      code = 0;
      while (!output.empty() && output.front() >= '0' && output.front() <= '9' && code < 1000) {
        code = code * 10 + (output.front() - '0');
        output.remove_prefix(1);
      }
    }
    return shell_result(use.verb, output, code, failed);
  }
  if (failed) return phrase(output).empty() ? "failed" : phrase(output);
  if (use.verb == "reads") return fmt::format("{} lines", line_count(output));
  if (use.verb == "searches") return fmt::format("{} lines", line_count(output));
  return change.empty() ? "done" : std::string(change);
}

// How it says that a permission was not there; these are its own words, not the tool's output.
bool refuses(std::string_view output) {
  return output.starts_with("Claude requested permissions") ||
         output.find("was blocked. For security") != std::string_view::npos ||
         output.starts_with("Permission to use ");
}

}  // namespace
}  // namespace pianola::agents
