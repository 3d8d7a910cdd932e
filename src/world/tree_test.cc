#include "world/tree.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "world/kept_testing.h"

namespace pianola::world {
namespace {

constexpr const char* kKeep = "feedfeedfeedfeedfeedfeedfeedfeed";

Spawned start(const std::string& script, const std::string& keep) {
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c", script};
  options.env = {{"PATH", "/usr/bin:/bin"}};
  if (!keep.empty()) options.env["PIANOLA_KEEP"] = keep;
  options.group = SpawnOptions::Group::own_session;
  return std::move(spawn(options)).value();
}

bool holds(const std::vector<ProcessId>& processes, pid_t pid) {
  return std::any_of(processes.begin(), processes.end(),
                     [&](const auto& process) { return process.pid == pid; });
}

TEST(Tree, a_process_is_known_by_number_and_start) {
  const ProcessId self = identify(::getpid()).value();
  EXPECT_TRUE(is_alive(self));
  EXPECT_FALSE(is_alive({self.pid, self.start_ticks + 1}));
  EXPECT_FALSE(identify(999'999'999));
  EXPECT_FALSE(signal_process({1, identify(1).value_or(ProcessId{}).start_ticks}, 0));
  EXPECT_EQ(this_machine(), this_machine());
  EXPECT_EQ(this_machine().boot_id.size(), 36u);
  EXPECT_NE(this_machine().pid_namespace, 0u);
}

TEST(Tree, a_zombie_is_not_alive) {
  Spawned child = start("exec sleep 600", "");
  const ProcessId id = identify(child.pid).value();
  EXPECT_FALSE(signal_process({id.pid, id.start_ticks + 1}, SIGKILL));
  EXPECT_TRUE(is_alive(id));
  EXPECT_TRUE(signal_process(id, SIGKILL));
  ASSERT_TRUE(wait_for([&] { return !is_alive(id); }));
  EXPECT_EQ(::kill(child.pid, 0), 0);
  EXPECT_FALSE(signal_process(id, SIGKILL));
  reap_keeper(child);
}

TEST(Tree, a_name_with_parentheses_hides_nothing) {
  Folder folder;
  const std::string odd = folder.path() + "/a) R 1 (b";
  ASSERT_EQ(::symlink("/bin/sleep", odd.c_str()), 0);
  SpawnOptions options;
  options.argv = {odd, "600"};
  Spawned child = std::move(spawn(options)).value();
  EXPECT_TRUE(holds(members({::getpid(), {}, ""}), child.pid));
  ::kill(child.pid, SIGKILL);
  reap_keeper(child);
}

TEST(Tree, members_carry_the_mark_or_descend_from_who_does) {
  Folder folder;
  const std::string here = folder.path();
  Spawned marked = start("env -i setsid sh -c 'echo $$ > " + here + "/child; sleep 600' & sleep 600", kKeep);
  Spawned inner = start("exec sleep 600", "0outer:" + std::string(kKeep) + ":inner");
  Spawned similar = start("exec sleep 600", std::string(kKeep) + "0");
  Spawned bystander = start("exec sleep 600", "");
  ASSERT_TRUE(wait_for([&] { return folder.text("child").ends_with("\n"); }));
  const pid_t child = std::stoi(folder.text("child"));
  const auto found = members({0, {}, kKeep});
  EXPECT_TRUE(holds(found, marked.pid));
  EXPECT_TRUE(holds(found, inner.pid));
  EXPECT_TRUE(holds(found, child));
  EXPECT_FALSE(holds(found, similar.pid));
  EXPECT_FALSE(holds(found, bystander.pid));
  EXPECT_FALSE(holds(found, ::getpid()));

  int ended = 0;
  EXPECT_TRUE(kill_tree({0, {}, kKeep}, &ended));
  EXPECT_GE(ended, 4);
  EXPECT_FALSE(identify(child));
  EXPECT_TRUE(identify(similar.pid));
  EXPECT_TRUE(identify(bystander.pid));
  // By its own name, as a record gives it, and as a descendant of ours.
  EXPECT_TRUE(holds(members({0, {*identify(similar.pid)}, ""}), similar.pid));
  EXPECT_TRUE(holds(members({::getpid(), {}, ""}), bystander.pid));
  for (Spawned* process : {&marked, &inner, &similar, &bystander}) {
    ::kill(process->pid, SIGKILL);
    reap_keeper(*process);
  }
}

// Processes that work in `folder`.
size_t count_in(const Folder& folder) {
  size_t count = 0;
  for (const ProcessId& process : members({1, {}, ""})) {
    std::array<char, 4096> cwd{};
    if (::readlink(("/proc/" + std::to_string(process.pid) + "/cwd").c_str(), cwd.data(), cwd.size() - 1) < 0)
      continue;
    if (cwd.data() == folder.path()) ++count;
  }
  return count;
}

TEST(Tree, a_crowd_that_keeps_forking_is_ended) {
  for (int round = 0; round < 5; ++round) {
    Folder folder;
    // Only the first of them carries the mark.
    Spawned root = start("cd " + folder.path() +
                             " && for i in 1 2 3 4 5 6 7 8; do env -i sh -c "
                             "'while :; do (sleep 0.01 & sleep 0.02 & wait) done' & done; wait",
                         kKeep);
    ASSERT_TRUE(wait_for([&] { return members({0, {}, kKeep}).size() > 16; }));
    EXPECT_TRUE(kill_tree({0, {}, kKeep}));
    EXPECT_EQ(count_in(folder), 0u);
    reap_keeper(root);
  }
}

}  // namespace
}  // namespace pianola::world
