#include "world/enter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "world/child.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

TEST(Enter, names_the_folder_that_a_program_really_begins_in) {
  const Folder folder;
  const std::string link = folder.path() + "/link";
  ASSERT_TRUE(make_dirs(folder.path() + "/real"));
  ASSERT_EQ(::symlink("real", link.c_str()), 0);
  ChildOptions options;
  options.argv = {own_executable(), "__enter", "same", link, "--", "/usr/bin/env"};
  options.env = {{"PWD", "/somewhere/else"}, {"OLDPWD", "/before"}};
  const auto finished = run_child(options);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->out, "PWD=" + folder.path() + "/real\n") << finished->err;
}

}  // namespace
}  // namespace pianola::world
