// The power is cut while a whole run goes on, at any moment and right after a landing was told: the landing
// and its commit are there afterwards, `resume` does again what git has lost, and every task lands once.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <csignal>

#include "base/random.h"
#include "test/disk/loop_disk.h"
#include "test/disk/story.h"
#include "test/figures.h"
#include "world/clock.h"
#include "world/files.h"

namespace pianola::disk {
namespace {

using campaign::Playground;

constexpr int64_t longest_run_ms = 60'000;
constexpr int kill_rounds_max = 500;

// Where in a run the power goes: at a moment, or that long after so many landings were told.
struct Moment {
  int64_t after_ms = 0;
  size_t landings = 0;
};

// `pianola run` with its words in a pipe.
class Running {
 public:
  explicit Running(const Playground& playground) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    words_.reset(ends[0]);
    const world::Fd other(ends[1]);
    world::SpawnOptions options;
    options.argv = {PIANOLA_BINARY, "run",       "tasks.yaml", "--isolation", "none",
                    "--approve",    "--promote", "checkout",   "--plain"};
    options.env = playground.env();
    options.cwd = playground.repo();
    options.stdout_fd = options.stderr_fd = other.get();
    auto spawned = world::spawn(options);
    EXPECT_TRUE(spawned) << spawned.error().text();
    if (spawned) process_ = std::move(*spawned);
  }
  ~Running() {
    if (process_.pid <= 0) return;
    ::kill(-process_.pid, SIGKILL);
    siginfo_t ignored{};
    ::waitid(P_PIDFD, static_cast<id_t>(process_.pidfd.get()), &ignored, WEXITED);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // All that it has said by now.
  const std::string& said() {
    char bytes[4096];
    for (ssize_t got; (got = ::read(words_.get(), bytes, sizeof bytes)) > 0;)
      said_.append(bytes, static_cast<size_t>(got));
    return said_;
  }

  bool has_ended() const {
    pollfd look{.fd = process_.pidfd.get(), .events = POLLIN, .revents = 0};
    return ::poll(&look, 1, 0) == 1;
  }

  void await(const Moment& moment) {
    const Duration began = world::since_boot();
    while (landings_in(said()).size() < moment.landings && !has_ended() &&
           Duration{world::since_boot().ns - began.ns}.ms() < longest_run_ms) {
      ::poll(nullptr, 0, 1);
    }
    ::poll(nullptr, 0, static_cast<int>(moment.after_ms));
  }

 private:
  world::Spawned process_;
  world::Fd words_;
  std::string said_;
};

void kill_all_of(const Playground& playground) {
  for (int round = 0; round < kill_rounds_max; ++round) {
    const std::vector<std::string> left = campaign::processes_of(playground.top());
    if (left.empty()) return;
    for (const std::string& process : left) ::kill(std::atoi(process.c_str()), SIGKILL);
    ::poll(nullptr, 0, 2);
  }
  ADD_FAILURE() << "processes of the run do not die";
}

class RunCuts : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = why_no_loop_disk(); !why.empty()) GTEST_SKIP() << why;
    char name[] = "/tmp/pianola-cut.XXXXXX";
    folder_ = ::mkdtemp(name);
    ASSERT_TRUE(world::make_dirs(folder_ + "/disk"));
  }
  void TearDown() override {
    if (folder_.empty()) return;
    EXPECT_TRUE(world::remove_tree(folder_));
  }

  // What agents write down about their starts survives the cut: it stands on another disk.
  void forget_starts() const { ASSERT_TRUE(world::write_file(starts(), "", world::Sync::none)); }
  std::string starts() const { return folder_ + "/starts"; }

  std::string folder_;
};

struct Tally {
  int cuts = 0;
  size_t said = 0;  // landings
  int lost = 0;     // of them
  int locked = 0;   // times that git had left a lock
  int redone = 0;   // times that the journal was ahead of git
};

bool is_git_behind(const Playground& playground) {
  std::string last;
  for (const core::Recorded& recorded : events_of(playground)) {
    const auto* landed = std::get_if<core::TaskLanded>(&recorded.event);
    if (landed != nullptr) last = landed->commit;
  }
  return !last.empty() &&
         playground.git({"rev-parse", "-q", "--verify", "refs/pianola/staging/r1"}) != last + "\n";
}

void cut_at(LoopDisk& disk, const Playground& playground, const Moment& moment, Tally& tally) {
  std::string said;
  Result<void> cut;
  {
    Running running(playground);
    running.await(moment);
    said = running.said();
    cut = disk.cut();
  }
  kill_all_of(playground);
  ASSERT_TRUE(cut) << cut.error().text();
  const Result<void> back = disk.start_again();
  ASSERT_TRUE(back) << back.error().text();
  ++tally.cuts;
  const std::string what =
      fmt::format("cut {} ms after {} landings; it had said:\n{}", moment.after_ms, moment.landings, said);
  const std::string found = playground.git({"fsck", "--no-dangling"});
  EXPECT_EQ(found.find("git failed"), std::string::npos) << found << what;
  tally.said += landings_in(said).size();
  tally.redone += is_git_behind(playground) ? 1 : 0;
  const GoneOn gone_on = expect_goes_on(playground, said, what);
  tally.lost += gone_on.lost;
  tally.locked += gone_on.was_locked ? 1 : 0;
}

TEST_F(RunCuts, keep_every_landing_that_was_told_and_land_every_task_once) {
  const int cuts = std::max(6, test::rounds("PIANOLA_CAMPAIGN_CUTS", 0) / 5);
  Random random(static_cast<uint64_t>(test::rounds("PIANOLA_CAMPAIGN_SEED", 1)));
  Result<LoopDisk> disk = LoopDisk::make(folder_ + "/disk");
  ASSERT_TRUE(disk) << disk.error().text();
  const Playground playground({}, disk->path());
  ASSERT_EQ(::symlink(starts().c_str(), (playground.top() + "/starts").c_str()), 0);
  world::Fd whole(::open(disk->path().c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::syncfs(whole.get()), 0);
  whole.reset();
  const Result<Image> fresh = disk->image();
  ASSERT_TRUE(fresh) << fresh.error().text();
  Tally tally;
  while (tally.cuts < cuts && !HasFailure()) {
    forget_starts();
    ASSERT_TRUE(disk->start_with(*fresh));
    const bool at_landing = tally.cuts % 2 == 0;
    const Moment moment =
        at_landing
            ? Moment{.after_ms = static_cast<int64_t>(random.below(5)), .landings = 1 + random.below(3)}
            : Moment{.after_ms = static_cast<int64_t>(random.below(1'200)), .landings = 0};
    cut_at(*disk, playground, moment, tally);
  }
  for (const char* promise : {"G1", "G16"}) {
    test::tell_guarantee(
        promise, "power cut while a run goes on",
        fmt::format("cuts {}, landings told {}, lost {}, done again in git {}, locks left by git {}",
                    tally.cuts, tally.said, tally.lost, tally.redone, tally.locked));
  }
  EXPECT_GE(tally.cuts, cuts);
  EXPECT_GT(tally.said, 0U);
}

}  // namespace
}  // namespace pianola::disk
