// Recovery from what a killed supervisor or keeper left in an attempt's folder.
#include "world/kept_place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>

#include <csignal>

#include "world/keeper.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

using core::ExitKind;

Supervisor::Script always(const std::string& script) {
  return [script](const engine::AttemptKey&) { return script; };
}

TEST(KeptRecovery, starts_what_only_has_its_orders) {
  Folder folder;
  const auto key = key_of("a");
  ASSERT_TRUE(make_dirs(folder.attempt(key)));
  ASSERT_TRUE(write_file(folder.attempt(key) + "/attempt.lock", "", Sync::none));
  ASSERT_TRUE(write_file(folder.attempt(key) + "/spec.json", "{}", Sync::none));
  Supervisor supervisor(folder, always("echo x >> starts; exit 2"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].value, 2);
  EXPECT_EQ(folder.text("starts"), "x\n");
}

TEST(KeptRecovery, a_look_says_how_an_attempt_stands_and_writes_nothing) {
  Folder folder;
  const auto key = key_of("a");
  const KeptPlace place{folder.attempt(key), ""};
  const auto look = [&] {
    auto standing = standing_of(place);
    EXPECT_TRUE(standing);
    return standing ? *standing : Standing{};
  };
  EXPECT_TRUE(std::holds_alternative<NeverBegan>(look()));
  EXPECT_FALSE(exists(place.dir));
  ASSERT_TRUE(make_dirs(place.dir));
  Fd lock(::open((place.dir + "/attempt.lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  EXPECT_TRUE(std::holds_alternative<KeeperLives>(look()));
  lock.reset();
  EXPECT_TRUE(std::holds_alternative<NeverBegan>(look()));
  ASSERT_TRUE(write_file(place.dir + "/keeper.json",
                         to_json(KeeperRecord{1, {999'999'999, 1}, this_machine()}), Sync::none));
  ASSERT_TRUE(std::holds_alternative<EndedUnseen>(look()));
  EXPECT_FALSE(std::get<EndedUnseen>(look()).is_of_other_boot);
  ASSERT_TRUE(write_file(place.dir + "/keeper.json",
                         to_json(KeeperRecord{1, {999'999'999, 1}, Machine{"another", 1}}), Sync::none));
  EXPECT_TRUE(std::get<EndedUnseen>(look()).is_of_other_boot);
  ExitRecord record;
  record.exit.value = 3;
  ASSERT_TRUE(write_file(place.dir + "/exit.json", to_json(record), Sync::none));
  ASSERT_TRUE(std::holds_alternative<ExitRecord>(look()));
  EXPECT_EQ(std::get<ExitRecord>(look()).exit.value, 3);
}

TEST(KeptRecovery, waits_for_a_lock_that_a_dying_process_still_holds) {
  Folder folder;
  const auto key = key_of("a");
  ASSERT_TRUE(make_dirs(folder.attempt(key)));
  Fd lock(::open((folder.attempt(key) + "/attempt.lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  Supervisor supervisor(folder, always("exit 2"));
  supervisor.launch(key);
  int turns = 0;
  ASSERT_TRUE(supervisor.serve_until([&] { return ++turns > 5; }));
  EXPECT_TRUE(supervisor.seen.empty());
  lock.reset();
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].value, 2);
}

class RecoveryWithTraces : public testing::Test {
 protected:
  // A folder as a keeper leaves it that is killed while its agent runs.
  void leave(const Machine& machine, const ProcessId& agent) {
    const std::string dir = folder_.attempt(key_);
    ASSERT_TRUE(make_dirs(dir));
    ASSERT_TRUE(write_file(dir + "/attempt.lock", "", Sync::none));
    ASSERT_TRUE(
        write_file(dir + "/keeper.json", to_json(KeeperRecord{1, {999'999'999, 1}, machine}), Sync::none));
    ASSERT_TRUE(write_file(dir + "/agent.json", to_json(AgentRecord{agent}), Sync::none));
  }
  core::ExitStatus recover() {
    Supervisor supervisor(folder_, always("echo x >> starts"));
    supervisor.launch(key_);
    EXPECT_TRUE(supervisor.serve_until_exits(1));
    EXPECT_EQ(folder_.text("starts"), "");
    return supervisor.seen[key_].exits.at(0);
  }
  void SetUp() override {
    SpawnOptions options;
    options.argv = {"/bin/sleep", "600"};
    process_ = std::move(spawn(options)).value();
    id_ = identify(process_.pid).value();
  }
  void TearDown() override {
    ::kill(process_.pid, SIGKILL);
    reap_keeper(process_);
  }
  Folder folder_;
  engine::AttemptKey key_ = key_of("a");
  Spawned process_;
  ProcessId id_;
};

TEST_F(RecoveryWithTraces, ends_the_recorded_agent) {
  leave(this_machine(), id_);
  const auto exit = recover();
  EXPECT_EQ(exit.kind, ExitKind::lost);
  EXPECT_EQ(exit.detail, "the keeper ended without a record; 1 processes of it were ended");
  EXPECT_FALSE(is_alive(id_));
  // Nobody has reaped it yet: a zombie is not alive.
  EXPECT_EQ(::kill(process_.pid, 0), 0);
}

TEST_F(RecoveryWithTraces, spares_a_process_that_only_has_the_number) {
  leave(this_machine(), {id_.pid, id_.start_ticks - 1});
  EXPECT_EQ(recover(), (core::ExitStatus{ExitKind::lost, 0, false, "the keeper ended without a record"}));
  EXPECT_TRUE(is_alive(id_));
}

TEST_F(RecoveryWithTraces, signals_nothing_after_a_restart_of_the_machine) {
  leave({"00000000-0000-0000-0000-000000000000", this_machine().pid_namespace}, id_);
  EXPECT_EQ(recover(), (core::ExitStatus{ExitKind::lost, 0, false, "the machine was restarted"}));
  EXPECT_TRUE(is_alive(id_));
}

TEST_F(RecoveryWithTraces, promises_nothing_about_another_pid_namespace) {
  leave({this_machine().boot_id, 1}, id_);
  EXPECT_EQ(recover(), (core::ExitStatus{ExitKind::lost, 0, false, "the keeper ended without a record"}));
  EXPECT_TRUE(is_alive(id_));
}

TEST_F(RecoveryWithTraces, takes_an_unreadable_record_of_a_keeper_as_begun) {
  leave(this_machine(), {id_.pid, id_.start_ticks - 1});
  ASSERT_TRUE(write_file(folder_.attempt(key_) + "/keeper.json", "{", Sync::none));
  EXPECT_EQ(recover().kind, ExitKind::lost);
}

// An agent's child that dropped the mark cannot be told from others once nobody is its parent.
TEST_F(RecoveryWithTraces, never_believes_that_a_lost_tree_is_empty) {
  leave(this_machine(), {id_.pid, id_.start_ticks - 1});
  ExitRecord record;
  record.exit = {ExitKind::lost, 0, true, "as an earlier version wrote it"};
  ASSERT_TRUE(write_file(folder_.attempt(key_) + "/exit.json", to_json(record), Sync::none));
  EXPECT_FALSE(recover().tree_empty);
  ASSERT_TRUE(remove_tree(folder_.attempt(key_) + "/exit.json"));
  EXPECT_FALSE(recover().tree_empty);
}

TEST_F(RecoveryWithTraces, removes_the_cgroup_of_a_keeper_that_was_killed_behind_its_last_word) {
  const std::string group = folder_.path() + "/group";
  const auto leave_group = [&](const Machine& machine) {
    leave(machine, id_);
    KeeperRecord keeper{kKeepProtocol, {999'999'999, 1}, machine, {group}};
    ASSERT_TRUE(write_file(folder_.attempt(key_) + "/keeper.json", to_json(keeper), Sync::none));
    ASSERT_TRUE(write_file(folder_.attempt(key_) + "/exit.json", to_json(ExitRecord{}), Sync::none));
    ASSERT_TRUE(make_dirs(group));
  };
  leave_group({"00000000-0000-0000-0000-000000000000", 1});
  EXPECT_EQ(recover().kind, ExitKind::code);
  EXPECT_TRUE(exists(group)) << "the name may be another's by now";
  leave_group(this_machine());
  EXPECT_EQ(group_left({folder_.attempt(key_), ""}).value(), std::vector<std::string>{group});
  EXPECT_EQ(recover().kind, ExitKind::code);
  EXPECT_FALSE(exists(group));
}

TEST_F(RecoveryWithTraces, understands_what_a_keeper_of_protocol_1_left) {
  leave(this_machine(), id_);
  const std::string dir = folder_.attempt(key_);
  const Machine here = this_machine();
  const std::string keeper =
      fmt::format(R"({{"protocol":1,"pid":999999999,"start_ticks":1,"boot_id":"{}","pid_namespace":{}}})",
                  here.boot_id, here.pid_namespace);
  const std::string agent = fmt::format(R"({{"pid":{},"start_ticks":{}}})", id_.pid, id_.start_ticks);
  const std::string spec =
      R"({"protocol":1,"keep":"k","argv":["sh"],"env":{},"cwd":"/tmp/x","stdin_file":"","socket":"/s",)"
      R"("streams":"apart","records":"durable","alone":"goes_on","cap_bytes":1,"drain_grace_ms":2,)"
      R"("sweep_grace_ms":3,"limits":{}})";
  ASSERT_TRUE(write_file(dir + "/keeper.json", keeper, Sync::none));
  ASSERT_TRUE(write_file(dir + "/agent.json", agent, Sync::none));
  const auto read = parse_spec(spec, "spec");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->socket, "/s");
  EXPECT_EQ(recover().kind, ExitKind::lost);
  EXPECT_FALSE(is_alive(id_));
}

TEST(KeptRecovery, no_keeper_takes_orders_of_another_protocol) {
  Folder folder;
  const KeptPlace place{folder.attempt(key_of("a")), ""};
  ASSERT_TRUE(make_dirs(place.dir));
  KeptSpec spec;
  spec.protocol = kKeepProtocol - 1;
  spec.argv = {"/usr/bin/touch", folder.path() + "/ran"};
  auto found = start_or_find(place, {own_executable(), keeper_environment()},
                             [&]() -> Result<KeptSpec> { return spec; });
  ASSERT_TRUE(found);
  reap_keeper(std::get<Connected>(*found).keeper);
  EXPECT_FALSE(exists(folder.path() + "/ran"));
  const std::string said = read_file_if_present(place.dir + "/keeper.err", 1 << 20).value().value_or("");
  EXPECT_NE(said.find("are of protocol 1; expected 2; pianola was replaced while it ran"), std::string::npos)
      << said;
}

TEST(KeptRecovery, starts_nothing_again_when_a_power_cut_left_only_the_mark) {
  Folder folder;
  const auto key = key_of("a");
  ASSERT_TRUE(make_dirs(folder.attempt(key)));
  ASSERT_TRUE(mark_begun(folder.attempt(key)));
  ASSERT_TRUE(remove_tree(folder.attempt(key)));
  Supervisor supervisor(folder, always("echo x >> starts"));
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].kind, ExitKind::lost);
  EXPECT_EQ(folder.text("starts"), "");
}

TEST(KeptRecovery, no_late_keeper_begins_in_a_closed_folder) {
  Folder folder;
  const auto key = key_of("a");
  const KeptPlace place{folder.attempt(key), ""};
  ASSERT_TRUE(make_dirs(place.dir));
  const auto closed = find_or_close(place, "it was ended before it began");
  ASSERT_TRUE(closed);

  const auto start_late = [&](const std::string& lock_path) {
    const Fd lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const Fd orders(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    SpawnOptions how;
    how.argv = {own_executable(), "__keep", place.dir};
    how.pass_fds = {{kKeeperLock, lock.get()}, {kKeeperSpec, orders.get()}, {kKeeperClient, orders.get()}};
    Spawned keeper = std::move(spawn(how)).value();
    siginfo_t status{};
    ::waitid(P_PIDFD, static_cast<id_t>(keeper.pidfd.get()), &status, WEXITED);
    return status.si_status;
  };
  EXPECT_EQ(start_late(place.dir + "/attempt.lock"), 2);
  // Nor one with another lock, one whose lock others hold, or one beside another keeper.
  ASSERT_TRUE(remove_tree(place.dir + "/exit.json"));
  EXPECT_EQ(start_late(folder.path() + "/other.lock"), 2);
  {
    const Fd held(::open((place.dir + "/attempt.lock").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
    EXPECT_EQ(start_late(place.dir + "/attempt.lock"), 2);
  }
  ASSERT_TRUE(write_file(place.dir + "/keeper.json", "{}", Sync::none));
  EXPECT_EQ(start_late(place.dir + "/attempt.lock"), 2);
  // Nor where one began before a power cut that took its records.
  ASSERT_TRUE(remove_tree(place.dir + "/keeper.json"));
  ASSERT_TRUE(mark_begun(place.dir));
  EXPECT_EQ(start_late(place.dir + "/attempt.lock"), 2);
  EXPECT_FALSE(exists(place.dir + "/agent.json"));
}

}  // namespace
}  // namespace pianola::world
