#include "world/tree_copy.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/files.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

class TreeCopy : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  void put(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(write_file(at(name), bytes, Sync::none));
  }
  struct stat status_of(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::lstat(at(name).c_str(), &status), 0) << name;
    return status;
  }

  Folder folder_;
};

TEST_F(TreeCopy, keeps_bytes_modes_times_and_links) {
  ASSERT_TRUE(make_dirs(at("from/bin")));
  put("from/bin/tool", std::string(300'000, 'x'));
  put("from/empty", "");
  ASSERT_EQ(::chmod(at("from/bin/tool").c_str(), 04755), 0);
  ASSERT_EQ(::symlink("../bin/tool", at("from/bin/link").c_str()), 0);
  ASSERT_EQ(::symlink("/etc/shadow", at("from/out").c_str()), 0);
  const timespec times[2] = {{1000, 0}, {2000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, at("from/bin/tool").c_str(), times, 0), 0);
  ASSERT_EQ(::utimensat(AT_FDCWD, at("from/bin").c_str(), times, 0), 0);
  ASSERT_EQ(::chmod(at("from/bin").c_str(), 0555), 0);

  ASSERT_TRUE(copy_tree(at("from"), at("to")));
  EXPECT_EQ(read_file(at("to/bin/tool"), 1'000'000).value(), std::string(300'000, 'x'));
  EXPECT_EQ(read_file(at("to/empty"), 10).value(), "");
  EXPECT_EQ(status_of("to/bin/tool").st_mode & 07777, 0755u);
  EXPECT_EQ(status_of("to/bin/tool").st_mtime, 2000);
  EXPECT_EQ(status_of("to/bin").st_mode & 07777, 0555u);
  EXPECT_EQ(status_of("to/bin").st_mtime, 2000);
  EXPECT_TRUE(S_ISLNK(status_of("to/bin/link").st_mode));
  EXPECT_TRUE(S_ISLNK(status_of("to/out").st_mode));
  EXPECT_TRUE(remove_tree(at("from")));
}

TEST_F(TreeCopy, makes_files_of_their_own) {
  ASSERT_TRUE(make_dirs(at("from")));
  put("from/a", "first");
  ASSERT_EQ(::link(at("from/a").c_str(), at("from/b").c_str()), 0);
  ASSERT_TRUE(copy_tree(at("from"), at("to")));
  EXPECT_NE(status_of("to/a").st_ino, status_of("from/a").st_ino);
  EXPECT_EQ(status_of("to/a").st_nlink, 1u);
  put("to/a", "other");
  EXPECT_EQ(read_file(at("from/a"), 10).value(), "first");
}

TEST_F(TreeCopy, passes_over_what_would_block_it) {
  ASSERT_TRUE(make_dirs(at("from")));
  ASSERT_EQ(::mkfifo(at("from/pipe").c_str(), 0600), 0);
  put("from/a", "a");
  ASSERT_TRUE(copy_tree(at("from"), at("to")));
  EXPECT_FALSE(exists(at("to/pipe")));
  EXPECT_TRUE(exists(at("to/a")));
}

TEST_F(TreeCopy, writes_over_nothing) {
  put("from", "new");
  put("to", "old");
  EXPECT_FALSE(copy_tree(at("from"), at("to")));
  EXPECT_EQ(read_file(at("to"), 10).value(), "old");
}

}  // namespace
}  // namespace pianola::world
