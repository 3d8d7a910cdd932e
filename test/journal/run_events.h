// The journal of a whole run, as events: for the museum, the benchmarks and tests that need a long log that
// is legal from its first event to its last.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "core/event.h"

namespace pianola::test {

struct RunShape {
  int tasks = 200;
  uint64_t red_percent = 20;  // of attempts whose gates fail, except each third, which passes
  uint64_t seed = 1;
};

// Writes the run down as one supervisor would: every task is tried until it lands, then main is promoted.
class RunWriter {
 public:
  explicit RunWriter(const RunShape& shape) : shape_(shape), random_(shape.seed) {}

  std::vector<core::Recorded> write() {
    tell(started());
    tell(core::SupervisorStarted{.pid = 4'711, .version = "0.1.0"});
    tell(core::RunOpened{});
    staging_ = base_;
    for (int task = 0; task < shape_.tasks; ++task) {
      for (int number = 1; !attempt({.task = id(task), .number = number}); ++number) {
      }
    }
    tell(core::FinalGatesStarted{.commit = staging_});
    tell(core::FinalGatesFinished{.commit = staging_, .checks = {check(true)}});
    tell(core::PromotionStarted{.from = base_, .to = staging_, .mode = core::PromoteMode::checkout});
    tell(core::TargetPromoted{.commit = staging_});
    tell(core::RunFinished{.success = true, .reason = ""});
    return std::move(events_);
  }

 private:
  core::RunStarted started() {
    base_ = commit();
    core::RunStarted run;
    run.run = core::RunId("r12");
    run.seed = shape_.seed;
    run.plan_file = "tasks.yaml";
    run.plan_sha256 = sha256_hex("tasks.yaml");
    run.policy.default_agent = "sonnet";
    run.repository = {.path = "/srv/shop",
                      .target = "refs/heads/main",
                      .base = base_,
                      .author_name = "Ada",
                      .author_email = "ada@example.org"};
    run.plan.request = "A shop";
    for (int task = 0; task < shape_.tasks; ++task) run.plan.tasks.push_back(planned(task));
    return run;
  }

  plan::Task planned(int number) {
    plan::Task task;
    task.id = id(number);
    task.description = "Part " + std::to_string(number) + " of the shop, with its own tests beside it";
    task.files_write = {"src/part_" + std::to_string(number) + "/",
                        "tests/test_" + std::to_string(number) + ".py"};
    task.files_read = {"src/models/base.py"};
    if (number > 2) task.depends_on = {id(number / 2)};
    plan::Check tests;
    tests.command = plan::ShellCommand{"pytest -q tests/test_" + std::to_string(number) + ".py"};
    task.verification = {tests};
    return task;
  }

  // One attempt from its start to landing or red gates; true when it landed.
  bool attempt(const core::AttemptKey& key) {
    const bool green = key.number % 3 == 0 || !random_.chance(shape_.red_percent);
    tell(core::AttemptStarted{.key = key,
                              .generation = key.number,
                              .reused = false,
                              .base = staging_,
                              .agent = "sonnet",
                              .notes = 0});
    tell(core::WorkspaceMade{key});
    tell(core::AgentLaunched{.key = key, .prompt_sha256 = sha256_hex(key.task.str())});
    tell(core::AgentSpawned{.key = key, .pid = static_cast<int64_t>(1'000 + random_.below(30'000))});
    tell(core::AgentProgressed{.key = key, .session = "0d4f1c9e-5c1b-4a0b-9e57-2f1d3c4b5a69"});
    core::Claim claim;
    claim.success = true;
    claim.message = "The part is written and its tests pass.";
    claim.session = "0d4f1c9e-5c1b-4a0b-9e57-2f1d3c4b5a69";
    claim.usage = {
        .tokens_in = 41'000, .tokens_out = 3'100, .tokens_cached = 29'000, .cost_microusd = 520'000};
    tell(core::AgentExited{.key = key, .exit = {.tree_empty = true, .detail = ""}, .claim = claim},
         "agent:" + key.task.str() + "/" + std::to_string(key.number));
    tell(core::CollectionStarted{key});
    tell(core::WorkCollected{
        .key = key, .head = commit(), .leftovers = false, .files_changed = 3, .findings = {}});
    tell(core::CandidateStarted{.key = key, .staging = staging_});
    const std::string candidate = commit();
    tell(core::CandidateBuilt{.key = key, .commit = candidate, .findings = {}});
    tell(core::GatesStarted{.key = key, .subject = core::GateSubject::candidate});
    tell(core::GatesFinished{.key = key, .subject = core::GateSubject::candidate, .checks = {check(green)}});
    if (green) {
      tell(core::LandingStarted{key});
      tell(core::TaskLanded{.key = key, .commit = candidate});
      staging_ = candidate;
    } else {
      core::AttemptEnded ended;
      ended.key = key;
      ended.outcome = core::Outcome::red;
      ended.reason = "pytest -q: exit 1";
      ended.feedback = "FAILED test_expiry: assert 3599 == 3600\n";
      ended.counted = true;
      ended.retry_at = at_ + Duration::from_s(30);
      tell(ended);
    }
    tell(core::WorkspaceRemoving{.task = key.task, .generation = key.number});
    tell(core::WorkspaceRemoved{.task = key.task, .generation = key.number});
    return green;
  }

  core::CheckResult check(bool passed) {
    core::CheckResult result;
    result.command = "pytest -q";
    result.passed = passed;
    result.exit_value = passed ? 0 : 1;
    result.duration_ms = static_cast<int64_t>(random_.below(60'000));
    result.tail =
        passed ? "12 passed in 0.41s\n" : "FAILED test_expiry: assert 3599 == 3600\n1 failed, 11 passed\n";
    result.log_path = "gates/g" + std::to_string(events_.size()) + "/output";
    return result;
  }

  static core::TaskId id(int number) { return core::TaskId("part-" + std::to_string(number)); }

  std::string commit() { return sha256_hex(std::to_string(random_.next())).substr(0, 40); }

  void tell(core::Event event, std::string actor = "pianola") {
    at_ = at_ + Duration::from_ms(static_cast<int64_t>(random_.below(2'000)));
    events_.push_back(
        {.seq = events_.size() + 1, .at = at_, .actor = std::move(actor), .event = std::move(event)});
  }

  RunShape shape_;
  Random random_;
  Instant at_{1'795'267'290'000'000'000};  // 2026-11-21T13:21:30Z
  std::string base_;
  std::string staging_;
  std::vector<core::Recorded> events_;
};

inline std::vector<core::Recorded> run_events(const RunShape& shape) { return RunWriter(shape).write(); }

}  // namespace pianola::test
