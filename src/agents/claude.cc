// claude, Claude Code in print mode: one JSON object per line on stdout (`--output-format stream-json`).
//
// `result.subtype` says "success" on API errors too; `is_error` and `assistant.error` are what counts.
// Numbers come from `result.modelUsage`, which sums over the process; `result.usage` is all zero after a
// stream that was cut and asked for again.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "agents/activity.h"
#include "agents/claim.h"
#include "agents/claude_tools.h"
#include "agents/clis.h"
#include "agents/json_line.h"
#include "agents/json_reader.h"
#include "agents/lines.h"

namespace pianola::agents {
namespace {

namespace json = boost::json;
using core::FailureClass;

FailureClass failure_named(std::string_view error);
FailureClass failure_of_result(const json::object& result);

class ClaudeReader final : public JsonReader {
 private:
  bool read(std::string_view type, const json::object& event, std::vector<Observation>& seen) override;
  void read_system(const json::object& line, std::vector<Observation>& seen);
  void read_assistant(const json::object& line, std::vector<Observation>& seen);
  void read_usage_so_far(const json::object& message, std::vector<Observation>& seen);
  void read_user(const json::object& line, std::vector<Observation>& seen);
  void read_limit(const json::object& line, std::vector<Observation>& seen);
  void read_result(const json::object& line, std::vector<Observation>& seen);

  ClaudeTools tools_;
  std::string last_message_;  // id of the message whose usage was counted last
  bool limit_told_ = false;   // by a rate_limit_event, so that the error after it adds nothing
  FailureClass limit_ = FailureClass::quota;
};

bool ClaudeReader::read(std::string_view type, const json::object& event, std::vector<Observation>& seen) {
  if (type == "system") {
    read_system(event, seen);
  } else if (type == "assistant") {
    read_assistant(event, seen);
  } else if (type == "user") {
    read_user(event, seen);
  } else if (type == "rate_limit_event") {
    read_limit(event, seen);
  } else if (type == "result") {
    read_result(event, seen);
  } else {
    return type == "stream_event" || type.starts_with("control_");
  }
  return true;
}

void ClaudeReader::read_system(const json::object& line, std::vector<Observation>& seen) {
  const std::string_view subtype = text_of(line, "subtype");
  if (subtype == "init") {
    tools_.set_workspace(text_of(line, "cwd"));
    const std::string_view session = text_of(line, "session_id");
    // Each turn of a process that is fed several begins with an init line of the same session.
    if (!is_session_name(session) || told_.session == session) return;
    told_.session = session;
    seen.emplace_back(SessionStarted{std::string(session), phrase(text_of(line, "model"))});
  } else if (subtype == "api_retry") {
    bool odd = false;
    const std::string_view error = text_of(line, "error");
    const int64_t status = count_of(line, "error_status", odd);
    const json::value* delay = line.if_contains("retry_delay_ms");
    const double delay_ms = delay != nullptr && delay->is_number() ? delay->to_number<double>() : 0;
    told_.suspected = failure_named(error);
    seen.emplace_back(Retrying{fmt::format(
        "{}, {} of {} in {:.0f} s", status > 0 ? fmt::to_string(status) : phrase(error),
        count_of(line, "attempt", odd), count_of(line, "max_retries", odd), std::ceil(delay_ms / 1000))});
  } else if (subtype == "model_fallback") {
    seen.emplace_back(Retrying{phrase(text_of(line, "content"))});
  }
}

void ClaudeReader::read_assistant(const json::object& line, std::vector<Observation>& seen) {
  const json::object* message = object_of(line, "message");
  if (message == nullptr) return;
  const std::string_view error = text_of(line, "error");
  told_.marked = !error.empty();
  told_.suspected = FailureClass::none;
  const json::array* content = array_of(*message, "content");
  if (content != nullptr) {
    for (const json::value& part : *content) {
      if (!part.is_object()) continue;
      const json::object& block = part.get_object();
      const std::string_view kind = text_of(block, "type");
      if (kind == "text" && !trimmed(text_of(block, "text")).empty()) {
        const std::string said(cut_at_character(trimmed(text_of(block, "text")), said_limit_bytes));
        told_.text = said;
        // The text of an error is the CLI's own; it comes again with the end of the turn.
        if (told_.marked) continue;
        told_.acted = true;
        seen.emplace_back(Said{said});
      } else if (kind == "tool_use") {
        told_.acted = true;
        seen.emplace_back(tools_.begin(block));
      }
    }
  }
  if (told_.marked) {
    told_.failure = failure_named(error);
    if (told_.failure == FailureClass::quota && !limit_told_) {
      seen.emplace_back(LimitReported{FailureClass::quota, 0, phrase(told_.text)});
    } else if (told_.failure == FailureClass::quota) {
      told_.failure = limit_;
    }
    return;
  }
  read_usage_so_far(*message, seen);
}

// The input side of `assistant.message.usage` is final, its output count is not; several lines may carry
// parts of one message.
void ClaudeReader::read_usage_so_far(const json::object& message, std::vector<Observation>& seen) {
  const json::object* usage = object_of(message, "usage");
  const std::string_view id = text_of(message, "id");
  if (usage == nullptr || id.empty() || id == last_message_) return;
  last_message_ = std::string(cut_at_character(id, phrase_limit_bytes));
  bool odd = false;
  const int64_t fresh = std::max<int64_t>(0, count_of(*usage, "input_tokens", odd));
  const int64_t written = std::max<int64_t>(0, count_of(*usage, "cache_creation_input_tokens", odd));
  const int64_t cached = std::max<int64_t>(0, count_of(*usage, "cache_read_input_tokens", odd));
  if (odd) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
    return;
  }
  const int64_t input = fresh + written + cached;
  told_.usage.tokens_in = std::max<int64_t>(0, told_.usage.tokens_in) + input;
  told_.usage.tokens_cached = std::max<int64_t>(0, told_.usage.tokens_cached) + cached;
  seen.emplace_back(UsageReported{told_.usage, input, -1});
}

void ClaudeReader::read_user(const json::object& line, std::vector<Observation>& seen) {
  const json::object* message = object_of(line, "message");
  const json::array* content = message == nullptr ? nullptr : array_of(*message, "content");
  if (content == nullptr) return;
  for (const json::value& part : *content) {
    if (!part.is_object() || text_of(part.get_object(), "type") != "tool_result") continue;
    if (std::optional<ToolUsed> used = tools_.end(part.get_object())) seen.emplace_back(std::move(*used));
  }
}

void ClaudeReader::read_limit(const json::object& line, std::vector<Observation>& seen) {
  const json::object* limit = object_of(line, "rate_limit_info");
  if (limit == nullptr) return;
  const std::string_view status = text_of(*limit, "status");
  const std::string_view type = text_of(*limit, "rateLimitType");
  bool odd = false;
  const int64_t resets_at_s = std::max<int64_t>(0, count_of(*limit, "resetsAt", odd));
  if (status == "rejected") {
    // A rejection that names no window is the server's own load, not the account's limit.
    limit_ = type.empty() ? FailureClass::transient : FailureClass::quota;
    limit_told_ = true;
    seen.emplace_back(
        LimitReported{limit_, resets_at_s, type.empty() ? "requests are limited" : phrase(type)});
  } else if (status == "allowed_warning") {
    const json::value* share = limit->if_contains("utilization");
    const double used = share != nullptr && share->is_number() ? share->to_number<double>() : -1;
    std::string text = phrase(type);
    if (used >= 0 && used <= 10) text += fmt::format(" {:.0f} % used", used * 100);
    seen.emplace_back(LimitReported{FailureClass::none, resets_at_s, std::move(text)});
  }
}

void ClaudeReader::read_result(const json::object& line, std::vector<Observation>& seen) {
  bool odd = false;
  core::Usage usage;
  int64_t context_size = -1;
  if (!sum_models(line, usage, context_size, odd)) odd = true;
  if (odd) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
  } else {
    told_.usage = usage;
    seen.emplace_back(UsageReported{usage, -1, context_size});
  }
  for (ToolUsed& denied : tools_.denied(line)) seen.emplace_back(std::move(denied));

  told_.ended = true;
  told_.success = !is_true(line, "is_error") && text_of(line, "subtype") == "success";
  const std::string_view text = text_of(line, "result");
  if (!text.empty()) told_.text = cut_at_character(text, said_limit_bytes);
  if (!text.empty() && told_.success) told_.acted = true;
  if (told_.success && !told_.marked) {
    told_.failure = FailureClass::none;
  } else if (!told_.marked || told_.failure == FailureClass::invalid) {
    told_.failure = failure_of_result(line);
  }
  seen.emplace_back(TurnEnded{told_.success && !told_.marked, told_.failure, phrase(told_.text)});
}

// `assistant.error` and `system/api_retry.error` name the kind.
FailureClass failure_named(std::string_view error) {
  if (error == "rate_limit") return FailureClass::quota;
  if (error == "authentication_failed" || error == "oauth_org_not_allowed") return FailureClass::auth;
  if (error == "billing_error") return FailureClass::billing;
  if (error == "invalid_request" || error == "model_not_found") return FailureClass::invalid;
  if (error == "max_output_tokens") return FailureClass::context;
  if (error == "server_error" || error == "overloaded" || error == "unknown") return FailureClass::transient;
  return FailureClass::crash;
}

// A result that is an error without a kind before it, or with the vague kind invalid_request.
FailureClass failure_of_result(const json::object& result) {
  const std::string_view reason = text_of(result, "terminal_reason");
  if (reason == "prompt_too_long") return FailureClass::context;
  // The CLI was given so many turns and no more, as pianola gives a task so many seconds.
  if (reason == "max_turns" || text_of(result, "subtype") == "error_max_turns") return FailureClass::timeout;
  if (text_of(result, "subtype") == "error_max_budget_usd") return FailureClass::billing;
  if (text_of(result, "stop_reason") == "refusal") return FailureClass::policy;
  if (text_of(result, "result").find("Usage Policy") != std::string_view::npos) return FailureClass::policy;
  bool odd = false;
  const int64_t status = count_of(result, "api_error_status", odd);
  if (status == 401 || status == 403) return FailureClass::auth;
  if (status == 429) return FailureClass::quota;
  if (status >= 500) return FailureClass::transient;
  return status >= 400 ? FailureClass::invalid : FailureClass::crash;
}

class ClaudeAdapter final : public Adapter {
 public:
  Result<Invocation> invoke(const Definition& definition, const Assignment& assignment) const override {
    TRY(check_words(definition, assignment));
    Invocation start;
    start.argv = program_of(definition, "claude");
    for (const char* word :
         {"-p", "--output-format", "stream-json", "--verbose", "--dangerously-skip-permissions"}) {
      start.argv.emplace_back(word);
    }
    if (!definition.model.empty()) start.argv.insert(start.argv.end(), {"--model", definition.model});
    if (!assignment.session.empty()) start.argv.insert(start.argv.end(), {"--resume", assignment.session});
    start.env = {{"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"},
                 {"DISABLE_AUTOUPDATER", "1"},
                 {"DISABLE_TELEMETRY", "1"},
                 {"DISABLE_ERROR_REPORTING", "1"}};
    if (!definition.config_dir.empty()) start.env["CLAUDE_CONFIG_DIR"] = definition.config_dir;
    // As root it refuses --dangerously-skip-permissions without this word.
    if (assignment.as_root) start.env["IS_SANDBOX"] = "1";
    for (const auto& [name, value] : definition.env) start.env[name] = value;
    return start;
  }
  std::unique_ptr<OutputReader> reader() const override { return std::make_unique<ClaudeReader>(); }
  std::vector<std::string> programs() const override { return {"claude"}; }
};

}  // namespace

const Adapter* claude_adapter() {
  static const ClaudeAdapter adapter;
  return &adapter;
}

}  // namespace pianola::agents
