#include "world/child.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <vector>

namespace pianola::world {
namespace {

ChildOptions shell(const std::string& script) {
  ChildOptions options;
  options.argv = {"/bin/sh", "-c", script};
  options.env = {{"PATH", "/usr/bin:/bin"}};
  return options;
}

int open_descriptors() {
  int count = 0;
  DIR* dir = ::opendir("/proc/self/fd");
  while (::readdir(dir) != nullptr) ++count;
  ::closedir(dir);
  return count;
}

TEST(Child, returns_output_and_exit_code) {
  const auto finished = run_child(shell("echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->out, "out\n");
  EXPECT_EQ(finished->err, "err\n");
  EXPECT_EQ(finished->value, 7);
  EXPECT_FALSE(finished->signalled);
  EXPECT_FALSE(finished->ok());
}

TEST(Child, returns_the_signal_that_ended_it) {
  const auto finished = run_child(shell("kill -9 $$"));
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->signalled);
  EXPECT_EQ(finished->value, SIGKILL);
}

TEST(Child, is_given_all_of_a_large_stdin) {
  ChildOptions options = shell("wc -c");
  options.stdin_bytes = std::string(5'000'000, 'x');
  const auto finished = run_child(options);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->out, "5000000\n");
}

TEST(Child, need_not_read_its_stdin) {
  ChildOptions options = shell("exit 0");
  options.stdin_bytes = std::string(5'000'000, 'x');
  EXPECT_TRUE(run_child(options)->ok());
}

TEST(Child, writes_more_than_is_kept_without_blocking) {
  ChildOptions options = shell("head -c 3000000 /dev/zero; echo end >&2");
  options.stdout_limit_bytes = 1'000;
  const auto finished = run_child(options);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->out.size(), 1'000u);
  EXPECT_TRUE(finished->stdout_cut);
  EXPECT_EQ(finished->err, "end\n");
}

TEST(Child, is_ended_with_its_group_at_the_timeout_even_while_it_writes) {
  ChildOptions options = shell("trap '' TERM; sleep 600 & echo $!; while :; do echo x >&2; done");
  options.timeout_ms = 300;
  const auto finished = run_child(options);
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->timed_out);
  const pid_t grandchild = std::stoi(finished->out);
  for (int tries = 0; tries < 500 && ::kill(grandchild, 0) == 0; ++tries) {
    const auto state = run_child(shell("cut -d' ' -f3 /proc/" + std::to_string(grandchild) + "/stat"));
    if (state->out == "Z\n") break;
    ASSERT_LT(tries, 499);
  }
}

TEST(Child, starts_with_default_signals_and_no_foreign_descriptor) {
  // Not close-on-exec on purpose: what another library leaves open must not reach a child.
  const int leaky = ::open("/dev/null", O_RDONLY);
  ::signal(SIGPIPE, SIG_IGN);
  const auto finished =
      run_child(shell("awk '/SigBlk|SigIgn/ {print $2}' /proc/self/status; ls /proc/self/fd | wc -l"));
  ::signal(SIGPIPE, SIG_DFL);
  ::close(leaky);
  ASSERT_TRUE(finished);
  size_t used = 0;
  EXPECT_EQ(std::stoull(finished->out, &used, 16), 0u);
  // Signals 32 and 33 are the C library's own.
  EXPECT_EQ(std::stoull(finished->out.substr(used), nullptr, 16) & 0x7fffffff, 0u);
  // 0, 1, 2 and the folder that ls reads.
  EXPECT_EQ(finished->out.substr(finished->out.size() - 3), "\n4\n");
}

TEST(Child, sees_exactly_the_environment_and_folder_it_is_given) {
  ChildOptions options;
  options.argv = {"/usr/bin/env"};
  options.env = {{"A", "1"}, {"B", "two words"}};
  EXPECT_EQ(run_child(options)->out, "A=1\nB=two words\n");
  options.argv = {"/bin/pwd"};
  options.cwd = "/usr";
  EXPECT_EQ(run_child(options)->out, "/usr\n");
}

TEST(Child, says_what_is_missing) {
  ChildOptions options;
  options.argv = {"/nowhere/program"};
  auto finished = run_child(options);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::missing);
  EXPECT_EQ(finished.error().text(),
            "/nowhere/program: No such file or directory; expected a program that can be started");
  options.argv = {"/bin/true"};
  options.cwd = "/nowhere";
  finished = run_child(options);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().text(), "/nowhere: No such file or directory; expected a folder to start in");
}

TEST(Child, does_not_wait_for_a_daemon_that_keeps_the_pipe) {
  const auto finished = run_child(shell("setsid sleep 600 & echo $!"));
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->ok());
  ::kill(std::stoi(finished->out), SIGKILL);
}

TEST(Child, leaves_no_descriptor_and_no_zombie_from_many_threads) {
  ASSERT_TRUE(run_child(shell("true")));
  const int before = open_descriptors();
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (size_t t = 0; t < right.size(); ++t) {
    threads.emplace_back([t, &right] {
      for (int i = 0; i < 25; ++i) {
        const std::string word = std::to_string(t) + "." + std::to_string(i);
        const auto finished = run_child(shell("printf " + word));
        if (finished && finished->out == word) ++right[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 25));
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Spawn, passes_descriptors_under_any_numbers) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd first(ends[0]);
  const Fd second(ends[1]);
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", "printf hello >&" + std::to_string(ends[0])};
  // The two numbers change places.
  options.pass_fds = {{ends[0], ends[1]}, {ends[1], ends[0]}};
  auto spawned = spawn(options);
  ASSERT_TRUE(spawned);
  char bytes[8];
  ASSERT_EQ(::read(first.get(), bytes, sizeof bytes), 5);
  EXPECT_EQ(std::string(bytes, 5), "hello");
  pollfd over{spawned->pidfd.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&over, 1, 60'000), 1);
  siginfo_t status{};
  ASSERT_EQ(::waitid(P_PIDFD, static_cast<id_t>(spawned->pidfd.get()), &status, WEXITED), 0);
  EXPECT_EQ(status.si_status, 0);
}

}  // namespace
}  // namespace pianola::world
