// The program killed with SIGKILL at random moments: half of the kills hit the supervisor, half a keeper of
// an agent or a check.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/random.h"
#include "test/campaign/scenario.h"
#include "test/figures.h"
#include "world/clock.h"
#include "world/files.h"

namespace pianola::campaign {
namespace {

constexpr int look_ms = 3;

enum class Victim { supervisor, keeper };

// How long an undisturbed run takes here and now, so that moments are drawn from all of it.
int64_t undisturbed_ms() {
  const Playground playground;
  const Duration began = world::since_boot();
  EXPECT_EQ(playground.run().code, 0);
  return (Duration{world::since_boot().ns - began.ns}).ms();
}

class RandomKills {
 public:
  explicit RandomKills(uint64_t seed)
      : random_(seed), whole_ms_(static_cast<uint64_t>(std::max<int64_t>(undisturbed_ms(), 2))) {}

  // One command, and a kill while it runs.
  void strike(const Playground& playground, bool is_first) {
    const auto moment_ms = static_cast<int64_t>(1 + random_.below(is_first ? whole_ms_ : whole_ms_ / 2));
    if (supervisors_ <= keepers_) {
      supervisors_ += command(playground, is_first, moment_ms).killed ? 1 : 0;
    } else {
      strike_keeper(playground, is_first, moment_ms);
    }
  }

  int kills() const { return supervisors_ + keepers_; }
  int supervisors() const { return supervisors_; }
  int keepers() const { return keepers_; }

 private:
  static Ended command(const Playground& playground, bool is_first, int64_t kill_after_ms) {
    if (is_first) return playground.run({}, kill_after_ms);
    return playground.pianola({"resume", "--plain"}, {}, kill_after_ms);
  }

  // The first keeper that is there from the moment on, one of them by lot.
  void strike_keeper(const Playground& playground, bool is_first, int64_t moment_ms) {
    std::atomic<bool> is_over{false};
    std::thread running([&] {
      command(playground, is_first, 0);
      is_over = true;
    });
    ::poll(nullptr, 0, static_cast<int>(moment_ms));
    bool is_done = false;
    while (!is_done && !is_over) {
      const std::vector<std::string> keepers = keepers_of(playground.top());
      if (keepers.empty()) {
        ::poll(nullptr, 0, look_ms);
        continue;
      }
      const std::string& keeper = keepers[random_.below(keepers.size())];
      is_done = ::kill(std::atoi(keeper.c_str()), SIGKILL) == 0;
    }
    running.join();
    keepers_ += is_done ? 1 : 0;
  }

  Random random_;
  uint64_t whole_ms_;
  int supervisors_ = 0;
  int keepers_ = 0;
};

TEST(KillCampaign, kills_at_random_moments_lose_and_repeat_nothing) {
  const char* wanted = ::getenv("PIANOLA_CAMPAIGN_ROUNDS");
  const int kills_wanted = wanted != nullptr ? std::atoi(wanted) : 50;
  const char* seed_text = ::getenv("PIANOLA_CAMPAIGN_SEED");
  const uint64_t seed = seed_text != nullptr ? std::strtoull(seed_text, nullptr, 10) : 1;
  RandomKills random(seed);
  int rounds = 0;
  for (; random.kills() < kills_wanted && rounds < 5 * kills_wanted; ++rounds) {
    const Playground playground;
    const int before = random.kills();
    random.strike(playground, true);
    // A second kill, now of those who take up what the first one left.
    if (random.kills() > before) random.strike(playground, false);
    const Ended ended = playground.finish();
    ASSERT_EQ(ended.code, 0) << "seed " << seed << " round " << rounds << "\n"
                             << ended.output << playground.story();
    ASSERT_EQ(joined(playground.broken_promises()), "") << "seed " << seed << " round " << rounds;
  }
  const std::string figures = fmt::format("rounds {}, kills of supervisors {}, kills of keepers {}", rounds,
                                          random.supervisors(), random.keepers());
  test::tell_guarantee("G4", "kills at random moments", figures + ", agents started twice 0");
  test::tell_guarantee("G6", "kills at random moments", figures + ", processes left 0");
  test::tell_guarantee("G16", "kills at random moments", figures + ", tasks lost 0, landed twice 0");
  EXPECT_GE(random.kills(), kills_wanted);
  EXPECT_GE(random.keepers(), kills_wanted / 3);
}

}  // namespace
}  // namespace pianola::campaign
