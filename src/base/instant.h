// Time as a value. Nothing in the pure rooms asks for the time; it is handed in.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pianola {

// A span of time in nanoseconds; may be negative.
struct Duration {
  int64_t ns = 0;

  static constexpr Duration from_ms(int64_t ms) { return {ms * 1'000'000}; }
  static constexpr Duration from_s(int64_t s) { return {s * 1'000'000'000}; }
  constexpr int64_t ms() const { return ns / 1'000'000; }
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr bool operator==(const Duration&, const Duration&) = default;
};

// A point on the run's own clock: nanoseconds since 1970-01-01 UTC as the wall clock stood when the run
// was opened, then advanced by CLOCK_BOOTTIME only. It never goes back.
struct Instant {
  int64_t ns = 0;

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr bool operator==(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant a, Duration d) { return {a.ns + d.ns}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.ns - b.ns}; }
};

// "2026-11-21T13:31:22Z", UTC, seconds; what a pipe and the journal's reader show.
std::string iso_utc(Instant at);

// The inverse, from 1970 to 2261: also with a fraction of a second and with an offset such as +02:00 in place
// of the Z; without either it is UTC. Nothing when `text` is anything else.
std::optional<Instant> read_iso(std::string_view text);

// "13:31:22" in UTC, or shifted by `offset_s` seconds for people in a time zone.
std::string clock_of_day(Instant at, int64_t offset_s);

// ui.md section 2: `0:08`, `9:40` (m:ss) and `1:12:40` (h:mm:ss); negative spans print as 0:00.
std::string span_text(Duration span);

}  // namespace pianola
