#include "agents/json_line.h"

#include <boost/json.hpp>
#include <cmath>

#include "base/text.h"

namespace pianola::agents {
namespace {

namespace json = boost::json;

constexpr size_t max_depth = 64;
constexpr int64_t max_count = 1'000'000'000'000'000;

std::string repaired(std::string_view line);

std::optional<json::object> parse_object(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  json::error_code error;
  json::value value;
  try {
    value = json::parse(text, error, {}, options);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

}  // namespace

std::optional<json::object> parse_line(std::string_view line) {
  if (std::optional<json::object> whole = parse_object(line)) return whole;
  if (line.find('{') == std::string_view::npos) return std::nullopt;
  return parse_object(repaired(line));
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

const json::object* object_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_array();
}

bool is_true(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

int64_t count_of(const json::object& object, std::string_view name, bool& odd) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return -1;
  if (value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= max_count)
    return value->get_int64();
  if (value->is_double()) {
    const double number = value->get_double();
    if (number >= 0 && number <= static_cast<double>(max_count) && std::floor(number) == number) {
      return static_cast<int64_t>(number);
    }
  }
  odd = true;
  return -1;
}

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// The four hex digits at `at`, or -1.
int32_t hex4(std::string_view line, size_t at) {
  if (line.size() < 4 || at > line.size() - 4) return -1;
  int32_t value = 0;
  for (const char digit : line.substr(at, 4)) {
    int32_t nibble = 0;
    if (digit >= '0' && digit <= '9') {
      nibble = digit - '0';
    } else if (digit >= 'a' && digit <= 'f') {
      nibble = digit - 'a' + 10;
    } else if (digit >= 'A' && digit <= 'F') {
      nibble = digit - 'A' + 10;
    } else {
      return -1;
    }
    value = value * 16 + nibble;
  }
  return value;
}

bool is_high(int32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(int32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Bytes that are not UTF-8 become U+FFFD, control characters a blank.
std::string with_clean_bytes(std::string_view line) {
  std::string out;
  out.reserve(line.size() + 16);
  while (!line.empty()) {
    size_t bad = line.size();
    is_utf8(line, &bad);
    for (const char byte : line.substr(0, bad)) out += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
    line.remove_prefix(bad);
    if (line.empty()) break;
    out += replacement;
    line.remove_prefix(1);
  }
  return out;
}

// An escaped half of a surrogate pair without its other half becomes an escaped U+FFFD.
std::string repaired(std::string_view line) {
  std::string text = with_clean_bytes(line);
  for (size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
    const int32_t unit = text.compare(at, 2, "\\u") == 0 ? hex4(text, at + 2) : -1;
    const bool opens_pair =
        is_high(unit) && text.compare(at + 6, 2, "\\u") == 0 && is_low(hex4(text, at + 8));
    if (opens_pair) {
      at += 12;
      continue;
    }
    if (is_high(unit) || is_low(unit)) text.replace(at, 6, "\\ufffd");
    at += 2;
  }
  return text;
}

}  // namespace
}  // namespace pianola::agents
