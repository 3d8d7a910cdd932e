// Agents and checks. Agents outlive the supervisor, may hang, may ignore TERM, and their end may go
// unreported until somebody asks again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/grounds.h"

namespace pianola::sim {

class FakeProcesses final : public engine::Processes {
 public:
  explicit FakeProcesses(Grounds& grounds);

  void launch(const engine::Launch& launch) override;
  void recover(const engine::Launch& launch) override;
  void end(const core::AttemptKey& key, int64_t grace_ms) override;
  void run_checks(const engine::CheckRun& run) override;
  void end_checks() override;

  int living() const;

 private:
  struct Agent {
    core::AttemptKey key;
    int generation = 0;
    bool running = false;
    bool over = false;
    bool stubborn = false;
    bool claims = false;  // its end is told as a claim of its own, not as bare output
    bool idle = false;
    bool outside = false;
    bool red = false;
    core::ExitStatus exit;
    core::Claim claim;
    Owner watcher = the_world;
  };
  struct Checking {
    engine::CheckRun run;
    Owner owner = the_world;
    uint64_t number = 0;
  };

  void begin(const engine::Launch& launch);
  void draw_end(Agent& agent);
  void draw_claim(Agent& agent);
  void work(Agent& agent);
  bool changes(const core::AttemptKey& key, const char* file) const;
  void finish(const core::AttemptKey& key, const core::ExitStatus& exit);
  void tell_progress(const Agent& agent);
  void tell_exit(const Agent& agent);
  void conclude(uint64_t number);
  void tell_checks_broken(const engine::CheckRun& run, const std::string& reason);
  std::vector<core::CheckResult> results(const engine::CheckRun& run, bool green);

  Grounds& grounds_;
  std::map<core::AttemptKey, Agent> agents_;
  std::vector<Checking> checking_;
  uint64_t checks_begun_ = 0;
  core::FailureClass storm_;  // what strikes most agents of this run
};

}  // namespace pianola::sim
