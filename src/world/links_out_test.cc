#include "world/links_out.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "world/files.h"

namespace pianola::world {
namespace {

class LinksOutOf : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/pianola.links_out.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    dir_ = name;
  }
  void TearDown() override { EXPECT_TRUE(remove_tree(dir_)); }
  std::string dir_;
};

TEST_F(LinksOutOf, a_folder_are_found_on_the_way) {
  const std::string top = dir_ + "/top";
  ASSERT_TRUE(make_dirs(top + "/inside/deep"));
  ASSERT_EQ(::symlink("/etc", (top + "/out").c_str()), 0);
  ASSERT_EQ(::symlink("../..", (top + "/inside/up").c_str()), 0);
  ASSERT_EQ(::symlink("inside", (top + "/near").c_str()), 0);
  ASSERT_EQ(::symlink("out", (top + "/chain").c_str()), 0);
  ASSERT_EQ(::symlink("../gone", (top + "/broken").c_str()), 0);
  ASSERT_EQ(::symlink("loop", (top + "/loop").c_str()), 0);
  LinksOut links(top);
  const auto found = [&](const char* path) { return links.first(path); };
  EXPECT_EQ(found("out/passwd"), "out");
  EXPECT_EQ(found("inside/up/x"), "inside/up");
  EXPECT_EQ(found("near/up/x"), "near/up");
  EXPECT_EQ(found("chain/"), "chain");
  EXPECT_EQ(found("broken/x"), "broken");
  EXPECT_EQ(found("loop/x"), "loop");
  EXPECT_EQ(found("near/deep/x"), "");
  EXPECT_EQ(found("absent/x/y"), "");
  EXPECT_EQ(found("out"), "") << "the link itself may be changed";
  EXPECT_EQ(found("out/"), "out");
  EXPECT_EQ(found("out/shadow"), "out") << "what was seen is known";
}

}  // namespace
}  // namespace pianola::world
