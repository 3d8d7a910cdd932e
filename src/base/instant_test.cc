#include "base/instant.h"

#include <gtest/gtest.h>

#include <limits>

namespace pianola {
namespace {

constexpr int64_t second = 1'000'000'000;

std::string date_of(int64_t seconds) { return iso_utc(Instant{seconds * second}); }

// Seconds as `date -u -d DATE +%s` gives them.
TEST(Instant, iso_utc_knows_the_edges_of_the_calendar) {
  EXPECT_EQ(date_of(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(date_of(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(date_of(951782400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(date_of(1078099199), "2004-02-29T23:59:59Z");
  EXPECT_EQ(date_of(1078099200), "2004-03-01T00:00:00Z");
  EXPECT_EQ(date_of(4107542400), "2100-03-01T00:00:00Z");
  EXPECT_EQ(date_of(4107542399), "2100-02-28T23:59:59Z");
  EXPECT_EQ(date_of(2147483648), "2038-01-19T03:14:08Z");
  EXPECT_EQ(date_of(1795267882), "2026-11-21T13:31:22Z");
  EXPECT_EQ(date_of(1798761599), "2026-12-31T23:59:59Z");
}

TEST(Instant, iso_utc_rounds_down_on_both_sides_of_1970) {
  EXPECT_EQ(iso_utc(Instant{second - 1}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso_utc(Instant{-1}), "1969-12-31T23:59:59Z");
}

TEST(Instant, iso_utc_holds_over_the_whole_range) {
  EXPECT_EQ(iso_utc(Instant{std::numeric_limits<int64_t>::max()}), "2262-04-11T23:47:16Z");
  EXPECT_EQ(iso_utc(Instant{std::numeric_limits<int64_t>::min()}), "1677-09-21T00:12:43Z");
}

TEST(Instant, read_iso_is_the_inverse_of_iso_utc) {
  for (const int64_t seconds : {0L, 951782400L, 1078099199L, 4107542400L, 1795267882L, 9214646399L})
    EXPECT_EQ(read_iso(date_of(seconds)), Instant{seconds * second}) << date_of(seconds);
}

TEST(Instant, read_iso_takes_fractions_and_offsets) {
  const Instant at{1795267882 * second};
  EXPECT_EQ(read_iso("2026-11-21T13:31:22"), at);
  EXPECT_EQ(read_iso("2026-11-21T15:31:22+02:00"), at);
  EXPECT_EQ(read_iso("2026-11-21T04:01:22-09:30"), at);
  EXPECT_EQ(read_iso("2026-11-21T13:31:22.25Z"), at + Duration::from_ms(250));
  EXPECT_EQ(read_iso("2026-11-21T13:31:22.1234567899+00:00"), Instant{at.ns + 123456789});
}

TEST(Instant, read_iso_refuses_what_is_no_time) {
  for (const char* text :
       {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T13:31:22+2", "2026-11-21T13:31:22 Z", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z",
        "2026-11-21 13:31:22", "2026-00-10T00:00:00Z"})
    EXPECT_EQ(read_iso(text), std::nullopt) << text;
}

TEST(Instant, clock_of_day_is_shifted_by_the_offset_and_wraps) {
  const Instant at{1795267882 * second};
  EXPECT_EQ(clock_of_day(at, 0), "13:31:22");
  EXPECT_EQ(clock_of_day(at, 3600), "14:31:22");
  EXPECT_EQ(clock_of_day(at, -14 * 3600), "23:31:22");
  EXPECT_EQ(clock_of_day(at, 11 * 3600), "00:31:22");
}

TEST(Instant, span_text_is_minutes_then_hours) {
  EXPECT_EQ(span_text(Duration::from_s(0)), "0:00");
  EXPECT_EQ(span_text(Duration::from_s(8)), "0:08");
  EXPECT_EQ(span_text(Duration::from_s(580)), "9:40");
  EXPECT_EQ(span_text(Duration::from_s(3599)), "59:59");
  EXPECT_EQ(span_text(Duration::from_s(3600)), "1:00:00");
  EXPECT_EQ(span_text(Duration::from_s(4360)), "1:12:40");
  EXPECT_EQ(span_text(Duration::from_s(100 * 3600 + 61)), "100:01:01");
  EXPECT_EQ(span_text(Duration::from_ms(1999)), "0:01");
  EXPECT_EQ(span_text(Duration::from_s(-5)), "0:00");
}

TEST(Instant, adding_a_span_and_taking_the_difference_are_inverse) {
  const Instant from{5};
  const Instant to = from + Duration::from_ms(250);
  EXPECT_EQ(to.ns, 250'000'005);
  EXPECT_EQ(to - from, Duration::from_ms(250));
  EXPECT_EQ((to - from).ms(), 250);
  EXPECT_LT(from, to);
  EXPECT_LT(from - to, Duration{});
}

}  // namespace
}  // namespace pianola
