// Agents and checks as processes: the engine's Processes over keepers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/ports.h"
#include "world/checks.h"
#include "world/kept_attempt.h"
#include "world/kept_place.h"
#include "world/layout.h"
#include "world/loop.h"

namespace pianola::world {

struct ProcessOptions {
  KeeperProgram keeper;  // .env from keeper_environment()
  // Absent: nothing is started here; an attempt that never began is closed instead. Else what a launch
  // executes: argv, env, cwd, stdin_file and disk_folders; the rest is filled in here. Called on a pool
  // thread when the attempt's folder exists, and possibly again after a crash, so it must only read and write
  // things of this attempt. An error ends the attempt as not_started.
  std::function<Result<KeptSpec>(const engine::Launch& launch, const std::string& attempt_dir)> prepare;
  CheckOptions checks;
  Limits limits;                            // of an attempt; those of a check stand in `checks`
  uint64_t output_cap_bytes = 64ull << 20;  // of each stream
  int64_t keeper_patience_ms = 20'000;      // see KeptAttempt::Options
};

class KeptProcesses : public engine::Processes {
 public:
  // `loop` outlives it. Destruction waits for what is under way on its pool (seconds), leaves agents to
  // their keepers and ends checks.
  KeptProcesses(Loop& loop, Layout layout, core::RunId run, ProcessOptions options);
  ~KeptProcesses() override;

  // The folder of an attempt decides whether it is started, adopted or over, so both do the same.
  void launch(const engine::Launch& launch) override;
  void recover(const engine::Launch& launch) override;

  // Also for an attempt nobody launched here: it is found, or closed if it never began.
  void end(const engine::AttemptKey& key, int64_t grace_ms) override;

  // For some time now the machine, full or failing, lets nobody find out how this attempt stands; that the
  // run must pause was reported.
  bool is_refused(const engine::AttemptKey& key) const;

  void run_checks(const engine::CheckRun& run) override;
  void end_checks() override;

 private:
  struct Pool;
  KeptPlace place_of(const engine::AttemptKey& key) const;
  KeptAttempt& attempt(const engine::AttemptKey& key, std::function<Result<KeptSpec>()> make_spec);

  Loop& loop_;
  Layout layout_;
  core::RunId run_;
  ProcessOptions options_;
  std::unique_ptr<Pool> pool_;
  std::map<engine::AttemptKey, std::unique_ptr<KeptAttempt>>
      attempts_;  // those that are not over, and few more
  CheckRuns checks_;
};

}  // namespace pianola::world
