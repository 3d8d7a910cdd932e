// The program killed with SIGKILL at random moments: half of the kills hit the supervisor, half a keeper of
// an agent or a check. A round mostly waits, for the next try of an attempt that was lost with its keeper, so
// that several are played side by side.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "base/random.h"
#include "test/campaign/scenario.h"
#include "test/figures.h"
#include "world/clock.h"

namespace pianola::campaign {
namespace {

constexpr int look_ms = 3;

enum class Victim { supervisor, keeper };

// What all lanes have done together.
class Tally {
 public:
  void add_kill(Victim victim) { ++(victim == Victim::supervisor ? supervisors_ : keepers_); }
  // A round that kept every promise.
  void add_round(int adoptions, Duration recovery) {
    const std::scoped_lock lock(mutex_);
    ++rounds_;
    adoptions_ += adoptions;
    recovery_ = std::max(recovery_, recovery);
  }

  int rounds() const { return rounds_; }
  int kills() const { return supervisors_ + keepers_; }
  int keepers() const { return keepers_; }
  int adoptions() const { return adoptions_; }
  std::string text() const {
    return fmt::format(
        "rounds {}, kills of supervisors {}, kills of keepers {}, living agents adopted {}, longest recovery "
        "ms {}",
        rounds_.load(), supervisors_.load(), keepers_.load(), adoptions_, recovery_.ms());
  }

 private:
  std::atomic<int> rounds_{0};
  std::atomic<int> supervisors_{0};
  std::atomic<int> keepers_{0};
  std::mutex mutex_;
  int adoptions_ = 0;
  Duration recovery_;
};

// Agents that take two seconds are alive at most moments; with others the moments fall on all else.
enum class Agents { quick, slow };

void prepare(Playground& playground, Agents agents) {
  playground.log_steps();
  if (agents == Agents::slow) playground.put_up("slow");
}

// How long an undisturbed run takes here and now, so that moments are drawn from all of it.
uint64_t undisturbed_ms(Agents agents) {
  Playground playground;
  prepare(playground, agents);
  const Duration began = world::since_boot();
  EXPECT_EQ(playground.run().code, 0);
  return static_cast<uint64_t>(std::max<int64_t>(Duration{world::since_boot().ns - began.ns}.ms(), 2));
}

// One round after the other; what a run takes is measured while the other lanes are at work too.
class Lane {
 public:
  Lane(uint64_t seed, Tally& tally)
      : random_(seed),
        quick_ms_(undisturbed_ms(Agents::quick)),
        slow_ms_(undisturbed_ms(Agents::slow)),
        tally_(tally) {}

  // True when every promise held.
  bool play(const std::string& name) {
    Playground playground;
    const bool is_slow = random_.below(2) == 0;
    prepare(playground, is_slow ? Agents::slow : Agents::quick);
    const uint64_t whole_ms = is_slow ? slow_ms_ : quick_ms_;
    // A second kill, now of those who take up what the first one left.
    if (strike(playground, true, whole_ms)) strike(playground, false, whole_ms / 2);
    const Ended ended = playground.finish();
    EXPECT_EQ(ended.code, 0) << name << "\n" << ended.output << playground.story();
    const std::string broken = joined(playground.broken_promises());
    EXPECT_EQ(broken, "") << name;
    tally_.add_round(playground.steps_passed()["adopt.connected"], playground.longest_recovery());
    return ended.code == 0 && broken.empty();
  }

 private:
  // One command, and a kill while it runs; false when the command was over before.
  bool strike(const Playground& playground, bool is_first, uint64_t span_ms) {
    const auto moment_ms = static_cast<int64_t>(1 + random_.below(span_ms));
    int& kills = supervisors_ <= keepers_ ? supervisors_ : keepers_;
    const bool is_done = &kills == &keepers_ ? strike_keeper(playground, is_first, moment_ms)
                                             : command(playground, is_first, moment_ms).killed;
    if (!is_done) return false;
    ++kills;
    tally_.add_kill(&kills == &keepers_ ? Victim::keeper : Victim::supervisor);
    return true;
  }

  static Ended command(const Playground& playground, bool is_first, int64_t kill_after_ms) {
    if (is_first) return playground.run({}, kill_after_ms);
    return playground.pianola({"resume", "--plain"}, {}, kill_after_ms);
  }

  // The first keeper that is there from the moment on, one of them by lot.
  bool strike_keeper(const Playground& playground, bool is_first, int64_t moment_ms) {
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
    return is_done;
  }

  Random random_;
  uint64_t quick_ms_;
  uint64_t slow_ms_;
  Tally& tally_;
  int supervisors_ = 0;
  int keepers_ = 0;
};

TEST(KillCampaign, kills_at_random_moments_lose_and_repeat_nothing) {
  const int kills_wanted = test::rounds("PIANOLA_CAMPAIGN_ROUNDS", 100);
  const int lanes = test::rounds("PIANOLA_CAMPAIGN_LANES", 8);
  const auto seed = static_cast<uint64_t>(test::rounds("PIANOLA_CAMPAIGN_SEED", 1));
  Tally tally;
  std::atomic<bool> is_broken{false};
  const auto play = [&](uint64_t number) {
    Lane lane(seed * 1'000 + number, tally);
    for (int round = 0; tally.kills() < kills_wanted && tally.rounds() < 5 * kills_wanted && !is_broken;
         ++round) {
      if (!lane.play(fmt::format("seed {} lane {} round {}", seed, number, round))) is_broken = true;
    }
  };
  std::vector<std::thread> threads;
  for (int lane = 0; lane < lanes; ++lane) threads.emplace_back(play, static_cast<uint64_t>(lane));
  for (std::thread& thread : threads) thread.join();
  if (is_broken) return;  // the figures tell that nothing was
  const std::string figures = tally.text();
  test::tell_guarantee("G4", "kills at random moments", figures + ", agents started twice 0");
  test::tell_guarantee("G6", "kills at random moments", figures + ", processes left 0");
  test::tell_guarantee("G16", "kills at random moments", figures + ", tasks lost 0, landed twice 0");
  EXPECT_GE(tally.kills(), kills_wanted);
  EXPECT_GE(tally.keepers(), kills_wanted / 3);
  EXPECT_GE(tally.adoptions(), kills_wanted / 50) << "the kills hit few living agents";
}

}  // namespace
}  // namespace pianola::campaign
