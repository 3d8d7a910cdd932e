// A run told event by event, for tests: folds through core::evolve, so only what can happen can be told.
// Not used by the program.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "core/core.h"
#include "view/snapshot.h"

namespace pianola::view {

struct Told {
  std::string id;
  std::vector<std::string> after = {};
  std::string agent = {};
};

inline std::vector<Told> one_task() { return {Told{.id = "one"}}; }

class Story {
 public:
  // 2026-11-21T13:21:30Z
  static constexpr Instant beginning{1'795'267'290'000'000'000};

  core::State state;
  Instant now = beginning;
  std::vector<core::Recorded> log;

  explicit Story(const std::vector<Told>& tasks, int jobs = 3) {
    core::RunStarted run;
    run.run = core::RunId("r12");
    run.seed = 7;
    run.plan_file = "tasks.yaml";
    run.plan_sha256 = "4be19c2d00000000";
    run.policy.jobs = jobs;
    run.policy.isolation = core::Isolation::sealed;
    run.policy.default_agent = "sonnet";
    run.repository = {.path = "/srv/shop",
                      .target = "refs/heads/main",
                      .base = "9f3ac21d0000",
                      .author_name = "A",
                      .author_email = "a@example.org"};
    for (const Told& told : tasks) run.plan.tasks.push_back(task_of(told));
    run.plan.post_merge_checks = run.plan.tasks.front().verification;
    tell(run);
  }

  // Seconds pass.
  Story& pass(int64_t seconds) {
    now = now + Duration::from_s(seconds);
    return *this;
  }

  const core::Recorded& tell(core::Event event) {
    core::Recorded recorded{.seq = state.seq + 1, .at = now, .actor = "pianola", .event = std::move(event)};
    const Result<void> folded = core::evolve(state, recorded);
    CHECK(folded.has_value(), folded.error().text());
    log.push_back(std::move(recorded));
    return log.back();
  }

  core::AttemptKey key(const std::string& id) const {
    const core::TaskRun& run = state.tasks[state.index.at(core::TaskId(id))];
    return {.task = core::TaskId(id), .number = static_cast<int>(run.attempts.size())};
  }

  void start(const std::string& id) {
    core::AttemptKey next = key(id);
    ++next.number;
    const plan::Task& task = state.plan.tasks[state.index.at(next.task)];
    tell(core::AttemptStarted{.key = next,
                              .generation = next.number,
                              .reused = false,
                              .base = state.staging,
                              .agent = task.agent.empty() ? "sonnet" : task.agent,
                              .notes = 0});
  }
  void spawn(const std::string& id) {
    start(id);
    tell(core::WorkspaceMade{key(id)});
    tell(core::AgentLaunched{key(id), "sha"});
    tell(core::AgentSpawned{key(id), 4711});
  }
  void work(const std::string& id) {
    spawn(id);
    tell(core::AgentProgressed{key(id), "555e0833"});
  }
  // The agent ends with a claim of success, and its work is fetched.
  void deliver(const std::string& id, const core::Usage& usage = {}) {
    core::Claim claim;
    claim.success = true;
    claim.usage = usage;
    tell(core::AgentExited{.key = key(id), .exit = {.tree_empty = true}, .claim = claim});
    collect(id, "5ea339b0000");
  }
  // `head` is "" when nothing changed.
  void collect(const std::string& id, const std::string& head) {
    tell(core::CollectionStarted{key(id)});
    core::WorkCollected collected;
    collected.key = key(id);
    collected.head = head;
    collected.files_changed = head.empty() ? 0 : 2;
    tell(collected);
  }
  void gate(const std::string& id, const std::string& candidate) {
    tell(core::CandidateStarted{key(id), state.staging});
    core::CandidateBuilt built;
    built.key = key(id);
    built.commit = candidate;
    tell(built);
    tell(core::GatesStarted{.key = key(id)});
  }
  void pass_gates(const std::string& id) {
    tell(core::GatesFinished{.key = key(id), .checks = {{.command = "pytest -q", .passed = true}}});
  }
  const core::Recorded& land(const std::string& id, const std::string& candidate) {
    gate(id, candidate);
    pass_gates(id);
    tell(core::LandingStarted{key(id)});
    return tell(core::TaskLanded{key(id), candidate});
  }
  // Red on the candidate, where nothing had landed meanwhile.
  const core::Recorded& fail_gates(const std::string& id, const core::CheckResult& check) {
    gate(id, "bad0000000");
    tell(core::GatesFinished{.key = key(id), .checks = {check}});
    return end(id, core::Outcome::red, check.command + ": exit " + std::to_string(check.exit_value), 30);
  }
  const core::Recorded& end(const std::string& id, core::Outcome outcome, const std::string& reason,
                            int64_t retry_in_s, bool counted = true) {
    return tell(core::AttemptEnded{.key = key(id),
                                   .outcome = outcome,
                                   .reason = reason,
                                   .feedback = counted ? "what went wrong\n" : "",
                                   .counted = counted,
                                   .failed_start = false,
                                   .retry_at = now + Duration::from_s(retry_in_s)});
  }
  // The agent ends without success and the attempt with it.
  const core::Recorded& give_up(const std::string& id, core::Outcome outcome, const std::string& reason) {
    tell(core::AgentExited{.key = key(id), .exit = {.value = 1, .tree_empty = true}, .claim = {}});
    collect(id, "");
    return end(id, outcome, reason, 30);
  }
  // The whole way of a task that goes well: `seconds` of work.
  const core::Recorded& complete(const std::string& id, int64_t seconds, const std::string& candidate,
                                 const core::Usage& usage = {}) {
    work(id);
    pass(seconds);
    deliver(id, usage);
    return land(id, candidate);
  }
  void verify() {
    tell(core::FinalGatesStarted{state.staging});
    tell(core::FinalGatesFinished{state.staging, {{.command = "pytest -q", .passed = true}}});
    tell(core::PromotionStarted{
        .from = state.repository.base, .to = state.staging, .mode = core::PromoteMode::ask});
  }
  const core::Recorded& promote() {
    verify();
    tell(core::TargetPromoted{state.staging});
    return tell(core::RunFinished{.success = true, .reason = ""});
  }

  Snapshot shown(const Activities& activities = {}) const {
    return snapshot(state, activities, {.now = now, .supervised = true});
  }
  std::string word(const std::string& id) const {
    return state_word(state, state.index.at(core::TaskId(id)), now);
  }
  TaskRow row(const std::string& id) const { return shown().tasks[state.index.at(core::TaskId(id))]; }

 private:
  static plan::Task task_of(const Told& told) {
    plan::Task task;
    task.id = core::TaskId(told.id);
    task.description = "Does " + told.id;
    task.files_write = {"src/" + told.id + "/"};
    task.agent = told.agent;
    for (const std::string& needed : told.after) task.depends_on.emplace_back(needed);
    plan::Check check;
    check.command = plan::ShellCommand{"pytest -q"};
    task.verification = {check};
    return task;
  }
};

}  // namespace pianola::view
