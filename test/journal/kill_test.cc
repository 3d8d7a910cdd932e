// The process that writes the journal is killed, at its named steps and at any moment: what it acknowledged
// is read back, and the next supervisor goes on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "base/random.h"
#include "world/journal_testing.h"

namespace pianola::world {
namespace {

using engine::contract_events;

JournalOptions options_of(const JournalHome& home) {
  JournalOptions options = home.options();
  options.folder.segment_bytes = 3'000;
  options.lock_wait_ms = 10'000;
  return options;
}

// Opens the journal and appends until it dies; after each batch it says on `pipe` what is acknowledged.
[[noreturn]] void append_for_ever(const JournalHome& home, int pipe) {
  std::vector<core::Recorded> read;
  auto journal = FileJournal::open(options_of(home), collect(read));
  if (!journal) ::_exit(3);
  for (uint64_t next = read.size() + 1;;) {
    const uint64_t size = 1 + next % 3;
    if (!(*journal)->append(contract_events(next, size))) ::_exit(4);
    next += size;
    const uint64_t acknowledged = next - 1;
    if (::write(pipe, &acknowledged, sizeof acknowledged) < 0) ::_exit(5);
  }
}

// Runs a writer until it is dead and gives the last number it acknowledged. `kill_at` names a step; without
// one the writer is killed after `wait_us`.
uint64_t killed_writer(const JournalHome& home, const std::string& kill_at, uint64_t wait_us) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    if (!kill_at.empty()) ::setenv("PIANOLA_KILL_AT", kill_at.c_str(), 1);
    append_for_ever(home, ends[1]);
  }
  ::close(ends[1]);
  std::thread killer([&] {
    if (!kill_at.empty()) return;
    std::this_thread::sleep_for(std::chrono::microseconds(wait_us));
    ::kill(child, SIGKILL);
  });
  uint64_t acknowledged = 0;
  while (::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
  }
  ::close(ends[0]);
  killer.join();
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return acknowledged;
}

uint64_t expect_all_there(const JournalHome& home, uint64_t acknowledged, const std::string& what) {
  const Reopened opened = reopen(options_of(home));
  EXPECT_FALSE(opened.error) << what << ": " << opened.error->text();
  EXPECT_TRUE(is_beginning(opened.events)) << what;
  EXPECT_GE(opened.events.size(), acknowledged) << what;
  return opened.events.size();
}

TEST(JournalKills, at_a_named_step_cost_nothing_that_was_acknowledged) {
  for (const char* step : {"journal.segment_begun", "journal.written", "journal.synced"}) {
    JournalHome home;
    uint64_t stored = 0;
    for (int pass = 1; pass <= 6; ++pass) {
      const std::string at = std::string(step) + ":" + std::to_string(pass);
      const uint64_t acknowledged = killed_writer(home, at, 0);
      const uint64_t now = expect_all_there(home, acknowledged, at);
      EXPECT_GE(now, stored) << at;
      stored = now;
    }
    EXPECT_GT(stored, 12U) << step;
  }
}

TEST(JournalKills, at_any_moment_cost_nothing_that_was_acknowledged) {
  JournalHome home;
  Random random(5);
  uint64_t stored = 0;
  for (int round = 0; round < 30; ++round) {
    const uint64_t acknowledged = killed_writer(home, "", random.below(20'000));
    const uint64_t now = expect_all_there(home, acknowledged, std::to_string(round));
    EXPECT_GE(now, stored);
    stored = now;
  }
  EXPECT_GT(stored, 0U);
}

// What the child says when the machine does not allow a file system of its own.
constexpr int no_small_disk = 77;

bool put_line(const char* path, const std::string& line) {
  const Fd file(::open(path, O_WRONLY | O_CLOEXEC));
  return ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

// Mounts a file system of 256 KiB at `dir`, seen by this process alone.
bool mount_small_disk(const std::string& dir) {
  const std::string user = "0 " + std::to_string(::getuid()) + " 1";
  const std::string group = "0 " + std::to_string(::getgid()) + " 1";
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && put_line("/proc/self/setgroups", "deny") &&
         put_line("/proc/self/uid_map", user) && put_line("/proc/self/gid_map", group) &&
         ::mount("none", dir.c_str(), "tmpfs", 0, "size=256k") == 0;
}

// 0 when all went as promised, else which promise was broken.
int fill_small_disk(const std::string& dir) {
  if (!mount_small_disk(dir)) return no_small_disk;
  const auto fresh = [&] {
    JournalOptions made;
    made.folder = {.dir = dir + "/journal", .run = "r12", .reserve_bytes = 16 << 10};
    made.lock_path = dir + "/lock";
    return made;
  };
  uint64_t acknowledged = 0;
  {
    const Reopened opened = reopen(fresh());
    if (!opened.journal || !exists(dir + "/journal/reserve")) return 2;
    Result<void> appended;
    while ((appended = opened.journal->append(contract_events(acknowledged + 1, 5)))) acknowledged += 5;
    if (appended.error().kind != ErrorKind::paused) return 3;
    if (appended.error().what != "no space left") return 4;
    if (exists(dir + "/journal/reserve")) return 5;
  }
  // Nothing was freed but the reserve, and the pause still finds room.
  const Reopened again = reopen(fresh());
  if (!again.journal || again.events != contract_events(1, acknowledged)) return 6;
  if (exists(dir + "/journal/reserve")) return 7;
  const core::Recorded pause{
      .seq = acknowledged + 1, .at = {}, .actor = "pianola", .event = core::RunPaused{"no space left"}};
  return again.journal->append({pause}) && acknowledged > 100 ? 0 : 8;
}

TEST(JournalOnAFullDisk, pauses_with_all_it_acknowledged_and_room_to_say_so) {
  JournalHome home;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_small_disk(home.path()));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == no_small_disk) GTEST_SKIP() << "no file system of our own on this machine";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace pianola::world
