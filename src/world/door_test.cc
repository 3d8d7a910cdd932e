// The door as a process, with plain sockets on both sides.
#include "world/door.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "world/door_testing.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

using Words = std::vector<std::string>;

TEST(DoorOrders, are_read_as_they_were_written) {
  DoorOptions options{
      .dir = "/a b", .rules = {{{"a.example", 443}, {"::1", 80}}, {"*.b"}}, .silence_ms = 7, .owner = 9};
  const Words argv = door_argv("/self", options, {"bwrap", "--", "x=y"});
  const DoorOrders orders = parse_door_orders({argv.begin() + 2, argv.end()}).value();
  EXPECT_EQ(orders.options.dir, "/a b");
  EXPECT_EQ(orders.options.rules.allowed, options.rules.allowed);
  EXPECT_EQ(orders.options.rules.optional, options.rules.optional);
  EXPECT_EQ(orders.options.silence_ms, 7);
  EXPECT_EQ(orders.options.owner, 9U);
  EXPECT_EQ(orders.argv, (Words{"bwrap", "--", "x=y"}));
  const Words alone = {"entrance=loopback", "--", "x"};
  EXPECT_EQ(parse_door_orders(alone).value().options.entrance, DoorOptions::Entrance::loopback);
  for (const Words& odd : {Words{"dir=/a"},
                           {"dir=/a", "--"},
                           {"--", "x"},
                           {"dir=a", "--", "x"},
                           {"dir=/a", "allow=a", "--", "x"},
                           {"dir=/a", "silence_ms=", "--", "x"},
                           {"dir=/a", "what=1", "--", "x"}}) {
    EXPECT_FALSE(parse_door_orders(odd)) << fmt::format("{}", fmt::join(odd, " "));
  }
}

// A door around `sleep`, or another command, with one endpoint allowed: the echo server.
class OpenDoor {
 public:
  explicit OpenDoor(int64_t silence_ms = 30'000, const Words& argv = {"/bin/sleep", "60"}) {
    DoorOptions options{.dir = folder_.path(), .silence_ms = silence_ms};
    options.rules.allowed = {{"127.0.0.1", server.port()}, {"localhost", server.port()}, own_name()};
    options.rules.optional = {"stats.example"};
    SpawnOptions how;
    how.argv = door_argv(own_executable(), options, argv);
    how.env = {{"PATH", "/usr/bin:/bin"}};
    door_ = spawn(how).value();
    EXPECT_TRUE(
        wait_for([&] { return is_over() || (exists(folder_.path() + "/net") && ask("").get() >= 0); }));
  }
  ~OpenDoor() {
    if (!status_) ::kill(door_.pid, SIGKILL);
    end();
  }
  OpenDoor(const OpenDoor&) = delete;
  OpenDoor& operator=(const OpenDoor&) = delete;

  // What the machine calls itself: a name that leads to an address inside, or nowhere.
  HostPort own_name() const {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return parse_host_port(fmt::format("{}:{}", name.data(), server.port()))
        .value_or(HostPort{"nobody.invalid", 1});
  }

  Fd ask(const std::string& text) const {
    Fd socket = connect_to_path(folder_.path() + "/net");
    if (!text.empty()) say(socket, text);
    return socket;
  }
  Fd connect(const HostPort& to) const { return ask(connect_head(to)); }
  std::string answer(const HostPort& to) const { return hear(connect(to), "\r\n").substr(0, 12); }
  std::string exchange(const std::string& text) const {
    const Fd socket = ask(connect_head({"127.0.0.1", server.port()}) + text);
    return hear(socket, text);
  }

  bool is_over() const {
    pollfd over{door_.pidfd.get(), POLLIN, 0};
    return ::poll(&over, 1, 0) == 1;
  }
  pid_t pid() const { return door_.pid; }
  // How it ended: as waitid(2) says it.
  siginfo_t end() {
    if (status_) return *status_;
    siginfo_t status{};
    ::waitid(P_PID, static_cast<id_t>(door_.pid), &status, WEXITED);
    status_ = status;
    return status;
  }
  std::string net() const { return folder_.text("net.jsonl"); }
  std::string policy() const { return read_policy(folder_.path()); }

  EchoServer server;

 private:
  Folder folder_;
  Spawned door_;
  std::optional<siginfo_t> status_;
};

TEST(Door, lets_bytes_through_to_an_allowed_endpoint_and_writes_them_down) {
  OpenDoor door;
  {
    const Fd socket = door.connect({"127.0.0.1", door.server.port()});
    EXPECT_EQ(hear(socket, "\r\n\r\n"), connected_answer);
    say(socket, "hello");
    EXPECT_EQ(hear(socket, "hello"), "hello");
  }
  ASSERT_TRUE(wait_for([&] { return door.net().find("allowed") != std::string::npos; }));
  EXPECT_NE(door.net().find(fmt::format(
                R"("host":"127.0.0.1","port":{},"verdict":"allowed","why":"","up_bytes":5,"down_bytes":5)",
                door.server.port())),
            std::string::npos)
      << door.net();
  EXPECT_EQ(door.exchange("with the head"), std::string(connected_answer) + "with the head");
  EXPECT_EQ(door.answer({"localhost", door.server.port()}), "HTTP/1.1 200");
}

TEST(Door, refuses_what_is_not_listed_and_names_that_lead_inside) {
  OpenDoor door;
  const EchoServer other;
  EXPECT_EQ(door.answer({"127.0.0.1", other.port()}), "HTTP/1.1 403");
  EXPECT_EQ(door.answer({"127.0.0.2", door.server.port()}), "HTTP/1.1 403");
  EXPECT_EQ(door.answer({"stats.example", 443}), "HTTP/1.1 403");
  EXPECT_NE(door.answer(door.own_name()), "HTTP/1.1 200");
  EXPECT_EQ(other.accepted(), 0);
  EXPECT_EQ(door.server.accepted(), 0);
  ASSERT_TRUE(wait_for([&] { return door.net().find("stats.example") != std::string::npos; }));
  EXPECT_NE(door.net().find(R"("host":"127.0.0.2")"), std::string::npos) << door.net();
  EXPECT_NE(door.net().find(R"("host":"stats.example","port":443,"verdict":"optional")"), std::string::npos);
}

TEST(Door, speaks_connect_and_nothing_else) {
  OpenDoor door;
  EXPECT_EQ(hear(door.ask("hello\r\n\r\n"), "\r\n").substr(0, 12), "HTTP/1.1 400");
  EXPECT_EQ(hear(door.ask("\x05\x01\x02"), "\r\n").substr(0, 12), "HTTP/1.1 400");
  EXPECT_EQ(hear(door.ask(std::string(head_max_bytes, 'x')), "\r\n").substr(0, 12), "HTTP/1.1 400");
  const std::string get = fmt::format("GET http://127.0.0.1:{}/ HTTP/1.1\r\n\r\n", door.server.port());
  EXPECT_EQ(hear(door.ask(get), "\r\n").substr(0, 12), "HTTP/1.1 405");
  EXPECT_EQ(hear(door.ask("GET http://a.example/ HTTP/1.1\r\n\r\n"), "\r\n").substr(0, 12), "HTTP/1.1 403");
  EXPECT_EQ(door.server.accepted(), 0);
  EXPECT_EQ(door.exchange("still here"), std::string(connected_answer) + "still here");
}

TEST(Door, carries_the_answer_to_one_who_has_closed_for_writing) {
  OpenDoor door;
  const std::string much(1 << 20, 'm');
  const Fd socket = door.connect({"127.0.0.1", door.server.port()});
  EXPECT_EQ(hear(socket, "\r\n\r\n"), connected_answer);
  std::thread writer([&] {
    say(socket, much);
    ::shutdown(socket.get(), SHUT_WR);
  });
  EXPECT_EQ(hear(socket, "").size(), much.size() + std::string_view("<end>").size());
  writer.join();
}

TEST(Door, serves_more_who_come_than_it_has_places_for_one_after_the_other) {
  OpenDoor door;
  std::vector<Fd> idle;
  for (int i = 0; i < 300; ++i) idle.push_back(door.ask(""));
  const Fd late = door.ask(connect_head({"127.0.0.1", door.server.port()}) + "late");
  idle.clear();
  EXPECT_EQ(hear(late, "late"), std::string(connected_answer) + "late");
}

TEST(Door, writes_down_what_was_let_through_however_much_was_refused) {
  OpenDoor door;
  for (int i = 0; i < 2'600; ++i) EXPECT_EQ(door.answer({"stats.example", 443}), "HTTP/1.1 403");
  EXPECT_EQ(door.exchange("after it all"), std::string(connected_answer) + "after it all");
  ASSERT_TRUE(wait_for([&] { return door.net().find("allowed") != std::string::npos; }));
  const std::string net = door.net();
  const auto lines = std::count(net.begin(), net.end(), '\n');
  EXPECT_GE(lines, 2'501);
  EXPECT_LT(lines, 2'510) << "beside those that found out whether it listens";
}

TEST(Door, ends_as_its_child_does) {
  OpenDoor seven(30'000, {"/bin/sh", "-c", "exit 7"});
  EXPECT_EQ(seven.end().si_code, CLD_EXITED);
  EXPECT_EQ(seven.end().si_status, 7);
  OpenDoor killed(30'000, {"/bin/sh", "-c", "kill -9 $$"});
  EXPECT_EQ(killed.end().si_code, CLD_KILLED);
  EXPECT_EQ(killed.end().si_status, SIGKILL);
  EXPECT_EQ(killed.policy(), "");
}

TEST(Door, is_not_ended_by_what_tells_the_worker_to) {
  OpenDoor door;
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) ::kill(door.pid(), signal);
  EXPECT_EQ(door.exchange("still here"), std::string(connected_answer) + "still here");
}

TEST(Door, ends_a_worker_that_is_silent_after_a_refusal) {
  OpenDoor door(800);
  EXPECT_EQ(door.exchange("before"), std::string(connected_answer) + "before");
  EXPECT_EQ(door.answer({"first.example", 443}), "HTTP/1.1 403");
  EXPECT_EQ(door.answer({"second.example", 443}), "HTTP/1.1 403");
  EXPECT_EQ(door.end().si_status, SIGKILL);
  EXPECT_EQ(door.policy(), "first.example:443");
}

TEST(Door, names_what_made_a_worker_give_up) {
  const Words gives_up{"/bin/sh", "-c", "while [ ! -e /tmp/$0 ]; do sleep 0.02; done; exit 3"};
  for (const bool goes_on : {false, true}) {
    const std::string sign = fmt::format("pianola.sign.{}.{}", ::getpid(), goes_on);
    Words argv = gives_up;
    argv.push_back(sign);
    OpenDoor door(30'000, argv);
    EXPECT_EQ(door.answer({"needed.example", 443}), "HTTP/1.1 403");
    if (goes_on) door.exchange("goes on");
    ASSERT_TRUE(write_file("/tmp/" + sign, "", Sync::none));
    EXPECT_EQ(door.end().si_status, 3);
    EXPECT_TRUE(remove_tree("/tmp/" + sign));
    EXPECT_EQ(door.policy(), goes_on ? "" : "needed.example:443");
  }
}

TEST(Door, leaves_one_alone_that_goes_on_after_a_refusal) {
  OpenDoor door(300);
  EXPECT_EQ(door.answer({"stats.example", 443}), "HTTP/1.1 403");
  EXPECT_EQ(door.answer({"other.example", 443}), "HTTP/1.1 403");
  EXPECT_EQ(door.exchange("goes on"), std::string(connected_answer) + "goes on");
  EXPECT_EQ(door.answer({"stats.example", 443}), "HTTP/1.1 403");
  EXPECT_EQ(hear(door.ask("nonsense\r\n\r\n"), "\r\n").substr(0, 12), "HTTP/1.1 400");
  const int64_t until = since_boot().ms() + 900;
  EXPECT_TRUE(wait_for([&] { return since_boot().ms() > until; }));
  EXPECT_FALSE(door.is_over());
  EXPECT_EQ(door.policy(), "");
}

}  // namespace
}  // namespace pianola::world
