// One attempt as the supervisor's loop sees it: found or started on the pool, its output followed over the
// keeper's socket, its end read from its folder.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/ports.h"
#include "world/kept_place.h"
#include "world/loop.h"

namespace boost::asio {
class thread_pool;
}

namespace pianola::world {

// Pushes AgentHasSpawned, AgentOutput from the stream's first byte on, and AgentExit, each once (output in
// pieces), to the loop. Lives on the loop's thread; `loop` and `pool` outlive it. May be destroyed at any
// time: the keeper keeps the agent.
class KeptAttempt {
 public:
  struct Options {
    engine::AttemptKey key;
    KeptPlace place;
    KeeperProgram program;
    // Called on the pool, only for a start. Without it an attempt that never began is closed instead.
    std::function<Result<KeptSpec>()> make_spec;
    // How long after the grace an ordered end may take before the keeper counts as hung and is killed.
    int64_t patience_ms = 20'000;
  };
  KeptAttempt(Loop& loop, boost::asio::thread_pool& pool, Options options);
  ~KeptAttempt();
  KeptAttempt(const KeptAttempt&) = delete;
  KeptAttempt& operator=(const KeptAttempt&) = delete;

  // TERM for the whole tree, KILL after the grace. Remembered while the keeper cannot be spoken to.
  void end(int64_t grace_ms);

  // Its AgentExit was pushed: nothing more comes.
  bool is_over() const { return is_over_; }

  // For some time now the machine lets nobody find out how it stands.
  bool is_refused() const;

 private:
  struct Link;
  template <class Work, class Then>
  void on_pool(Work work, Then then);
  void seek();
  void seek_in(int64_t delay_ms);
  void on_found(Result<Found> found);
  void on_connected(Connected connected);
  void on_unreachable();
  void on_refused(const Error& error);
  void count_refusal(const Error& error);
  void order_end();
  void watch_end();
  void read_frame();
  void read_payload();
  void on_frame();
  void on_hung_up();
  void push_spawned(int64_t pid);
  void push_output(agents::Stream stream, uint64_t offset, std::string bytes);
  void feed_rest(const ExitRecord& record);
  void push_exit(const core::ExitStatus& exit);
  void push(engine::Report report);

  Loop& loop_;
  boost::asio::thread_pool& pool_;
  Options options_;
  // Callbacks hold it weakly: what arrives after the destruction finds nobody.
  std::shared_ptr<int> life_ = std::make_shared<int>(0);
  std::unique_ptr<Link> link_;
  std::optional<int64_t> end_grace_ms_;
  uint64_t out_offset_ = 0;
  uint64_t err_offset_ = 0;
  int starts_ = 0;
  int refusals_ = 0;
  bool said_spawned_ = false;
  bool is_over_ = false;
};

}  // namespace pianola::world
