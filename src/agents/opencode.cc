// opencode, `opencode run --format json`: one JSON object per line on stdout, a tool use when it is over.
//
// There is no last line: a step that ends with "stop" ends the turn, and any error line means exit 1, also
// where it went on. While it waits for a limit or a server it says so in its log alone, which goes to stderr.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

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

constexpr double dearest_step_usd = 1e6;

constexpr std::array tools_of_opencode = {
    KnownTool{"bash", "runs", "command"},       KnownTool{"read", "reads", "filePath"},
    KnownTool{"list", "reads", "path"},         KnownTool{"write", "writes", "filePath"},
    KnownTool{"edit", "edits", "filePath"},     KnownTool{"grep", "searches", "pattern"},
    KnownTool{"glob", "searches", "pattern"},   KnownTool{"webfetch", "fetches", "url"},
    KnownTool{"websearch", "fetches", "query"}, KnownTool{"task", "calls", "description"},
    KnownTool{"todowrite", "plans", "todos"},
};

FailureClass failure_of_error(const json::object& error, std::string_view message);
FailureClass failure_of_reason(std::string_view reason);

class OpencodeReader final : public JsonReader {
 private:
  bool read(std::string_view type, const json::object& event, std::vector<Observation>& seen) override;
  void read_remark(std::string_view line, std::vector<Observation>& seen) override;
  void read_session(const json::object& line, std::vector<Observation>& seen);
  void read_text(const json::object& part, std::vector<Observation>& seen);
  void read_tool(const json::object& part, std::vector<Observation>& seen);
  void read_step_end(const json::object& part, std::vector<Observation>& seen);
  void read_usage(const json::object& part, std::vector<Observation>& seen);
  void read_error(const json::object& line, std::vector<Observation>& seen);

  ToolUses tools_{tools_of_opencode};
};

bool OpencodeReader::read(std::string_view type, const json::object& event, std::vector<Observation>& seen) {
  const json::object* part = object_of(event, "part");
  const bool is_part = type == "text" || type == "tool_use" || type == "step_finish";
  if (type != "step_start" && type != "reasoning" && type != "error" && !is_part) return false;
  read_session(event, seen);
  if (type == "step_start") {
    told_.ended = told_.success = false;
  } else if (type == "error") {
    read_error(event, seen);
  } else if (is_part && part != nullptr) {
    told_.suspected = FailureClass::none;
    if (type == "text") read_text(*part, seen);
    if (type == "tool_use") read_tool(*part, seen);
    if (type == "step_finish") read_step_end(*part, seen);
  }
  return true;
}

// level=ERROR ... message="stream error" ... error.error="AI_APICallError: Rate limit ...": it asks again.
void OpencodeReader::read_remark(std::string_view line, std::vector<Observation>& seen) {
  constexpr std::string_view mark = "error.error=\"";
  if (line.find("level=ERROR") == std::string_view::npos ||
      line.find("stream error") == std::string_view::npos)
    return;
  const size_t at = line.find(mark);
  if (at == std::string_view::npos) return;
  std::string_view words = line.substr(at + mark.size());
  words = words.substr(0, words.rfind('"'));
  told_.suspected = failure_of_api_error(words);
  if (told_.suspected == FailureClass::crash) told_.suspected = FailureClass::transient;
  seen.emplace_back(Retrying{phrase(words)});
}

void OpencodeReader::read_session(const json::object& line, std::vector<Observation>& seen) {
  const std::string_view session = text_of(line, "sessionID");
  if (!is_session_name(session) || told_.session == session) return;
  told_.session = session;
  seen.emplace_back(SessionStarted{std::string(session), ""});
}

void OpencodeReader::read_text(const json::object& part, std::vector<Observation>& seen) {
  const std::string_view said = cut_at_character(trimmed(text_of(part, "text")), said_limit_bytes);
  // Synthetic text is what it tells the model of its own accord.
  if (said.empty() || is_true(part, "synthetic")) return;
  told_.acted = true;
  if (!told_.marked) told_.text = said;
  seen.emplace_back(Said{std::string(said)});
}

void OpencodeReader::read_tool(const json::object& part, std::vector<Observation>& seen) {
  static const json::object nothing;
  const json::object* state = object_of(part, "state");
  if (state == nullptr) return;
  told_.acted = true;
  const json::object* input = object_of(*state, "input");
  const json::object* metadata = object_of(*state, "metadata");
  const std::string_view id = text_of(part, "callID");
  tools_.begin(id, text_of(part, "tool"), input == nullptr ? nothing : *input);
  bool odd = false;
  ToolUses::Outcome outcome{ToolUses::End::well, text_of(*state, "output"),
                            metadata == nullptr ? -1 : count_of(*metadata, "exit", odd)};
  if (text_of(*state, "status") == "error") {
    outcome.output = text_of(*state, "error");
    const bool refused = outcome.output.find("rejected permission") != std::string_view::npos;
    outcome.end = refused ? ToolUses::End::denied : ToolUses::End::failed;
  }
  if (std::optional<ToolUsed> used = tools_.end(id, outcome)) seen.emplace_back(std::move(*used));
}

void OpencodeReader::read_step_end(const json::object& part, std::vector<Observation>& seen) {
  read_usage(part, seen);
  const std::string_view reason = text_of(part, "reason");
  if (reason == "tool-calls" || reason == "unknown") return;
  told_.ended = true;
  told_.success = reason == "stop";
  if (!told_.marked) told_.failure = failure_of_reason(reason);
  seen.emplace_back(TurnEnded{told_.success && !told_.marked, told_.failure, phrase(told_.text)});
}

// Of one step; its input does not count what came from a cache. A model without a known price costs 0.
void OpencodeReader::read_usage(const json::object& part, std::vector<Observation>& seen) {
  static const json::object nothing;
  const json::object* tokens = object_of(part, "tokens");
  if (tokens == nullptr) return;
  const json::object* found = object_of(*tokens, "cache");
  const json::object& cache = found == nullptr ? nothing : *found;
  bool odd = false;
  const auto count = [&odd](const json::object& counts, std::string_view name) {
    return std::max<int64_t>(0, count_of(counts, name, odd));
  };
  const int64_t cached = count(cache, "read");
  const int64_t input = count(*tokens, "input") + cached + count(cache, "write");
  const int64_t output = count(*tokens, "output") + count(*tokens, "reasoning");
  if (odd) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
    return;
  }
  const auto add = [](int64_t& sum, int64_t more) { sum = std::max<int64_t>(0, sum) + more; };
  add(told_.usage.tokens_in, input);
  add(told_.usage.tokens_cached, cached);
  add(told_.usage.tokens_out, output);
  const json::value* cost = part.if_contains("cost");
  const double usd = cost != nullptr && cost->is_number() ? cost->to_number<double>() : 0;
  if (usd > 0 && usd < dearest_step_usd) add(told_.usage.cost_microusd, std::llround(usd * 1e6));
  seen.emplace_back(UsageReported{told_.usage, input + output, -1});
}

void OpencodeReader::read_error(const json::object& line, std::vector<Observation>& seen) {
  static const json::object nothing;
  const json::object* found = object_of(line, "error");
  const json::object& error = found == nullptr ? nothing : *found;
  const json::object* about = object_of(error, "data");
  const std::string_view message = about == nullptr ? "" : text_of(*about, "message");
  told_.marked = true;
  told_.text = cut_at_character(message.empty() ? text_of(error, "name") : message, said_limit_bytes);
  told_.failure = failure_of_error(error, message);
  if (told_.failure == FailureClass::quota) {
    seen.emplace_back(LimitReported{FailureClass::quota, 0, phrase(told_.text)});
  }
}

FailureClass failure_of_error(const json::object& error, std::string_view message) {
  const std::string_view name = text_of(error, "name");
  if (name == "ContextOverflowError" || name == "MessageOutputLengthError") return FailureClass::context;
  if (name == "ProviderAuthError") return FailureClass::auth;
  if (name == "ProviderModelNotFoundError") return FailureClass::invalid;
  bool odd = false;
  const json::object* about = object_of(error, "data");
  return failure_of_api_error(message, about == nullptr ? 0 : count_of(*about, "statusCode", odd));
}

FailureClass failure_of_reason(std::string_view reason) {
  if (reason == "stop") return FailureClass::none;
  if (reason == "length") return FailureClass::context;
  return reason == "content-filter" ? FailureClass::policy : FailureClass::crash;
}

class OpencodeAdapter final : public Adapter {
 public:
  Result<Invocation> invoke(const Definition& definition, const Assignment& assignment) const override {
    TRY(check_words(definition, assignment));
    Invocation start;
    start.argv = program_of(definition, "opencode");
    // A title saves a request to the model for one.
    for (const char* word : {"run", "--format", "json", "--auto", "--title", "pianola", "--print-logs",
                             "--log-level", "ERROR"}) {
      start.argv.emplace_back(word);
    }
    // It believes PWD before its current directory, and PWD may be that of whoever started it.
    start.argv.insert(start.argv.end(), {"--dir", assignment.workspace});
    if (!definition.model.empty()) start.argv.insert(start.argv.end(), {"--model", definition.model});
    if (!assignment.session.empty()) start.argv.insert(start.argv.end(), {"--session", assignment.session});
    start.env = {
        {"NO_COLOR", "1"},
        {"OPENCODE_CONFIG_CONTENT", R"({"autoupdate":false,"share":"disabled","permission":"allow"})"},
        {"OPENCODE_DISABLE_AUTOUPDATE", "1"},
        {"OPENCODE_DISABLE_LSP_DOWNLOAD", "1"},
        {"OPENCODE_DISABLE_MODELS_FETCH", "1"}};
    // Its settings and its login lie in two folders of a HOME. XDG_CONFIG_HOME would lead git astray too.
    if (!definition.config_dir.empty()) {
      start.env["OPENCODE_CONFIG_DIR"] = definition.config_dir + "/.config/opencode";
      start.env["XDG_DATA_HOME"] = definition.config_dir + "/.local/share";
    }
    for (const auto& [name, value] : definition.env) start.env[name] = value;
    return start;
  }
  std::unique_ptr<OutputReader> reader() const override { return std::make_unique<OpencodeReader>(); }
  std::vector<std::string> programs() const override { return {"opencode"}; }
};

}  // namespace

const Adapter* opencode_adapter() {
  static const OpencodeAdapter adapter;
  return &adapter;
}

}  // namespace pianola::agents
