#include "plan/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <system_error>

namespace pianola::plan {
namespace {

using Words = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_only(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view decimal_digits = "0123456789";

std::optional<double> with_base(std::string_view digits, int base);
bool is_exponent(std::string_view rest);
bool is_decimal(std::string_view unsigned_text);

}  // namespace

ScalarType scalar_type(std::string_view plain) {
  if (plain.empty() || is_one_of(plain, {"~", "null", "Null", "NULL"})) return ScalarType::null;
  if (is_one_of(plain, {"true", "True", "TRUE", "false", "False", "FALSE"})) return ScalarType::boolean;
  if (plain.starts_with("0o") && has_only(plain.substr(2), "01234567")) return ScalarType::integer;
  if (plain.starts_with("0x") && has_only(plain.substr(2), "0123456789abcdefABCDEF")) {
    return ScalarType::integer;
  }
  if (is_one_of(plain, {".nan", ".NaN", ".NAN"})) return ScalarType::number;
  std::string_view rest = plain;
  if (rest.front() == '+' || rest.front() == '-') rest.remove_prefix(1);
  if (has_only(rest, decimal_digits)) return ScalarType::integer;
  if (is_one_of(rest, {".inf", ".Inf", ".INF"}) || is_decimal(rest)) return ScalarType::number;
  return ScalarType::text;
}

bool is_old_boolean(std::string_view plain) {
  constexpr std::array<std::string_view, 16> words = {"y",  "Y",  "n",  "N",  "yes", "Yes", "YES", "no",
                                                      "No", "NO", "on", "On", "ON",  "off", "Off", "OFF"};
  return std::find(words.begin(), words.end(), plain) != words.end();
}

std::optional<double> scalar_number(std::string_view plain) {
  const ScalarType type = scalar_type(plain);
  if (type != ScalarType::integer && type != ScalarType::number) return std::nullopt;
  if (plain.starts_with("0o")) return with_base(plain.substr(2), 8);
  if (plain.starts_with("0x")) return with_base(plain.substr(2), 16);
  if (plain.find_first_of(decimal_digits) == std::string_view::npos) return std::nullopt;  // .inf, .nan
  if (plain.starts_with('+')) plain.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (read.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

namespace {

std::optional<double> with_base(std::string_view digits, int base) {
  uint64_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (read.ec != std::errc()) return std::nullopt;
  return static_cast<double>(value);
}

bool is_exponent(std::string_view rest) {
  if (rest.empty()) return true;
  if (rest.front() != 'e' && rest.front() != 'E') return false;
  rest.remove_prefix(1);
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) rest.remove_prefix(1);
  return has_only(rest, decimal_digits);
}

// \. [0-9]+ | [0-9]+ ( \. [0-9]* )?, then ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
  const size_t whole = std::min(text.find_first_not_of(decimal_digits), text.size());
  std::string_view rest = text.substr(whole);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const size_t fraction = std::min(rest.find_first_not_of(decimal_digits), rest.size());
    if (whole == 0 && fraction == 0) return false;
    return is_exponent(rest.substr(fraction));
  }
  return whole > 0 && is_exponent(rest);
}

}  // namespace
}  // namespace pianola::plan
