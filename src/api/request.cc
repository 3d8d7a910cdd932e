#include "api/request.h"

#include <array>
#include <boost/json.hpp>

#include "base/check.h"
#include "base/text.h"
#include "core/match.h"

namespace pianola::api {
namespace {

namespace json = boost::json;

struct KindWord {
  ErrorKind kind;
  std::string_view word;
};
constexpr std::array kind_words = {KindWord{ErrorKind::usage, "usage"},
                                   KindWord{ErrorKind::bad_plan, "bad_plan"},
                                   KindWord{ErrorKind::repository, "repository"},
                                   KindWord{ErrorKind::missing, "missing"},
                                   KindWord{ErrorKind::paused, "paused"},
                                   KindWord{ErrorKind::held, "held"},
                                   KindWord{ErrorKind::integrity, "integrity"},
                                   KindWord{ErrorKind::failed, "failed"},
                                   KindWord{ErrorKind::interrupted, "interrupted"},
                                   KindWord{ErrorKind::internal, "internal"}};

tl::unexpected<Error> bad_request(std::string what, std::string expected) {
  return refuse(Error{.kind = ErrorKind::usage,
                      .where = "request",
                      .what = std::move(what),
                      .expected = std::move(expected),
                      .next = {}});
}

Result<json::object> parse_object(std::string_view line) {
  json::error_code failure;
  json::value value = json::parse(json::string_view(line.data(), line.size()), failure);
  if (failure || !value.is_object()) return bad_request("not a JSON object", "one object on one line");
  return std::move(value.as_object());
}

// The text at `key`, or "" when it is absent or something else.
std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Result<core::Input> parse_request(std::string_view line) {
  const json::object object = TRY(parse_object(line));
  const std::string verb = text_at(object, "do");
  const std::string how = text_at(object, "how");
  const core::TaskId task(text_at(object, "task"));
  if (verb == "stop") {
    if (how != "finish" && how != "end_all")
      return bad_request("\"how\" is \"" + how + "\"", "finish or end_all");
    return core::StopRequested{how == "finish" ? core::Stopping::finish_running : core::Stopping::end_all};
  }
  if (verb == "stop_task") return core::TaskStopRequested{task};
  if (verb == "say") return core::SayRequested{.task = task, .text = text_at(object, "text")};
  if (verb == "pause") return core::PauseRequested{text_at(object, "reason")};
  if (verb == "resume") return core::ResumeRequested{};
  if (verb == "promote") {
    if (how != "checkout" && how != "leave")
      return bad_request("\"how\" is \"" + how + "\"", "checkout or leave");
    return core::PromoteRequested{how == "checkout" ? core::PromoteMode::checkout : core::PromoteMode::leave};
  }
  return bad_request("no request \"" + verb + "\"", "stop, stop_task, say, pause, resume or promote");
}

std::string request_line(const core::Input& input) {
  json::object object;
  std::visit(
      core::Match{
          [&](const core::StopRequested& in) {
            object = {{"do", "stop"}, {"how", in.how == core::Stopping::end_all ? "end_all" : "finish"}};
          },
          [&](const core::TaskStopRequested& in) {
            object = {{"do", "stop_task"}, {"task", in.task.str()}};
          },
          [&](const core::SayRequested& in) {
            object = {{"do", "say"}, {"task", in.task.str()}, {"text", in.text}};
          },
          [&](const core::PauseRequested& in) {
            object = {{"do", "pause"}, {"reason", in.reason}};
          },
          [&](const core::ResumeRequested&) {
            object = {{"do", "resume"}};
          },
          [&](const core::PromoteRequested& in) {
            object = {{"do", "promote"},
                      {"how", in.mode == core::PromoteMode::checkout ? "checkout" : "leave"}};
          },
          [](const auto&) { CHECK(false, "only what people ask goes over the socket"); },
      },
      input);
  return json::serialize(object);
}

std::string kind_text(ErrorKind kind) {
  for (const KindWord& entry : kind_words) {
    if (entry.kind == kind) return std::string(entry.word);
  }
  return "internal";
}

ErrorKind parse_kind(std::string_view word) {
  for (const KindWord& entry : kind_words) {
    if (entry.word == word) return entry.kind;
  }
  return ErrorKind::internal;
}

namespace {

// "file:line:col" of an error that names a place in a file, or null.
json::value place_json(const std::string& where) {
  const size_t col_at = where.rfind(':');
  const size_t line_at =
      col_at == std::string::npos || col_at == 0 ? std::string::npos : where.rfind(':', col_at - 1);
  if (line_at == std::string::npos || line_at == 0) return nullptr;
  const auto number = [&](size_t from, size_t to) -> int64_t {
    int64_t value = 0;
    if (from == to || to - from > 9) return -1;
    for (size_t i = from; i < to; ++i) {
      if (where[i] < '0' || where[i] > '9') return -1;
      value = value * 10 + (where[i] - '0');
    }
    return value;
  };
  const int64_t line = number(line_at + 1, col_at);
  const int64_t col = number(col_at + 1, where.size());
  if (line < 1 || col < 1) return nullptr;
  return json::object{{"file", utf8_text(where.substr(0, line_at))}, {"line", line}, {"col", col}};
}

}  // namespace

std::string error_json(const Error& error, int exit_code) {
  std::string hint = error.expected.empty() ? "" : "expected " + error.expected;
  if (!error.next.empty()) hint += (hint.empty() ? "" : "; ") + error.next;
  const std::string message = error.where.empty() ? error.what : error.where + ": " + error.what;
  return json::serialize(json::object{{"error", json::object{{"code", kind_text(error.kind)},
                                                             {"exit", exit_code},
                                                             {"message", utf8_text(message)},
                                                             {"at", place_json(error.where)},
                                                             {"hint", utf8_text(hint)}}}});
}

std::string reply_line(const Result<uint64_t>& reply) {
  if (reply) return "{\"seq\":" + std::to_string(*reply) + "}";
  const Error& error = reply.error();
  return json::serialize(json::object{{"refused", json::object{{"kind", kind_text(error.kind)},
                                                               {"where", utf8_text(error.where)},
                                                               {"what", utf8_text(error.what)},
                                                               {"expected", utf8_text(error.expected)},
                                                               {"next", utf8_text(error.next)}}}});
}

Result<uint64_t> parse_reply(std::string_view line) {
  const json::object object = TRY(parse_object(line));
  if (const json::value* seq = object.if_contains("seq")) {
    json::error_code failure;
    const auto number = seq->to_number<uint64_t>(failure);
    if (!failure) return number;
  }
  const json::value* refused = object.if_contains("refused");
  if (refused == nullptr || !refused->is_object()) return bad_request("not a reply", "seq or refused");
  const json::object& parts = refused->get_object();
  return refuse(Error{.kind = parse_kind(text_at(parts, "kind")),
                      .where = text_at(parts, "where"),
                      .what = text_at(parts, "what"),
                      .expected = text_at(parts, "expected"),
                      .next = text_at(parts, "next")});
}

}  // namespace pianola::api
