// qwen, Qwen Code with `--output-format stream-json`: lines like claude's on stdout, tools like gemini's.
//
// It exits 0 and says "success" when the server refused it or the stream broke: that the model's text has
// "[API Error: " in it, with no token counted, is the only sign. While it asks again it says nothing at all.
// Usage counts the whole session, so a resumed one repeats what earlier attempts used.
#include <algorithm>
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

std::string_view words_of_refusal(std::string_view text);
bool read_counts(const json::object& counts, core::Usage& usage);

class QwenReader final : public JsonReader {
 private:
  bool read(std::string_view type, const json::object& event, std::vector<Observation>& seen) override;
  void read_remark(std::string_view line, std::vector<Observation>& seen) override;
  void read_start(const json::object& line, std::vector<Observation>& seen);
  void read_message(const json::object& line, std::vector<Observation>& seen);
  void read_text(std::string_view text, bool counted, std::vector<Observation>& seen);
  void read_tool_results(const json::object& line, std::vector<Observation>& seen);
  void read_result(const json::object& line, std::vector<Observation>& seen);

  ToolUses tools_{gemini_tools()};
};

bool QwenReader::read(std::string_view type, const json::object& event, std::vector<Observation>& seen) {
  if (type == "system") {
    if (text_of(event, "subtype") == "init") read_start(event, seen);
  } else if (type == "assistant") {
    read_message(event, seen);
  } else if (type == "user") {
    read_tool_results(event, seen);
  } else if (type == "result") {
    read_result(event, seen);
  } else {
    return type == "stream_event" || type.starts_with("control_");
  }
  return true;
}

// It was given so many turns and no more; there is no result line then.
void QwenReader::read_remark(std::string_view line, std::vector<Observation>&) {
  if (line.starts_with("Reached max session turns")) told_.suspected = FailureClass::timeout;
}

void QwenReader::read_start(const json::object& line, std::vector<Observation>& seen) {
  tools_.set_workspace(text_of(line, "cwd"));
  const std::string_view session = text_of(line, "session_id");
  if (!is_session_name(session) || told_.session == session) return;
  told_.session = session;
  seen.emplace_back(SessionStarted{std::string(session), phrase(text_of(line, "model"))});
}

void QwenReader::read_message(const json::object& line, std::vector<Observation>& seen) {
  const json::object* message = object_of(line, "message");
  if (message == nullptr) return;
  const json::object* counts = object_of(*message, "usage");
  core::Usage usage;
  const bool fits = counts == nullptr || read_counts(*counts, usage);
  told_.marked = false;
  const json::array* content = array_of(*message, "content");
  for (size_t i = 0; content != nullptr && i < content->size(); ++i) {
    if (!(*content)[i].is_object()) continue;
    const json::object& block = (*content)[i].get_object();
    const std::string_view kind = text_of(block, "type");
    if (kind == "text") read_text(trimmed(text_of(block, "text")), usage.tokens_out > 0, seen);
    if (kind != "tool_use") continue;
    static const json::object nothing;
    const json::object* input = object_of(block, "input");
    told_.acted = true;
    seen.emplace_back(
        tools_.begin(text_of(block, "id"), text_of(block, "name"), input == nullptr ? nothing : *input));
  }
  if (!fits) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
  } else if (usage.tokens_in > 0) {
    const auto add = [](int64_t& sum, int64_t count) {
      sum = std::max<int64_t>(0, sum) + std::max<int64_t>(0, count);
    };
    add(told_.usage.tokens_in, usage.tokens_in);
    add(told_.usage.tokens_out, usage.tokens_out);
    add(told_.usage.tokens_cached, usage.tokens_cached);
    bool odd = false;
    seen.emplace_back(UsageReported{told_.usage, count_of(*counts, "total_tokens", odd), -1});
  }
}

void QwenReader::read_text(std::string_view text, bool counted, std::vector<Observation>& seen) {
  if (text.empty()) return;
  told_.text = cut_at_character(text, said_limit_bytes);
  const std::string_view refusal = counted ? std::string_view() : words_of_refusal(text);
  if (refusal.empty()) {
    told_.acted = true;
    seen.emplace_back(Said{told_.text});
    return;
  }
  told_.marked = true;
  told_.failure = failure_of_api_error(refusal);
  if (told_.failure == FailureClass::quota) {
    seen.emplace_back(LimitReported{FailureClass::quota, 0, phrase(refusal)});
  }
}

void QwenReader::read_tool_results(const json::object& line, std::vector<Observation>& seen) {
  const json::object* message = object_of(line, "message");
  const json::array* content = message == nullptr ? nullptr : array_of(*message, "content");
  for (size_t i = 0; content != nullptr && i < content->size(); ++i) {
    if (!(*content)[i].is_object()) continue;
    const json::object& result = (*content)[i].get_object();
    if (text_of(result, "type") != "tool_result") continue;
    ToolUses::Outcome outcome{ToolUses::End::well, text_of(result, "content")};
    if (is_true(result, "is_error")) {
      const bool refused = outcome.output.starts_with("Qwen Code requires permission");
      outcome.end = refused ? ToolUses::End::denied : ToolUses::End::failed;
    }
    if (std::optional<ToolUsed> used = tools_.end(text_of(result, "tool_use_id"), outcome)) {
      seen.emplace_back(std::move(*used));
    }
  }
}

void QwenReader::read_result(const json::object& line, std::vector<Observation>& seen) {
  const json::object* counts = object_of(line, "usage");
  core::Usage usage;
  if (counts != nullptr && !read_counts(*counts, usage)) {
    seen.emplace_back(LineSkipped{"token counts that are no counts"});
  } else if (counts != nullptr) {
    told_.usage = usage;
    seen.emplace_back(UsageReported{usage, -1, -1});
  }
  told_.ended = true;
  told_.success = !is_true(line, "is_error") && text_of(line, "subtype") == "success";
  const std::string_view text = text_of(line, "result");
  if (!text.empty()) told_.text = cut_at_character(text, said_limit_bytes);
  if (!text.empty() && told_.success && !told_.marked) told_.acted = true;
  if (told_.success && !told_.marked) {
    told_.failure = FailureClass::none;
  } else if (!told_.marked) {
    const bool too_long = text_of(line, "subtype") == "error_max_turns";
    told_.failure = too_long ? FailureClass::timeout : failure_of_api_error(text);
  }
  seen.emplace_back(TurnEnded{told_.success && !told_.marked, told_.failure, phrase(told_.text)});
}

// "[API Error: 401 ...]" from where it begins, "" where there is none.
std::string_view words_of_refusal(std::string_view text) {
  const size_t at = text.rfind(api_error_mark);
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

// Cached input counts as input in both of its numbers. False when one is no count.
bool read_counts(const json::object& counts, core::Usage& usage) {
  bool odd = false;
  usage.tokens_in = count_of(counts, "input_tokens", odd);
  usage.tokens_out = count_of(counts, "output_tokens", odd);
  usage.tokens_cached = count_of(counts, "cache_read_input_tokens", odd);
  return !odd;
}

class QwenAdapter final : public Adapter {
 public:
  Result<Invocation> invoke(const Definition& definition, const Assignment& assignment) const override {
    TRY(check_words(definition, assignment));
    Invocation start;
    start.argv = program_of(definition, "qwen");
    start.argv.insert(start.argv.end(), {"--output-format", "stream-json", "--approval-mode", "yolo"});
    if (!definition.model.empty()) start.argv.insert(start.argv.end(), {"--model", definition.model});
    if (!assignment.session.empty()) start.argv.insert(start.argv.end(), {"--resume", assignment.session});
    // Its own sandbox would be a container; pianola's isolation stands around it.
    start.env = {{"NO_COLOR", "1"}, {"QWEN_CODE_NO_RELAUNCH", "true"}, {"QWEN_SANDBOX", "false"}};
    // Without a choice in its settings it takes a key and a base URL only together with this variable.
    if (!definition.model.empty()) start.env["OPENAI_MODEL"] = definition.model;
    if (!definition.config_dir.empty()) start.env["QWEN_HOME"] = definition.config_dir;
    for (const auto& [name, value] : definition.env) start.env[name] = value;
    return start;
  }
  std::unique_ptr<OutputReader> reader() const override { return std::make_unique<QwenReader>(); }
  std::vector<std::string> programs() const override { return {"qwen"}; }
};

}  // namespace

const Adapter* qwen_adapter() {
  static const QwenAdapter adapter;
  return &adapter;
}

}  // namespace pianola::agents
