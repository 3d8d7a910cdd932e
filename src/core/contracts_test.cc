#include "core/contracts.h"

#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"
#include "plan/contract.h"

namespace pianola::core {
namespace {

constexpr Duration long_enough = Duration::from_s(400);

plan::Contract auth() {
  return {.name = "Auth",
          .version = {},
          .file_path = "contracts/auth.py",
          .methods = {{.name = "login"}},
          .imports = {},
          .producers = {TaskId("server")},
          .consumers = {TaskId("client"), TaskId("cli")}};
}

Rehearsal run_of_four() {
  return Rehearsal({task_named("server"), task_named("client"), task_named("cli"), task_named("other")},
                   jobs(4), {auth()});
}

using Versions = std::vector<ContractVersion>;

// Its candidate makes the contract `version`.
void build(Rehearsal& run, const std::string& id, const std::string& version) {
  run.deliver(id);
  run.collect(id, "head-" + id + version);
  run.tell(CandidateWasBuilt{.key = run.key(id),
                             .commit = "candidate-" + id + version,
                             .findings = {},
                             .contracts = {{"Auth", version}}});
}

void land(Rehearsal& run, const std::string& id, const std::string& version) {
  build(run, id, version);
  run.check(id, true);
  run.tell(StagingWasMoved{run.key(id), run.attempt(id).candidate});
}

TEST(Contracts, an_attempt_records_the_versions_it_works_by) {
  Rehearsal run = run_of_four();
  EXPECT_EQ(run.attempt("server").contracts, (Versions{{"Auth", "v1"}}));
  EXPECT_EQ(run.attempt("client").contracts, (Versions{{"Auth", "v1"}}));
  EXPECT_EQ(run.attempt("other").contracts, Versions{});
}

TEST(Contracts, a_change_that_lands_is_what_later_attempts_work_by) {
  Rehearsal run = run_of_four();
  land(run, "server", "v2");
  EXPECT_EQ(run.state.contracts.at("Auth"), (ContractRecord{"v2", 1}));
  run.fail("client", FailureClass::crash);
  run.pass(long_enough);
  // Its workspace has the old one, and what is made in it could not land.
  EXPECT_FALSE(run.attempt("client").reused);
  EXPECT_EQ(run.attempt("client").contracts, (Versions{{"Auth", "v2"}}));
  run.fail("other", FailureClass::crash);
  run.pass(long_enough);
  EXPECT_TRUE(run.attempt("other").reused);
}

TEST(Contracts, a_file_that_says_the_same_is_no_change) {
  Rehearsal run = run_of_four();
  land(run, "server", "v1");
  EXPECT_EQ(run.state.contracts.at("Auth"), (ContractRecord{"v1", 0}));
}

TEST(Contracts, work_by_a_version_of_before_does_not_land) {
  Rehearsal run = run_of_four();
  land(run, "server", "v2");
  run.build("client");
  const Attempt& before = run.run("client").attempts.front();
  EXPECT_EQ(before.outcome, Outcome::conflicted);
  EXPECT_EQ(before.reason, "contract Auth is v2 by now, and this work goes by v1");
  EXPECT_EQ(run.run("client").counted_attempts, 0);
  EXPECT_EQ(run.attempt("client").contracts, (Versions{{"Auth", "v2"}}));
  run.land("client");
  EXPECT_EQ(run.run("client").phase, TaskPhase::landed);
  run.build("other");
  EXPECT_EQ(run.attempt("other").stage, Stage::gating);
}

TEST(Contracts, a_change_passes_the_checks_of_all_who_landed_on_it) {
  Rehearsal run = run_of_four();
  run.land("client");
  run.land("other");
  build(run, "server", "v2");
  const size_t place = *find(run.state, TaskId("server"));
  const auto names = [&](GateSubject subject) {
    std::string list;
    for (const plan::Check& check : gate_checks(run.state, place, subject))
      list += plan::command_text(check.command) + "|";
    return list;
  };
  EXPECT_EQ(names(GateSubject::candidate), "test server|test client|");
  EXPECT_EQ(names(GateSubject::head), "test server|");
}

TEST(Contracts, the_first_file_of_a_contract_is_no_change) {
  Rehearsal run = run_of_four();
  run.state.contracts["Auth"].version.clear();
  run.state.tasks.front().attempts.front().contracts.front().version.clear();
  land(run, "server", "v1");
  EXPECT_EQ(run.state.contracts.at("Auth"), (ContractRecord{"v1", 0}));
}

TEST(Contracts, a_run_of_before_there_were_any_goes_on_without) {
  Rehearsal run = run_of_four();
  run.state.contracts.clear();
  land(run, "server", "v2");
  run.build("client");
  EXPECT_EQ(run.attempt("client").stage, Stage::gating);
  EXPECT_TRUE(run.state.contracts.empty());
}

TEST(Contracts, that_change_again_cost_no_attempt) {
  std::vector<plan::Task> tasks{task_named("server"), task_named("other"), task_named("client")};
  tasks.back().attempts = 1;
  plan::Contract contract = auth();
  contract.producers = {TaskId("server")};
  contract.consumers = {TaskId("client")};
  Rehearsal run(tasks, jobs(3), {contract});
  land(run, "server", "v2");
  run.build("client");
  land(run, "other", "v3");
  run.build("client");
  EXPECT_EQ(run.run("client").attempts.size(), 3U);
  EXPECT_EQ(run.run("client").conflicts, 0) << "the first conflict of a merge is still free";
  EXPECT_EQ(run.run("client").counted_attempts, 0);
  run.pass(long_enough);
  run.land("client");
  EXPECT_EQ(run.run("client").phase, TaskPhase::landed);
}

TEST(Contracts, a_third_change_pauses_the_run_for_a_person) {
  Rehearsal run = run_of_four();
  land(run, "server", "v2");
  run.build("client");
  run.build("cli");
  run.pass(long_enough);
  land(run, "client", "v3");
  EXPECT_EQ(run.state.contracts.at("Auth").renegotiations, 2);
  run.build("cli");
  run.pass(long_enough);
  build(run, "cli", "v4");
  EXPECT_EQ(run.attempt("cli").outcome, Outcome::refused);
  EXPECT_EQ(run.attempt("cli").reason, "contract Auth would change for the third time");
  EXPECT_TRUE(run.state.paused);
  EXPECT_EQ(run.state.pause_reason,
            "contract Auth was changed 2 times, and task cli would change it again; settle it for server, "
            "client, then: pianola resume");
  EXPECT_EQ(run.state.contracts.at("Auth").version, "v3");
}

}  // namespace
}  // namespace pianola::core
