// How attempts end, what counts against a task, and how long it waits before the next try.
#include "core/ending.h"

#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

// Longer than any delay.
constexpr Duration long_enough = Duration::from_s(400);

TEST(Ending, a_task_fails_after_as_many_counted_attempts_as_it_has) {
  Rehearsal run({task_named("a")});
  run.fail("a", FailureClass::crash);
  EXPECT_EQ(run.run("a").phase, TaskPhase::backoff);
  run.pass(long_enough);
  run.fail("a", FailureClass::crash);
  run.pass(long_enough);
  run.fail("a", FailureClass::crash);
  EXPECT_EQ(run.run("a").phase, TaskPhase::failed);
  EXPECT_EQ(run.run("a").reason, "3 of 3 attempts: crash, exit 1");
}

TEST(Ending, of_work_that_could_not_be_fetched_is_first_that_of_its_agent) {
  Rehearsal run({task_named("limited"), task_named("done")});
  run.launch("limited");
  run.exit("limited", {.success = false, .failure = FailureClass::quota}, {.value = 1, .tree_empty = true});
  run.tell(CollectionFailed{run.key("limited"), "a file is too large"});
  EXPECT_EQ(run.attempt("limited").outcome, Outcome::limited);
  EXPECT_FALSE(run.attempt("limited").counted);
  EXPECT_EQ(run.attempt("limited").reason,
            "quota, exit 1; its work could not be fetched: a file is too large");
  run.deliver("done");
  run.tell(CollectionFailed{run.key("done"), "a file is too large"});
  EXPECT_EQ(run.attempt("done").outcome, Outcome::failed);
  EXPECT_TRUE(run.attempt("done").counted);
  EXPECT_EQ(run.attempt("done").reason, "its work could not be fetched: a file is too large");
}

TEST(Ending, what_counts_is_the_agents_doing_alone) {
  struct Row {
    FailureClass failure;
    Outcome outcome;
    int counted;
    int failed_starts;
    bool pauses;
  };
  const Row rows[] = {
      {FailureClass::none, Outcome::failed, 1, 0, false},
      {FailureClass::quota, Outcome::limited, 0, 0, false},
      {FailureClass::auth, Outcome::failed, 0, 0, true},
      {FailureClass::billing, Outcome::failed, 0, 0, true},
      {FailureClass::transient, Outcome::failed, 0, 1, false},
      {FailureClass::context, Outcome::failed, 1, 0, false},
      {FailureClass::crash, Outcome::crashed, 1, 0, false},
      {FailureClass::timeout, Outcome::timeout, 1, 0, false},
      {FailureClass::empty, Outcome::empty, 1, 0, false},
      {FailureClass::invalid, Outcome::failed, 1, 0, false},
      {FailureClass::policy, Outcome::policy, 1, 0, false},
      {FailureClass::sandbox, Outcome::failed, 1, 0, false},
  };
  for (const Row& row : rows) {
    Rehearsal run({task_named("a")});
    run.fail("a", row.failure);
    const std::string name = failure_text(row.failure);
    EXPECT_EQ(run.attempt("a").outcome, row.outcome) << name;
    EXPECT_EQ(run.run("a").counted_attempts, row.counted) << name;
    EXPECT_EQ(run.run("a").failed_starts, row.failed_starts) << name;
    EXPECT_EQ(run.state.paused, row.pauses) << name;
  }
}

TEST(Ending, a_missing_login_pauses_the_run_and_says_what_to_do) {
  Rehearsal run({task_named("a")});
  run.fail("a", FailureClass::auth);
  EXPECT_EQ(run.state.pause_reason, "agent sonnet: not logged in; mend the account, then: pianola resume");
}

// An agent that its time limit ended, having said `claim`.
Rehearsal run_into_its_limit(const Claim& claim) {
  Rehearsal run({task_named("a")});
  run.launch("a");
  run.pass(Duration::from_ms(run.state.plan.tasks[0].timeout_ms));
  run.exit("a", claim, {.kind = ExitKind::signal, .value = 15, .tree_empty = true});
  run.collect("a", "");
  return run;
}

TEST(Ending, the_time_limit_names_the_question_an_agent_waited_with) {
  Claim claim;
  EXPECT_EQ(run_into_its_limit(claim).attempt("a").reason, "no end within its time limit");
  claim.message = "Starting\n\n  Do you \x1b[1mtrust\x1b[0m this folder? [y/N] \r\n \n";
  EXPECT_EQ(
      run_into_its_limit(claim).attempt("a").reason,
      "no end within its time limit; the last it said: Do you \\x1b[1mtrust\\x1b[0m this folder? [y/N]");
  claim.message = std::string(5'000, 'x');
  EXPECT_LT(run_into_its_limit(claim).attempt("a").reason.size(), 200U);
}

TEST(Ending, an_agent_that_waits_for_a_login_until_its_time_limit_pauses_the_run) {
  Claim claim;
  claim.failure = FailureClass::auth;
  const Rehearsal run = run_into_its_limit(claim);
  EXPECT_EQ(run.state.pause_reason, "agent sonnet: not logged in; mend the account, then: pianola resume");
  EXPECT_EQ(run.run("a").counted_attempts, 0);
}

TEST(Ending, two_attempts_that_both_need_a_person_pause_the_run_once) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  for (const char* id : {"a", "b"}) {
    run.launch(id);
    Claim claim;
    claim.failure = FailureClass::billing;
    run.exit(id, claim, {.value = 1, .tree_empty = true});
  }
  // Both reports come in one turn.
  for (const char* id : {"a", "b"}) {
    const auto events =
        admit(run.state, WorkWasCollected{.key = run.key(id), .head = "", .findings = {}}, run.now);
    for (const Event& event : *events) run.record(event);
  }
  run.last.clear();
  run.follow();
  EXPECT_EQ(run.count<AttemptEnded>(), 2U);
  EXPECT_EQ(run.count<RunPaused>(), 1U);
}

TEST(Ending, an_endpoint_that_was_refused_pauses_the_run_and_counts_for_nothing) {
  Rehearsal run({task_named("a")});
  run.launch("a");
  const ExitStatus exit{.kind = ExitKind::policy, .value = 9, .tree_empty = true, .detail = "pkg.test:443"};
  Claim claim;
  claim.failure = FailureClass::policy;
  run.exit("a", claim, exit);
  run.collect("a", "");
  const Attempt& attempt = run.attempt("a");
  EXPECT_EQ(attempt.outcome, Outcome::policy);
  EXPECT_EQ(attempt.reason, "pkg.test:443 is not allowed by network: model");
  EXPECT_NE(attempt.feedback.find("pkg.test:443 was refused; do without it"), std::string::npos);
  EXPECT_EQ(run.state.tasks[0].counted_attempts, 0);
  EXPECT_EQ(run.state.tasks[0].failed_starts, 0);
  EXPECT_TRUE(run.state.paused);
  EXPECT_EQ(run.state.pause_reason,
            "agent " + attempt.agent +
                " does not go on without pkg.test:443, which network: model does not allow; give the agent "
                "allow: [\"pkg.test:443\"] or network: open, then: pianola resume");
}

TEST(Ending, what_was_committed_elsewhere_is_named_when_nothing_is_on_the_branch) {
  Rehearsal run({task_named("a")});
  run.deliver("a");
  const SideCommitsWereKept kept{
      run.key("a"), {{"refs/pianola/saved/r1/a/1.1", "c1"}, {"refs/pianola/saved/r1/a/1.2", "c2"}}};
  run.tell(kept);
  EXPECT_EQ(run.count<SideCommitsKept>(), 1U);
  EXPECT_TRUE(admit(run.state, kept, run.now)->empty()) << "told twice";
  run.collect("a", "");
  const Attempt& attempt = run.attempt("a");
  EXPECT_EQ(attempt.outcome, Outcome::empty);
  EXPECT_EQ(attempt.reason,
            "it says it is done, and nothing changed on its branch; what it committed elsewhere is kept in "
            "refs/pianola/saved/r1/a/1.1 and 1 more");
  EXPECT_NE(
      attempt.feedback.find("refs/pianola/saved/r1/a/1.2, see it with: git diff " + attempt.base + " c2"),
      std::string::npos)
      << attempt.feedback;
}

TEST(Ending, five_failed_starts_fail_the_task_and_no_attempt_is_counted) {
  Rehearsal run({task_named("a")});
  for (int start = 1; start <= 5; ++start) {
    EXPECT_EQ(run.run("a").phase, TaskPhase::active) << start;
    run.launch("a");
    run.exit("a", {}, {.kind = ExitKind::lost, .tree_empty = false, .detail = "the keeper died"});
    run.collect("a", "");
    run.pass(long_enough);
  }
  EXPECT_EQ(run.run("a").phase, TaskPhase::failed);
  EXPECT_EQ(run.run("a").counted_attempts, 0);
  EXPECT_EQ(run.run("a").reason, "5 failed starts: its exit was lost: the keeper died");
}

TEST(Ending, a_workspace_that_cannot_be_made_is_a_failed_start) {
  Rehearsal run({task_named("a")});
  run.tell(WorkspaceFailed{run.key("a"), "no room"});
  EXPECT_EQ(run.run("a").failed_starts, 1);
  EXPECT_EQ(run.attempt("a").reason, "no workspace: no room");
}

TEST(Ending, the_first_conflict_is_not_counted_and_starts_again_at_once_from_todays_staging) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  run.launch("b");
  run.land("a");
  run.deliver("b");
  run.collect("b", "head-b");
  run.tell(CandidateConflicted{run.key("b"), {"src/shared.cc"}});
  EXPECT_EQ(run.started(), "b");
  EXPECT_EQ(run.run("b").counted_attempts, 0);
  EXPECT_EQ(run.attempt("b").base, run.state.staging);
  EXPECT_FALSE(run.attempt("b").reused);
  const Attempt& before = run.run("b").attempts.front();
  EXPECT_EQ(before.reason, "conflicts with what landed meanwhile: src/shared.cc");
  EXPECT_NE(before.feedback.find("git diff base head-b"), std::string::npos);
  run.deliver("b");
  run.collect("b", "head-b2");
  run.tell(CandidateConflicted{run.key("b"), {"src/shared.cc"}});
  EXPECT_EQ(run.run("b").counted_attempts, 1);
}

TEST(Ending, checks_that_fail_only_with_what_landed_meanwhile_are_a_conflict) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  run.launch("b");
  run.land("a");
  run.build("b");
  run.check("b", false);
  EXPECT_EQ(run.one<GatesStarted>().subject, GateSubject::head);
  run.check_head("b", true);
  EXPECT_EQ(run.run("b").attempts.front().outcome, Outcome::conflicted);
  EXPECT_EQ(run.run("b").counted_attempts, 0);
  EXPECT_NE(run.run("b").attempts.front().feedback.find("expected 4, got 5"), std::string::npos);
}

TEST(Ending, checks_that_fail_alone_too_are_red_and_counted) {
  Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
  run.launch("b");
  run.land("a");
  run.build("b");
  run.check("b", false);
  run.check_head("b", false);
  EXPECT_EQ(run.attempt("b").outcome, Outcome::red);
  EXPECT_EQ(run.run("b").counted_attempts, 1);
}

TEST(Ending, checks_that_fail_where_nothing_landed_meanwhile_are_red_at_once) {
  Rehearsal run({task_named("a")});
  run.build("a");
  run.check("a", false);
  EXPECT_EQ(run.count<GatesStarted>(), 0U);
  EXPECT_EQ(run.attempt("a").outcome, Outcome::red);
  EXPECT_EQ(run.attempt("a").reason, "test it: exit 1");
  EXPECT_EQ(run.attempt("a").feedback, "$ test it: exit 1\nexpected 4, got 5\n");
}

TEST(Ending, work_outside_the_tasks_files_is_refused_with_the_paths) {
  Rehearsal run({task_named("a")});
  run.deliver("a");
  run.collect("a", "head", {"zoo.txt: not one of its files", "bar.txt: not one of its files"});
  EXPECT_EQ(run.attempt("a").outcome, Outcome::refused);
  EXPECT_EQ(run.attempt("a").reason, "zoo.txt: not one of its files, and 1 more");
  EXPECT_EQ(run.count<CandidateStarted>(), 0U);
  EXPECT_EQ(run.run("a").counted_attempts, 1);
}

TEST(Ending, a_candidate_outside_the_tasks_files_is_a_conflict_and_never_gated) {
  Rehearsal run({task_named("a")});
  run.deliver("a");
  run.collect("a", "head");
  run.tell(CandidateWasBuilt{.key = run.key("a"), .commit = "c", .findings = {"moved/zoo.txt"}});
  EXPECT_EQ(run.run("a").attempts.front().outcome, Outcome::conflicted);
  EXPECT_EQ(run.count<GatesStarted>(), 0U);
}

TEST(Ending, success_without_a_change_is_empty_unless_the_task_only_reads) {
  plan::Task reader = task_named("reader");
  reader.mode = plan::Mode::read;
  Rehearsal run({task_named("a"), reader}, jobs(2));
  run.deliver("a");
  run.collect("a", "");
  EXPECT_EQ(run.attempt("a").outcome, Outcome::empty);
  run.deliver("reader");
  run.collect("reader", "");
  EXPECT_EQ(run.one<CandidateStarted>().key.task.str(), "reader");
}

TEST(Ending, the_delay_doubles_to_its_limit_with_at_most_a_quarter_of_jitter) {
  plan::Task stubborn = task_named("a");
  stubborn.attempts = 12;
  Rehearsal run({stubborn});
  int64_t expected_ms = 2'000;
  for (int attempt = 1; attempt < 12; ++attempt) {
    run.fail("a", FailureClass::crash);
    const int64_t delay_ms = (run.run("a").retry_at - run.now).ms();
    EXPECT_GE(delay_ms, expected_ms) << attempt;
    EXPECT_LE(delay_ms, expected_ms + expected_ms / 4) << attempt;
    expected_ms = std::min<int64_t>(2 * expected_ms, 300'000);
    run.pass(long_enough);
  }
}

TEST(Ending, jitter_differs_between_tasks_and_is_the_same_on_every_run) {
  const auto delays = [] {
    Rehearsal run({task_named("a"), task_named("b")}, jobs(2));
    run.fail("a", FailureClass::crash);
    run.fail("b", FailureClass::crash);
    return std::pair(run.run("a").retry_at.ns, run.run("b").retry_at.ns);
  };
  EXPECT_EQ(delays(), delays());
  EXPECT_NE(delays().first, delays().second);
}

TEST(Ending, a_rate_limit_waits_the_longest_delay_and_never_fails_the_task) {
  Rehearsal run({task_named("a")});
  for (int time = 0; time < 20; ++time) {
    run.fail("a", FailureClass::quota);
    EXPECT_GE(run.run("a").retry_at - run.now, Duration::from_s(300));
    run.pass(long_enough);
  }
  EXPECT_EQ(run.run("a").phase, TaskPhase::active);
}

TEST(Ending, a_journal_cut_between_the_work_and_its_verdict_comes_to_the_same_verdict) {
  Rehearsal run({task_named("a")});
  run.launch("a");
  run.exit("a", {}, {.value = 1, .tree_empty = true});
  run.record(WorkCollected{.key = run.key("a"), .head = "half-done", .findings = {}});
  run.last.clear();
  run.follow();
  EXPECT_EQ(run.one<AttemptEnded>().outcome, Outcome::failed);
  EXPECT_EQ(run.count<CandidateStarted>(), 0U);
}

}  // namespace
}  // namespace pianola::core
