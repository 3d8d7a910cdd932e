#include "world/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace pianola::world {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/pianola.files.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    dir_ = name;
  }
  void TearDown() override { EXPECT_TRUE(remove_tree(dir_)); }
  std::string dir_;
};

TEST_F(Files, are_read_as_they_were_written) {
  const std::string bytes("a\0b\n\xff", 5);
  for (const Sync sync : {Sync::none, Sync::file, Sync::file_and_dir}) {
    ASSERT_TRUE(write_file(dir_ + "/f", bytes, sync));
    EXPECT_EQ(read_file(dir_ + "/f", 5).value(), bytes);
  }
  struct stat status {};
  ASSERT_EQ(::stat((dir_ + "/f").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(status.st_nlink, 1u);
}

TEST_F(Files, replace_a_link_and_not_what_it_points_to) {
  ASSERT_TRUE(write_file(dir_ + "/target", "old", Sync::none));
  ASSERT_EQ(::symlink("target", (dir_ + "/link").c_str()), 0);
  ASSERT_TRUE(write_file(dir_ + "/link", "new", Sync::none));
  EXPECT_EQ(read_file(dir_ + "/target", 10).value(), "old");
  EXPECT_EQ(read_file(dir_ + "/link", 10).value(), "new");
}

TEST_F(Files, larger_than_the_limit_are_refused) {
  ASSERT_TRUE(write_file(dir_ + "/f", "123456", Sync::none));
  const auto bytes = read_file(dir_ + "/f", 5);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().text(), dir_ + "/f: is too large; expected at most 5 bytes");
}

TEST_F(Files, that_are_missing_are_told_from_empty_ones) {
  EXPECT_FALSE(read_file(dir_ + "/f", 5));
  EXPECT_EQ(read_file_if_present(dir_ + "/f", 5).value(), std::nullopt);
  ASSERT_TRUE(write_file(dir_ + "/f", "", Sync::none));
  EXPECT_EQ(read_file_if_present(dir_ + "/f", 5).value(), "");
}

TEST_F(Files, that_are_no_files_are_not_waited_for) {
  ASSERT_EQ(::mkfifo((dir_ + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_file(dir_ + "/fifo", 5).error().what, "is not a regular file");
}

TEST(SystemError, tells_a_pause_from_a_failure) {
  EXPECT_EQ(system_error("f", ENOSPC).kind, ErrorKind::paused);
  EXPECT_EQ(system_error("f", ENOSPC).text(), "f: No space left on device; free some space, then resume");
  EXPECT_EQ(system_error("f", EMFILE).kind, ErrorKind::paused);
  EXPECT_EQ(system_error("f", EACCES).kind, ErrorKind::failed);
}

TEST_F(Files, folders_are_made_private_and_with_their_parents) {
  ASSERT_TRUE(make_dirs(dir_ + "/a/b//c/"));
  ASSERT_TRUE(make_dirs(dir_ + "/a/b/c"));
  struct stat status {};
  ASSERT_EQ(::stat((dir_ + "/a/b/c").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  ASSERT_TRUE(write_file(dir_ + "/f", "", Sync::none));
  EXPECT_FALSE(make_dirs(dir_ + "/f"));
  EXPECT_FALSE(make_dirs(dir_ + "/f/g"));
}

TEST_F(Files, removal_never_follows_a_link) {
  ASSERT_TRUE(make_dirs(dir_ + "/kept/inner"));
  ASSERT_TRUE(write_file(dir_ + "/kept/inner/f", "x", Sync::none));
  ASSERT_TRUE(make_dirs(dir_ + "/gone/a"));
  ASSERT_EQ(::symlink((dir_ + "/kept").c_str(), (dir_ + "/gone/a/link").c_str()), 0);
  ASSERT_EQ(::symlink("/nowhere", (dir_ + "/gone/dangling").c_str()), 0);
  ASSERT_TRUE(remove_tree(dir_ + "/gone"));
  EXPECT_FALSE(exists(dir_ + "/gone"));
  EXPECT_TRUE(exists(dir_ + "/kept/inner/f"));
  ASSERT_EQ(::symlink((dir_ + "/kept").c_str(), (dir_ + "/link").c_str()), 0);
  ASSERT_TRUE(remove_tree(dir_ + "/link"));
  EXPECT_FALSE(exists(dir_ + "/link"));
  EXPECT_TRUE(exists(dir_ + "/kept/inner/f"));
  EXPECT_TRUE(remove_tree(dir_ + "/nothing"));
}

TEST_F(Files, removal_goes_deeper_than_any_path_or_stack) {
  const std::string root = dir_ + "/deep";
  ASSERT_TRUE(make_dirs(root));
  int at = ::open(root.c_str(), O_RDONLY | O_DIRECTORY);
  const std::string name(200, 'd');
  for (int depth = 0; depth < 100; ++depth) {
    ASSERT_EQ(::mkdirat(at, name.c_str(), 0700), 0);
    ASSERT_EQ(::mkdirat(at, "empty", 0500), 0);
    const int next = ::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY);
    ASSERT_EQ(::close(::openat(next, "file", O_CREAT | O_WRONLY, 0400)), 0);
    ASSERT_EQ(::close(at), 0);
    at = next;
  }
  ASSERT_EQ(::close(at), 0);
  ASSERT_TRUE(remove_tree(root));
  EXPECT_FALSE(exists(root));
}

TEST_F(Files, removal_opens_folders_without_permissions) {
  ASSERT_TRUE(make_dirs(dir_ + "/shut/in/side"));
  ASSERT_TRUE(write_file(dir_ + "/shut/in/side/f", "x", Sync::none));
  ASSERT_EQ(::chmod((dir_ + "/shut/in/side").c_str(), 0), 0);
  ASSERT_EQ(::chmod((dir_ + "/shut/in").c_str(), 0500), 0);
  ASSERT_EQ(::chmod((dir_ + "/shut").c_str(), 0500), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    // Root passes every permission; an ordinary user shows whether the folders are opened up.
    ASSERT_EQ(::chmod(dir_.c_str(), 0777), 0);
    for (const char* path : {"/shut/in/side/f", "/shut/in/side", "/shut/in", "/shut"}) {
      ASSERT_EQ(::chown((dir_ + path).c_str(), 65534, 65534), 0);
    }
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto removed = remove_tree(dir_ + "/shut");
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_TRUE(removed) << removed.error().text();
  EXPECT_FALSE(exists(dir_ + "/shut"));
}

TEST_F(Files, on_a_cleared_way_lead_nowhere_else) {
  const auto at = [&](const std::string& name) { return dir_ + "/" + name; };
  ASSERT_TRUE(make_dirs(at("home/real/below")));
  ASSERT_TRUE(make_dirs(at("outside")));
  ASSERT_EQ(::symlink(at("outside").c_str(), at("home/link").c_str()), 0);
  ASSERT_EQ(::symlink(at("outside").c_str(), at("home/real/last").c_str()), 0);
  for (const char* way : {"real/below/new", "link/x/y", "real/last", "none/x"})
    ASSERT_TRUE(clear_way(at("home"), way)) << way;
  EXPECT_TRUE(exists(at("home/real/below")));
  EXPECT_FALSE(exists(at("home/link")));
  EXPECT_FALSE(exists(at("home/real/last")));
  EXPECT_TRUE(exists(at("outside")));
}

}  // namespace
}  // namespace pianola::world
