// The one loop of a supervisor: everything that arrives, arrives here, and the engine takes it from here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "engine/ports.h"

namespace boost::asio {
class io_context;
}

namespace pianola::world {

// Owns one Asio io_context, run only inside wait() on the thread that calls it. All
// functions belong to that thread, except post_arrival().
class Loop : public engine::Inbox {
 public:
  // Errors (paused): no descriptors left. `clock` outlives the loop.
  static Result<std::unique_ptr<Loop>> open(engine::Clock& clock);
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  boost::asio::io_context& io();

  // Puts an arrival at the end of the queue.
  void push(engine::Arrival arrival);
  // The same from any thread.
  void post_arrival(engine::Arrival arrival);

  // True while so much waits that doors with endless input (agents' output) should stop reading;
  // `resume` is called once, from the loop, after the engine has taken what waits.
  bool is_crowded() const;
  void when_taken(std::function<void()> resume);

  std::vector<engine::Arrival> wait(std::optional<Instant> until) override;

  // Hands a reply to whoever set_answerer() named; without one it is dropped.
  void answer(uint64_t asker, const engine::Reply& reply) override;
  void set_answerer(std::function<void(uint64_t asker, const engine::Reply& reply)> answerer);

  // Calls `tell` from the loop for each of `signals` that comes from now on, instead of their default
  // action. Once per loop.
  void watch_signals(const std::vector<int>& signals, std::function<void(int signal)> tell);

  // Calls `tell` from the loop about once a second, while the loop is served. Once per loop.
  void tell_each_second(std::function<void()> tell);

 private:
  struct Parts;
  explicit Loop(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// SIGINT, SIGTERM and SIGHUP: how a person, or the system, asks a program to end.
std::vector<int> stop_signals();
bool is_hangup(int signal);

}  // namespace pianola::world
