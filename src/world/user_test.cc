#include "world/user.h"

#include <gtest/gtest.h>

namespace pianola::world {
namespace {

TEST(UserName, is_the_name_of_the_password_database_else_the_number) {
  EXPECT_EQ(user_name(0), "root");
  EXPECT_EQ(user_name(3'999'999'999), "3999999999");
}

}  // namespace
}  // namespace pianola::world
