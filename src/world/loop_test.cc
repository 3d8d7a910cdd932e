#include "world/loop.h"

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <csignal>
#include <thread>
#include <variant>

#include "world/clock.h"

namespace pianola::world {
namespace {

engine::Arrival note(uint64_t asker) { return {core::Input(core::ResumeRequested{}), "user:test", asker}; }

class LoopTest : public testing::Test {
 protected:
  RunClock clock_{Instant{}};
  std::unique_ptr<Loop> loop_ = std::move(Loop::open(clock_)).value();
};

TEST_F(LoopTest, hands_over_arrivals_in_order_and_at_most_a_thousand) {
  for (uint64_t i = 1; i <= 1'500; ++i) loop_->push(note(i));
  const auto first = loop_->wait(std::nullopt);
  ASSERT_EQ(first.size(), 1'000u);
  EXPECT_EQ(first.front().asker, 1u);
  EXPECT_EQ(first.back().asker, 1'000u);
  EXPECT_EQ(loop_->wait(std::nullopt).size(), 500u);
}

TEST_F(LoopTest, returns_nothing_when_the_time_has_come) {
  const Instant until = clock_.now() + Duration::from_ms(30);
  EXPECT_TRUE(loop_->wait(until).empty());
  EXPECT_GE(clock_.now(), until);
  EXPECT_TRUE(loop_->wait(Instant{}).empty());
  // A later deadline after an earlier one that was not reached, and the other way round.
  loop_->push(note(1));
  EXPECT_EQ(loop_->wait(clock_.now() + Duration::from_s(3'600)).size(), 1u);
  EXPECT_TRUE(loop_->wait(clock_.now() + Duration::from_ms(10)).empty());
}

TEST_F(LoopTest, wakes_up_for_what_other_threads_post) {
  std::thread other([&] {
    for (uint64_t i = 0; i < 100; ++i) loop_->post_arrival(note(i));
  });
  size_t seen = 0;
  while (seen < 100) {
    for (const auto& arrival : loop_->wait(std::nullopt)) EXPECT_EQ(arrival.asker, seen++);
  }
  other.join();
}

TEST_F(LoopTest, lets_doors_go_on_only_after_the_crowd_was_taken) {
  bool resumed = false;
  for (uint64_t i = 0; i < 2'000; ++i) loop_->push(note(i));
  EXPECT_TRUE(loop_->is_crowded());
  loop_->when_taken([&] { resumed = true; });
  loop_->wait(std::nullopt);
  EXPECT_TRUE(loop_->is_crowded());
  loop_->wait(std::nullopt);
  EXPECT_FALSE(resumed);
  EXPECT_TRUE(loop_->wait(Instant{}).empty());
  EXPECT_TRUE(resumed);
}

TEST_F(LoopTest, forwards_answers_and_signals) {
  loop_->answer(3, engine::Reply(7u));
  uint64_t answered = 0;
  loop_->set_answerer([&](uint64_t asker, const engine::Reply& reply) { answered = asker * 100 + *reply; });
  loop_->answer(3, engine::Reply(7u));
  EXPECT_EQ(answered, 307u);

  loop_->watch_signals({SIGUSR1}, [&](int signal) { loop_->push(note(static_cast<uint64_t>(signal))); });
  for (int times = 0; times < 2; ++times) {
    ::raise(SIGUSR1);
    const auto arrivals = loop_->wait(std::nullopt);
    ASSERT_EQ(arrivals.size(), 1u);
    EXPECT_EQ(arrivals[0].asker, static_cast<uint64_t>(SIGUSR1));
  }
}

}  // namespace
}  // namespace pianola::world
