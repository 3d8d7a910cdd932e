// The power is cut while the journal is written: every event that was acknowledged before is read back, and
// what the last write left is set aside. The same writer with syncs that do nothing loses events, so the
// test would see it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "base/random.h"
#include "test/disk/loop_disk.h"
#include "test/figures.h"
#include "world/journal_testing.h"

namespace pianola::disk {
namespace {

using engine::contract_events;
using world::Fd;

constexpr int pipe_bytes = 1 << 20;  // the writer never waits for us
constexpr int lives_per_disk = 5;    // a run is carried on over so many cuts
constexpr uint64_t longest_life_ms = 90;
constexpr int refused_exit = 4;  // the writer's, when the disk no longer takes anything
constexpr int64_t cut_begins_late_ms = 10'000;

enum class Syncs { real, lying };

class LyingDisk : public world::JournalDisk {
 public:
  int sync_file(int) override { return 0; }
  int sync_folder(const std::string&) override { return 0; }
};

// Writes little at a time, as write(2) may, so that a cut finds batches that are written in part.
class SlowDisk : public world::JournalDisk {
 public:
  int64_t write(int fd, std::string_view bytes) override {
    return JournalDisk::write(fd, bytes.substr(0, most_at_a_time));
  }

 private:
  static constexpr size_t most_at_a_time = 700;
};

world::JournalOptions options_of(const std::string& top, Syncs syncs, bool is_slow) {
  world::JournalOptions options;
  options.folder = {.dir = top + "/r12/journal",
                    .run = "r12",
                    .segment_bytes = 1 << 20,
                    .reserve_bytes = 64 << 10,
                    .room_bytes = is_slow ? 0 : 128 << 10};
  options.lock_path = top + "/r12/lock";
  if (syncs == Syncs::lying) options.disk = std::make_unique<LyingDisk>();
  if (syncs == Syncs::real && is_slow) options.disk = std::make_unique<SlowDisk>();
  return options;
}

// Mostly a few events, now and then so many that the disk takes them in several pieces.
uint64_t batch_size(uint64_t next) { return next % 13 == 0 ? 800 : 1 + next % 3; }

// The events of one turn, which carry one instant.
std::vector<core::Recorded> turn_at(uint64_t next) {
  std::vector<core::Recorded> events = contract_events(next, batch_size(next));
  for (core::Recorded& recorded : events) recorded.at = events.front().at;
  return events;
}

// True when `events` are the first that the writer writes. Where a turn begins depends on the cuts.
bool is_beginning(const std::vector<core::Recorded>& events) {
  std::vector<core::Recorded> expected = contract_events(1, events.size());
  for (size_t i = 0; i < events.size(); ++i) expected[i].at = events[i].at;
  return events == expected;
}

// Another file on the same disk, synced all the time, as git and agents do: the file system then also writes
// down what is only half of a batch.
[[noreturn]] void sync_something_else(const std::string& top) {
  const Fd other(::open((top + "/other").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  for (off_t at = 0;; at = (at + 1) % (1 << 20)) {
    if (::pwrite(other.get(), "x", 1, at) != 1 || ::fsync(other.get()) != 0) ::pause();
  }
}

// Goes on with the journal until it dies; after each batch the last number that is acknowledged goes to
// `pipe`.
[[noreturn]] void append_for_ever(const std::string& top, Syncs syncs, bool is_slow, int pipe) {
  if (syncs == Syncs::real) std::thread(sync_something_else, top).detach();
  std::vector<core::Recorded> read;
  auto journal = world::FileJournal::open(options_of(top, syncs, is_slow), world::collect(read));
  if (!journal) ::_exit(3);
  for (uint64_t next = read.size() + 1;;) {
    const std::vector<core::Recorded> turn = turn_at(next);
    if (!(*journal)->append(turn)) ::_exit(refused_exit);
    next += turn.size();
    const uint64_t acknowledged = next - 1;
    if (::write(pipe, &acknowledged, sizeof acknowledged) != sizeof acknowledged) ::_exit(5);
  }
}

// A process that writes, until this is destroyed.
class Writer {
 public:
  Writer(const std::string& top, Syncs syncs, bool is_slow) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    pipe_.reset(ends[0]);
    const Fd other(ends[1]);
    ::fcntl(other.get(), F_SETPIPE_SZ, pipe_bytes);
    pid_ = ::fork();
    if (pid_ == 0) append_for_ever(top, syncs, is_slow, other.get());
  }
  ~Writer() {
    ::kill(pid_, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == refused_exit)
        << "the writer ended with " << status;
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void await_first() const {
    pollfd look{.fd = pipe_.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&look, 1, cut_begins_late_ms), 1) << "nothing was acknowledged";
  }

  // The last number that it has acknowledged by now.
  uint64_t acknowledged() const {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
    uint64_t numbers[512];
    uint64_t last = 0;
    for (ssize_t got; (got = ::read(pipe_.get(), numbers, sizeof numbers)) > 0;)
      last = numbers[static_cast<size_t>(got) / sizeof *numbers - 1];
    return last;
  }

 private:
  Fd pipe_;
  pid_t pid_ = -1;
};

struct Tally {
  int cuts = 0;
  uint64_t acknowledged = 0;  // events
  uint64_t lost = 0;          // of them
  int cuts_that_lost = 0;
  int torn = 0;     // journals that ended in an unfinished write
  int aside = 0;    // of them, set aside by the next opening
  int refused = 0;  // journals that did not open any more
};

// One journal on one disk, through several cuts.
class Journey {
 public:
  Journey(LoopDisk& disk, Tally& tally, Syncs syncs, bool is_slow)
      : disk_(disk), tally_(tally), syncs_(syncs), is_slow_(is_slow) {}

  // Lets the writer go on for `life_ms`, half of the time counted from its first acknowledgement.
  void cut_after(uint64_t life_ms, bool from_first) {
    uint64_t acknowledged = 0;
    Result<void> cut;
    {
      const Writer writer(disk_.path(), syncs_, is_slow_);
      if (from_first) writer.await_first();
      ::poll(nullptr, 0, static_cast<int>(life_ms));
      acknowledged = writer.acknowledged();
      cut = disk_.cut();
    }
    ASSERT_TRUE(cut) << cut.error().text();
    const Result<void> back = disk_.start_again();
    ASSERT_TRUE(back) << back.error().text();
    ++tally_.cuts;
    if (acknowledged > known_) tally_.acknowledged += acknowledged - known_;
    known_ = std::max(known_, acknowledged);
    look();
  }

 private:
  // What is read now is durable from here on: opening a journal syncs it.
  void look() {
    {
      world::JournalReader reader(disk_.path() + "/r12/journal", world::Writer::none);
      const auto read = reader.read_more([](core::Recorded&&) { return Result<void>(); });
      if (read && reader.end().torn_bytes > 0) ++tally_.torn;
    }
    const world::Reopened opened = world::reopen(options_of(disk_.path(), Syncs::real, is_slow_));
    if (opened.error) {
      ++tally_.refused;
      ADD_FAILURE() << opened.error->text();
      return;
    }
    EXPECT_TRUE(is_beginning(opened.events)) << "another event, or another order";
    if (opened.journal->set_aside()) ++tally_.aside;
    const uint64_t there = opened.events.size();
    if (there < known_) {
      ++tally_.cuts_that_lost;
      tally_.lost += known_ - there;
    }
    known_ = there;
  }

  LoopDisk& disk_;
  Tally& tally_;
  Syncs syncs_;
  bool is_slow_;
  uint64_t known_ = 0;  // events that must be there
};

class JournalCuts : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = why_no_loop_disk(); !why.empty()) GTEST_SKIP() << why;
    char name[] = "/tmp/pianola-cut.XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  void TearDown() override {
    if (folder_.empty()) return;
    EXPECT_EQ(::rmdir(folder_.c_str()), 0) << folder_;
  }

  std::string folder_;
};

constexpr const char* ways_to_mount[] = {"nodelalloc", "", "nodelalloc,data=writeback", "data=journal"};

TEST_F(JournalCuts, lose_no_event_that_was_acknowledged) {
  const int cuts = test::rounds("PIANOLA_CAMPAIGN_CUTS", 25);
  Random random(static_cast<uint64_t>(test::rounds("PIANOLA_CAMPAIGN_SEED", 1)));
  Tally tally;
  for (int disks = 0; tally.cuts < cuts && !HasFailure(); ++disks) {
    Result<LoopDisk> disk = LoopDisk::make(folder_, ways_to_mount[disks % 4]);
    ASSERT_TRUE(disk) << disk.error().text();
    Journey journey(*disk, tally, Syncs::real, random.chance(50));
    for (int life = 0; life < lives_per_disk && tally.cuts < cuts && !HasFailure(); ++life)
      journey.cut_after(random.below(longest_life_ms), random.chance(50));
  }
  test::tell_guarantee(
      "G1", "power cut while the journal is written",
      fmt::format("cuts {}, acknowledged events {}, lost {}", tally.cuts, tally.acknowledged, tally.lost));
  test::tell_guarantee("G2", "power cut while the journal is written",
                       fmt::format("cuts {}, torn tails {}, set aside {}, unreadable {}", tally.cuts,
                                   tally.torn, tally.aside, tally.refused));
  EXPECT_EQ(tally.lost, 0U);
  EXPECT_EQ(tally.aside, tally.torn);
  EXPECT_GE(tally.cuts, cuts);
}

TEST_F(JournalCuts, lose_events_when_syncs_do_nothing) {
  const int trials = std::max(5, test::rounds("PIANOLA_CAMPAIGN_CUTS", 25) / 20);
  Random random(2);
  Tally tally;
  while (tally.cuts < trials && !HasFailure()) {
    Result<LoopDisk> disk = LoopDisk::make(folder_);
    ASSERT_TRUE(disk) << disk.error().text();
    Journey(*disk, tally, Syncs::lying, random.chance(50))
        .cut_after(10 + random.below(longest_life_ms), true);
  }
  test::tell_guarantee("G1", "control: the same without syncs",
                       fmt::format("cuts {}, cuts that lost {}, acknowledged events {}, lost {}", tally.cuts,
                                   tally.cuts_that_lost, tally.acknowledged, tally.lost));
  EXPECT_GT(2 * tally.cuts_that_lost, tally.cuts)
      << "a journal that is not synced is not lost: no power to see";
}

}  // namespace
}  // namespace pianola::disk
