#include "world/journal.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "base/hash.h"
#include "engine/journal_contract.h"
#include "world/journal_testing.h"

namespace pianola::world {
namespace {

using engine::contract_events;

// The real journal, with segments so small that the contract crosses them.
class FileSubject {
 public:
  Result<std::unique_ptr<engine::Journal>> open() {
    read_.clear();
    faults_ = {};
    JournalOptions options = home_.options(std::make_unique<FaultyDisk>(faults_));
    options.folder.segment_bytes = 2'000;
    return TRY(FileJournal::open(std::move(options), collect(read_)));
  }
  const std::vector<core::Recorded>& read_back() const { return read_; }
  void fail_next_sync() { faults_.fail_at = faults_.calls + 2; }  // the write comes first
  void tear() {
    const auto segments = journal_segments(home_.dir());
    const uint64_t last = segments->empty() ? 1 : segments->back();
    put_bytes(home_.segment(last), bytes_of(home_.segment(last)) + R"({"seq":5,"id":"0011)");
  }

 private:
  JournalHome home_;
  DiskFaults faults_;
  std::vector<core::Recorded> read_;
};

}  // namespace
}  // namespace pianola::world

namespace pianola::engine {
INSTANTIATE_TYPED_TEST_SUITE_P(File, JournalContract, pianola::world::FileSubject);
}  // namespace pianola::engine

namespace pianola::world {
namespace {

class FileJournalTest : public testing::Test {
 protected:
  std::unique_ptr<FileJournal> open(JournalOptions options) {
    Reopened opened = reopen(std::move(options));
    EXPECT_FALSE(opened.error) << opened.error->text();
    read_ = std::move(opened.events);
    return std::move(opened.journal);
  }
  std::unique_ptr<FileJournal> open() { return open(home_.options()); }

  void fill(uint64_t count) {
    const auto journal = open();
    for (uint64_t seq = 1; seq <= count; ++seq) ASSERT_TRUE(journal->append(contract_events(seq, 1)));
  }

  JournalHome home_;
  std::vector<core::Recorded> read_;
};

TEST_F(FileJournalTest, is_lines_in_segments_of_limited_size) {
  JournalOptions options = home_.options();
  options.folder.segment_bytes = 1'000;
  auto journal = open(std::move(options));
  for (uint64_t seq = 1; seq <= 30; ++seq) ASSERT_TRUE(journal->append(contract_events(seq, 1)));
  EXPECT_EQ(journal->last_seq(), 30U);
  journal.reset();

  const auto segments = journal_segments(home_.dir());
  ASSERT_TRUE(segments);
  EXPECT_GT(segments->size(), 4U);
  uint64_t lines = 0;
  for (const uint64_t number : *segments) {
    const std::string bytes = bytes_of(home_.segment(number));
    EXPECT_TRUE(number == 1 || bytes.size() <= 1'000) << bytes.size();
    EXPECT_TRUE(bytes.ends_with("\"}\n"));
    lines += static_cast<uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  }
  EXPECT_EQ(lines, 30U);
  open();
  EXPECT_EQ(read_, contract_events(1, 30));
}

TEST_F(FileJournalTest, belongs_to_its_owner_alone) {
  fill(1);
  struct stat status {};
  for (const auto& [path, mode] :
       {std::pair{home_.segment(1), 0600U}, {home_.dir(), 0700U}, {home_.path() + "/lock", 0600U}}) {
    ASSERT_EQ(::stat(path.c_str(), &status), 0) << path;
    EXPECT_EQ(status.st_mode & 0777U, mode) << path;
  }
}

TEST_F(FileJournalTest, is_refused_to_a_second_supervisor_who_is_told_of_the_first) {
  const auto first = open();
  const Reopened second = reopen(home_.options());
  ASSERT_TRUE(second.error);
  EXPECT_EQ(second.error->kind, ErrorKind::held);
  const time_t now = ::time(nullptr);
  tm local{};
  char clock[16];
  ::strftime(clock, sizeof clock, "%H:", ::localtime_r(&now, &local));
  const std::string text = second.error->text();
  EXPECT_TRUE(text.starts_with("r12: supervisor " + std::to_string(::getpid()) + " runs it since " + clock))
      << text;
  EXPECT_TRUE(text.ends_with("; expected none; look: pianola status, or end it: pianola stop")) << text;
  const auto holder = lock_holder(home_.path() + "/lock");
  ASSERT_TRUE(holder && *holder);
  EXPECT_EQ((*holder)->pid, ::getpid());
}

TEST_F(FileJournalTest, is_free_once_the_first_supervisor_is_gone) {
  open().reset();
  EXPECT_EQ(lock_holder(home_.path() + "/lock").value(), std::nullopt);
  EXPECT_EQ(lock_holder(home_.path() + "/never").value(), std::nullopt);
  open();
}

TEST_F(FileJournalTest, waits_for_a_lock_that_is_let_go_soon) {
  auto first = open();
  std::thread leaving([&first] { first.reset(); });
  JournalOptions options = home_.options();
  options.lock_wait_ms = 60'000;
  open(std::move(options));
  leaving.join();
}

TEST_F(FileJournalTest, tells_once_for_each_batch_that_it_is_settled) {
  JournalOptions options = home_.options();
  std::atomic<uint64_t> told{0};
  options.tell_stored = [&told](size_t batches) { told += batches; };
  auto journal = open(std::move(options));
  for (uint64_t seq = 1; seq <= 5; ++seq) {
    journal->begin(contract_events(seq, 1));
    while (told.load() < seq) std::this_thread::yield();
    ASSERT_TRUE(journal->await());
  }
  journal->begin({});
  ASSERT_TRUE(journal->await());
  journal.reset();
  EXPECT_EQ(told, 6U);
}

// A disk whose first sync waits until it is told to go on.
class HeldDisk final : public JournalDisk {
 public:
  explicit HeldDisk(std::atomic<bool>& goes_on, std::atomic<int>& syncs) : goes_on_(goes_on), syncs_(syncs) {}
  int sync_file(int fd) override {
    ++syncs_;
    while (!goes_on_) std::this_thread::yield();
    return JournalDisk::sync_file(fd);
  }

 private:
  std::atomic<bool>& goes_on_;
  std::atomic<int>& syncs_;
};

TEST_F(FileJournalTest, stores_what_waits_for_the_disk_together) {
  std::atomic<bool> goes_on{false};
  std::atomic<int> syncs{0};
  JournalOptions options = home_.options();
  options.disk = std::make_unique<HeldDisk>(goes_on, syncs);
  std::vector<size_t> told;
  options.tell_stored = [&told](size_t batches) { told.push_back(batches); };
  auto journal = open(std::move(options));
  journal->begin(contract_events(1, 2));
  while (syncs == 0) std::this_thread::yield();
  for (uint64_t seq = 3; seq <= 7; ++seq) journal->begin(contract_events(seq, 1));
  goes_on = true;
  for (int batch = 0; batch < 6; ++batch) ASSERT_TRUE(journal->await());
  EXPECT_EQ(journal->last_seq(), 7U);
  journal.reset();
  EXPECT_EQ(syncs, 2);
  EXPECT_EQ(told, (std::vector<size_t>{1, 5}));
}

// A group goes to the disk as one, and what cannot go there takes nobody along that came before.
TEST_F(FileJournalTest, stores_those_before_one_that_is_too_large_and_refuses_it_and_those_behind) {
  std::atomic<bool> goes_on{false};
  std::atomic<int> syncs{0};
  JournalOptions options = home_.options();
  options.disk = std::make_unique<HeldDisk>(goes_on, syncs);
  auto journal = open(std::move(options));
  journal->begin(contract_events(1, 1));
  while (syncs == 0) std::this_thread::yield();
  journal->begin(contract_events(2, 1));
  journal->begin(contract_events(3, 1));
  std::vector<core::Recorded> large = contract_events(4, 1);
  large.front().event = core::RunPaused{std::string(core::max_line_bytes, 'x'), {}};
  journal->begin(large);
  journal->begin(contract_events(5, 1));
  goes_on = true;
  for (int batch = 0; batch < 3; ++batch) EXPECT_TRUE(journal->await()) << batch;
  EXPECT_FALSE(journal->await());
  EXPECT_FALSE(journal->await());
  journal.reset();
  EXPECT_EQ(open()->last_seq(), 3U);
}

TEST_F(FileJournalTest, sets_a_torn_end_aside_and_says_so) {
  fill(3);
  const std::string whole = bytes_of(home_.segment(1));
  put_bytes(home_.segment(1), whole + "{\"seq\":4,");
  {
    const auto journal = open();
    ASSERT_TRUE(journal->set_aside());
    EXPECT_EQ(journal->set_aside()->kept_as, home_.segment(1) + ".torn.1");
    EXPECT_EQ(journal->set_aside()->bytes, 9);
    EXPECT_EQ(journal->set_aside()->after_seq, 3U);
    EXPECT_EQ(bytes_of(home_.segment(1) + ".torn.1"), "{\"seq\":4,");
    EXPECT_EQ(bytes_of(home_.segment(1)), whole);
  }
  put_bytes(home_.segment(1), whole + "again");
  EXPECT_EQ(open()->set_aside()->kept_as, home_.segment(1) + ".torn.2");
  EXPECT_FALSE(open()->set_aside());
  const std::vector<std::string> kept{"00000001.jsonl.torn.1", "00000001.jsonl.torn.2"};
  EXPECT_EQ(verify_journal(home_.dir()).value().set_aside, kept);
}

TEST_F(FileJournalTest, does_not_touch_a_journal_that_is_damaged) {
  fill(3);
  std::string bytes = bytes_of(home_.segment(1));
  const size_t line = bytes.find("\n") + 1;
  bytes[bytes.find("note_said")] = 'N';
  put_bytes(home_.segment(1), bytes);
  const Reopened opened = reopen(home_.options());
  ASSERT_TRUE(opened.error);
  EXPECT_EQ(opened.error->kind, ErrorKind::integrity);
  EXPECT_EQ(opened.events, contract_events(1, 1)) << "the good beginning is told, nothing after it";
  const size_t crc = bytes.find("\n", line) - 10;
  const std::string computed = hex32(crc32c(std::string_view(bytes).substr(line, crc - 8 - line)));
  EXPECT_EQ(opened.error->text(), home_.segment(1) + ":2:1: checksum differs, \"" + bytes.substr(crc, 8) +
                                      "\" at event 2; expected " + computed +
                                      "; nothing was changed; run: pianola log verify");
  EXPECT_EQ(bytes_of(home_.segment(1)), bytes);
}

TEST_F(FileJournalTest, ends_when_the_fold_refuses_an_event) {
  fill(3);
  const auto opened = FileJournal::open(home_.options(), [](core::Recorded&& recorded) -> Result<void> {
    if (recorded.seq < 2) return {};
    return refuse(Error{ErrorKind::integrity, "event 2", "not legal here", "", ""});
  });
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().text(),
            home_.segment(1) + ":2:1: event 2: not legal here; nothing was changed; run: pianola log verify");
}

// reliability.md C13 in the project's own words: whoever removes or edits the folder under a run is noticed.
TEST_F(FileJournalTest, notices_that_its_folder_was_deleted) {
  const auto journal = open();
  ASSERT_TRUE(journal->append(contract_events(1, 1)));
  ASSERT_TRUE(remove_tree(home_.dir()));
  const auto refused = journal->append(contract_events(2, 1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::integrity);
  EXPECT_EQ(refused.error().text(),
            home_.segment(1) +
                ": was deleted or replaced while the run went on; expected the file that this "
                "supervisor opened; agents are left alone; put it back, then: pianola resume");
}

TEST_F(FileJournalTest, notices_that_its_file_was_replaced_or_changed) {
  {
    const auto journal = open();
    ASSERT_TRUE(journal->append(contract_events(1, 1)));
    const std::string bytes = bytes_of(home_.segment(1));
    ASSERT_EQ(::unlink(home_.segment(1).c_str()), 0);
    put_bytes(home_.segment(1), bytes);
    EXPECT_EQ(journal->append(contract_events(2, 1)).error().kind, ErrorKind::integrity);
  }
  const auto journal = open();
  put_bytes(home_.segment(1), bytes_of(home_.segment(1)) + "x");
  const auto refused = journal->append(contract_events(2, 1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().text().find("was changed by others while the run went on"), std::string::npos);
}

TEST_F(FileJournalTest, notices_that_its_lock_was_replaced) {
  const auto journal = open();
  ASSERT_EQ(::unlink((home_.path() + "/lock").c_str()), 0);
  const auto second = open();
  EXPECT_EQ(
      journal->append(contract_events(1, 1)).error().text(),
      home_.path() +
          "/lock: was deleted or replaced while the run went on; expected the lock that this supervisor "
          "holds; agents are left alone; look for a second supervisor, then: pianola resume");
}

TEST_F(FileJournalTest, says_what_to_do_when_the_disk_is_full_or_failing) {
  const std::vector<std::pair<int, std::string>> texts = {
      {ENOSPC,
       "no space left; expected room for %; r12 is paused, nothing lost; free space, then: pianola resume"},
      {EDQUOT,
       "the disk quota is used up; expected room for %; r12 is paused, nothing lost; free space or raise the "
       "quota, then: pianola resume"},
      {EIO,
       "the disk failed; expected a disk that stores; r12 is paused, nothing lost; look at the disk, then: "
       "pianola resume"},
      {EROFS,
       "the file system is read-only; expected a writable one; r12 is paused, nothing lost; mount it "
       "writable, "
       "then: pianola resume"},
      {EFBIG,
       "the size limit for files is reached; expected room for %; r12 is paused, nothing lost; raise it "
       "(ulimit -f), then: pianola resume"},
      {EMFILE,
       "no file descriptors left; expected a free one; r12 is paused, nothing lost; raise the limit (ulimit "
       "-n), then: pianola resume"}};
  for (const auto& [error, text] : texts) {
    JournalHome home;
    DiskFaults faults{.fail_at = 1, .error = error};
    Reopened opened = reopen(home.options(std::make_unique<FaultyDisk>(faults)));
    ASSERT_TRUE(opened.journal);
    const auto refused = opened.journal->append(contract_events(1, 1));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::paused);
    std::string expected = home.segment(1) + ": " + text;
    if (const size_t mark = expected.find('%'); mark != std::string::npos) {
      expected.replace(
          mark, 1,
          std::to_string(core::encode(contract_events(1, 1)[0], 0xFEDCBA9876543210U).size() + 1) + " bytes");
    }
    EXPECT_EQ(refused.error().text(), expected);
  }
}

TEST_F(FileJournalTest, gives_its_reserve_back_when_the_disk_is_full) {
  DiskFaults faults;
  JournalOptions options = home_.options(std::make_unique<FaultyDisk>(faults));
  options.folder.reserve_bytes = 64 << 10;
  const auto journal = open(std::move(options));
  struct stat status {};
  ASSERT_EQ(::stat((home_.dir() + "/reserve").c_str(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, 64 << 10);
  faults.error = ENOSPC;
  faults.fail_at = faults.calls + 3;
  EXPECT_FALSE(journal->append(contract_events(1, 1)).has_value());
  EXPECT_FALSE(exists(home_.dir() + "/reserve"));
}

TEST_F(FileJournalTest, takes_room_ahead_and_gives_back_what_it_did_not_need) {
  const auto allocated = [this] {
    struct stat status {};
    EXPECT_EQ(::stat(home_.segment(1).c_str(), &status), 0);
    return status.st_blocks * 512;
  };
  auto journal = open();
  ASSERT_TRUE(journal->append(contract_events(1, 1)));
  EXPECT_GE(allocated(), home_.options().folder.room_bytes);
  journal.reset();
  EXPECT_LT(allocated(), home_.options().folder.room_bytes);
}

TEST_F(FileJournalTest, goes_on_where_no_room_can_be_taken_ahead) {
  DiskFaults faults;
  const auto journal = open(home_.options(std::make_unique<FaultyDisk>(faults)));
  faults.error = EOPNOTSUPP;
  faults.fail_at = faults.calls + 2;
  EXPECT_TRUE(journal->append(contract_events(1, 1)));
  EXPECT_GE(faults.calls, faults.fail_at);
}

TEST_F(FileJournalTest, survives_the_limit_for_the_size_of_files) {
  const auto journal = open();
  ASSERT_TRUE(journal->append(contract_events(1, 1)));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 4'096, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  Result<void> appended;
  for (uint64_t seq = 2; seq < 100 && appended; ++seq) appended = journal->append(contract_events(seq, 1));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(appended.has_value());
  EXPECT_NE(appended.error().text().find("the size limit for files is reached"), std::string::npos);
}

TEST_F(FileJournalTest, refuses_an_event_that_readers_would_refuse) {
  const auto journal = open();
  ASSERT_TRUE(journal->append(contract_events(1, 1)));
  const core::Recorded large{
      .seq = 2, .at = {}, .actor = "", .event = core::RunPaused{std::string(core::max_line_bytes, 'x')}};
  const auto refused = journal->append({large});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().text(),
            "r12: event 2 takes 67108997 bytes; expected at most 67108864; split the plan");
}

}  // namespace
}  // namespace pianola::world
