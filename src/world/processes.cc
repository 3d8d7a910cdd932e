#include "world/processes.h"

#include <boost/asio.hpp>
#include <utility>

namespace pianola::world {

namespace {

constexpr size_t kPoolThreads = 2;  // starting and finding attempts; both wait for disks, not processors

}  // namespace

struct KeptProcesses::Pool {
  boost::asio::thread_pool threads{kPoolThreads};
};

KeptProcesses::KeptProcesses(Loop& loop, Layout layout, core::RunId run, ProcessOptions options)
    : loop_(loop),
      layout_(std::move(layout)),
      run_(std::move(run)),
      options_(std::move(options)),
      pool_(std::make_unique<Pool>()),
      checks_(loop, layout_, run_, options_.keeper, options_.checks) {}

KeptProcesses::~KeptProcesses() {
  attempts_.clear();
  pool_->threads.join();
}

void KeptProcesses::launch(const engine::Launch& launch) {
  if (!options_.prepare) {
    attempt(launch.key, {});
    return;
  }
  attempt(launch.key,
          [launch, dir = place_of(launch.key).dir, prepare = options_.prepare, run = run_,
           cap_bytes = options_.output_cap_bytes, limits = options_.limits]() -> Result<KeptSpec> {
            KeptSpec spec = TRY(prepare(launch, dir));
            spec.cap_bytes = cap_bytes;
            spec.together = limits;
            // Its own identity, whatever the agent is configured with.
            spec.env.insert_or_assign("PIANOLA_RUN", run.str());
            spec.env.insert_or_assign("PIANOLA_TASK", launch.key.task.str());
            spec.env.insert_or_assign("PIANOLA_ATTEMPT", std::to_string(launch.key.number));
            return spec;
          });
}

void KeptProcesses::recover(const engine::Launch& asked) { launch(asked); }

void KeptProcesses::end(const engine::AttemptKey& key, int64_t grace_ms) { attempt(key, {}).end(grace_ms); }

bool KeptProcesses::is_refused(const engine::AttemptKey& key) const {
  const auto known = attempts_.find(key);
  return known != attempts_.end() && known->second->is_refused();
}

void KeptProcesses::run_checks(const engine::CheckRun& run) { checks_.run(run); }

void KeptProcesses::end_checks() { checks_.end_all(); }

KeptPlace KeptProcesses::place_of(const engine::AttemptKey& key) const {
  return {attempt_dir(layout_, run_, key), attempt_socket(layout_, run_, key)};
}

KeptAttempt& KeptProcesses::attempt(const engine::AttemptKey& key,
                                    std::function<Result<KeptSpec>()> make_spec) {
  std::erase_if(attempts_, [&](const auto& one) { return one.first != key && one.second->is_over(); });
  auto& known = attempts_[key];
  if (!known) {
    known = std::make_unique<KeptAttempt>(
        loop_, pool_->threads,
        KeptAttempt::Options{key, place_of(key), options_.keeper, std::move(make_spec),
                             options_.keeper_patience_ms});
  }
  return *known;
}

}  // namespace pianola::world
