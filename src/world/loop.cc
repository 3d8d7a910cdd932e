#include "world/loop.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <iterator>
#include <utility>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {

namespace asio = boost::asio;

namespace {

constexpr std::ptrdiff_t kMostTaken = 1'000;  // arrivals handed over at a time
constexpr size_t kCrowdedAt = 256;            // arrivals; of at most 64 KiB each when they are output
constexpr int kMostServedFirst = 2;           // ready doors served before a waiting queue is handed over

}  // namespace

struct Loop::Parts {
  Parts(engine::Clock& its_clock, Fd its_timer)
      : clock(its_clock),
        work(asio::make_work_guard(io)),
        timer(io, its_timer.get()),
        signals(io),
        ticks(io) {
    its_timer.release();
  }

  // One wait is always pending; the descriptor becomes readable when the armed time has come.
  void watch_timer() {
    timer.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code failed) {
      if (failed) return;
      uint64_t expirations = 0;
      if (::read(timer.native_handle(), &expirations, sizeof expirations) > 0) armed_for.reset();
      watch_timer();
    });
  }

  // CLOCK_BOOTTIME, as the run's clock: a machine that slept wakes up with its deadlines due.
  void arm(Instant at) {
    if (armed_for == at) return;
    const int64_t wait_ns = std::max<int64_t>((at - clock.now()).ns, 1);
    itimerspec spec{};
    spec.it_value.tv_sec = wait_ns / 1'000'000'000;
    spec.it_value.tv_nsec = wait_ns % 1'000'000'000;
    ::timerfd_settime(timer.native_handle(), 0, &spec, nullptr);
    armed_for = at;
  }

  void watch_signals() {
    signals.async_wait([this](boost::system::error_code failed, int signal) {
      if (failed) return;
      tell_signal(signal);
      watch_signals();
    });
  }

  void tick() {
    ticks.expires_after(std::chrono::seconds(1));
    ticks.async_wait([this](boost::system::error_code failed) {
      if (failed) return;
      tell_second();
      tick();
    });
  }

  engine::Clock& clock;
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::posix::stream_descriptor timer;
  asio::signal_set signals;
  asio::steady_timer ticks;
  std::optional<Instant> armed_for;
  std::function<void(int)> tell_signal;
  std::function<void()> tell_second;
  std::function<void(uint64_t, const engine::Reply&)> answerer;
  std::vector<engine::Arrival> queue;
  std::vector<std::function<void()>> resumptions;
};

Result<std::unique_ptr<Loop>> Loop::open(engine::Clock& clock) {
  Fd timer(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!timer) return refuse(system_error("timer", errno));
  try {
    auto parts = std::make_unique<Parts>(clock, std::move(timer));
    parts->watch_timer();
    return std::unique_ptr<Loop>(new Loop(std::move(parts)));
  } catch (const boost::system::system_error& failure) {
    return refuse(system_error("event loop", failure.code().value()));
  }
}

Loop::Loop(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Loop::~Loop() = default;

asio::io_context& Loop::io() { return parts_->io; }

void Loop::push(engine::Arrival arrival) { parts_->queue.push_back(std::move(arrival)); }

void Loop::post_arrival(engine::Arrival arrival) {
  asio::post(parts_->io, [this, posted = std::move(arrival)]() mutable { push(std::move(posted)); });
}

bool Loop::is_crowded() const { return parts_->queue.size() >= kCrowdedAt; }

void Loop::when_taken(std::function<void()> resume) { parts_->resumptions.push_back(std::move(resume)); }

std::vector<engine::Arrival> Loop::wait(std::optional<Instant> until) {
  Parts& parts = *parts_;
  for (int served = 0; served < kMostServedFirst && parts.io.poll_one() > 0;) ++served;
  while (parts.queue.empty()) {
    if (until && parts.clock.now() >= *until) break;
    if (until) parts.arm(*until);
    parts.io.run_one();
  }
  std::vector<engine::Arrival> taken = std::exchange(parts.queue, {});
  if (std::ssize(taken) > kMostTaken) {
    const auto rest = taken.begin() + kMostTaken;
    parts.queue.assign(std::make_move_iterator(rest), std::make_move_iterator(taken.end()));
    taken.erase(rest, taken.end());
  }
  if (!is_crowded()) {
    for (auto& resume : std::exchange(parts.resumptions, {})) asio::post(parts.io, std::move(resume));
  }
  return taken;
}

void Loop::answer(uint64_t asker, const engine::Reply& reply) {
  if (parts_->answerer) parts_->answerer(asker, reply);
}

void Loop::set_answerer(std::function<void(uint64_t, const engine::Reply&)> answerer) {
  parts_->answerer = std::move(answerer);
}

void Loop::watch_signals(const std::vector<int>& signals, std::function<void(int)> tell) {
  parts_->tell_signal = std::move(tell);
  for (const int signal : signals) {
    boost::system::error_code ignored;
    parts_->signals.add(signal, ignored);
  }
  parts_->watch_signals();
}

void Loop::tell_each_second(std::function<void()> tell) {
  parts_->tell_second = std::move(tell);
  parts_->tick();
}

std::vector<int> stop_signals() { return {SIGINT, SIGTERM, SIGHUP}; }

bool is_hangup(int signal) { return signal == SIGHUP; }

}  // namespace pianola::world
