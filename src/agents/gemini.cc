// gemini, Gemini CLI with `--output-format stream-json`: one JSON object per line on stdout.
//
// Exit 0 means little: a run that was ended has no `result` line and exits 0, and so does one whose stream
// broke. That it waits for its limit stands on stderr alone. The shell tool gives no exit code.
#include <boost/json.hpp>

#include "agents/activity.h"
#include "agents/api_error.h"
#include "agents/claim.h"
#include "agents/clis.h"
#include "agents/json_line.h"
#include "agents/json_reader.h"
#include "agents/lines.h"
#include "agents/tool_uses.h"

namespace pianola::agents {
namespace {

namespace json = boost::json;
using core::FailureClass;

class GeminiReader final : public JsonReader {
 private:
  bool read(std::string_view type, const json::object& event, std::vector<Observation>& seen) override;
  void read_remark(std::string_view line, std::vector<Observation>& seen) override;
  void read_message(const json::object& line, std::vector<Observation>& seen);
  void read_tool_result(const json::object& line, std::vector<Observation>& seen);
  void read_result(const json::object& line, std::vector<Observation>& seen);
  void read_usage(const json::object& line, std::vector<Observation>& seen);
  void end_saying(std::vector<Observation>& seen);

  ToolUses tools_{gemini_tools()};
  std::string saying_;   // what came of a text so far; it comes in pieces
  std::string trouble_;  // of the last error event
};

bool GeminiReader::read(std::string_view type, const json::object& event, std::vector<Observation>& seen) {
  if (type == "message") {
    read_message(event, seen);
    return true;
  }
  end_saying(seen);
  if (type == "init") {
    const std::string_view session = text_of(event, "session_id");
    if (!is_session_name(session) || told_.session == session) return true;
    told_.session = session;
    seen.emplace_back(SessionStarted{std::string(session), phrase(text_of(event, "model"))});
  } else if (type == "tool_use") {
    static const json::object nothing;
    const json::object* input = object_of(event, "parameters");
    told_.acted = true;
    told_.suspected = FailureClass::none;
    seen.emplace_back(tools_.begin(text_of(event, "tool_id"), text_of(event, "tool_name"),
                                   input == nullptr ? nothing : *input));
  } else if (type == "tool_result") {
    read_tool_result(event, seen);
  } else if (type == "error") {
    trouble_ = cut_at_character(text_of(event, "message"), said_limit_bytes);
  } else if (type == "result") {
    read_result(event, seen);
  } else {
    return false;
  }
  return true;
}

// "Attempt 1 failed ...": it waits and asks again, which its stream does not tell.
void GeminiReader::read_remark(std::string_view line, std::vector<Observation>& seen) {
  if (line.starts_with("Attempt ") && line.find(" failed") != std::string_view::npos) {
    told_.suspected = failure_of_api_error(line);
    seen.emplace_back(Retrying{phrase(line)});
  } else if (line.find("Invalid auth method") != std::string_view::npos ||
             line.find("set an Auth method") != std::string_view::npos) {
    told_.suspected = FailureClass::auth;
  }
}

void GeminiReader::read_message(const json::object& line, std::vector<Observation>& seen) {
  if (text_of(line, "role") != "assistant") return;
  if (!is_true(line, "delta")) end_saying(seen);
  saying_ += text_of(line, "content");
  saying_ = cut_at_character(saying_, said_limit_bytes);
  told_.suspected = FailureClass::none;
  const std::string_view said = trimmed(saying_);
  if (said.empty()) return;
  told_.acted = true;
  told_.text = said;
}

void GeminiReader::end_saying(std::vector<Observation>& seen) {
  const std::string_view said = trimmed(saying_);
  if (!said.empty()) seen.emplace_back(Said{std::string(said)});
  saying_.clear();
}

void GeminiReader::read_tool_result(const json::object& line, std::vector<Observation>& seen) {
  ToolUses::Outcome outcome{ToolUses::End::well, text_of(line, "output")};
  if (text_of(line, "status") == "error") outcome.end = ToolUses::End::failed;
  const json::object* error = object_of(line, "error");
  if (error != nullptr && text_of(*error, "type") == "policy_violation") outcome.end = ToolUses::End::denied;
  // In its own words, and with status success.
  if (outcome.output.starts_with("Blocked: command substitution")) outcome.end = ToolUses::End::denied;
  if (std::optional<ToolUsed> used = tools_.end(text_of(line, "tool_id"), outcome)) {
    seen.emplace_back(std::move(*used));
  }
}

void GeminiReader::read_result(const json::object& line, std::vector<Observation>& seen) {
  read_usage(line, seen);
  told_.ended = true;
  told_.success = text_of(line, "status") == "success";
  told_.failure = FailureClass::none;
  if (!told_.success) {
    const json::object* error = object_of(line, "error");
    const std::string_view type = error == nullptr ? "" : text_of(*error, "type");
    const std::string_view message = error == nullptr ? "" : text_of(*error, "message");
    if (!message.empty()) {
      told_.text = cut_at_character(message, said_limit_bytes);
    } else if (!trouble_.empty()) {
      told_.text = trouble_;
    }
    // It was given so many turns and no more, as pianola gives a task so many seconds.
    if (type == "FatalTurnLimitedError") {
      told_.failure = FailureClass::timeout;
    } else if (type == "FatalAuthenticationError") {
      told_.failure = FailureClass::auth;
    } else {
      told_.failure = failure_of_api_error(told_.text);
    }
    if (told_.failure == FailureClass::quota) {
      seen.emplace_back(LimitReported{FailureClass::quota, 0, phrase(told_.text)});
    }
  }
  seen.emplace_back(TurnEnded{told_.success, told_.failure, phrase(told_.text)});
}

void GeminiReader::read_usage(const json::object& line, std::vector<Observation>& seen) {
  const json::object* stats = object_of(line, "stats");
  if (stats == nullptr) return;
  bool odd = false;
  core::Usage usage;
  usage.tokens_in = count_of(*stats, "input_tokens", odd);
  usage.tokens_out = count_of(*stats, "output_tokens", odd);
  usage.tokens_cached = count_of(*stats, "cached", odd);
  if (odd) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
    return;
  }
  told_.usage = usage;
  seen.emplace_back(UsageReported{usage, -1, -1});
}

class GeminiAdapter final : public Adapter {
 public:
  Result<Invocation> invoke(const Definition& definition, const Assignment& assignment) const override {
    TRY(check_words(definition, assignment));
    Invocation start;
    start.argv = program_of(definition, "gemini");
    start.argv.insert(start.argv.end(), {"--output-format", "stream-json", "--approval-mode", "yolo"});
    if (!definition.model.empty()) start.argv.insert(start.argv.end(), {"-m", definition.model});
    if (!assignment.session.empty()) start.argv.insert(start.argv.end(), {"--resume", assignment.session});
    // Its own sandbox would be a container; pianola's isolation stands around it.
    start.env = {{"GEMINI_CLI_NO_RELAUNCH", "true"},
                 {"GEMINI_CLI_TRUST_WORKSPACE", "true"},
                 {"GEMINI_SANDBOX", "false"},
                 {"NO_COLOR", "1"}};
    if (!definition.config_dir.empty()) start.env["GEMINI_CLI_HOME"] = definition.config_dir;
    for (const auto& [name, value] : definition.env) start.env[name] = value;
    return start;
  }
  std::unique_ptr<OutputReader> reader() const override { return std::make_unique<GeminiReader>(); }
  std::vector<std::string> programs() const override { return {"gemini"}; }
};

}  // namespace

const Adapter* gemini_adapter() {
  static const GeminiAdapter adapter;
  return &adapter;
}

}  // namespace pianola::agents
