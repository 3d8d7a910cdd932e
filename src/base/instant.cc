#include "base/instant.h"

#include <fmt/format.h>

#include <vector>

namespace pianola {
namespace {

struct Civil {
  int64_t year;
  int64_t month;
  int64_t day;
};

// Days since 1970-01-01 to a proleptic Gregorian date (H. Hinnant, "chrono-Compatible Low-Level Date
// Algorithms", civil_from_days).
Civil civil_from_days(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

int64_t days_from_civil(const Civil& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::string iso_utc(Instant at) {
  const int64_t seconds = floor_div(at.ns, 1'000'000'000);
  const int64_t days = floor_div(seconds, 86400);
  const int64_t in_day = seconds - days * 86400;
  const Civil date = civil_from_days(days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.year, date.month, date.day, in_day / 3600,
                     in_day / 60 % 60, in_day % 60);
}

namespace {

// Takes from the front of `text` what `pattern` asks for: a digit for each 'd', else the character itself.
// The digits between other characters are one number each; nothing when `text` is not so.
std::optional<std::vector<int64_t>> take_numbers(std::string_view& text, std::string_view pattern) {
  if (text.size() < pattern.size()) return std::nullopt;
  std::vector<int64_t> numbers;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == 'd' ? !is_digit : text[i] != pattern[i]) return std::nullopt;
    if (pattern[i] != 'd') continue;
    if (i == 0 || pattern[i - 1] != 'd') numbers.push_back(0);
    numbers.back() = numbers.back() * 10 + (text[i] - '0');
  }
  text.remove_prefix(pattern.size());
  return numbers;
}

// Digits after the point, as nanoseconds; those beyond nine are dropped.
int64_t take_fraction(std::string_view& text) {
  int64_t ns = 0;
  int64_t unit = 100'000'000;
  for (text.remove_prefix(1); !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
    ns += (text[0] - '0') * unit;
    unit /= 10;
  }
  return ns;
}

// Seconds east of UTC.
std::optional<int64_t> take_offset(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  const int64_t sign = text[0] == '-' ? -1 : 1;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto offset = take_numbers(text, "dd:dd");
  if (!offset || !text.empty() || (*offset)[0] > 23 || (*offset)[1] > 59) return std::nullopt;
  return sign * ((*offset)[0] * 3600 + (*offset)[1] * 60);
}

}  // namespace

std::optional<Instant> read_iso(std::string_view text) {
  const auto n = take_numbers(text, "dddd-dd-ddTdd:dd:dd");
  if (!n) return std::nullopt;
  const Civil date{.year = (*n)[0], .month = (*n)[1], .day = (*n)[2]};
  if (date.year < 1970 || date.year > 2261 || (*n)[3] > 23 || (*n)[4] > 59 || (*n)[5] > 60)
    return std::nullopt;
  const int64_t days = days_from_civil(date);
  const Civil same = civil_from_days(days);
  if (same.month != date.month || same.day != date.day) return std::nullopt;
  const int64_t fraction_ns = text.starts_with('.') ? take_fraction(text) : 0;
  const auto offset_s = take_offset(text);
  if (!offset_s) return std::nullopt;
  const int64_t seconds = days * 86400 + (*n)[3] * 3600 + (*n)[4] * 60 + (*n)[5] - *offset_s;
  return Instant{seconds * 1'000'000'000 + fraction_ns};
}

std::string clock_of_day(Instant at, int64_t offset_s) {
  const int64_t seconds = floor_div(at.ns, 1'000'000'000) + offset_s;
  const int64_t in_day = seconds - floor_div(seconds, 86400) * 86400;
  return fmt::format("{:02}:{:02}:{:02}", in_day / 3600, in_day / 60 % 60, in_day % 60);
}

std::string span_text(Duration span) {
  const int64_t seconds = span.ns > 0 ? span.ns / 1'000'000'000 : 0;
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace pianola
