#include "world/admin.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "world/child.h"
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

}  // namespace
}  // namespace pianola::world
