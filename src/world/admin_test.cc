#include "world/admin.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <variant>
#include <vector>

#include "api/request.h"
#include "world/child.h"
#include "world/clock.h"
#include "world/files.h"

namespace pianola::world {
namespace {

// A folder with a run's lock and socket, taken and bound by hand.
class AwaitSupervisor : public testing::Test {
 public:
  AwaitSupervisor() {
    char name[] = "/tmp/pianola-admin.XXXXXX";
    top_ = ::mkdtemp(name);
    EXPECT_TRUE(write_file(lock_path(), "", Sync::none));
  }
  ~AwaitSupervisor() override { EXPECT_TRUE(remove_tree(top_)); }

  std::string lock_path() const { return top_ + "/lock"; }
  std::string socket_path() const { return top_ + "/socket"; }
  Fd hold() const {
    Fd fd(::open(lock_path().c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_EQ(::flock(fd.get(), LOCK_EX), 0);
    return fd;
  }
  Fd listen() const {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket_path().c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd.get(), 8), 0);
    return fd;
  }
  Result<bool> await(int64_t wait_ms) const { return await_supervisor(lock_path(), socket_path(), wait_ms); }

 private:
  std::string top_;
};

TEST_F(AwaitSupervisor, nobody_holds_the_lock_so_nobody_is_waited_for) {
  const Fd socket = listen();
  const Result<bool> found = await(60'000);
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST_F(AwaitSupervisor, one_that_holds_it_and_never_listens_is_given_up_in_time) {
  const Fd held = hold();
  const Result<bool> found = await(50);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::paused);
  EXPECT_EQ(found.error().text(), socket_path() +
                                      ": no supervisor answers; expected one that serves; "
                                      "look: pianola status, then once more");
}

TEST_F(AwaitSupervisor, one_that_starts_is_heard_as_soon_as_it_listens) {
  const Fd held = hold();
  Fd socket;
  std::thread starting([&] {
    ::usleep(100'000);
    socket = listen();
  });
  const Result<bool> found = await(60'000);
  starting.join();
  ASSERT_TRUE(found);
  EXPECT_TRUE(*found);
}

TEST_F(AwaitSupervisor, one_that_leaves_is_gone_as_soon_as_it_lets_go) {
  Fd held = hold();
  std::thread leaving([&] {
    ::usleep(100'000);
    held.reset();
  });
  const Result<bool> found = await(60'000);
  leaving.join();
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

// A socket that is served, and clients by hand.
class AskedSocket : public testing::Test {
 public:
  AskedSocket() {
    char name[] = "/tmp/pianola-admin.XXXXXX";
    top_ = ::mkdtemp(name);
    socket_ = std::move(AdminSocket::open(*loop_, top_ + "/socket")).value();
  }
  ~AskedSocket() override { EXPECT_TRUE(remove_tree(top_)); }

  Fd connect() const {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (top_ + "/socket").c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  // What has come in within a while.
  std::vector<engine::Arrival> arrivals(int64_t wait_ms = 30) {
    return loop_->wait(clock_.now() + Duration::from_ms(wait_ms));
  }
  static void send(const Fd& fd, const std::string& bytes) {
    EXPECT_EQ(::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  // All that is there to read, with "<end>" when the other side has closed.
  static std::string received(const Fd& fd) {
    std::string all;
    char buffer[4096];
    while (true) {
      const ssize_t got = ::recv(fd.get(), buffer, sizeof buffer, MSG_DONTWAIT);
      if (got == 0) return all + "<end>";
      if (got < 0) return all;
      all.append(buffer, static_cast<size_t>(got));
    }
  }
  static std::string line(const std::string& text) {
    return api::request_line(core::SayRequested{.task = core::TaskId("a"), .text = text}) + "\n";
  }
  static std::string said(const engine::Arrival& arrival) {
    return std::get<core::SayRequested>(std::get<core::Input>(arrival.report)).text;
  }

 protected:
  RunClock clock_{Instant{}};
  std::unique_ptr<Loop> loop_ = std::move(Loop::open(clock_)).value();
  std::unique_ptr<AdminSocket> socket_;

 private:
  std::string top_;
};

TEST_F(AskedSocket, answers_one_line_after_the_other) {
  const Fd client = connect();
  send(client, line("one") + line("two"));
  auto first = arrivals();
  ASSERT_EQ(first.size(), 1U) << "the second waits for the answer to the first";
  EXPECT_EQ(said(first[0]), "one");
  send(client, line("three"));
  EXPECT_TRUE(arrivals().empty());
  socket_->answer(first[0].asker, 7U);
  EXPECT_EQ(received(client), api::reply_line(7U) + "\n");
  auto second = arrivals();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(said(second[0]), "two");
  socket_->answer(second[0].asker, 8U);
  EXPECT_EQ(received(client), api::reply_line(8U) + "\n");
  ASSERT_EQ(arrivals().size(), 1U);
}

TEST_F(AskedSocket, answers_one_who_will_say_no_more) {
  const Fd client = connect();
  send(client, line("last"));
  ::shutdown(client.get(), SHUT_WR);
  const auto asked = arrivals();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(arrivals().empty());
  socket_->answer(asked[0].asker, 7U);
  EXPECT_EQ(received(client), api::reply_line(7U) + "\n<end>");
}

TEST_F(AskedSocket, hears_one_who_leaves_at_once_and_forgets_who_it_was) {
  {
    const Fd client = connect();
    send(client, line("a stone through the window"));
  }
  const auto asked = arrivals();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(arrivals().empty());
  socket_->answer(asked[0].asker, 7U);
}

TEST_F(AskedSocket, refuses_each_line_that_is_no_request) {
  const Fd client = connect();
  std::string garbage;
  for (int i = 0; i < 2'000; ++i) garbage += "\n";
  send(client, garbage + line("after all"));
  std::string answers;
  std::vector<engine::Arrival> asked;
  for (int i = 0; i < 100 && asked.empty(); ++i) {
    asked = arrivals(5);
    answers += received(client);
  }
  answers += received(client);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), 2'000);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(said(asked[0]), "after all");
}

TEST_F(AskedSocket, ends_a_connection_whose_line_does_not_end) {
  const Fd client = connect();
  std::thread writing([&] {
    const std::string endless(2 * api::line_bytes_max, 'x');
    ::send(client.get(), endless.data(), endless.size(), MSG_NOSIGNAL);
  });
  EXPECT_TRUE(arrivals(200).empty());
  writing.join();
  const Fd other = connect();
  send(other, line("the next one"));
  EXPECT_EQ(arrivals().size(), 1U);
}

}  // namespace
}  // namespace pianola::world
