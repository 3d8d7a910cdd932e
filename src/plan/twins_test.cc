#include "plan/twins.h"

#include <gtest/gtest.h>

namespace pianola::plan {
namespace {

using Twins = std::map<std::string, std::string>;

TEST(Twins, are_names_that_differ_in_case_or_in_the_make_of_accents) {
  EXPECT_EQ(find_twins({"README.md"}, {"README.md", "readme.md", "x"}), (Twins{{"README.md", "readme.md"}}));
  EXPECT_EQ(find_twins({"caf\303\251"}, {"cafe\314\201", "caf\303\251"}),
            (Twins{{"caf\303\251", "cafe\314\201"}}));
  EXPECT_EQ(find_twins({"README.md"}, {"README.md", "readme.txt"}), Twins{});
  EXPECT_EQ(find_twins({}, {"A", "a"}), Twins{}) << "that was so before";
}

TEST(Twins, may_be_folders_and_each_other) {
  EXPECT_EQ(find_twins({"Src/new.c"}, {"Src/new.c", "src/old.c"}), (Twins{{"Src/new.c", "src/old.c"}}));
  EXPECT_EQ(find_twins({"src/new.c"}, {"src/new.c", "src/old.c", "srcs"}), Twins{});
  EXPECT_EQ(find_twins({"src"}, {"SRC/deep/old.c", "src"}), (Twins{{"src", "SRC/deep/old.c"}}));
  EXPECT_EQ(find_twins({"s/A", "s/a"}, {"s/A", "s/a"}), (Twins{{"s/A", "s/a"}, {"s/a", "s/A"}}));
}

}  // namespace
}  // namespace pianola::plan
