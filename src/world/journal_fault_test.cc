// Every operation of the journal on its disk fails once, or for ever, in every way a disk can; and the power
// goes before every operation. Whatever happens, what was acknowledged is read back.
#include <gtest/gtest.h>

#include <filesystem>

#include "world/journal_testing.h"

namespace pianola::world {
namespace {

using engine::contract_events;

constexpr uint64_t wanted_events = 24;
constexpr uint64_t max_batch = 4;

struct Outcome {
  uint64_t acknowledged = 0;
  bool was_refused = false;
};

JournalOptions small_options(const JournalHome& home, DiskFaults& faults) {
  JournalOptions options = home.options(std::make_unique<FaultyDisk>(faults));
  options.folder.segment_bytes = 1'500;
  options.folder.reserve_bytes = 4'096;
  return options;
}

// A run that appends until it has all events, opening the journal again half way; it stops at the first
// refusal, as a supervisor does.
Outcome run_scenario(const JournalHome& home, DiskFaults& faults) {
  Outcome outcome;
  for (const uint64_t until : {wanted_events / 2, wanted_events}) {
    const Reopened opened = reopen(small_options(home, faults));
    EXPECT_TRUE(is_beginning(opened.events));
    EXPECT_GE(opened.events.size(), outcome.acknowledged);
    if (!opened.journal) {
      outcome.was_refused = true;
      return outcome;
    }
    for (uint64_t next = opened.events.size() + 1; next <= until;) {
      const uint64_t size = std::min(1 + next % max_batch, until + 1 - next);
      const auto appended = opened.journal->append(contract_events(next, size));
      if (!appended) {
        EXPECT_EQ(appended.error().kind, ErrorKind::paused) << appended.error().text();
        EXPECT_FALSE(opened.journal->append({}).has_value());
        outcome.was_refused = true;
        return outcome;
      }
      next += size;
      outcome.acknowledged = next - 1;
    }
  }
  return outcome;
}

// Opens what is left with a disk that works, and goes on.
void expect_nothing_lost(const JournalHome& home, const Outcome& outcome, const std::string& what) {
  DiskFaults none;
  uint64_t stored = 0;
  {
    const Reopened opened = reopen(small_options(home, none));
    ASSERT_FALSE(opened.error) << what << ": " << opened.error->text();
    ASSERT_TRUE(is_beginning(opened.events)) << what;
    stored = opened.events.size();
    ASSERT_GE(stored, outcome.acknowledged) << what;
    ASSERT_LE(stored, outcome.acknowledged + max_batch) << what;
    ASSERT_TRUE(opened.journal->append(contract_events(stored + 1, 2))) << what;
  }
  const Reopened again = reopen(small_options(home, none));
  ASSERT_FALSE(again.error) << what;
  ASSERT_EQ(again.events, contract_events(1, stored + 2)) << what;
}

TEST(JournalFaults, a_failing_call_never_costs_what_was_acknowledged) {
  uint64_t scenarios = 0;
  for (const int error : {ENOSPC, EIO, EDQUOT, EROFS, EFBIG}) {
    for (const bool for_ever : {false, true}) {
      for (const auto kind : {DiskFaults::Kind::refuse, DiskFaults::Kind::write_short}) {
        for (int64_t n = 1;; ++n) {
          JournalHome home;
          DiskFaults faults;
          faults.fail_at = n;
          faults.for_ever = for_ever;
          faults.error = error;
          faults.kind = kind;
          const Outcome outcome = run_scenario(home, faults);
          const bool was_reached = faults.calls >= n;
          const std::string what = "error " + std::to_string(error) + " at call " + std::to_string(n);
          EXPECT_TRUE(outcome.was_refused || outcome.acknowledged == wanted_events) << what;
          ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(home, outcome, what));
          if (!was_reached) break;
          ++scenarios;
        }
      }
    }
  }
  EXPECT_GT(scenarios, 500U);
}

// The disk after a power cut: of each file what was synced, then `kept` of the rest, the last of it zeros
// when `unwritten`; without its name, nothing.
enum class Rest { lost, half, unwritten, all };

void cut_power(const JournalHome& home, const DiskFaults& faults, Rest rest) {
  for (const auto& entry : std::filesystem::directory_iterator(home.dir())) {
    const std::string path = entry.path().string();
    const auto named = faults.named.find(path);
    if (named == faults.named.end() && rest != Rest::all) {
      ASSERT_EQ(::unlink(path.c_str()), 0);
      continue;
    }
    std::string bytes = bytes_of(path);
    const auto known = faults.synced.find(path);
    const size_t synced = known == faults.synced.end() ? 0 : static_cast<size_t>(known->second);
    if (bytes.size() <= synced) continue;
    const size_t more = bytes.size() - synced;
    if (rest == Rest::lost) bytes.resize(synced);
    if (rest == Rest::half) bytes.resize(synced + more / 2);
    if (rest == Rest::unwritten) bytes.replace(synced, more, std::string(more, '\0'));
    put_bytes(path, bytes);
  }
}

// How many acknowledged events a power cut before call `n` costs; -1 when the run has no such call.
int64_t lost_by_power_cut(int64_t n, Rest rest, bool is_lying) {
  JournalHome home;
  DiskFaults faults;
  faults.fail_at = n;
  faults.for_ever = true;
  faults.is_lying = is_lying;
  const Outcome outcome = run_scenario(home, faults);
  if (faults.calls < n) return -1;
  cut_power(home, faults, rest);
  const Reopened opened = reopen(home.options());
  EXPECT_FALSE(opened.error) << opened.error->text();
  EXPECT_TRUE(is_beginning(opened.events));
  return static_cast<int64_t>(outcome.acknowledged -
                              std::min<uint64_t>(outcome.acknowledged, opened.events.size()));
}

TEST(JournalFaults, a_power_cut_before_any_call_never_costs_what_was_acknowledged) {
  uint64_t cuts = 0;
  for (const Rest rest : {Rest::lost, Rest::half, Rest::unwritten, Rest::all}) {
    for (int64_t n = 1;; ++n) {
      const int64_t lost = lost_by_power_cut(n, rest, false);
      if (lost < 0) break;
      EXPECT_EQ(lost, 0) << "call " << n;
      ++cuts;
    }
  }
  EXPECT_GT(cuts, 100U);
}

// The control: without syncs the same test sees losses, so it can fail.
TEST(JournalFaults, a_disk_that_does_not_sync_is_found_out_by_this_test) {
  int64_t lost = 0;
  for (int64_t n = 10; n < 40; ++n) lost += std::max<int64_t>(lost_by_power_cut(n, Rest::lost, true), 0);
  EXPECT_GT(lost, 0);
}

TEST(JournalFaults, a_failed_sync_is_not_tried_again) {
  JournalHome home;
  DiskFaults faults;
  const Reopened opened = reopen(home.options(std::make_unique<FaultyDisk>(faults)));
  ASSERT_TRUE(opened.journal->append(contract_events(1, 1)));
  faults.fail_at = faults.calls + 2;
  ASSERT_FALSE(opened.journal->append(contract_events(2, 1)).has_value());
  const int64_t calls = faults.calls;
  for (int again = 0; again < 3; ++again)
    EXPECT_FALSE(opened.journal->append(contract_events(2, 1)).has_value());
  EXPECT_EQ(faults.calls, calls);
  EXPECT_EQ(bytes_of(home.segment(1)),
            bytes_of(home.segment(1)).substr(0, bytes_of(home.segment(1)).find('\n') + 1));
}

}  // namespace
}  // namespace pianola::world
