// A hostile worker tries to get out: first with isolation none, where every attack must succeed, so that the
// test has power, then sealed, where none may, and at level landlock, where exactly those do that are listed.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <functional>

#include "test/redteam/scene.h"
#include "test/redteam/shapes.h"
#include "test/redteam/tally.h"
#include "world/landlock.h"

namespace pianola::redteam {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

void time(const Group& group, const char* how, const std::function<void()>& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took_s = std::chrono::steady_clock::now() - began;
  std::printf("%s: %.1f s %s\n", group.name.c_str(), took_s.count(), how);
}

// What is different outside, but for what the list says can be changed.
std::vector<std::string> unexpected(const Scene& scene, const Tally& tally) {
  std::vector<std::string> rest = scene.unexpected_differences();
  for (const std::string& target : tally.open_targets()) {
    const std::string path = scene.resolved(target) + ": ";
    std::erase_if(rest, [&](const std::string& one) { return one.starts_with(path); });
  }
  return rest;
}

// All groups at `level`; with `Power::shown` each succeeds unsealed first.
enum class Power { shown, shown_elsewhere };
void try_level(const std::string& level, const world::Sealer& sealer, Power power) {
  Tally tally(level, world::open_attacks(sealer, world::landlock_abi()));
  {
    Scene closed(level);
    for (const Group& group : groups()) {
      if (power == Power::shown) {
        time(group, "unsealed", [&] {
          Scene open("none");
          group.open(open, tally);
        });
      }
      time(group, level.c_str(), [&] { group.sealed(closed, tally); });
      EXPECT_EQ(joined(unexpected(closed, tally)), "") << group.name;
      EXPECT_EQ(joined(closed.canaries()), "") << group.name;
    }
    EXPECT_EQ(harm_of_a_flood(closed), "");
    EXPECT_EQ(joined(unexpected(closed, tally)), "");
    EXPECT_EQ(joined(closed.broken_repository()), "");
  }
  EXPECT_EQ(joined(tally.powerless()), "") << "these do not succeed unsealed, so they prove nothing";
  EXPECT_EQ(joined(tally.skipped()), "") << "these were not tried";
  EXPECT_EQ(joined(tally.through()), "") << "these got out";
  EXPECT_EQ(joined(tally.overstated()), "") << "doctor says that these get out, and they do not";
  std::fputs(tally.text().c_str(), stdout);
  EXPECT_GE(tally.attacks(), 60);
}

// One test a level, since its last line counts all of it. What each group does is in its own file.
TEST(RedTeam, nothing_gets_out_of_the_seal) {
  const Result<world::Sealer> sealer = find_level("sealed");
  if (!sealer) GTEST_SKIP() << "no seal here: " << sealer.error().text();
  try_level("sealed", *sealer, Power::shown);
}

TEST(RedTeam, what_gets_out_of_landlock_is_what_doctor_lists) {
  const std::string folder = in_nobodys_way();
  if (!folder.empty()) GTEST_SKIP() << "started as root, and nobody cannot pass through " << folder;
  const Result<world::Sealer> sealer = find_level("landlock");
  if (!sealer) GTEST_SKIP() << "no Landlock here: " << sealer.error().text();
  try_level("landlock", *sealer, Power::shown_elsewhere);
}

}  // namespace
}  // namespace pianola::redteam
