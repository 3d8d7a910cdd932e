#include "plan/fold.h"

#include <gtest/gtest.h>

namespace pianola::plan {
namespace {

TEST(Fold, makes_spellings_of_one_path_equal) {
  EXPECT_EQ(fold_path("SRC/A.py"), "src/a.py");
  EXPECT_EQ(fold_path("caf\u00E9"), fold_path("cafe\u0301"));
  EXPECT_EQ(fold_path("CAF\u00C9"), fold_path("cafe\u0301"));
  EXPECT_EQ(fold_path("\u1EA6"), fold_path("a\u0302\u0300"));  // two marks of one class keep their order
  EXPECT_EQ(fold_path("q\u0323\u0307"), fold_path("q\u0307\u0323"));  // two of different classes do not
  EXPECT_NE(fold_path("a\u0302\u0300"), fold_path("a\u0300\u0302"));
  EXPECT_EQ(fold_path("\uD55C"), fold_path("\u1112\u1161\u11AB"));  // Hangul
  EXPECT_EQ(fold_path("\uAC00"), fold_path("\u1100\u1161"));
  EXPECT_EQ(fold_path("\u03A9"), fold_path("\u2126"));  // omega and the ohm sign
  EXPECT_EQ(fold_path("\u0416"), fold_path("\u0436"));
  EXPECT_EQ(fold_path("\u03A3"), fold_path("\u03C2"));  // sigma in its three forms
  EXPECT_EQ(fold_path("\u304C"), fold_path("\u304B\u3099"));
}

TEST(Fold, keeps_different_paths_apart) {
  EXPECT_NE(fold_path("a"), fold_path("b"));
  EXPECT_NE(fold_path("cafe"), fold_path("caf\u00E9"));
  EXPECT_NE(fold_path("\u4E00"), fold_path("\u4E01"));
  EXPECT_EQ(fold_path("A\xff"), "a\xff");  // not UTF-8: bytes, with ASCII folded
  EXPECT_EQ(fold_path("\U0001F600"), "\U0001F600");
}

}  // namespace
}  // namespace pianola::plan
