#include "world/upkeep.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

class Upkeep : public testing::Test {
 protected:
  Upkeep() {
    char name[] = "/tmp/pianola-upkeep.XXXXXX";
    top_ = ::mkdtemp(name);
  }
  ~Upkeep() override { EXPECT_TRUE(remove_tree(top_)); }
  std::string at(const std::string& name) const { return top_ + "/" + name; }
  Fd listen_at(const std::string& path) const {
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket.get(), 1), 0);
    return socket;
  }

  std::string top_;
};

TEST_F(Upkeep, a_socket_is_dead_only_when_nobody_listens) {
  Fd listener = listen_at(at("s"));
  EXPECT_FALSE(is_dead_socket(at("s")));
  listener.reset();
  EXPECT_TRUE(is_dead_socket(at("s")));
  EXPECT_FALSE(is_dead_socket(at("none")));
  ASSERT_TRUE(write_file(at("file"), "", Sync::none));
  EXPECT_FALSE(is_dead_socket(at("file")));
}

TEST_F(Upkeep, only_old_locks_count_and_links_are_not_followed) {
  ASSERT_TRUE(make_dirs(at("refs/deep")));
  for (const char* name : {"refs/deep/x.lock", "refs/y.lock", "refs/z"})
    ASSERT_TRUE(write_file(at(name), "", Sync::none));
  ASSERT_EQ(::symlink(top_.c_str(), at("refs/around").c_str()), 0);
  EXPECT_EQ(old_git_locks(at("refs"), 0).size(), 2U);
  EXPECT_TRUE(old_git_locks(at("refs"), 3'600).empty());
  EXPECT_TRUE(old_git_locks(at("none"), 0).empty());
}

TEST_F(Upkeep, what_is_moved_aside_is_whole) {
  ASSERT_TRUE(make_dirs(at("from/in")));
  ASSERT_TRUE(write_file(at("from/in/a"), "x", Sync::none));
  ASSERT_TRUE(move_aside(at("from"), at("aside/deep/from")));
  EXPECT_FALSE(exists(at("from")));
  EXPECT_TRUE(exists(at("aside/deep/from/in/a")));
  EXPECT_FALSE(move_aside(at("from"), at("aside/again")).has_value());
}

TEST_F(Upkeep, a_lock_is_seen_while_somebody_holds_it) {
  EXPECT_FALSE(is_locked(at("lock")));
  Fd lock(::open(at("lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  EXPECT_FALSE(is_locked(at("lock")));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  EXPECT_TRUE(is_locked(at("lock")));
  lock.reset();
  EXPECT_FALSE(is_locked(at("lock")));
}

}  // namespace
}  // namespace pianola::world
