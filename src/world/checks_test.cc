#include "world/checks.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "world/kept_testing.h"

namespace pianola::world {
namespace {

plan::Check shell_check(const std::string& text, int64_t timeout_ms = 300'000) {
  plan::Check check;
  check.command = plan::ShellCommand{text};
  check.timeout_ms = timeout_ms;
  return check;
}

class Checks : public testing::Test {
 protected:
  engine::CheckRun gate(std::vector<plan::Check> checks) const {
    return {key_of("a"), core::GateSubject::candidate, "c0ffee", std::move(checks)};
  }
  // Runs one gate to its end.
  core::Input outcome_of(const engine::CheckRun& run) {
    supervisor_.processes().run_checks(run);
    EXPECT_TRUE(supervisor_.serve_until([&] { return !supervisor_.gates.empty(); }));
    core::Input outcome = supervisor_.gates.at(0);
    supervisor_.gates.clear();
    return outcome;
  }
  std::vector<core::CheckResult> results_of(const engine::CheckRun& run) {
    const core::Input outcome = outcome_of(run);
    const auto* were_run = std::get_if<core::GatesWereRun>(&outcome);
    return were_run == nullptr ? std::vector<core::CheckResult>() : were_run->checks;
  }
  bool nothing_is_left_of(const std::string& gate, int check) const {
    const std::string dir = gate_dir(folder_.layout(), folder_.run(), gate) + "/" + std::to_string(check);
    return members({0, {}, keep_id({dir, ""})}).empty();
  }

  Folder folder_;
  Supervisor supervisor_{folder_, [](const engine::AttemptKey&) { return "exit 0"; }};
};

TEST_F(Checks, all_run_in_order_even_after_a_failure) {
  plan::Check argv;
  argv.command = plan::ArgvCommand{{"printf", "%s", "two words"}};
  argv.required = false;
  const auto results = results_of(gate({shell_check("echo one; echo bad >&2; exit 3"), argv,
                                        shell_check("kill -SEGV $$"), shell_check("pwd; ls ..")}));
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].command, "echo one; echo bad >&2; exit 3");
  EXPECT_FALSE(results[0].passed);
  EXPECT_EQ(results[0].exit_value, 3);
  EXPECT_EQ(results[0].tail, "one\nbad\n");
  EXPECT_EQ(results[0].log_path, "gates/a.1.candidate/1/out");
  EXPECT_EQ(read_file(run_dir(folder_.layout(), folder_.run()) + "/" + results[0].log_path, 100).value(),
            "one\nbad\n");
  EXPECT_TRUE(results[1].passed);
  EXPECT_FALSE(results[1].required);
  EXPECT_EQ(results[1].tail, "two words");
  EXPECT_TRUE(results[2].signalled);
  EXPECT_EQ(results[2].exit_value, SIGSEGV);
  EXPECT_FALSE(results[2].passed);
  EXPECT_TRUE(results[3].passed);
  EXPECT_TRUE(results[3].tail.starts_with(folder_.path() + "/ws.a.1.candidate\n")) << results[3].tail;
  EXPECT_EQ(supervisor_.workspaces_made, 1);
  EXPECT_FALSE(exists(folder_.path() + "/ws.a.1.candidate"));
}

TEST_F(Checks, asked_for_twice_run_once) {
  const std::string tally = folder_.path() + "/tally";
  const engine::CheckRun run = gate({shell_check("echo x >> '" + tally + "'; sleep 0.3")});
  supervisor_.processes().run_checks(run);
  supervisor_.processes().run_checks(run);
  const core::Input outcome = outcome_of(run);
  EXPECT_TRUE(std::holds_alternative<core::GatesWereRun>(outcome));
  EXPECT_EQ(read_file(tally, 100).value(), "x\n");
  // When they are over they may be asked for again.
  EXPECT_TRUE(std::holds_alternative<core::GatesWereRun>(outcome_of(run)));
  EXPECT_EQ(read_file(tally, 100).value(), "x\nx\n");
}

TEST_F(Checks, name_a_program_that_is_not_there) {
  plan::Check check;
  check.command = plan::ArgvCommand{{"no-such-tool"}};
  const auto results = results_of(gate({check}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_FALSE(results[0].passed);
  EXPECT_EQ(results[0].exit_value, 127);
  EXPECT_EQ(results[0].tail,
            "no-such-tool: is not on PATH; expected a program of that name in a folder of PATH");
}

TEST_F(Checks, show_the_last_four_thousand_bytes) {
  const auto results = results_of(gate({shell_check("seq 1 100000; printf end")}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].tail.size(), 4'000u);
  EXPECT_TRUE(results[0].tail.ends_with("\n100000\nend"));
}

TEST_F(Checks, lose_their_whole_tree_at_the_timeout) {
  const auto results =
      results_of(gate({shell_check("(setsid sh -c 'trap \"\" TERM; while :; do sleep 0.05; done' &); "
                                   "trap '' TERM; echo up; while :; do sleep 0.05; done",
                                   200),
                       shell_check("true")}));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_TRUE(results[0].timed_out);
  EXPECT_FALSE(results[0].passed);
  EXPECT_EQ(results[0].tail, "up\n");
  EXPECT_GE(results[0].duration_ms, 200);
  EXPECT_TRUE(results[1].passed);
  EXPECT_TRUE(nothing_is_left_of("a.1.candidate", 1));
}

TEST_F(Checks, leave_nothing_running_when_they_pass) {
  const auto results = results_of(gate({shell_check("(setsid sleep 600 > /dev/null 2>&1 &); exit 0")}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].passed);
  EXPECT_TRUE(nothing_is_left_of("a.1.candidate", 1));
}

TEST_F(Checks, see_only_the_environment_they_are_given) {
  const auto results = results_of(gate({shell_check("env | cut -d= -f1 | sort")}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].tail, "PATH\nPIANOLA_KEEP\nPWD\n");
}

TEST_F(Checks, report_the_final_ones_apart) {
  engine::CheckRun run{std::monostate{}, core::GateSubject::candidate, "c0ffee", {shell_check("exit 1")}};
  const core::Input outcome = outcome_of(run);
  const auto* were_run = std::get_if<core::FinalGatesWereRun>(&outcome);
  ASSERT_NE(were_run, nullptr);
  EXPECT_EQ(were_run->commit, "c0ffee");
  EXPECT_EQ(were_run->checks.at(0).log_path, "gates/final/1/out");
  EXPECT_EQ(gate_name({key_of("b", 2), core::GateSubject::head, "", {}}), "b.2.head");
}

TEST_F(Checks, say_that_they_were_stopped) {
  const engine::CheckRun run = gate({shell_check("touch ../up; sleep 600")});
  supervisor_.processes().run_checks(run);
  ASSERT_TRUE(wait_for([&] { return exists(folder_.path() + "/up"); }));
  supervisor_.processes().end_checks();
  ASSERT_TRUE(supervisor_.serve_until([&] { return !supervisor_.gates.empty(); }));
  const auto* failed = std::get_if<core::GatesFailed>(&supervisor_.gates[0]);
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->reason, "stopped");
  EXPECT_TRUE(nothing_is_left_of("a.1.candidate", 1));
  EXPECT_FALSE(exists(folder_.path() + "/ws.a.1.candidate"));
  // The next ones run.
  supervisor_.gates.clear();
  EXPECT_EQ(results_of(gate({shell_check("true")})).size(), 1u);
}

TEST_F(Checks, of_an_earlier_supervisor_are_ended_before_they_run_again) {
  // A keeper and its tree as a killed supervisor leaves them, the keeper not yet aware of it.
  const KeptPlace place{gate_dir(folder_.layout(), folder_.run(), "a.1.candidate") + "/1", ""};
  auto found = start_or_find(place, {own_executable(), {}}, [&]() -> Result<KeptSpec> {
    KeptSpec spec;
    spec.argv = {"/bin/sh", "-c", "setsid sleep 600 & echo $$ > " + folder_.path() + "/old; sleep 600"};
    spec.env = {{"PATH", "/usr/bin:/bin"}};
    spec.records = KeptSpec::Records::plain;
    return spec;
  });
  ASSERT_TRUE(wait_for([&] { return folder_.text("old").ends_with("\n"); }));
  const auto old = identify(std::stoi(folder_.text("old")));
  ASSERT_TRUE(old);
  const auto results = results_of(gate({shell_check("echo new")}));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].tail, "new\n");
  EXPECT_FALSE(is_alive(*old));
  EXPECT_TRUE(nothing_is_left_of("a.1.candidate", 1));
  reap_keeper(std::get<Connected>(*found).keeper);
}

TEST_F(Checks, end_with_the_supervisor_that_asked_for_them) {
  SpawnOptions options;
  options.argv = {own_executable(), "__supervise", folder_.path(),
                  "touch ../up; setsid sleep 600 & sleep 600"};
  Spawned other = std::move(spawn(options)).value();
  ASSERT_TRUE(wait_for([&] { return exists(folder_.path() + "/up"); }));
  EXPECT_FALSE(nothing_is_left_of("final", 1));
  ::kill(other.pid, SIGKILL);
  reap_keeper(other);
  EXPECT_TRUE(wait_for([&] { return nothing_is_left_of("final", 1); }));
}

TEST_F(Checks, whose_keeper_was_killed_give_no_verdict) {
  supervisor_.processes().run_checks(gate({shell_check("touch ../up; sleep 600")}));
  ASSERT_TRUE(wait_for([&] { return exists(folder_.path() + "/up"); }));
  const std::string dir = gate_dir(folder_.layout(), folder_.run(), "a.1.candidate") + "/1";
  ASSERT_TRUE(signal_process(read_keeper(dir).value()->keeper, SIGKILL));
  ASSERT_TRUE(supervisor_.serve_until([&] { return !supervisor_.gates.empty(); }));
  const auto* failed = std::get_if<core::GatesFailed>(&supervisor_.gates[0]);
  ASSERT_NE(failed, nullptr);
  EXPECT_TRUE(failed->reason.starts_with("touch ../up; sleep 600: the keeper ended without a record"))
      << failed->reason;
  EXPECT_TRUE(nothing_is_left_of("a.1.candidate", 1));
}

#if defined(PIANOLA_STEPS) && PIANOLA_STEPS

TEST_F(Checks, run_again_after_a_kill_at_any_of_their_steps) {
  const std::string script = "echo run >> ../runs; sleep 0.02; echo done";
  const auto kill_at = [&](const std::string& step) {
    SpawnOptions options;
    options.argv = {own_executable(), "__supervise", folder_.path(), script};
    options.env = {{"PIANOLA_KILL_AT", step}};
    Spawned other = std::move(spawn(options)).value();
    siginfo_t status{};
    ::waitid(P_PIDFD, static_cast<id_t>(other.pidfd.get()), &status, WEXITED);
    return status.si_status;
  };
  for (const char* step : {"gate.stale_ended", "gate.workspace_made", "spawn.lock_taken",
                           "spawn.keeper_started:2", "gate.check_run", "gate.check_run:2"}) {
    EXPECT_EQ(kill_at(step), SIGKILL) << step;
    engine::CheckRun run{std::monostate{}, core::GateSubject::candidate, "c0ffee", {shell_check(script)}};
    const core::Input outcome = outcome_of(run);
    const auto* were_run = std::get_if<core::FinalGatesWereRun>(&outcome);
    ASSERT_NE(were_run, nullptr) << step;
    EXPECT_TRUE(were_run->checks.at(0).passed) << step;
    EXPECT_EQ(were_run->checks.at(0).tail, "done\n") << step;
    EXPECT_TRUE(nothing_is_left_of("final", 1)) << step;
    EXPECT_TRUE(nothing_is_left_of("final", 2)) << step;
  }
}

#endif

}  // namespace
}  // namespace pianola::world
