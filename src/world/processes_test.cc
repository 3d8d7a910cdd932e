#include "world/processes.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "world/kept_testing.h"

namespace pianola::world {
namespace {

using core::ExitKind;

Supervisor::Script always(const std::string& script) {
  return [script](const engine::AttemptKey&) { return script; };
}

size_t count_lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Waits until the file has a number in it, and returns the process of that number.
ProcessId named_in(const Folder& folder, const std::string& name) {
  EXPECT_TRUE(wait_for([&] { return folder.text(name).ends_with("\n"); }));
  return identify(std::stoi(folder.text(name))).value_or(ProcessId{});
}

TEST(KeptProcesses, report_spawn_output_and_exit_code) {
  Folder folder;
  Supervisor supervisor(folder, always("echo out; echo err >&2; exit 7"));
  const auto key = key_of("a");
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  const auto& seen = supervisor.seen[key];
  EXPECT_GT(seen.pid, 1);
  EXPECT_EQ(seen.spawned, 1);
  EXPECT_EQ(seen.out, "out\n");
  EXPECT_EQ(seen.err, "err\n");
  EXPECT_EQ(seen.exits[0], (core::ExitStatus{ExitKind::code, 7, true, ""}));
}

TEST(KeptProcesses, report_the_signal_that_ended_an_agent) {
  Folder folder;
  Supervisor supervisor(folder, always("kill -ABRT $$"));
  supervisor.launch(key_of("a"));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key_of("a")].exits[0], (core::ExitStatus{ExitKind::signal, SIGABRT, true, ""}));
}

TEST(KeptProcesses, say_why_a_program_was_not_started) {
  Folder folder;
  Supervisor supervisor(folder, always("exit 0"));
  const KeptPlace place{folder.path() + "/x", folder.path() + "/x.socket"};
  const KeeperProgram program{own_executable(), {}};
  const auto outcome_of = [&](std::vector<std::string> argv, const std::string& cwd) {
    for (const char* left : {"", ".begun"}) EXPECT_TRUE(remove_tree(place.dir + left));
    auto found = start_or_find(place, program, [&]() -> Result<KeptSpec> {
      KeptSpec spec;
      spec.argv = argv;
      spec.env = {{"PATH", "/usr/bin:relative:/bin"}};
      spec.cwd = cwd;
      return spec;
    });
    reap_keeper(std::get<Connected>(*found).keeper);
    const ExitRecord record = std::get<ExitRecord>(find_or_close(place, "").value());
    EXPECT_EQ(record.exit.kind, ExitKind::not_started);
    EXPECT_TRUE(record.exit.tree_empty);
    return record.exit.detail;
  };
  EXPECT_EQ(outcome_of({"no-such-agent"}, "/"),
            "no-such-agent: is not on PATH; expected a program of that name in a folder of PATH");
  EXPECT_EQ(outcome_of({"/nowhere/agent"}, "/"),
            "/nowhere/agent: No such file or directory; expected a program that can be executed");
  // Written out, and looked for where it is to run.
  ASSERT_TRUE(write_file(folder.path() + "/script", "#! /usr/bin/nosuch -x\nexit 0\n", Sync::none));
  ASSERT_TRUE(make_executable(folder.path() + "/script"));
  EXPECT_EQ(
      outcome_of({"./script"}, folder.path()),
      "./script: its interpreter /usr/bin/nosuch is not there; expected a program that can be executed");
  std::string binary = read_file("/bin/true", 1 << 20).value();
  ASSERT_NE(binary.find("/ld-linux"), std::string::npos);
  binary.replace(binary.find("/ld-linux"), 9, "/ld-nosux");
  ASSERT_TRUE(write_file(folder.path() + "/binary", binary, Sync::none));
  ASSERT_TRUE(make_executable(folder.path() + "/binary"));
  EXPECT_EQ(outcome_of({folder.path() + "/binary"}, "/"),
            folder.path() + "/binary: its loader is not there; expected a program that can be executed");
  EXPECT_EQ(outcome_of({"/etc/passwd"}, "/"),
            "/etc/passwd: Permission denied; expected a program that can be executed");
  EXPECT_EQ(outcome_of({"sh"}, "/nowhere"),
            "/nowhere: No such file or directory; expected a folder to start in");
}

TEST(KeptProcesses, close_an_attempt_that_cannot_be_prepared) {
  Folder folder;
  Supervisor supervisor(folder, always("exit 0"));
  const KeptPlace place{folder.attempt(key_of("a")), ""};
  const auto found = start_or_find(place, {own_executable(), {}}, []() -> Result<KeptSpec> {
    return refuse({ErrorKind::missing, "claude", "is not installed", "", ""});
  });
  EXPECT_EQ(std::get<ExitRecord>(*found).exit.detail, "claude: is not installed");
  supervisor.launch(key_of("a"));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key_of("a")].exits[0].kind, ExitKind::not_started);
  EXPECT_EQ(supervisor.seen[key_of("a")].spawned, 0);
}

TEST(KeptProcesses, give_agents_their_environment_and_no_secret_to_the_disk) {
  Folder folder;
  Supervisor supervisor(folder, always("env | cut -d= -f1 | sort; echo $PIANOLA_TASK/$PIANOLA_ATTEMPT"));
  supervisor.launch(key_of("a", 3));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key_of("a", 3)].out,
            "PATH\nPIANOLA_ATTEMPT\nPIANOLA_KEEP\nPIANOLA_RUN\nPIANOLA_TASK\nPWD\na/3\n");
  const std::string spec = read_file(folder.attempt(key_of("a", 3)) + "/spec.json", 1 << 20).value();
  EXPECT_NE(spec.find("\"PATH\":\"\""), std::string::npos) << spec;
  EXPECT_EQ(spec.find("/usr/bin"), std::string::npos) << spec;
}

TEST(KeptProcesses, start_one_agent_for_two_launches_of_one_key) {
  Folder folder;
  const auto script = always("echo x >> starts; sleep 0.1");
  Supervisor first(folder, script);
  Supervisor second(folder, script);
  first.launch(key_of("a"));
  first.launch(key_of("a"));
  second.launch(key_of("a"));
  ASSERT_TRUE(first.serve_until_exits(1));
  ASSERT_TRUE(second.serve_until_exits(1));
  EXPECT_EQ(folder.text("starts"), "x\n");
  EXPECT_EQ(first.seen[key_of("a")].exits, second.seen[key_of("a")].exits);
}

TEST(KeptProcesses, run_eight_agents_at_once_and_leave_no_descriptor_or_zombie) {
  Folder folder;
  const int before = open_descriptors();
  {
    Supervisor supervisor(folder, [](const engine::AttemptKey& key) {
      return "echo here > here." + key.task.str() +
             "; while [ $(ls here.* | wc -l) -lt 8 ]; do sleep 0.01; done; exit " + key.task.str();
    });
    for (int task = 1; task <= 8; ++task) supervisor.launch(key_of(std::to_string(task)));
    ASSERT_TRUE(supervisor.serve_until_exits(8));
    for (int task = 1; task <= 8; ++task) {
      EXPECT_EQ(supervisor.seen[key_of(std::to_string(task))].exits[0].value, task);
    }
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(KeptProcesses, drain_an_agent_whose_supervisor_is_gone) {
  Folder folder;
  const auto key = key_of("a");
  constexpr uint64_t kCap = 1 << 20;
  const auto script =
      always("echo first; head -c 200000000 /dev/zero | tr '\\0' 'x'; echo; echo last; exit 5");
  {
    Supervisor supervisor(folder, script, kCap);
    supervisor.launch(key);
    ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].spawned == 1; }));
  }
  ASSERT_TRUE(wait_for([&] { return exists(folder.attempt(key) + "/exit.json"); }));
  const ExitRecord record = read_exit(folder.attempt(key)).value().value();
  EXPECT_EQ(record.exit, (core::ExitStatus{ExitKind::code, 5, true, ""}));
  EXPECT_EQ(record.out.bytes, 6u + 200'000'000u + 6u);

  Supervisor supervisor(folder, script, kCap);
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  const std::string& out = supervisor.seen[key].out;
  EXPECT_TRUE(out.starts_with("first\n"));
  EXPECT_TRUE(out.ends_with("x\nlast\n"));
  // The cap at the beginning, one to two megabytes of the end, and a line break for what was dropped.
  EXPECT_GE(out.size(), kCap + (1 << 20));
  EXPECT_LE(out.size(), kCap + (2 << 20) + 1);
  EXPECT_EQ(out.substr(kCap - 1, 3), "x\nx");
  EXPECT_EQ(record.out.dropped, record.out.bytes - (out.size() - 1));
  EXPECT_EQ(supervisor.seen[key].exits[0].value, 5);
}

TEST(KeptProcesses, are_adopted_with_all_they_said_and_followed_from_there) {
  Folder folder;
  const auto key = key_of("a");
  const auto script = always(
      "echo x >> starts; echo one; echo two >&2; while [ ! -e go ]; do sleep 0.01; done; echo three; "
      "while [ ! -e on ]; do sleep 0.01; done; exit 5");
  int64_t pid = 0;
  {
    Supervisor supervisor(folder, script);
    supervisor.launch(key);
    ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "one\n"; }));
    pid = supervisor.seen[key].pid;
  }
  Supervisor supervisor(folder, script);
  supervisor.launch(key);
  const auto& seen = supervisor.seen[key];
  ASSERT_TRUE(supervisor.serve_until([&] { return seen.out == "one\n" && seen.err == "two\n"; }));
  EXPECT_EQ(seen.pid, pid);
  // While it lives its words come over the socket.
  ASSERT_TRUE(write_file(folder.path() + "/go", "", Sync::none));
  ASSERT_TRUE(supervisor.serve_until([&] { return seen.out == "one\nthree\n"; }));
  ASSERT_TRUE(write_file(folder.path() + "/on", "", Sync::none));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(seen.exits[0].value, 5);
  EXPECT_EQ(seen.out, "one\nthree\n");
  EXPECT_EQ(folder.text("starts"), "x\n");
}

TEST(KeptProcesses, are_ended_by_a_supervisor_that_adopted_them) {
  Folder folder;
  const auto key = key_of("a");
  const auto script = always("trap 'exit 8' TERM; echo up; while :; do sleep 0.02; done");
  {
    Supervisor supervisor(folder, script);
    supervisor.launch(key);
    ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  }
  Supervisor supervisor(folder, script);
  supervisor.launch(key);
  supervisor.processes().end(key, 60'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0], (core::ExitStatus{ExitKind::code, 8, true, ""}));
  // Nothing but the private folder of sockets, and no socket of what is over.
  EXPECT_EQ(::rmdir(folder.layout().socket_dir.c_str()), 0);
}

TEST(KeptProcesses, lose_nothing_below_the_cap_to_a_slow_supervisor) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("seq 1 1000000"));
  supervisor.launch(key);
  // Nobody takes anything until the agent is over.
  ASSERT_TRUE(wait_for([&] { return exists(folder.attempt(key) + "/exit.json"); }));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(count_lines(supervisor.seen[key].out), 1'000'000u);
  EXPECT_TRUE(supervisor.seen[key].out.ends_with("\n1000000\n"));
}

TEST(KeptProcesses, end_the_whole_tree_when_told_to) {
  Folder folder;
  const auto key = key_of("a");
  // A child of its own session, one that does not hear TERM, a daemon without its parent, a stopped one.
  Supervisor supervisor(
      folder,
      always("setsid sleep 600 & (trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 0.05; done') & "
             "(setsid sh -c 'echo $$ > daemon; exec env -i sleep 600' &) ; "
             "sh -c 'kill -STOP $$' & echo up; wait; exit 3"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  const ProcessId daemon = named_in(folder, "daemon");
  ASSERT_TRUE(is_alive(daemon));
  supervisor.processes().end(key, 300);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].kind, ExitKind::signal);
  EXPECT_TRUE(supervisor.seen[key].exits[0].tree_empty);
  EXPECT_TRUE(members({0, {}, keep_id({folder.attempt(key), ""})}).empty());
  EXPECT_FALSE(is_alive(daemon));
}

TEST(KeptProcesses, end_what_an_agent_left_behind_and_no_bystander) {
  Folder folder;
  SpawnOptions bystander;
  bystander.argv = {"/bin/sh", "-c", "exec sleep 600"};
  bystander.env = {{"PATH", "/usr/bin:/bin"}, {"PIANOLA_KEEP", "0123456789abcdef0123456789abcdef"}};
  bystander.group = SpawnOptions::Group::own_session;
  Spawned other = std::move(spawn(bystander)).value();
  {
    Supervisor supervisor(folder,
                          always("(setsid sh -c 'echo $$ > daemon; exec sleep 600' > /dev/null 2>&1 &); "
                                 "while [ ! -s daemon ]; do sleep 0.01; done; exit 4"));
    supervisor.launch(key_of("a"));
    ASSERT_TRUE(supervisor.serve_until_exits(1));
    EXPECT_EQ(supervisor.seen[key_of("a")].exits[0], (core::ExitStatus{ExitKind::code, 4, true, ""}));
    EXPECT_FALSE(is_alive(named_in(folder, "daemon")));
  }
  EXPECT_TRUE(identify(other.pid));
  ::kill(other.pid, SIGKILL);
  reap_keeper(other);
}

TEST(KeptProcesses, report_an_exit_although_a_grandchild_holds_the_pipe) {
  Folder folder;
  Supervisor supervisor(folder, always("setsid sleep 600 & echo out; exit 6"));
  supervisor.launch(key_of("a"));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key_of("a")].exits[0], (core::ExitStatus{ExitKind::code, 6, true, ""}));
  EXPECT_EQ(supervisor.seen[key_of("a")].out, "out\n");
}

TEST(KeptProcesses, call_an_attempt_lost_when_its_keeper_was_killed_and_leave_nothing_of_it) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("setsid sh -c 'trap \"\" TERM HUP; (setsid sleep 600 &); "
                                       "echo $$ > child; while :; do sleep 0.05; done' & echo up; wait"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  const ProcessId child = named_in(folder, "child");
  ASSERT_TRUE(is_alive(child));
  const KeeperRecord keeper = read_keeper(folder.attempt(key)).value().value();
  ASSERT_TRUE(signal_process(keeper.keeper, SIGKILL));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  const core::ExitStatus& exit = supervisor.seen[key].exits[0];
  EXPECT_EQ(exit.kind, ExitKind::lost);
  EXPECT_FALSE(exit.tree_empty);
  EXPECT_TRUE(exit.detail.starts_with("the keeper ended without a record; ")) << exit.detail;
  EXPECT_FALSE(is_alive(child));
  EXPECT_TRUE(members({0, {}, keep_id({folder.attempt(key), ""})}).empty());
  // Closed: a later supervisor is told the same.
  Supervisor later(folder, always("echo again"));
  later.launch(key);
  ASSERT_TRUE(later.serve_until_exits(1));
  EXPECT_EQ(later.seen[key].exits[0], exit);
}

TEST(KeptProcesses, end_with_their_keeper_even_when_no_supervisor_lives) {
  Folder folder;
  const auto key = key_of("a");
  {
    Supervisor supervisor(folder, always("exec sleep 600"));
    supervisor.launch(key);
    ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].spawned == 1; }));
  }
  const AgentRecord agent = read_agent(folder.attempt(key)).value().value();
  ASSERT_TRUE(is_alive(agent.agent));
  ASSERT_TRUE(signal_process(read_keeper(folder.attempt(key)).value()->keeper, SIGKILL));
  EXPECT_TRUE(wait_for([&] { return !is_alive(agent.agent); }));
}

TEST(KeptProcesses, end_although_their_keeper_hangs) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("setsid sleep 600 & echo up; wait"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  ASSERT_TRUE(signal_process(read_keeper(folder.attempt(key)).value()->keeper, SIGSTOP));
  supervisor.processes().end(key, 100);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].kind, ExitKind::lost);
  EXPECT_FALSE(supervisor.seen[key].exits[0].tree_empty);
  EXPECT_TRUE(members({0, {}, keep_id({folder.attempt(key), ""})}).empty());
}

TEST(KeptProcesses, leave_grandchildren_their_grace_when_the_agent_ends_early) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("sh -c 'trap \"sleep 1; echo saved > saved; exit 0\" TERM; echo up; "
                                       "while :; do sleep 0.02; done' & wait"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  supervisor.processes().end(key, 30'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(folder.text("saved"), "saved\n");
}

// As a shell does that is told to end between its fork and the word of its child.
TEST(KeptProcesses, are_told_to_end_although_they_were_orphaned_only_then) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("sh -c 'trap \"sleep 600 & exit 0\" TERM; echo up; while :; do sleep "
                                       "0.02; done' & trap 'sleep 601 & exit 8' TERM; wait"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  const int64_t before_ms = since_boot().ms();
  supervisor.processes().end(key, 30'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_LT(since_boot().ms() - before_ms, 15'000);
  EXPECT_TRUE(supervisor.seen[key].exits[0].tree_empty);
}

// The same while the agent itself goes on.
TEST(KeptProcesses, are_told_to_end_when_orphaned_beside_an_agent_that_cleans_up) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(
      folder, always("sh -c 'trap \"sleep 600 & echo \\$! > orphan; exit 0\" TERM; echo up; while :; "
                     "do sleep 0.02; done' & trap 'while [ ! -s orphan ]; do sleep 0.01; done; "
                     "read p < orphan; while [ -e /proc/$p/exe ]; do sleep 0.05; done; exit 8' TERM; "
                     "while :; do sleep 0.02; done"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  supervisor.processes().end(key, 30'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0], (core::ExitStatus{ExitKind::code, 8, true, ""}));
}

TEST(KeptProcesses, survive_polite_signals_to_their_keeper) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("while [ ! -e go ]; do sleep 0.01; done; exit 9"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].spawned == 1; }));
  const KeeperRecord keeper = read_keeper(folder.attempt(key)).value().value();
  for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE}) {
    ASSERT_TRUE(signal_process(keeper.keeper, signal));
  }
  ASSERT_TRUE(write_file(folder.path() + "/go", "", Sync::none));
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0], (core::ExitStatus{ExitKind::code, 9, true, ""}));
}

TEST(KeptProcesses, are_waited_for_and_ended_when_their_socket_was_removed) {
  Folder folder;
  const auto key = key_of("a");
  const auto script = always("trap 'exit 8' TERM; echo up; while :; do sleep 0.02; done");
  {
    Supervisor supervisor(folder, script);
    supervisor.launch(key);
    ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  }
  EXPECT_TRUE(exists(attempt_socket(folder.layout(), folder.run(), key)));
  ASSERT_TRUE(remove_tree(folder.layout().socket_dir));
  Supervisor supervisor(folder, script);
  supervisor.launch(key);
  supervisor.processes().end(key, 60'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].value, 8);
  EXPECT_EQ(supervisor.seen[key].out, "up\n");
}

TEST(KeptProcesses, never_begin_an_attempt_that_was_ended_before) {
  Folder folder;
  const auto key = key_of("a");
  Supervisor supervisor(folder, always("echo x >> starts"));
  supervisor.processes().end(key, 1'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0],
            (core::ExitStatus{ExitKind::not_started, 0, true, "it was ended before it began"}));
  Supervisor later(folder, always("echo x >> starts"));
  later.launch(key);
  ASSERT_TRUE(later.serve_until_exits(1));
  EXPECT_EQ(folder.text("starts"), "");
}

}  // namespace
}  // namespace pianola::world
