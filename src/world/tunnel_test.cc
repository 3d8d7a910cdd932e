#include "world/tunnel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace pianola::world {
namespace {

// A tunnel between two socket pairs, with the outer ends in our hands.
struct Bench {
  Bench(std::string to_near = "", std::string to_far = "") {
    std::array<int, 2> one{};
    std::array<int, 2> two{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, one.data()), 0);
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, two.data()), 0);
    worker.reset(one[0]);
    server.reset(two[0]);
    tunnel.emplace(Fd(one[1]), Fd(two[1]), std::move(to_near), std::move(to_far));
  }
  // Serves until nothing moves any more; returns how often poll had something to say.
  int serve() {
    for (int turns = 0;; ++turns) {
      std::array<pollfd, 2> fds{tunnel->near_wait(), tunnel->far_wait()};
      if (tunnel->is_over() || ::poll(fds.data(), fds.size(), 0) == 0) return turns;
      tunnel->serve(fds[0], fds[1]);
      if (turns > 10'000) return turns;
    }
  }
  static std::string all_of(const Fd& socket) {
    std::string text(1 << 20, '\0');
    const ssize_t got = ::recv(socket.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return got == 0 ? "<end>" : text;
  }
  static void say(const Fd& socket, std::string_view text) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  Fd worker;
  Fd server;
  std::optional<Tunnel> tunnel;
};

TEST(Tunnel, carries_bytes_both_ways_and_counts_them) {
  Bench bench("hello ", "asked ");
  Bench::say(bench.worker, "up");
  Bench::say(bench.server, "down");
  bench.serve();
  EXPECT_EQ(Bench::all_of(bench.server), "asked up");
  EXPECT_EQ(Bench::all_of(bench.worker), "hello down");
  EXPECT_EQ(bench.tunnel->up_bytes(), 2U);
  EXPECT_EQ(bench.tunnel->down_bytes(), 4U);
}

TEST(Tunnel, half_closed_still_carries_the_answer) {
  Bench bench;
  Bench::say(bench.worker, "question");
  ::shutdown(bench.worker.get(), SHUT_WR);
  bench.serve();
  EXPECT_EQ(Bench::all_of(bench.server), "question");
  EXPECT_EQ(Bench::all_of(bench.server), "<end>");
  EXPECT_FALSE(bench.tunnel->is_over());
  Bench::say(bench.server, "answer");
  bench.server.reset();
  bench.serve();
  EXPECT_EQ(Bench::all_of(bench.worker), "answer");
  EXPECT_EQ(Bench::all_of(bench.worker), "<end>");
  EXPECT_TRUE(bench.tunnel->is_over());
}

TEST(Tunnel, holds_a_bounded_number_of_bytes_and_does_not_spin) {
  Bench bench;
  const std::string chunk(4096, 'x');
  size_t said = 0;
  for (int quiet = 0; quiet < 3;) {
    const ssize_t sent = ::send(bench.worker.get(), chunk.data(), chunk.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) said += static_cast<size_t>(sent);
    const int turns = bench.serve();
    EXPECT_LT(turns, 10'000);
    quiet = sent > 0 || turns > 0 ? 0 : quiet + 1;
  }
  EXPECT_LT(said, 4U << 20);
  size_t heard = 0;
  for (std::string text = Bench::all_of(bench.server); !text.empty(); text = Bench::all_of(bench.server)) {
    heard += text.size();
    bench.serve();
  }
  EXPECT_EQ(heard, said);
}

TEST(Tunnel, is_over_when_an_end_is_gone) {
  Bench bench;
  bench.server.reset();
  bench.worker.reset();
  bench.serve();
  EXPECT_TRUE(bench.tunnel->is_over());
}

}  // namespace
}  // namespace pianola::world
