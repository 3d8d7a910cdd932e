// A hostile worker tries to get out: first with isolation none, where every attack must succeed, so that the
// test has power, then sealed, where none may.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "test/redteam/scene.h"
#include "test/redteam/shapes.h"
#include "test/redteam/tally.h"

namespace pianola::redteam {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

// One test, since its last line counts all of it. What each group does is in its own file.
TEST(RedTeam, nothing_gets_out_of_the_seal) {
  const std::string why = why_no_seal();
  if (!why.empty()) GTEST_SKIP() << why;
  Tally tally;
  {
    Scene sealed("sealed");
    for (const Group& group : groups()) {
      const auto began = std::chrono::steady_clock::now();
      {
        Scene open("none");
        group.open(open, tally);
      }
      const auto between = std::chrono::steady_clock::now();
      group.sealed(sealed, tally);
      const std::chrono::duration<double> unsealed_s = between - began;
      const std::chrono::duration<double> sealed_s = std::chrono::steady_clock::now() - between;
      std::printf("%s: %.1f s unsealed, %.1f s sealed\n", group.name.c_str(), unsealed_s.count(),
                  sealed_s.count());
      EXPECT_EQ(joined(sealed.unexpected_differences()), "") << group.name;
      EXPECT_EQ(joined(sealed.canaries()), "") << group.name;
    }
    EXPECT_EQ(harm_of_a_flood(sealed), "");
    EXPECT_EQ(joined(sealed.unexpected_differences()), "");
    EXPECT_EQ(joined(sealed.broken_repository()), "");
  }
  EXPECT_EQ(joined(tally.powerless()), "") << "these do not succeed unsealed, so they prove nothing";
  EXPECT_EQ(joined(tally.through()), "") << "these got out";
  std::fputs(tally.text().c_str(), stdout);
  EXPECT_GE(tally.attacks(), 60);
}

}  // namespace
}  // namespace pianola::redteam
