// A run played by hand, for tests: inputs go in, and every turn is followed to its rest as the engine does.
// Not used by the program.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/core.h"

namespace pianola::core {

inline plan::Task task_named(const std::string& id, const std::vector<std::string>& needs = {}) {
  plan::Task task;
  task.id = TaskId(id);
  task.description = "Do " + id;
  task.files_write = {"src/" + id + "/"};
  for (const std::string& needed : needs) task.depends_on.push_back(TaskId(needed));
  plan::Check check;
  check.command = plan::ShellCommand{"test " + id};
  task.verification = {check};
  return task;
}

class Rehearsal {
 public:
  // The contracts stand at "v1" in the base.
  explicit Rehearsal(std::vector<plan::Task> tasks, Policy policy = {},
                     std::vector<plan::Contract> contracts = {}) {
    RunStarted start;
    start.run = RunId("run");
    start.seed = 42;
    start.plan.tasks = std::move(tasks);
    for (const plan::Contract& contract : contracts) start.contracts.push_back({contract.name, "v1"});
    start.plan.contracts = std::move(contracts);
    start.plan.post_merge_checks = {start.plan.tasks.front().verification.front()};
    policy.default_agent = "sonnet";
    start.policy = policy;
    start.repository = {.path = "/r", .target = "refs/heads/main", .base = "base"};
    tell(StartRequested{start});
    tell(RunWasOpened{});
  }

  // Admits, folds and follows; the events of the turn are in `last`. A refusal is the test's to look at.
  Result<void> tell(const Input& input) {
    last.clear();
    auto events = admit(state, input, now);
    if (!events) return refuse(std::move(events).error());
    for (Event& event : *events) record(std::move(event));
    follow();
    return {};
  }
  // Time passes, and the engine wakes up.
  void pass(Duration span) {
    now = now + span;
    last.clear();
    follow();
  }
  void record(Event event) {
    const Result<void> folded = evolve(state, {.seq = state.seq + 1, .at = now, .actor = "", .event = event});
    EXPECT_TRUE(folded.has_value()) << (folded ? "" : folded.error().text());
    log.push_back({.seq = state.seq, .at = now, .actor = "", .event = event});
    last.push_back(std::move(event));
  }
  void follow() {
    for (int round = 0; round < 1'000; ++round) {
      std::vector<Event> events = consequences(state, now);
      if (events.empty()) events = decide(state, now);
      if (events.empty()) return;
      for (Event& event : events) record(std::move(event));
    }
    ADD_FAILURE() << "no rest";
  }

  AttemptKey key(const std::string& id) const { return key_of(state, *find(state, TaskId(id))); }
  const TaskRun& run(const std::string& id) const { return state.tasks[*find(state, TaskId(id))]; }
  const Attempt& attempt(const std::string& id) const { return *current(run(id)); }

  // --- one attempt, step by step --------------------------------------------------------------------------
  void make(const std::string& id) { tell(WorkspaceWasMade{key(id)}); }
  void launch(const std::string& id) {
    if (attempt(id).stage == Stage::preparing) make(id);
    tell(AgentHasSpawned{key(id), 100});
  }
  void exit(const std::string& id, const Claim& claim, const ExitStatus& status = {.tree_empty = true}) {
    tell(AgentHasExited{.key = key(id), .exit = status, .claim = claim});
  }
  void fail(const std::string& id, FailureClass failure) {
    launch(id);
    Claim claim;
    claim.failure = failure;
    exit(id, claim, {.value = 1, .tree_empty = true});
    collect(id, "");
  }
  void deliver(const std::string& id) {
    launch(id);
    Claim claim;
    claim.success = true;
    exit(id, claim);
  }
  void collect(const std::string& id, const std::string& head, std::vector<std::string> findings = {}) {
    tell(WorkWasCollected{.key = key(id), .head = head, .files_changed = 1, .findings = std::move(findings)});
  }
  // Delivered, collected, and a candidate built.
  void build(const std::string& id) {
    deliver(id);
    collect(id, "head-" + id);
    tell(CandidateWasBuilt{.key = key(id), .commit = "candidate-" + id, .findings = {}});
  }
  void check(const std::string& id, bool green) {
    tell(GatesWereRun{.key = key(id),
                      .subject = GateSubject::candidate,
                      .commit = attempt(id).candidate,
                      .checks = {result(green)}});
  }
  void check_head(const std::string& id, bool green) {
    tell(GatesWereRun{
        .key = key(id), .subject = GateSubject::head, .commit = attempt(id).head, .checks = {result(green)}});
  }
  void land(const std::string& id) {
    build(id);
    check(id, true);
    tell(StagingWasMoved{key(id), attempt(id).candidate});
  }
  void check_all(bool green) { tell(FinalGatesWereRun{state.staging, {result(green)}}); }

  static CheckResult result(bool green) {
    CheckResult one;
    one.command = "test it";
    one.passed = green;
    one.exit_value = green ? 0 : 1;
    one.tail = green ? "" : "expected 4, got 5";
    return one;
  }

  // How many events of this type the last turn recorded.
  template <class Kind>
  size_t count() const {
    size_t found = 0;
    for (const Event& event : last) found += std::holds_alternative<Kind>(event) ? 1U : 0U;
    return found;
  }
  template <class Kind>
  const Kind& one() const {
    for (const Event& event : last) {
      if (const Kind* kind = std::get_if<Kind>(&event)) return *kind;
    }
    ADD_FAILURE() << "no such event in the last turn";
    static const Kind none{};
    return none;
  }
  // Ids of the tasks that the last turn started, in order.
  std::string started() const {
    std::string names;
    for (const Event& event : last) {
      const auto* start = std::get_if<AttemptStarted>(&event);
      if (start != nullptr) names += (names.empty() ? "" : " ") + start->key.task.str();
    }
    return names;
  }

  State state;
  Instant now{1'000'000'000};
  std::vector<Event> last;
  std::vector<Recorded> log;
};

inline Policy jobs(int count) {
  Policy policy;
  policy.jobs = count;
  return policy;
}

}  // namespace pianola::core
