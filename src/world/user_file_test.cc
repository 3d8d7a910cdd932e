#include "world/user_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "world/files.h"

namespace pianola::world {
namespace {

class UserFile : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/pianola.user_file.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    dir_ = name;
    before_ = ::umask(022);
  }
  void TearDown() override {
    ::umask(before_);
    EXPECT_TRUE(remove_tree(dir_));
  }
  unsigned mode_of(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat((dir_ + name).c_str(), &status), 0) << name;
    return status.st_mode & 07777;
  }
  std::string dir_;
  mode_t before_ = 0;
};

TEST_F(UserFile, keeps_its_mode) {
  ASSERT_TRUE(write_user_file(dir_ + "/f", "old"));
  ASSERT_EQ(::chmod((dir_ + "/f").c_str(), 0754), 0);
  ASSERT_TRUE(write_user_file(dir_ + "/f", "new"));
  EXPECT_EQ(read_file(dir_ + "/f", 10).value(), "new");
  EXPECT_EQ(mode_of("/f"), 0754u);
}

TEST_F(UserFile, is_new_with_the_mode_of_the_umask_and_so_are_its_folders) {
  ASSERT_TRUE(write_user_file(dir_ + "/a/b/f", "x"));
  EXPECT_EQ(mode_of("/a/b/f"), 0644u);
  EXPECT_EQ(mode_of("/a/b"), 0755u);
  EXPECT_EQ(list_dir(dir_ + "/a/b").value(), std::vector<std::string>{"f"});
}

TEST_F(UserFile, is_written_where_a_link_to_it_leads) {
  ASSERT_TRUE(write_user_file(dir_ + "/shared.yaml", "old"));
  ASSERT_EQ(::symlink("shared.yaml", (dir_ + "/tasks.yaml").c_str()), 0);
  ASSERT_TRUE(write_user_file(dir_ + "/tasks.yaml", "new"));
  EXPECT_EQ(read_file(dir_ + "/shared.yaml", 10).value(), "new");
  char target[20] = {};
  EXPECT_EQ(::readlink((dir_ + "/tasks.yaml").c_str(), target, sizeof target), 11);
  ASSERT_EQ(::symlink("nowhere", (dir_ + "/lost").c_str()), 0);
  EXPECT_FALSE(write_user_file(dir_ + "/lost", "new"));
}

}  // namespace
}  // namespace pianola::world
