#include "world/ready.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "world/files.h"

namespace pianola::world {
namespace {

class Ready : public testing::Test {
 protected:
  Ready() {
    char name[] = "/tmp/pianola-ready.XXXXXX";
    dir_ = ::mkdtemp(name);
  }
  ~Ready() override { EXPECT_TRUE(remove_tree(dir_)); }

  Result<std::optional<EndedEarly>> start(const std::string& script) const {
    return start_detached({.argv = {"/bin/sh", "-c", script}, .env = {}, .log_path = log_path()});
  }
  std::string log_path() const { return dir_ + "/log"; }

 private:
  std::string dir_;
};

TEST_F(Ready, returns_once_the_other_serves) {
  const auto ended = start("printf r >&$PIANOLA_READY_FD; exit 4");
  ASSERT_TRUE(ended);
  EXPECT_FALSE(*ended);
}

TEST_F(Ready, says_how_the_other_ended_before_it_served) {
  ASSERT_TRUE(write_file(log_path(), "of another time\n", Sync::none));
  const auto ended = start("echo it goes; echo not here >&2; exit 5");
  ASSERT_TRUE(ended);
  ASSERT_TRUE(*ended);
  EXPECT_EQ((*ended)->exit_code, 5);
  EXPECT_EQ((*ended)->said, "it goes\nnot here\n");
}

TEST_F(Ready, tells_a_signal_as_a_shell_does) {
  const auto ended = start("kill -9 $$");
  ASSERT_TRUE(ended);
  ASSERT_TRUE(*ended);
  EXPECT_EQ((*ended)->exit_code, 128 + 9);
  EXPECT_EQ((*ended)->said, "");
}

}  // namespace
}  // namespace pianola::world
