#include "world/journal_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/random.h"
#include "world/journal_testing.h"

namespace pianola::world {
namespace {

using engine::contract_events;

// A journal of several segments, and copies of it to damage.
class JournalReading : public testing::Test {
 protected:
  static constexpr uint64_t count = 14;

  void SetUp() override {
    JournalOptions options = home_.options();
    options.folder.segment_bytes = 1'200;
    const Reopened opened = reopen(std::move(options));
    ASSERT_TRUE(opened.journal);
    for (uint64_t seq = 1; seq <= count; ++seq) ASSERT_TRUE(opened.journal->append(contract_events(seq, 1)));
    const auto numbers = journal_segments(home_.dir());
    ASSERT_TRUE(numbers);
    for (const uint64_t number : *numbers) {
      whole_.push_back(bytes_of(home_.segment(number)));
    }
    ASSERT_GE(whole_.size(), 3U);
  }

  // Puts these bytes in place of the journal and opens it.
  Reopened open_with(const std::vector<std::string>& segments) {
    EXPECT_TRUE(remove_tree(home_.dir()));
    EXPECT_TRUE(make_dirs(home_.dir()));
    for (size_t i = 0; i < segments.size(); ++i) put_bytes(home_.segment(i + 1), segments[i]);
    return reopen(home_.options());
  }

  // A changed journal is either refused, or a beginning of the true one with the rest set aside.
  void expect_not_silently_wrong(const std::vector<std::string>& segments) {
    const Reopened opened = open_with(segments);
    EXPECT_TRUE(is_beginning(opened.events));
    if (opened.error) {
      ++refused_;
      EXPECT_EQ(opened.error->kind, ErrorKind::integrity) << opened.error->text();
    } else if (opened.events.size() < count) {
      ++cut_;
    }
  }

  std::vector<std::string> lines(size_t segment) const {
    std::vector<std::string> out;
    for (size_t at = 0, newline; (newline = whole_[segment].find('\n', at)) != std::string::npos;
         at = newline + 1) {
      out.push_back(whole_[segment].substr(at, newline + 1 - at));
    }
    return out;
  }

  JournalHome home_;
  std::vector<std::string> whole_;
  uint64_t refused_ = 0;
  uint64_t cut_ = 0;
};

TEST_F(JournalReading, a_flipped_bit_anywhere_is_found) {
  Random random(7);
  uint64_t flips = 0;
  for (size_t segment = 0; segment < whole_.size(); ++segment) {
    for (size_t at = 0; at < whole_[segment].size(); ++at) {
      std::vector<std::string> changed = whole_;
      changed[segment][at] = static_cast<char>(changed[segment][at] ^ (1 << random.below(8)));
      expect_not_silently_wrong(changed);
      ++flips;
    }
  }
  EXPECT_EQ(refused_, flips) << "a flipped bit is never taken for a write that was cut short";
}

TEST_F(JournalReading, a_journal_cut_at_any_byte_of_its_end_opens_with_its_whole_lines) {
  const std::string& last = whole_.back();
  const auto last_lines = lines(whole_.size() - 1);
  const uint64_t before = count - last_lines.size();
  for (size_t size = 0; size <= last.size(); ++size) {
    std::vector<std::string> cut = whole_;
    cut.back().resize(size);
    uint64_t expected = before;
    size_t end = 0;
    bool is_between = size == 0;
    for (const std::string& line : last_lines) {
      end += line.size();
      if (size + 1 >= end) ++expected;  // whole, or whole but for the newline
      is_between = is_between || size == end || size + 1 == end;
    }
    {
      Reopened opened = open_with(cut);
      ASSERT_FALSE(opened.error) << opened.error->text();
      ASSERT_EQ(opened.events, contract_events(1, expected)) << size;
      ASSERT_EQ(opened.journal->set_aside().has_value(), !is_between) << size;
      ASSERT_TRUE(opened.journal->append(contract_events(expected + 1, 1)));
    }
    const Reopened again = reopen(home_.options());
    ASSERT_FALSE(again.error) << again.error->text();
    ASSERT_EQ(again.events, contract_events(1, expected + 1));
    ASSERT_FALSE(again.journal->set_aside());
  }
}

TEST_F(JournalReading, lines_that_are_doubled_swapped_or_gone_are_found) {
  for (size_t segment = 0; segment < whole_.size(); ++segment) {
    const auto good = lines(segment);
    for (size_t i = 0; i < good.size(); ++i) {
      for (const int change : {0, 1, 2}) {
        std::vector<std::string> bad = good;
        const auto at = bad.begin() + static_cast<std::ptrdiff_t>(i);
        if (change == 0) bad.insert(at, *at);
        if (change == 1) bad.erase(at);
        if (change == 2 && i + 1 < bad.size()) std::swap(bad[i], bad[i + 1]);
        if (bad == good) continue;
        std::vector<std::string> changed = whole_;
        changed[segment].clear();
        for (const std::string& line : bad) changed[segment] += line;
        expect_not_silently_wrong(changed);
      }
    }
  }
  EXPECT_GT(refused_, 30U);
  EXPECT_EQ(cut_, 1U) << "only the very last line can go without a trace";
}

TEST_F(JournalReading, random_damage_is_never_read_as_something_else) {
  Random random(11);
  for (int round = 0; round < 3'000; ++round) {
    std::vector<std::string> changed = whole_;
    for (uint64_t left = 1 + random.below(3); left > 0; --left) {
      std::string& bytes = changed[random.below(changed.size())];
      const size_t at = random.below(bytes.size() + 1);
      const size_t span = std::min<size_t>(random.below(600), bytes.size() - at);
      switch (random.below(5)) {
        case 0:
          bytes.replace(at, span, std::string(span, '\0'));
          break;
        case 1:
          bytes.erase(at, span);
          break;
        case 2:
          bytes.insert(at, bytes.substr(at, span));
          break;
        case 3:
          bytes.replace(at, span, std::string(span, static_cast<char>(random.below(256))));
          break;
        default:
          bytes.resize(at);
          break;
      }
    }
    if (changed == whole_) continue;
    expect_not_silently_wrong(changed);
  }
  EXPECT_GT(refused_, 2'000U);
  EXPECT_GT(cut_, 20U);
}

TEST_F(JournalReading, an_end_that_was_allocated_but_never_written_is_torn) {
  for (const size_t zeros : {1U, 100U, 4'096U}) {
    std::vector<std::string> changed = whole_;
    changed.back() += std::string(zeros, '\0');
    const Reopened opened = open_with(changed);
    ASSERT_FALSE(opened.error) << opened.error->text();
    EXPECT_EQ(opened.events.size(), count);
    EXPECT_EQ(opened.journal->set_aside()->bytes, static_cast<int64_t>(zeros));
  }
}

TEST_F(JournalReading, a_sector_of_zeros_before_good_lines_is_damage) {
  std::vector<std::string> changed = whole_;
  // All in one segment, so that sectors lie between lines.
  changed = {whole_[0] + whole_[1] + whole_[2]};
  changed[0].replace(512, 512, std::string(512, '\0'));
  const Reopened opened = open_with(changed);
  ASSERT_TRUE(opened.error);
  EXPECT_EQ(opened.error->kind, ErrorKind::integrity);
}

// Zeros near the end of a page that lies within one turn of many events; good events stand behind them.
struct Hole {
  size_t begins_before_page_end = 0;
  size_t bytes = 0;
};

constexpr uint64_t events_before = 3;
constexpr uint64_t turn_events = 40;

Reopened open_with(const JournalHome& home, const Hole& hole) {
  std::vector<core::Recorded> turn = contract_events(events_before + 1, turn_events);
  for (core::Recorded& recorded : turn) recorded.at = turn.front().at;
  {
    const Reopened opened = reopen(home.options());
    EXPECT_TRUE(opened.journal->append(contract_events(1, events_before)));
    EXPECT_TRUE(opened.journal->append(turn));
  }
  std::string bytes = bytes_of(home.segment(1));
  size_t end = 0;
  for (uint64_t line = 0; line < events_before + 2; ++line) end = bytes.find('\n', end) + 1;
  const size_t page_end = (end / 4096 + 1) * 4096;
  bytes.replace(page_end - hole.begins_before_page_end, hole.bytes, std::string(hole.bytes, '\0'));
  EXPECT_NE(bytes.find("\n{", page_end), std::string::npos) << "events stand behind the hole";
  put_bytes(home.segment(1), bytes);
  return reopen(home.options());
}

// Found by power cuts: of a turn of many events the disk had the last page and not all of the one before.
TEST(TornWithin, its_last_turn_is_set_aside_where_a_sector_or_the_rest_of_a_page_was_not_written) {
  for (const Hole& hole : {Hole{512, 512}, Hole{1024, 512}, Hole{300, 300}, Hole{2, 2}}) {
    SCOPED_TRACE(hole.begins_before_page_end);
    const JournalHome home;
    const Reopened opened = open_with(home, hole);
    ASSERT_FALSE(opened.error) << opened.error->text();
    EXPECT_GE(opened.events.size(), events_before);
    EXPECT_LT(opened.events.size(), events_before + turn_events);
    EXPECT_TRUE(opened.journal->set_aside());
  }
}

TEST(TornWithin, a_single_zero_or_zeros_that_end_within_a_sector_are_damage) {
  for (const Hole& hole : {Hole{1, 1}, Hole{300, 200}, Hole{300, 1}}) {
    SCOPED_TRACE(hole.begins_before_page_end);
    const JournalHome home;
    const Reopened opened = open_with(home, hole);
    ASSERT_TRUE(opened.error);
    EXPECT_EQ(opened.error->kind, ErrorKind::integrity);
  }
}

TEST_F(JournalReading, a_segment_that_is_gone_is_named) {
  ASSERT_EQ(::unlink(home_.segment(2).c_str()), 0);
  const Reopened opened = reopen(home_.options());
  ASSERT_TRUE(opened.error);
  EXPECT_EQ(opened.error->text(),
            home_.segment(2) + ": the segment is missing; expected every number from 1 to " +
                std::to_string(whole_.size()) + "; nothing was changed; run: pianola log verify");
}

TEST_F(JournalReading, a_line_without_end_in_an_earlier_segment_is_damage) {
  std::vector<std::string> changed = whole_;
  changed[0].pop_back();
  const Reopened opened = open_with(changed);
  ASSERT_TRUE(opened.error);
  EXPECT_NE(opened.error->text().find("the line has no end; expected a newline"), std::string::npos)
      << opened.error->text();
}

TEST_F(JournalReading, a_line_of_another_run_is_found) {
  JournalHome other;
  {
    const Reopened opened = reopen(other.options());
    core::RunStarted started;
    started.seed = 5;
    ASSERT_TRUE(opened.journal->append({{.seq = 1, .at = {}, .actor = "pianola", .event = started}}));
    ASSERT_TRUE(opened.journal->append({contract_events(2, 1)}));
  }
  const std::string foreign = bytes_of(other.segment(1));
  const auto first = lines(0);
  std::vector<std::string> changed = whole_;
  changed[0] =
      first[0] + foreign.substr(foreign.find('\n') + 1) + whole_[0].substr(first[0].size() + first[1].size());
  const Reopened opened = open_with(changed);
  ASSERT_TRUE(opened.error);
  EXPECT_NE(opened.error->text().find(":2:1: event 2 is of another run"), std::string::npos)
      << opened.error->text();
}

TEST_F(JournalReading, what_is_no_file_is_not_waited_for) {
  ASSERT_EQ(::unlink(home_.segment(whole_.size()).c_str()), 0);
  ASSERT_EQ(::mkfifo(home_.segment(whole_.size()).c_str(), 0600), 0);
  EXPECT_NE(reopen(home_.options()).error->text().find("is not a file; expected a regular file"),
            std::string::npos);
}

TEST_F(JournalReading, needs_no_lock_and_starts_where_it_is_told) {
  const Reopened writer = reopen(home_.options());
  ASSERT_TRUE(writer.journal);
  std::vector<core::Recorded> events;
  ASSERT_TRUE(read_journal(home_.dir(), 9, collect(events)));
  EXPECT_EQ(events, contract_events(9, count - 8));
}

TEST_F(JournalReading, an_unfinished_line_of_a_living_run_is_not_there_yet) {
  const std::string last = lines(whole_.size() - 1).back();
  const std::string path = home_.segment(whole_.size());
  const std::string before = whole_.back().substr(0, whole_.back().size() - last.size());
  JournalReader reader(home_.dir());
  std::vector<core::Recorded> events;
  for (size_t size = 0; size < last.size(); ++size) {
    put_bytes(path, before + last.substr(0, size));
    ASSERT_TRUE(reader.read_more(collect(events)));
    ASSERT_EQ(events.size(), count - 1) << size;
    ASSERT_EQ(reader.end().torn_bytes, static_cast<int64_t>(size));
  }
  put_bytes(path, before + last);
  EXPECT_EQ(reader.read_more(collect(events)).value(), 1U);
  EXPECT_EQ(events, contract_events(1, count));
  EXPECT_EQ(reader.read_more(collect(events)).value(), 0U);
}

TEST_F(JournalReading, follows_a_run_over_its_segments_until_it_is_not_wanted) {
  JournalOptions options = home_.options();
  options.folder.segment_bytes = 1'000;
  const Reopened writer = reopen(std::move(options));
  std::vector<core::Recorded> events;
  uint64_t looks = 0;
  Follow follow{.from_seq = count + 1, .interval_ms = 1, .is_wanted = nullptr};
  follow.is_wanted = [&] {
    ++looks;
    if (looks > 1 && looks <= 21) {
      EXPECT_TRUE(writer.journal->append(contract_events(count + looks - 1, 1)));
    }
    return looks <= 22;
  };
  ASSERT_TRUE(follow_journal(home_.dir(), follow, collect(events)));
  EXPECT_EQ(events, contract_events(count + 1, 20));
}

TEST_F(JournalReading, a_journal_that_became_shorter_is_noticed) {
  JournalReader reader(home_.dir());
  std::vector<core::Recorded> events;
  ASSERT_TRUE(reader.read_more(collect(events)));
  put_bytes(home_.segment(whole_.size()), whole_.back().substr(0, 10));
  const auto more = reader.read_more(collect(events));
  ASSERT_FALSE(more.has_value());
  EXPECT_EQ(more.error().text(),
            home_.segment(whole_.size()) + ": is 10 bytes long; expected the " +
                std::to_string(whole_.back().size()) +
                " bytes that were read before; nothing was changed; run: pianola log verify");
}

TEST_F(JournalReading, verification_counts_what_it_checked) {
  put_bytes(home_.segment(whole_.size()), whole_.back() + "{\"seq\":15");
  const auto found = verify_journal(home_.dir());
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->segments, whole_.size());
  EXPECT_EQ(found->events, count);
  EXPECT_EQ(found->torn_bytes, 9);
  EXPECT_EQ(found->by_type, (std::map<std::string, uint64_t>{{"note_said", count - 1}, {"run_started", 1}}));
  int64_t bytes = 9;
  for (const std::string& segment : whole_) bytes += static_cast<int64_t>(segment.size());
  EXPECT_EQ(found->bytes, bytes);
}

TEST_F(JournalReading, a_folder_that_is_not_there_is_an_error) {
  EXPECT_EQ(verify_journal(home_.path() + "/none").error().text(),
            home_.path() + "/none: No such file or directory");
}

}  // namespace
}  // namespace pianola::world
