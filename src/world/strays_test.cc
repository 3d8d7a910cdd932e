#include "world/strays.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>

#include "world/kept_testing.h"

namespace pianola::world {
namespace {

// An attempt with a workspace of its own, whose keeper is killed, and what else works in that workspace.
class Strays : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"", ".home"}) ASSERT_TRUE(make_dirs(workspace() + name));
  }
  void TearDown() override {
    for (const auto& [name, process] : found_) signal_process(process, SIGKILL);
  }

  std::string workspace() const { return folder_.path() + "/space"; }

  // Waits until the file says a number, and returns the process of that number.
  ProcessId named(const std::string& name) {
    const auto text = [&] { return folder_.text("space/" + name); };
    EXPECT_TRUE(wait_for([&] { return text().ends_with("\n"); })) << name;
    const ProcessId process = identify(std::stoi("0" + text())).value_or(ProcessId{});
    found_[name] = process;
    return process;
  }

  // Runs a shell script in the workspace to its end; what it leaves behind is an orphan of nobody's attempt.
  void run(const std::string& script) {
    SpawnOptions options;
    options.argv = {"/bin/sh", "-c", script};
    options.env = {{"PATH", "/usr/bin:/bin"}};
    options.cwd = workspace();
    options.group = SpawnOptions::Group::own_session;
    Spawned shell = std::move(spawn(options)).value();
    reap_keeper(shell);
  }

  // False where orphans go to somebody who is not known to start nothing in their place.
  bool goes_to_init() {
    run("env -i setsid sh -c 'echo $$ > probe; exec sleep 600' &");
    const auto line = read_stat(named("probe").pid);
    return line && line->parent == 1;
  }

  // Launches `script`, and kills its keeper when each of `names` is there.
  core::ExitStatus lose(const std::string& script, const std::vector<std::string>& names) {
    Supervisor supervisor(folder_.layout(), folder_.run(), workspace(),
                          [&](const engine::AttemptKey&) { return script; });
    supervisor.launch(key_);
    for (const std::string& name : names) EXPECT_TRUE(is_alive(named(name))) << name;
    if (while_it_runs_) while_it_runs_();
    EXPECT_TRUE(signal_process(read_keeper(folder_.attempt(key_)).value()->keeper, SIGKILL));
    EXPECT_TRUE(supervisor.serve_until_exits(1));
    return supervisor.seen[key_].exits.at(0);
  }

  Folder folder_;
  engine::AttemptKey key_ = key_of("a");
  std::map<std::string, ProcessId> found_;
  std::function<void()> while_it_runs_;
};

TEST_F(Strays, of_a_lost_attempt_are_ended_wherever_in_it_they_work) {
  if (!goes_to_init()) GTEST_SKIP() << "orphans do not go to init here";
  const auto exit = lose(
      "cp /bin/sleep own; "
      "env -i setsid sh -c 'echo $$ > here; while :; do sleep 0.02; done' & "
      "env -i setsid sh -c 'echo $$ > file; exec 3>> out.txt < /dev/null > /dev/null 2>&1; cd /; sleep 600' "
      "& "
      "env -i setsid sh -c 'cd ../space.home; echo $$ > ../space/home; exec sleep 600' & "
      "env -i setsid sh -c 'echo $$ > program; p=$PWD/own; cd /; exec $p 600' & wait",
      {"here", "file", "home", "program"});
  EXPECT_EQ(exit.kind, core::ExitKind::lost);
  EXPECT_FALSE(exit.tree_empty);
  for (const char* name : {"here", "file", "home", "program"}) EXPECT_FALSE(is_alive(found_[name])) << name;
}

TEST_F(Strays, are_not_those_who_only_came_to_look) {
  // Before the attempt: an orphan, and a shell that is still there.
  run("env -i setsid sh -c 'echo $$ > before; exec sleep 600' &");
  named("before");
  SpawnOptions options;
  options.argv = {"/bin/sh", "-c",
                  "echo $$ > shell; while [ ! -e go ]; do sleep 0.02; done; "
                  "sh -c 'echo $$ > of_older_session; exec sleep 600' & wait"};
  options.env = {{"PATH", "/usr/bin:/bin"}};
  options.cwd = workspace();
  options.group = SpawnOptions::Group::own_session;
  Spawned older = std::move(spawn(options)).value();
  named("shell");

  const Fd terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal && ::grantpt(terminal.get()) == 0 && ::unlockpt(terminal.get()) == 0);
  const std::string terminal_name = ::ptsname(terminal.get());
  Spawned child;
  while_it_runs_ = [&] {
    ASSERT_TRUE(write_file(workspace() + "/go", "", Sync::none));
    named("of_older_session");
    run("env -i setsid sh -c 'exec < " + terminal_name + "; echo $$ > at_terminal; exec sleep 600' &");
    EXPECT_TRUE(read_stat(named("at_terminal").pid)->has_terminal);
    run("sh -c 'echo $$ > of_gone_session; exec sleep 600' &");
    named("of_gone_session");
    ASSERT_TRUE(make_dirs(workspace() + "2"));
    run("cd ../space2; env -i setsid sh -c 'echo $$ > ../space/beside; exec sleep 600' &");
    named("beside");
    options.argv[2] = "echo $$ > child; exec sleep 600";
    child = std::move(spawn(options)).value();
    named("child");
  };
  lose("echo $$ > agent; exec sleep 600", {"agent"});
  for (const auto& [name, process] : found_) EXPECT_EQ(is_alive(process), name != "agent") << name;
  for (const auto& [name, process] : found_) signal_process(process, SIGKILL);
  reap_keeper(child);
  reap_keeper(older);
}

TEST_F(Strays, are_none_without_a_folder_of_their_own) {
  const std::vector<StatLine> all = all_processes();
  EXPECT_FALSE(all.empty());
  EXPECT_TRUE(strays(all, {{}, 1, 0, cgroup_of(::getpid())}).empty());
  EXPECT_TRUE(strays(all, {{"/", "/tmp", ""}, 1, 0, cgroup_of(::getpid())}).empty());
  EXPECT_TRUE(strays(all, {{workspace()}, 0, 0, cgroup_of(::getpid())}).empty());
}

}  // namespace
}  // namespace pianola::world
