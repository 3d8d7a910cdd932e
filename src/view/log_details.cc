#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "core/codec.h"
#include "core/codec_base64.h"
#include "view/log_view.h"

namespace pianola::view {
namespace {

namespace json = boost::json;

// One thing still to be shown; the last of the list is next.
struct Pending {
  std::string label;
  const json::value* value = nullptr;
  size_t indent = 0;
};

void put(std::string& out, const Pending& pending, const std::string& text);
void put_string(std::string& out, const Pending& pending, std::string_view raw);
const json::value* coded_bytes(const json::value& value);
void push_parts(std::vector<Pending>& waiting, const Pending& whole);

}  // namespace

std::string log_details(const core::Recorded& recorded, uint64_t seed) {
  json::error_code error;
  const json::value line = json::parse(core::encode(recorded, seed), error);
  CHECK(!error, "an encoded event is JSON");
  std::string out;
  std::vector<Pending> waiting;
  push_parts(waiting, {.label = "", .value = &line, .indent = 0});
  while (!waiting.empty()) {
    const Pending next = std::move(waiting.back());
    waiting.pop_back();
    const json::value& value = *next.value;
    if (const json::value* coded = coded_bytes(value)) {
      put_string(out, next, core::read_base64(coded->get_string()).value_or(""));
    } else if (value.is_string()) {
      put_string(out, next, value.get_string());
    } else if (value.is_object() ? value.get_object().empty()
                                 : value.is_array() && value.get_array().empty()) {
      put(out, next, "-");
    } else if (value.is_structured()) {
      put(out, next, "");
      push_parts(waiting, {.label = "", .value = &value, .indent = next.indent + 2});
    } else {
      put(out, next, json::serialize(value));
    }
  }
  return out;
}

namespace {

void put(std::string& out, const Pending& pending, const std::string& text) {
  out += std::string(pending.indent, ' ') + pending.label;
  if (!text.empty()) out += " " + text;
  out += '\n';
}

// A text of several lines stands under its label, each line behind a bar.
void put_string(std::string& out, const Pending& pending, std::string_view raw) {
  if (raw.empty()) return put(out, pending, "\"\"");
  if (raw.find('\n') != std::string_view::npos) {
    put(out, pending, "");
    std::string text = display_lines(raw);
    if (text.ends_with('\n')) text.pop_back();
    for (size_t at = 0, end = 0; end != text.size(); at = end + 1) {
      end = std::min(text.find('\n', at), text.size());
      out += std::string(pending.indent, ' ') + "  | " + text.substr(at, end - at) + "\n";
    }
    return;
  }
  int64_t ns = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), ns);
  const bool is_time = pending.label == "at" || pending.label.ends_with("_at");
  if (is_time && error == std::errc{} && end == raw.data() + raw.size()) {
    return put(out, pending, ns == 0 ? "-" : fmt::format("{} ({})", raw, iso_utc({ns})));
  }
  put(out, pending, display(raw).str());
}

const json::value* coded_bytes(const json::value& value) {
  const json::object* object = value.if_object();
  const json::value* coded = object != nullptr && object->size() == 1 ? object->if_contains("b64") : nullptr;
  return coded != nullptr && coded->is_string() ? coded : nullptr;
}

// The parts of an object or a list, so that the first is next.
void push_parts(std::vector<Pending>& waiting, const Pending& whole) {
  const size_t first = waiting.size();
  if (const json::object* object = whole.value->if_object()) {
    for (const auto& [key, part] : *object) {
      waiting.push_back({.label = std::string(key), .value = &part, .indent = whole.indent});
    }
  } else {
    for (const json::value& part : whole.value->get_array()) {
      waiting.push_back({.label = "-", .value = &part, .indent = whole.indent});
    }
  }
  std::reverse(waiting.begin() + static_cast<std::ptrdiff_t>(first), waiting.end());
}

}  // namespace
}  // namespace pianola::view
