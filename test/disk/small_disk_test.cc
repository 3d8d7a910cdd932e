// A disk that is really full or read-only, and a process without descriptors: the run says so and pauses, and
// goes on once there is room.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

#include "test/disk/loop_disk.h"
#include "test/disk/story.h"
#include "test/figures.h"
#include "world/files.h"

namespace pianola::disk {
namespace {

using campaign::Ended;
using campaign::Playground;

bool is_whole_form() { return ::getenv("PIANOLA_CAMPAIGN_CUTS") != nullptr; }

// A file system in memory with a Playground in it; what agents write down of their starts lies outside.
class SmallDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = own_mounts(); !why.empty()) GTEST_SKIP() << "no disk of our own: " << why;
    char name[] = "/tmp/pianola-small.XXXXXX";
    folder_ = ::mkdtemp(name);
    ASSERT_TRUE(world::make_dirs(disk()));
    ASSERT_EQ(::mount("pianola", disk().c_str(), "tmpfs", 0, "size=64m"), 0) << errno;
  }
  void TearDown() override {
    if (folder_.empty()) return;
    playground_.reset();
    EXPECT_EQ(::umount2(disk().c_str(), MNT_DETACH), 0);
    EXPECT_TRUE(world::remove_tree(folder_));
  }

  std::string disk() const { return folder_ + "/disk"; }

  void make_playground() {
    playground_.reset();
    playground_ = std::make_unique<Playground>(campaign::RunChoice(), disk());
    ASSERT_TRUE(world::write_file(folder_ + "/starts", "", world::Sync::none));
    ASSERT_EQ(::symlink((folder_ + "/starts").c_str(), (playground_->top() + "/starts").c_str()), 0);
  }

  // Takes all space but `left` bytes, as somebody else's file.
  void fill(int64_t left) const {
    struct statvfs space {};
    ASSERT_EQ(::statvfs(disk().c_str(), &space), 0);
    const auto free = static_cast<int64_t>(space.f_bavail * space.f_frsize);
    const world::Fd file(::open((disk() + "/ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(::posix_fallocate(file.get(), 0, free - left), 0);
  }
  void remount(unsigned long flags, const char* options) const {
    ASSERT_EQ(::mount("pianola", disk().c_str(), "tmpfs", MS_REMOUNT | flags, options), 0) << errno;
  }

  std::string folder_;
  std::unique_ptr<Playground> playground_;
};

constexpr int patience_ms = 4'000;  // until somebody makes room
constexpr int stay_ms = 12'000;
constexpr int look_ms = 20;

// A keeper that cannot write down how its agent ended tries until it can, and a run that is paused is served
// that long; so there comes room while it waits, if it does not end before. What stays all the same is
// killed.
TEST_F(SmallDisk, that_is_full_pauses_the_run_until_there_is_room) {
  std::vector<int64_t> sizes = {60, 300};
  if (is_whole_form()) {
    sizes.clear();
    for (int64_t kib = 0; kib < 1'600; kib += 20) sizes.push_back(kib);
  }
  int waited = 0;
  int stayed = 0;
  int paused = 0;
  for (const int64_t kib : sizes) {
    make_playground();
    fill(kib << 10);
    Ended ended;
    std::atomic<bool> is_over{false};
    std::thread running([&] {
      ended = playground_->run({}, stay_ms);
      is_over = true;
    });
    for (int waited_ms = 0; !is_over && waited_ms < patience_ms; waited_ms += look_ms)
      ::poll(nullptr, 0, look_ms);
    waited += is_over ? 0 : 1;
    remount(0, "size=256m");
    running.join();
    paused += ended.code == 6 ? 1 : 0;
    const std::string what = fmt::format("{} KiB left, exit {}:\n{}", kib, ended.code, ended.output);
    stayed += ended.killed ? 1 : 0;
    EXPECT_TRUE(ended.killed || ended.code == 0 || ended.code == 6) << what;
    expect_goes_on(*playground_, ended.output, what);
    ASSERT_EQ(::unlink((disk() + "/ballast").c_str()), 0);
    remount(0, "size=64m");
  }
  test::tell_guarantee("G30", "a disk that is full, then has room again",
                       fmt::format("disks {}, paused {}, waited for room {}, stayed and were killed {}",
                                   sizes.size(), paused, waited, stayed));
  EXPECT_GT(paused, 0);
}

TEST_F(SmallDisk, that_is_read_only_pauses_the_run_until_it_is_not) {
  make_playground();
  const Ended killed = playground_->run({{"PIANOLA_KILL_AT", "journal.synced:12"}});
  EXPECT_TRUE(killed.killed) << killed.output;
  while (!campaign::processes_of(playground_->top()).empty()) ::poll(nullptr, 0, 10);
  remount(MS_RDONLY, "size=64m");
  const Ended refused = playground_->pianola({"resume", "--plain"});
  EXPECT_EQ(refused.code, 6) << refused.output;
  EXPECT_NE(refused.output.find("ead-only"), std::string::npos) << refused.output;
  remount(0, "size=64m");
  expect_goes_on(*playground_, killed.output, refused.output);
  test::tell_guarantee("G30", "a disk that is read-only, then writable again", "disks 1, paused 1");
}

TEST(FewDescriptors, pause_the_run_or_let_it_end) {
  const int step = is_whole_form() ? 1 : 9;
  int limits = 0;
  int paused = 0;
  int ended_well = 0;
  for (int limit = 10; limit <= 46; limit += step, ++limits) {
    const Playground playground;
    world::ChildOptions options;
    options.argv = {"/bin/sh",
                    "-c",
                    "ulimit -n \"$0\" && exec \"$@\"",
                    std::to_string(limit),
                    PIANOLA_BINARY,
                    "run",
                    "tasks.yaml",
                    "--isolation",
                    "none",
                    "--approve",
                    "--promote",
                    "checkout",
                    "--plain"};
    options.env = playground.env();
    options.cwd = playground.repo();
    options.timeout_ms = 60'000;
    const Result<world::Finished> done = world::run_child(options);
    ASSERT_TRUE(done) << done.error().text();
    const std::string said = done->out + done->err;
    const std::string what = fmt::format("{} descriptors, exit {}:\n{}", limit, done->value, said);
    EXPECT_TRUE(!done->signalled && !done->timed_out && (done->value == 0 || done->value == 6)) << what;
    paused += done->value == 6 ? 1 : 0;
    ended_well += done->value == 0 ? 1 : 0;
    expect_goes_on(playground, said, what);
  }
  test::tell_guarantee("G30", "few file descriptors",
                       fmt::format("limits {}, paused {}, ended well {}", limits, paused, ended_well));
}

}  // namespace
}  // namespace pianola::disk
