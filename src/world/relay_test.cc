// The relay between plain sockets, and the process it is in a seal: door_seal_test.cc.
#include "world/relay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

#include "world/connect_head.h"
#include "world/door_testing.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

Fd listen_on_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(socket.get(), 16), 0);
  return socket;
}

// A relay as a child of the test, with one relayed port and one proxy, both Unix sockets here; the test is
// the door.
class Relay {
 public:
  Relay()
      : port_(listen_on_path(at("port"))),
        proxy_(listen_on_path(at("proxy"))),
        door_(listen_on_path(at("net"))) {
    child_ = ::fork();
    if (child_ != 0) return;
    ::signal(SIGPIPE, SIG_IGN);
    serve_relay({{port_.get(), connect_head({"127.0.0.1", 8080})}, {proxy_.get(), ""}}, at("net"));
  }
  ~Relay() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  // The door's end of the next connection.
  Fd answered() const {
    pollfd wait{door_.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&wait, 1, 10'000), 1);
    return Fd(::accept4(door_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }

 private:
  Folder folder_;
  Fd port_;
  Fd proxy_;
  Fd door_;
  pid_t child_ = 0;
};

TEST(Relay, asks_for_its_endpoint_before_it_passes_anything_on) {
  const Relay relay;
  const Fd worker = connect_to_path(relay.at("port"));
  say(worker, "question");
  const Fd door = relay.answered();
  EXPECT_EQ(hear(door, "\r\n\r\n"), connect_head({"127.0.0.1", 8080}));
  pollfd quiet{door.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&quiet, 1, 100), 0) << "the door has not agreed yet";
  say(door, std::string(connected_answer) + "first");
  EXPECT_EQ(hear(worker, "first"), "first");
  EXPECT_EQ(hear(door, "question"), "question");
  ::shutdown(worker.get(), SHUT_WR);
  EXPECT_EQ(hear(door, ""), "<end>");
  say(door, " and last");
  EXPECT_EQ(hear(worker, "last"), " and last");
}

TEST(Relay, closes_what_the_door_refuses_without_a_byte) {
  const Relay relay;
  const Fd worker = connect_to_path(relay.at("port"));
  const Fd door = relay.answered();
  say(door, refusal_answer(Status::forbidden, "no"));
  EXPECT_EQ(hear(worker, ""), "<end>");
}

TEST(Relay, is_the_door_itself_at_the_proxy) {
  const Relay relay;
  const Fd worker = connect_to_path(relay.at("proxy"));
  say(worker, "whatever");
  const Fd door = relay.answered();
  EXPECT_EQ(hear(door, "whatever"), "whatever");
  say(door, "as it is");
  EXPECT_EQ(hear(worker, "as it is"), "as it is");
}

TEST(Relay, closes_connections_when_there_is_no_door) {
  const Relay relay;
  ASSERT_EQ(::unlink(relay.at("net").c_str()), 0);
  EXPECT_EQ(hear(connect_to_path(relay.at("port")), ""), "<end>");
  EXPECT_EQ(hear(connect_to_path(relay.at("proxy")), ""), "<end>");
}

TEST(Relay, that_cannot_listen_leaves_no_process) {
  const EchoServer taken;
  const Result<void> started = start_relay({.endpoints = {{"127.0.0.1", taken.port()}}, .proxy_port = 1});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().where, fmt::format("127.0.0.1:{}", taken.port()));
}

}  // namespace
}  // namespace pianola::world
