// Supervisors and keepers killed at random moments and at every named step: no attempt is started twice,
// none is lost without a word, and no exit code is wrong.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "world/kept_testing.h"

namespace pianola::world {

namespace {

constexpr int kTasks = 4;

// Each task appends a line when it starts, runs for a while (as long as there is a file `hold`), and exits
// with its own number.
std::string script_of(const engine::AttemptKey& key) {
  const std::string task = key.task.str();
  return "echo " + task + " >> starts; echo out" + task + "; sleep 0.0" + task +
         "; while [ -e hold ]; do sleep 0.01; done; exit " + task;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void launch_all(Supervisor& supervisor) {
  for (int task = 1; task <= kTasks; ++task) supervisor.launch(key_of(std::to_string(task)));
}

// A supervisor in a process of its own, to be killed.
Spawned start_supervisor(const Folder& folder, const std::map<std::string, std::string>& env) {
  SpawnOptions options;
  options.argv = {own_executable(), "__supervise", folder.path()};
  options.env = env;
  return std::move(spawn(options)).value();
}

// How it ended: its exit code, or minus the signal.
int wait_for_end(const Spawned& process) {
  siginfo_t status{};
  ::waitid(P_PIDFD, static_cast<id_t>(process.pidfd.get()), &status, WEXITED);
  return status.si_code == CLD_EXITED ? status.si_status : -status.si_status;
}

// What a last supervisor finds.
struct Outcome {
  int without_code = 0;          // lost, or not started
  int started_without_code = 0;  // of these, how many agents had begun
};

// Every task is over exactly once, and nothing of it is left.
Outcome check_all_over(const Folder& folder) {
  Supervisor last(folder, script_of);
  launch_all(last);
  EXPECT_TRUE(last.serve_until_exits(kTasks));
  Outcome outcome;
  const std::vector<std::string> starts = lines_of(folder.text("starts"));
  for (int task = 1; task <= kTasks; ++task) {
    const auto key = key_of(std::to_string(task));
    const auto& seen = last.seen[key];
    if (seen.exits.size() != 1) {
      ADD_FAILURE() << "task " << task << " ended " << seen.exits.size() << " times";
      continue;
    }
    EXPECT_EQ(seen.exits[0].tree_empty, seen.exits[0].kind != core::ExitKind::lost);
    const auto started = std::count(starts.begin(), starts.end(), std::to_string(task));
    if (seen.exits[0].kind == core::ExitKind::code) {
      EXPECT_EQ(seen.exits[0].value, task);
      EXPECT_EQ(seen.out, "out" + std::to_string(task) + "\n");
      EXPECT_EQ(started, 1) << "task " << task;
    } else {
      EXPECT_LE(started, 1) << "task " << task;
      ++outcome.without_code;
      outcome.started_without_code += static_cast<int>(started);
    }
    EXPECT_TRUE(members({0, {}, keep_id({folder.attempt(key), ""})}).empty());
  }
  return outcome;
}

TEST(KeptKill, a_supervisor_at_random_moments_neither_loses_nor_doubles_an_attempt) {
  Random random(20'261'121);
  int killed = 0;
  for (int round = 0; killed < 50; ++round) {
    ASSERT_LT(round, 60);
    Folder folder;
    for (int kill = 0; kill < 3; ++kill) {
      Spawned supervisor = start_supervisor(folder, {});
      ::usleep(static_cast<useconds_t>(1'000 + random.below(kill == 0 ? 25'000 : 60'000)));
      ::kill(supervisor.pid, SIGKILL);
      if (wait_for_end(supervisor) == -SIGKILL) ++killed;
    }
    EXPECT_EQ(check_all_over(folder).without_code, 0) << "round " << round;
  }
}

TEST(KeptKill, a_keeper_at_random_moments_loses_its_own_attempt_at_most) {
  Random random(7);
  int killed = 0;
  for (int round = 0; round < 20; ++round) {
    Folder folder;
    Spawned supervisor = start_supervisor(folder, {});
    const std::string dir = folder.attempt(key_of(std::to_string(1 + random.below(kTasks))));
    ASSERT_TRUE(wait_for([&] { return exists(dir + "/keeper.json"); }));
    const auto keeper = read_keeper(dir);
    ::usleep(static_cast<useconds_t>(random.below(30'000)));
    if (keeper && *keeper && signal_process((*keeper)->keeper, SIGKILL)) ++killed;
    EXPECT_EQ(wait_for_end(supervisor), 0);
    EXPECT_LE(check_all_over(folder).without_code, 1);
  }
  EXPECT_GE(killed, 5);
}

#if defined(PIANOLA_STEPS) && PIANOLA_STEPS

// The steps that a whole undisturbed run passes, adoption and loss included.
std::set<std::string> steps_of_a_run() {
  Folder folder;
  const std::string log = folder.path() + "/steps";
  EXPECT_EQ(wait_for_end(start_supervisor(folder, {{"PIANOLA_STEP_LOG", log}})), 0);
  const std::vector<std::string> lines = lines_of(folder.text("steps"));
  return {lines.begin(), lines.end()};
}

TEST(KeptKill, at_every_step_neither_loses_nor_doubles_an_attempt) {
  const std::set<std::string> steps = steps_of_a_run();
  EXPECT_GE(steps.size(), 11u);
  for (const std::string& step : steps) {
    const bool of_keeper = step.starts_with("keeper.");
    for (int pass = 1; pass <= 2; ++pass) {
      Folder folder;
      std::map<std::string, std::string> env;
      env[of_keeper ? "PIANOLA_KILL_AT_KEEPER" : "PIANOLA_KILL_AT"] =
          of_keeper ? step : step + ":" + std::to_string(pass);
      if (of_keeper) env["PIANOLA_KILL_ONCE"] = folder.path() + "/ticket";
      const int ended = wait_for_end(start_supervisor(folder, env));
      EXPECT_EQ(ended, of_keeper ? 0 : -SIGKILL) << step;
      EXPECT_EQ(exists(folder.path() + "/ticket"), of_keeper) << step;
      const Outcome outcome = check_all_over(folder);
      EXPECT_LE(outcome.without_code, of_keeper ? 1 : 0) << step;
      // The agent is let go only when it is written down.
      const bool is_held = step == "keeper.agent_held" || step == "keeper.agent_recorded";
      EXPECT_EQ(outcome.started_without_code, is_held ? 0 : outcome.started_without_code) << step;
      EXPECT_EQ(outcome.without_code, step == "keeper.exit_recorded" ? 0 : outcome.without_code);
    }
  }
}

// The first supervisor dies when all keepers are started, a second one while it adopts them.
TEST(KeptKill, while_adopting_loses_nothing) {
  for (int pass = 1; pass <= kTasks; ++pass) {
    Folder folder;
    ASSERT_TRUE(write_file(folder.path() + "/hold", "", Sync::none));
    ASSERT_EQ(wait_for_end(start_supervisor(folder, {{"PIANOLA_KILL_AT", "spawn.keeper_started:4"}})),
              -SIGKILL);
    const std::string step = "adopt.connected:" + std::to_string(pass);
    const int ended = wait_for_end(start_supervisor(folder, {{"PIANOLA_KILL_AT", step}}));
    EXPECT_EQ(ended, -SIGKILL) << step;
    ASSERT_TRUE(remove_tree(folder.path() + "/hold"));
    EXPECT_EQ(check_all_over(folder).without_code, 0);
  }
}

// A keeper dies, and then the supervisor that concludes its attempt.
TEST(KeptKill, while_concluding_a_lost_attempt_changes_nothing) {
  for (const std::string step : {"recover.tree_ended", "recover.closed"}) {
    Folder folder;
    const std::map<std::string, std::string> env{{"PIANOLA_KILL_AT_KEEPER", "keeper.agent_released"},
                                                 {"PIANOLA_KILL_AT", step}};
    EXPECT_EQ(wait_for_end(start_supervisor(folder, env)), -SIGKILL) << step;
    const Outcome outcome = check_all_over(folder);
    EXPECT_GE(outcome.without_code, 1) << step;
  }
}

// The keeper dies when it is told to end its agent, which does not hear TERM.
TEST(KeptKill, of_a_keeper_told_to_end_still_ends_the_tree) {
  Folder folder;
  const auto key = key_of("1");
  ASSERT_EQ(::setenv("PIANOLA_KILL_AT_KEEPER", "keeper.end_ordered", 1), 0);
  Supervisor supervisor(folder, [](const engine::AttemptKey&) {
    return "trap '' TERM; setsid sh -c 'while :; do sleep 0.02; done' & echo up; while :; do sleep 0.02; "
           "done";
  });
  ASSERT_EQ(::unsetenv("PIANOLA_KILL_AT_KEEPER"), 0);
  supervisor.launch(key);
  ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key].out == "up\n"; }));
  supervisor.processes().end(key, 60'000);
  ASSERT_TRUE(supervisor.serve_until_exits(1));
  EXPECT_EQ(supervisor.seen[key].exits[0].kind, core::ExitKind::lost);
  EXPECT_FALSE(supervisor.seen[key].exits[0].tree_empty);
  EXPECT_TRUE(members({0, {}, keep_id({folder.attempt(key), ""})}).empty());
}

#endif

}  // namespace

int supervise_main(const std::vector<std::string>& arguments) {
  const std::string& path = arguments.at(1);
  Supervisor supervisor({path + "/git", path + "/state", path + "/work", path + "/sockets"},
                        core::RunId("r1"), path, script_of);
  if (arguments.size() > 2) {
    plan::Check check;
    check.command = plan::ShellCommand{arguments[2]};
    supervisor.processes().run_checks(
        {std::monostate{}, core::GateSubject::candidate, "c0ffee", {check, check}});
    return supervisor.serve_until([&] { return !supervisor.gates.empty(); }) ? 0 : 1;
  }
  launch_all(supervisor);
  return supervisor.serve_until_exits(kTasks) ? 0 : 1;
}

}  // namespace pianola::world
