#include "world/cgroup.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace pianola::world {
namespace {

constexpr int64_t memory_bytes = int64_t{64} << 20;
constexpr size_t too_much_bytes = size_t{256} << 20;
constexpr int processes = 10;

std::string name() { return "pianola.test." + std::to_string(::getpid()); }

// Runs `body` in a child that `group` admits first; how it ended.
template <class Body>
int run_in(const Cgroup& group, Body body) {
  int gate[2];
  EXPECT_EQ(::pipe(gate), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    char go = 0;
    if (::read(gate[0], &go, 1) == 1) body();
    ::_exit(0);
  }
  EXPECT_TRUE(group.admit(child));
  EXPECT_EQ(::write(gate[1], "g", 1), 1);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  ::close(gate[0]);
  ::close(gate[1]);
  return status;
}

TEST(CgroupTest, ends_what_takes_more_memory_than_it_may_and_counts_it) {
  const Cgroup group = Cgroup::make(name(), {.memory_bytes = memory_bytes});
  if (!group.limits_memory()) GTEST_SKIP() << "this user may make no cgroup with a memory limit here";
  const int status = run_in(group, [] {
    void* memory =
        ::mmap(nullptr, too_much_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    std::memset(memory, 1, too_much_bytes);
  });
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_EQ(group.killed_for_memory(), 1);
}

TEST(CgroupTest, refuses_more_processes_than_there_may_be) {
  const Cgroup group = Cgroup::make(name(), {.processes = processes});
  if (!group.limits_processes())
    GTEST_SKIP() << "this user may make no cgroup with a limit of processes here";
  const int status = run_in(group, [] {
    ::setpgid(0, 0);
    int made = 1;  // itself
    while (made < 5 * processes) {
      const pid_t child = ::fork();
      if (child < 0) break;
      if (child == 0) {
        ::pause();
        ::_exit(0);
      }
      ++made;
    }
    ::signal(SIGTERM, SIG_IGN);
    ::kill(0, SIGTERM);
    ::_exit(made);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), processes);
}

TEST(CgroupTest, limits_nothing_when_nothing_is_asked_for) {
  const Cgroup group = Cgroup::make(name(), {});
  EXPECT_FALSE(group.limits_memory());
  EXPECT_FALSE(group.limits_processes());
  EXPECT_EQ(group.killed_for_memory(), 0);
}

}  // namespace
}  // namespace pianola::world
