// The program killed with SIGKILL: at every step it names, and at random moments; supervisor and keeper
// alike. After `resume` every task has landed exactly once, no agent was started twice, and nothing runs.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <map>

#include "base/random.h"
#include "test/campaign/playground.h"
#include "world/clock.h"
#include "world/files.h"

namespace pianola::campaign {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

enum class Victim { supervisor, keeper };

// The steps a whole run passes, and how often: those of the keeper's protocol, or all others.
std::map<std::string, int> steps_of_a_run(Victim victim) {
  const Playground playground;
  const std::string log = playground.top() + "/steps";
  const Ended ended = playground.run({{"PIANOLA_STEP_LOG", log}});
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_EQ(joined(playground.broken_promises()), "");
  std::map<std::string, int> passes;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("keeper.") == (victim == Victim::keeper)) ++passes[line];
  }
  return passes;
}

void kill_at(Victim victim, const std::string& step) {
  const Playground playground;
  const std::string variable = victim == Victim::keeper ? "PIANOLA_KILL_AT_KEEPER" : "PIANOLA_KILL_AT";
  const std::string ticket = playground.top() + "/killed";
  const Ended killed = playground.run({{variable, step}, {"PIANOLA_KILL_ONCE", ticket}});
  EXPECT_TRUE(world::exists(ticket)) << step << " was not passed\n" << killed.output;
  const Ended ended = playground.finish();
  EXPECT_EQ(ended.code, 0) << variable << "=" << step << "\n" << killed.output << "\n---\n" << ended.output;
  EXPECT_EQ(joined(playground.broken_promises()), "") << variable << "=" << step << "\n" << ended.output;
}

// The first pass of each step; with PIANOLA_CAMPAIGN_ROUNDS set, every pass.
void kill_everywhere(Victim victim, size_t steps_expected) {
  const std::map<std::string, int> steps = steps_of_a_run(victim);
  EXPECT_GE(steps.size(), steps_expected) << "steps are named in src/world";
  const bool whole = ::getenv("PIANOLA_CAMPAIGN_ROUNDS") != nullptr;
  int kills = 0;
  for (const auto& [step, passes] : steps) {
    for (int pass = 1; pass <= (whole ? passes : 1); ++pass, ++kills) {
      kill_at(victim, step + ":" + std::to_string(pass));
    }
  }
  std::printf("%d kills at %zu named steps\n", kills, steps.size());
}

TEST(KillCampaign, a_supervisor_killed_at_any_step_loses_and_repeats_nothing) {
  kill_everywhere(Victim::supervisor, 20);
}

TEST(KillCampaign, a_keeper_killed_at_any_step_loses_and_repeats_nothing) {
  kill_everywhere(Victim::keeper, 6);
}

// How long an undisturbed run takes here and now, so that moments are drawn from all of it.
int64_t undisturbed_ms() {
  const Playground playground;
  const Duration began = world::since_boot();
  EXPECT_EQ(playground.run().code, 0);
  return (Duration{world::since_boot().ns - began.ns}).ms();
}

TEST(KillCampaign, a_supervisor_killed_at_random_moments_loses_and_repeats_nothing) {
  const char* wanted = ::getenv("PIANOLA_CAMPAIGN_ROUNDS");
  const int kills_wanted = wanted != nullptr ? std::atoi(wanted) : 50;
  const char* seed_text = ::getenv("PIANOLA_CAMPAIGN_SEED");
  const uint64_t seed = seed_text != nullptr ? std::strtoull(seed_text, nullptr, 10) : 1;
  const auto whole_ms = static_cast<uint64_t>(undisturbed_ms());
  Random random(seed);
  int kills = 0;
  int rounds = 0;
  for (; kills < kills_wanted && rounds < 5 * kills_wanted; ++rounds) {
    const Playground playground;
    const Ended first = playground.run({}, static_cast<int64_t>(1 + random.below(whole_ms)));
    kills += first.killed ? 1 : 0;
    // A second kill, now of a supervisor that is taking up what the first one left.
    if (first.killed) {
      const auto again_ms = static_cast<int64_t>(1 + random.below(whole_ms / 2));
      kills += playground.pianola({"resume", "--plain"}, {}, again_ms).killed ? 1 : 0;
    }
    const Ended ended = playground.finish();
    ASSERT_EQ(ended.code, 0) << "seed " << seed << " round " << rounds << "\n" << ended.output;
    ASSERT_EQ(joined(playground.broken_promises()), "") << "seed " << seed << " round " << rounds;
  }
  std::printf("%d kills in %d rounds, seed %llu\n", kills, rounds, static_cast<unsigned long long>(seed));
  EXPECT_GE(kills, kills_wanted);
}

}  // namespace
}  // namespace pianola::campaign
