#include "view/log_view.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "core/codec.h"
#include "core/codec_samples.h"

namespace pianola::view {
namespace {

using namespace core;

constexpr Instant moment{1'795'267'882'000'000'000};  // 2026-11-21T13:31:22Z
const AttemptKey key{TaskId("user-model"), 2};

std::string on_pipe(Event event, std::string actor = "pianola") {
  const std::string line = log_line({14, moment, std::move(actor), std::move(event)}, {});
  const std::string start = "2026-11-21T13:31:22Z 14 ";
  EXPECT_TRUE(line.starts_with(start)) << line;
  return line.substr(start.size());
}

RunStarted run_started() {
  RunStarted run;
  run.run = RunId("r12");
  run.plan_file = "tasks.yaml";
  run.plan_sha256 = "4be19c2d0000";
  run.plan.tasks.resize(8);
  run.policy.jobs = 3;
  run.policy.isolation = Isolation::sealed;
  run.repository.base = "9f3ac21d0000";
  return run;
}

AgentExited agent_exited(ExitStatus exit, Claim claim) {
  return {.key = key, .exit = std::move(exit), .claim = std::move(claim)};
}

GatesFinished gates_finished(CheckResult check) {
  GatesFinished event;
  event.key = key;
  event.checks = {std::move(check)};
  return event;
}

TEST(LogLine, says_of_each_event_what_it_is_about) {
  WorkCollected collected;
  collected.key = key;
  collected.head = "5ea339b0000";
  collected.files_changed = 3;
  const std::vector<std::pair<Event, std::string>> lines = {
      {run_started(), "run_started r12 tasks.yaml 4be19c2: 8 tasks, base 9f3ac21, 3 jobs, sealed"},
      {SupervisorStarted{4711, "0.1.0"}, "supervisor_started pid 4711, pianola 0.1.0"},
      {RunOpened{}, "run_opened"},
      {AttemptStarted{key, 1, false, "9f3ac21d", "sonnet", 0},
       "attempt_started user-model/2 agent sonnet, workspace 1, base 9f3ac21"},
      {AttemptStarted{key, 1, true, "9f3ac21d", "sonnet", 0},
       "attempt_started user-model/2 agent sonnet, workspace 1 again, base 9f3ac21"},
      {WorkspaceMade{key}, "workspace_made user-model/2"},
      {AgentLaunched{key, "c41d7e200"}, "agent_launched user-model/2 prompt c41d7e2"},
      {AgentSpawned{key, 4712}, "agent_spawned user-model/2 pid 4712"},
      {AgentProgressed{key, "555e0833"}, "agent_progressed user-model/2 session 555e0833"},
      {AgentProgressed{key, ""}, "agent_progressed user-model/2"},
      {AttemptEnding{key, EndReason::task_timeout}, "attempt_ending user-model/2 task_timeout"},
      {CollectionStarted{key}, "collection_started user-model/2"},
      {collected, "work_collected user-model/2 head 5ea339b, 3 files"},
      {CandidateStarted{key, "51d0c3e00"}, "candidate_started user-model/2 on staging 51d0c3e"},
      {CandidateBuilt{key, "7c2e4d100", {}}, "candidate_built user-model/2 7c2e4d1"},
      {GatesStarted{key, GateSubject::candidate}, "gates_started user-model/2 on the candidate"},
      {GatesStarted{key, GateSubject::head}, "gates_started user-model/2 on its head alone"},
      {LandingStarted{key}, "landing_started user-model/2"},
      {TaskLanded{key, "51d0c3e00"}, "task_landed user-model/2 staging 51d0c3e"},
      {TaskFailed{key.task, "3 of 3 attempts red"}, "task_failed user-model 3 of 3 attempts red"},
      {TaskSkipped{key.task, TaskId("base")}, "task_skipped user-model base did not land"},
      {TaskStopAsked{key.task}, "task_stop_asked user-model"},
      {TaskStopped{key.task, "by a person"}, "task_stopped user-model by a person"},
      {WorkspaceRemoving{key.task, 2}, "workspace_removing user-model.2"},
      {WorkspaceRemoved{key.task, 2}, "workspace_removed user-model.2"},
      {FinalGatesStarted{"7c2e4d100"}, "final_gates_started on 7c2e4d1"},
      {FinalGatesFinished{"7c2e4d100", {{.command = "pytest", .passed = true, .tail = "", .log_path = ""}}},
       "final_gates_finished 7c2e4d1 green, 1 check"},
      {PromotionRequested{PromoteMode::checkout}, "promotion_requested checkout"},
      {PromotionStarted{"9f3ac21d", "7c2e4d10", PromoteMode::ask},
       "promotion_started 9f3ac21 to 7c2e4d1, ask"},
      {TargetPromoted{"7c2e4d10"}, "target_promoted to 7c2e4d1"},
      {PromotionLeft{"main is checked out"}, "promotion_left main is checked out"},
      {TargetMoved{"0d15ea5e"}, "target_moved to 0d15ea5"},
      {RebuildStarted{"0d15ea5e", "7c2e4d10"}, "rebuild_started target 0d15ea5 into staging 7c2e4d1"},
      {StagingRebuilt{"beefbeef"}, "staging_rebuilt staging beefbee"},
      {RunPaused{"no space left"}, "run_paused no space left"},
      {RunResumed{}, "run_resumed"},
      {RunStopping{Stopping::finish_running}, "run_stopping what runs may finish"},
      {RunStopping{Stopping::end_all}, "run_stopping everything ends now"},
      {RunFinished{true, ""}, "run_finished done"},
      {RunFinished{false, "1 task failed"}, "run_finished failed: 1 task failed"},
      {NoteSaid{key.task, "use\nUTC"}, "note_said user-model \"use\\nUTC\""}};
  for (const auto& [event, text] : lines) EXPECT_EQ(on_pipe(event), text);
}

TEST(LogLine, quotes_what_an_agent_claims) {
  EXPECT_EQ(on_pipe(agent_exited({.value = 0, .detail = ""},
                                 {.success = true, .message = "all done", .session = ""})),
            "agent_exited user-model/2 exit 0, claims success: \"all done\"");
  EXPECT_EQ(on_pipe(agent_exited({.kind = ExitKind::signal, .value = 9, .detail = ""},
                                 {.failure = FailureClass::quota, .message = "", .session = ""})),
            "agent_exited user-model/2 signal 9, claims no success (quota)");
  EXPECT_EQ(on_pipe(agent_exited({.kind = ExitKind::lost, .detail = "keeper gone"}, {})),
            "agent_exited user-model/2 its exit was lost: keeper gone, claims no success");
  EXPECT_EQ(on_pipe(agent_exited({.kind = ExitKind::not_started, .detail = "no claude"}, {})),
            "agent_exited user-model/2 it did not start: no claude, claims no success");
}

TEST(LogLine, says_why_a_gate_is_red) {
  EXPECT_EQ(on_pipe(gates_finished({.command = "pytest -q", .exit_value = 1, .tail = "", .log_path = ""})),
            "gates_finished user-model/2 red: pytest -q: exit 1");
  EXPECT_EQ(on_pipe(gates_finished({.command = "pytest -q", .timed_out = true, .tail = "", .log_path = ""})),
            "gates_finished user-model/2 red: pytest -q: timeout");
  EXPECT_EQ(on_pipe(gates_finished(
                {.command = "x", .signalled = true, .exit_value = 11, .tail = "", .log_path = ""})),
            "gates_finished user-model/2 red: x: signal 11");
  GatesFinished none;
  none.key = key;
  EXPECT_EQ(on_pipe(none), "gates_finished user-model/2 red: no checks");
}

TEST(LogLine, says_how_an_attempt_ended_and_when_the_next_begins) {
  AttemptEnded ended;
  ended.key = key;
  ended.outcome = Outcome::red;
  ended.reason = "pytest -q: exit 1";
  ended.counted = true;
  ended.retry_at = moment + Duration::from_s(30);
  EXPECT_EQ(on_pipe(ended),
            "attempt_ended user-model/2 red: pytest -q: exit 1, next not before 2026-11-21T13:31:52Z");
  ended = {.key = key, .outcome = Outcome::limited, .reason = "", .feedback = "", .retry_at = {}};
  EXPECT_EQ(on_pipe(ended), "attempt_ended user-model/2 limited, not counted");
}

TEST(LogLine, counts_what_lies_outside_a_tasks_files) {
  WorkCollected collected;
  collected.key = key;
  collected.findings = {"wrote web/app.tsx, owned by login-page"};
  EXPECT_EQ(on_pipe(collected),
            "work_collected user-model/2 nothing new, 1 finding: wrote web/app.tsx, owned by login-page");
  collected.head = "5ea339b0000";
  collected.leftovers = true;
  collected.files_changed = 1;
  collected.findings.clear();
  EXPECT_EQ(on_pipe(collected),
            "work_collected user-model/2 head 5ea339b, 1 file, with what it did not commit");
}

TEST(LogLine, names_the_person_who_acted) {
  EXPECT_EQ(on_pipe(RunResumed{}, "user:ada"), "run_resumed, by ada");
}

TEST(LogLine, keeps_columns_and_the_users_time_on_a_terminal) {
  const Recorded landed{14, moment, "pianola", TaskLanded{key, "51d0c3e00"}};
  EXPECT_EQ(log_line(landed, {.is_terminal = true, .utc_offset_s = 3'600}),
            "14:31:22    14 task_landed          user-model/2 staging 51d0c3e");
  EXPECT_EQ(log_line(landed, {.is_terminal = true, .width = 50}),
            "13:31:22    14 task_landed          user-model/2 …");
}

TEST(LogLine, and_details_never_carry_a_byte_that_drives_a_terminal) {
  Random random(4);
  std::set<std::string> seen;
  for (int round = 0; round < 2'000; ++round) {
    const Recorded recorded = random_recorded(random, 1 + random.below(1'000));
    seen.insert(event_type(recorded.event));
    for (std::string text : {log_line(recorded, {}), log_details(recorded, 1)}) {
      std::erase(text, '\\');  // what display() wrote itself
      ASSERT_EQ(text, display_lines(text));
    }
    ASSERT_EQ(log_line(recorded, {}).find('\n'), std::string::npos);
  }
  EXPECT_EQ(seen.size(), event_types);
}

TEST(LogDetails, show_every_field_under_its_key) {
  AttemptEnded ended;
  ended.key = key;
  ended.outcome = Outcome::red;
  ended.reason = "bad \xff byte";
  ended.feedback = "first\n\x1b[31msecond\n";
  ended.counted = true;
  ended.retry_at = moment + Duration::from_s(30);
  EXPECT_EQ(log_details({14, moment, "pianola", ended}, 7),
            "seq 14\n"
            "id " +
                event_id(7, 14) +
                "\n"
                "at 1795267882000000000 (2026-11-21T13:31:22Z)\n"
                "type attempt_ended\n"
                "v 1\n"
                "actor pianola\n"
                "data\n"
                "  task user-model\n"
                "  attempt 2\n"
                "  outcome red\n"
                "  reason bad \\xff byte\n"
                "  feedback\n"
                "    | first\n"
                "    | \\x1b[31msecond\n"
                "  counted true\n"
                "  failed_start false\n"
                "  retry_at 1795267912000000000 (2026-11-21T13:31:52Z)\n"
                "crc ae590c17\n");
}

TEST(LogDetails, show_lists_and_parts_indented) {
  FinalGatesFinished event;
  event.commit = "7c2e4d1";
  event.checks = {{.command = "a", .passed = true, .tail = "", .log_path = ""}};
  const std::string text = log_details({1, {}, "pianola", event}, 7);
  EXPECT_NE(text.find("  checks\n    -\n      command a\n      passed true\n"), std::string::npos) << text;
  EXPECT_NE(text.find("      tail \"\"\n"), std::string::npos) << text;
  event.checks.clear();
  EXPECT_NE(log_details({1, {}, "pianola", event}, 7).find("  checks -\n"), std::string::npos);
  EXPECT_NE(log_details({1, {}, "pianola", RunOpened{}}, 7).find("data -\n"), std::string::npos);
}

}  // namespace
}  // namespace pianola::view
