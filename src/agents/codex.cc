// codex, `codex exec --json`: one JSON object per line on stdout.
//
// Failures are text only; the text counts just where the CLI itself speaks: `turn.failed` and `error`.
// Usage counts the whole thread, so a resumed session repeats what earlier attempts used. Limits with
// their reset times and the context size stand in the session file, not on stdout.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "agents/activity.h"
#include "agents/claim.h"
#include "agents/clis.h"
#include "agents/json_line.h"
#include "agents/json_reader.h"
#include "agents/lines.h"

namespace pianola::agents {
namespace {

namespace json = boost::json;
using core::FailureClass;

constexpr std::string_view retry_mark = "Reconnecting... ";

FailureClass failure_in(std::string_view message);
bool is_status(std::string_view message, std::string_view status);

class CodexReader final : public JsonReader {
 private:
  bool read(std::string_view type, const json::object& event, std::vector<Observation>& seen) override;
  void read_session(const json::object& line, std::vector<Observation>& seen);
  void read_item(std::string_view type, const json::object& item, std::vector<Observation>& seen);
  void read_command(bool over, const json::object& item, std::vector<Observation>& seen);
  void read_changes(const json::object& item, std::vector<Observation>& seen);
  void read_plan(const json::object& item, std::vector<Observation>& seen);
  void read_error(std::string_view message, std::vector<Observation>& seen);
  void read_usage(const json::object& line, std::vector<Observation>& seen);
  void end_turn(bool success, std::vector<Observation>& seen);
};

bool CodexReader::read(std::string_view type, const json::object& event, std::vector<Observation>& seen) {
  if (type == "thread.started") {
    read_session(event, seen);
  } else if (type == "turn.started") {
    told_.ended = told_.success = told_.marked = false;
    told_.failure = FailureClass::none;
  } else if (type.starts_with("item.")) {
    if (const json::object* item = object_of(event, "item")) read_item(type, *item, seen);
  } else if (type == "error") {
    read_error(text_of(event, "message"), seen);
  } else if (type == "turn.completed") {
    read_usage(event, seen);
    end_turn(true, seen);
  } else if (type == "turn.failed") {
    const json::object* error = object_of(event, "error");
    if (error != nullptr) told_.text = cut_at_character(text_of(*error, "message"), said_limit_bytes);
    end_turn(false, seen);
  } else {
    return false;
  }
  return true;
}

void CodexReader::read_session(const json::object& line, std::vector<Observation>& seen) {
  const std::string_view session = text_of(line, "thread_id");
  if (!is_session_name(session)) return;
  told_.session = session;
  seen.emplace_back(SessionStarted{std::string(session), ""});
}

void CodexReader::read_item(std::string_view type, const json::object& item, std::vector<Observation>& seen) {
  const std::string_view kind = text_of(item, "type");
  const bool over = type == "item.completed";
  // An error item is a remark, such as missing metadata of a model; every run with such a model has one.
  if (kind == "error" || kind == "reasoning") return;
  told_.suspected = FailureClass::none;
  told_.acted = true;
  if (kind == "command_execution") {
    read_command(over, item, seen);
  } else if (kind == "todo_list" || kind == "plan") {
    read_plan(item, seen);
  } else if (!over) {
    return;
  } else if (kind == "agent_message") {
    told_.text = cut_at_character(trimmed(text_of(item, "text")), said_limit_bytes);
    if (!told_.text.empty()) seen.emplace_back(Said{told_.text});
  } else if (kind == "file_change") {
    read_changes(item, seen);
  } else if (kind == "web_search") {
    seen.emplace_back(ToolUsed{"fetches", phrase(text_of(item, "query")), "done", false});
  } else if (kind == "mcp_tool_call" || kind == "collab_tool_call") {
    const std::string_view server = text_of(item, "server");
    std::string tool = phrase(text_of(item, "tool"));
    if (!server.empty()) tool = phrase(server) + "." + tool;
    const bool failed = text_of(item, "status") == "failed";
    seen.emplace_back(ToolUsed{"calls", std::move(tool), failed ? "failed" : "done", failed});
  } else {
    skip_unknown(kind, seen);
  }
}

void CodexReader::read_command(bool over, const json::object& item, std::vector<Observation>& seen) {
  ToolUsed use = shell_activity(text_of(item, "command"));
  const std::string_view status = text_of(item, "status");
  if (over && status == "declined") {
    use = {"denied", use.verb + " " + use.object, "declined", true};
  } else if (over) {
    bool odd = false;
    const int64_t code = count_of(item, "exit_code", odd);
    use.failed = status == "failed" || code > 0 || odd;
    use.result = shell_result(use.verb, text_of(item, "aggregated_output"), code, use.failed);
  }
  seen.emplace_back(std::move(use));
}

void CodexReader::read_changes(const json::object& item, std::vector<Observation>& seen) {
  constexpr size_t shown_limit = 100;
  const json::array* changes = array_of(item, "changes");
  if (changes == nullptr) return;
  const bool failed = text_of(item, "status") == "failed";
  size_t shown = 0;
  for (const json::value& one : *changes) {
    if (!one.is_object() || ++shown > shown_limit) continue;
    const std::string_view kind = text_of(one.get_object(), "kind");
    const char* verb = kind == "add" ? "writes" : kind == "delete" ? "deletes" : "edits";
    seen.emplace_back(
        ToolUsed{verb, phrase(text_of(one.get_object(), "path")), failed ? "failed" : "done", failed});
  }
}

void CodexReader::read_plan(const json::object& item, std::vector<Observation>& seen) {
  const json::array* steps = array_of(item, "items");
  if (steps == nullptr) return;
  size_t done = 0;
  std::string next;
  for (const json::value& one : *steps) {
    if (!one.is_object()) continue;
    const bool completed = is_true(one.get_object(), "completed");
    if (completed) ++done;
    if (!completed && next.empty()) next = phrase(text_of(one.get_object(), "text"));
  }
  std::string object = fmt::format("{} of {}", done, steps->size());
  if (!next.empty()) object += fmt::format(": \"{}\"", next);
  seen.emplace_back(ToolUsed{"plans", std::move(object), "", false});
}

void CodexReader::read_error(std::string_view message, std::vector<Observation>& seen) {
  if (message.starts_with(retry_mark)) {
    message.remove_prefix(retry_mark.size());
    told_.suspected = failure_in(message);
    seen.emplace_back(Retrying{phrase(message)});
    return;
  }
  told_.marked = true;
  told_.failure = failure_in(message);
  told_.text = cut_at_character(message, said_limit_bytes);
}

void CodexReader::read_usage(const json::object& line, std::vector<Observation>& seen) {
  const json::object* counts = object_of(line, "usage");
  if (counts == nullptr) return;
  bool odd = false;
  core::Usage usage;
  usage.tokens_in = count_of(*counts, "input_tokens", odd);
  usage.tokens_cached = count_of(*counts, "cached_input_tokens", odd);
  usage.tokens_out = count_of(*counts, "output_tokens", odd);
  if (odd) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
    return;
  }
  told_.usage = usage;
  seen.emplace_back(UsageReported{usage, -1, -1});
}

void CodexReader::end_turn(bool success, std::vector<Observation>& seen) {
  told_.ended = true;
  told_.success = success;
  if (!success) told_.failure = failure_in(told_.text);
  if (!success && told_.failure == FailureClass::quota) {
    seen.emplace_back(LimitReported{FailureClass::quota, 0, phrase(told_.text)});
  }
  seen.emplace_back(TurnEnded{success && !told_.marked, told_.failure, phrase(told_.text)});
}

// The texts were seen from version 0.169; the first that fits decides.
FailureClass failure_in(std::string_view message) {
  const auto says = [message](std::string_view words) {
    return message.find(words) != std::string_view::npos;
  };
  if (says("hit your usage limit") || says("Quota exceeded")) return FailureClass::quota;
  if (says("credit balance") || says("billing")) return FailureClass::billing;
  if (is_status(message, "429")) return FailureClass::quota;
  if (is_status(message, "401") || is_status(message, "403") || says("refresh token") ||
      says("Not logged in")) {
    return FailureClass::auth;
  }
  if (says("context window")) return FailureClass::context;
  if (says("usage polic") || says("flagged for")) return FailureClass::policy;
  if (says("sandbox")) return FailureClass::sandbox;
  if (says("does not exist") || is_status(message, "400") || is_status(message, "404"))
    return FailureClass::invalid;
  if (says("at capacity") || says("high demand") || says("stream disconnected") ||
      says("error sending request") || says("retry limit") || is_status(message, "500") ||
      is_status(message, "502") || is_status(message, "503") || is_status(message, "504")) {
    return FailureClass::transient;
  }
  return FailureClass::crash;
}

bool is_status(std::string_view message, std::string_view status) {
  const size_t at = message.find("status");
  if (at == std::string_view::npos) return false;
  const size_t digits = message.find_first_of("0123456789", at);
  return digits != std::string_view::npos && digits <= at + 8 &&
         message.substr(digits, status.size()) == status;
}

class CodexAdapter final : public Adapter {
 public:
  Result<Invocation> invoke(const Definition& definition, const Assignment& assignment) const override {
    TRY(check_words(definition, assignment));
    Invocation start;
    start.argv = program_of(definition, "codex");
    // Its own sandbox keeps .git read-only, so that it could not commit; pianola's isolation stands
    // around it.
    for (const char* word :
         {"exec", "--json", "--dangerously-bypass-approvals-and-sandbox", "--skip-git-repo-check", "-c",
          "check_for_update_on_startup=false", "-c", "analytics.enabled=false"}) {
      start.argv.emplace_back(word);
    }
    if (!definition.model.empty()) start.argv.insert(start.argv.end(), {"-m", definition.model});
    if (!assignment.session.empty()) start.argv.insert(start.argv.end(), {"resume", assignment.session});
    start.argv.emplace_back("-");
    if (!definition.config_dir.empty()) start.env["CODEX_HOME"] = definition.config_dir;
    for (const auto& [name, value] : definition.env) start.env[name] = value;
    return start;
  }
  std::unique_ptr<OutputReader> reader() const override { return std::make_unique<CodexReader>(); }
  std::vector<std::string> programs() const override { return {"codex"}; }
};

}  // namespace

const Adapter* codex_adapter() {
  static const CodexAdapter adapter;
  return &adapter;
}

}  // namespace pianola::agents
