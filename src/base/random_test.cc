#include "base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace pianola {
namespace {

// The published outputs of the reference implementation (splitmix64.c, S. Vigna) for seed 1234567.
TEST(Random, follows_the_reference_sequence) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
  EXPECT_EQ(random.next(), 9817491932198370423ULL);
  EXPECT_EQ(random.next(), 4593380528125082431ULL);
  EXPECT_EQ(random.next(), 16408922859458223821ULL);
}

TEST(Random, continues_from_its_state) {
  Random random(9);
  random.next();
  Random resumed(random.state());
  EXPECT_EQ(resumed, random);
  EXPECT_EQ(resumed.next(), random.next());
}

TEST(Random, below_stays_below_and_reaches_every_value) {
  Random random(1);
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) {
    const uint64_t value = random.below(7);
    ASSERT_LT(value, 7U);
    ++seen[value];
  }
  for (const int count : seen) EXPECT_GT(count, 800);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, chance_is_a_share_of_a_hundred) {
  Random random(2);
  int hits = 0;
  for (int i = 0; i < 10000; ++i) {
    ASSERT_FALSE(random.chance(0));
    ASSERT_TRUE(random.chance(100));
    if (random.chance(25)) ++hits;
  }
  EXPECT_GT(hits, 2300);
  EXPECT_LT(hits, 2700);
}

}  // namespace
}  // namespace pianola
