// The turn: nothing is done, answered or shown before it is durable; what is open is asked about again.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/match.h"

namespace pianola::engine {
namespace {

using core::AttemptKey;

// Every port in one: what is asked of it goes into `acts`, in order.
class Recorder final : public Clock,
                       public Journal,
                       public Processes,
                       public Repository,
                       public Inbox,
                       public Viewer {
 public:
  Instant now() override { return time; }
  void begin(const std::vector<core::Recorded>& events) override {
    acts.push_back("append");
    begun.push_back(events);
    if (!is_slow) next.push_back({.report = Stored{}});
  }
  Result<void> await() override {
    if (is_full)
      return refuse(
          Error{.kind = ErrorKind::paused, .where = "journal", .what = "full", .expected = {}, .next = {}});
    stored.insert(stored.end(), begun.front().begin(), begun.front().end());
    begun.pop_front();
    return {};
  }
  void launch(const Launch& asked) override {
    acts.push_back("launch " + name(asked.key));
    launches.push_back(asked);
  }
  void recover(const Launch& asked) override { acts.push_back("recover " + name(asked.key)); }
  void end(const AttemptKey& key, int64_t) override { acts.push_back("end " + name(key)); }
  void run_checks(const CheckRun& run) override { acts.push_back("checks " + run.commit); }
  void end_checks() override { acts.push_back("end checks"); }
  void perform(const core::OpenRun&) override { acts.push_back("open"); }
  void perform(const core::MakeWorkspace& c) override { acts.push_back("make " + name(c.key)); }
  void perform(const core::CollectWork& c) override { acts.push_back("collect " + name(c.key)); }
  void perform(const core::BuildCandidate& c) override { acts.push_back("build " + name(c.key)); }
  void perform(const core::MoveStaging& c) override { acts.push_back("move " + c.to); }
  void perform(const core::RemoveWorkspace& c) override { acts.push_back("remove " + c.task.str()); }
  void perform(const core::PromoteTarget& c) override { acts.push_back("promote " + c.to); }
  void perform(const core::PutTargetBack&) override { acts.push_back("put back"); }
  void perform(const core::RebuildStaging&) override { acts.push_back("rebuild"); }
  std::vector<Arrival> wait(std::optional<Instant> until) override {
    waited_until = until;
    return std::exchange(next, {});
  }
  void answer(uint64_t asker, const Reply& reply) override {
    acts.push_back("answer " + std::to_string(asker) + (reply ? " " + std::to_string(*reply) : " no"));
  }
  void hold() override {}
  void turned(const core::State& state, const std::vector<core::Recorded>&, const Activities&) override {
    acts.push_back("show " + std::to_string(state.seq));
  }
  static std::string name(const AttemptKey& key) { return key.task.str() + "/" + std::to_string(key.number); }
  Ports ports() { return {*this, *this, *this, *this, *this}; }

  Instant time{1'000};
  bool is_full = false;
  bool is_slow = false;  // says Stored only when a test does
  std::vector<Arrival> next;
  std::vector<std::string> acts;
  std::deque<std::vector<core::Recorded>> begun;
  std::vector<core::Recorded> stored;
  std::vector<Launch> launches;
  std::optional<Instant> waited_until;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() : engine(recorder.ports(), roster(), &recorder) {}

  using Acts = std::vector<std::string>;

  // What one turn over `arrivals` does.
  Acts step(std::vector<Arrival> arrivals) {
    recorder.acts.clear();
    recorder.next = std::move(arrivals);
    EXPECT_TRUE(engine.turn().has_value());
    return recorder.acts;
  }

  static Roster roster() {
    agents::Definition scripted;
    scripted.name = "scripted";
    scripted.kind = "command";
    scripted.argv = {"/bin/agent"};
    return {{"scripted", scripted}};
  }
  static core::RunStarted start(const std::string& agent = "scripted") {
    core::RunStarted run;
    run.run = core::RunId("run");
    plan::Task task;
    task.id = core::TaskId("a");
    task.description = "Do a";
    task.files_write = {"src/"};
    plan::Check check;
    check.command = plan::ShellCommand{"test"};
    task.verification = run.plan.post_merge_checks = {check};
    run.plan.tasks = {task};
    run.policy.default_agent = agent;
    run.repository.base = "base";
    return run;
  }
  // One turn to its end over what has arrived.
  static Result<void> turn_once(Engine& engine) {
    do {
      TRY(engine.turn());
    } while (!engine.is_durable());
    return {};
  }
  // The same over these reports; what was done in it.
  std::vector<std::string> turn(std::vector<Report> reports) {
    recorder.acts.clear();
    for (Report& report : reports) recorder.next.push_back({.report = std::move(report)});
    EXPECT_TRUE(turn_once(engine).has_value());
    return recorder.acts;
  }
  // Up to an agent that runs.
  void run_agent(const std::string& agent = "scripted") {
    turn({core::Input(core::StartRequested{start(agent)}), core::Input(core::SupervisorArrived{1, "v"})});
    turn({core::Input(core::RunWasOpened{})});
    turn({core::Input(core::WorkspaceWasMade{first})});
    turn({core::Input(core::AgentHasSpawned{first, 5})});
  }
  void run_checks() {
    run_agent();
    turn({AgentOutput{first, agents::Stream::out, "done\n"},
          AgentExit{first, {.kind = core::ExitKind::code, .value = 0, .tree_empty = true}}});
    turn({CollectedTree{.key = first, .head = "head", .changes = {changed("src/a.txt")}}});
    turn({CandidateTree{.key = first, .commit = "cand", .changes = {changed("src/a.txt")}}});
  }
  static verify::TreeChange changed(const std::string& path) {
    return {.path = path, .old_mode = 0, .new_mode = 0100644, .old_id = "", .new_id = "b1"};
  }
  const core::Attempt& attempt() const { return *core::current(engine.state().tasks[0]); }

  const AttemptKey first{.task = core::TaskId("a"), .number = 1};
  Recorder recorder;
  Engine engine;
};

TEST_F(EngineTest, everything_is_durable_before_anything_is_done_answered_or_shown) {
  recorder.next.push_back(
      {.report = core::Input(core::StartRequested{start()}), .actor = "user:ada", .asker = 9});
  ASSERT_TRUE(turn_once(engine).has_value());
  EXPECT_EQ(recorder.acts, (Acts{"append", "open", "answer 9 1", "show 1"}));
  EXPECT_EQ(recorder.stored[0].actor, "user:ada");
}

TEST_F(EngineTest, a_journal_that_fails_ends_the_engine_with_nothing_done_or_said) {
  recorder.is_full = true;
  recorder.next.push_back({.report = core::Input(core::StartRequested{start()}), .asker = 9});
  const Result<void> done = turn_once(engine);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().kind, ErrorKind::paused);
  EXPECT_EQ(recorder.acts, Acts{"append"});
}

TEST_F(EngineTest, turns_are_gathered_while_others_are_stored_and_nothing_of_them_done_before) {
  recorder.is_slow = true;
  const auto say = [](const std::string& text, uint64_t asker) {
    return Arrival{.report = core::Input(core::SayRequested{core::TaskId("a"), text}), .asker = asker};
  };
  EXPECT_EQ(step({{.report = core::Input(core::StartRequested{start()}), .asker = 1}}), Acts{"append"});
  EXPECT_EQ(step({say("second turn", 2)}), Acts{"append"});
  EXPECT_EQ(step({say("third turn", 3), say("", 4)}), Acts{"append"});
  EXPECT_EQ(step({say("", 5)}), Acts{}) << "a refusal needs no disk, and is not told before its turn";
  EXPECT_FALSE(engine.is_durable());
  // What was gathered is in the state, so nothing is shown.
  EXPECT_EQ(step({{.report = Stored{}}, say("fourth turn", 6)}), (Acts{"append", "open", "answer 1 1"}));
  EXPECT_EQ(recorder.stored.size(), 1U);
  EXPECT_EQ(step({{.report = Stored{.batches = 2}}}),
            (Acts{"answer 2 2", "answer 3 3", "answer 4 no", "answer 5 no"}));
  EXPECT_EQ(step({{.report = Stored{}}}), (Acts{"answer 6 4", "show 4"}));
  EXPECT_TRUE(engine.is_durable());
}

TEST_F(EngineTest, a_resume_does_not_ask_again_for_what_has_come_to_its_end_meanwhile) {
  recorder.is_slow = true;
  step({{.report = core::Input(core::StartRequested{start()})}});
  ASSERT_EQ(step({{.report = Stored{}}}).front(), "open");
  step({{.report = core::Input(core::RepositoryPaused{"the disk failed"})}});
  step({{.report = Stored{}}});
  ASSERT_TRUE(engine.state().paused);
  EXPECT_EQ(step({{.report = core::Input(core::ResumeRequested{})}}), Acts{"append"});
  step({{.report = core::Input(core::RunWasOpened{})}});
  const Acts acts = step({{.report = Stored{}}});
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "open"), 0) << "it was opened before the resume was stored";
}

TEST_F(EngineTest, what_arrives_while_the_disk_stalls_is_left_to_wait_with_its_sender) {
  recorder.is_slow = true;
  recorder.next.push_back({.report = core::Input(core::StartRequested{start()})});
  ASSERT_TRUE(engine.turn().has_value());
  for (uint64_t asker = 1; asker <= 2; ++asker) {
    const core::Input say = core::SayRequested{core::TaskId("a"), "note"};
    recorder.next.assign(600, Arrival{.report = say, .asker = asker});
    ASSERT_TRUE(engine.turn().has_value());
  }
  // 1,201 events wait for the disk: the inbox is not asked for more.
  const Arrival late{.report = core::Input(core::SayRequested{core::TaskId("a"), "late"}), .asker = 9};
  recorder.next.assign(1, late);
  ASSERT_TRUE(engine.turn().has_value());
  EXPECT_EQ(recorder.next.size(), 1U);
  EXPECT_EQ(recorder.stored.size(), 1U) << "it waited for the disk instead";
}

TEST_F(EngineTest, a_batch_that_was_waited_for_is_not_waited_for_again_when_it_is_told) {
  recorder.is_slow = true;
  recorder.next.push_back({.report = core::Input(core::StartRequested{start()})});
  ASSERT_TRUE(engine.turn().has_value());
  const core::Input say = core::SayRequested{core::TaskId("a"), "note"};
  recorder.next.assign(1'000, Arrival{.report = say, .asker = 1});
  ASSERT_TRUE(engine.turn().has_value());
  ASSERT_TRUE(engine.turn().has_value());
  ASSERT_EQ(recorder.stored.size(), 1U) << "it waited for the first";
  ASSERT_TRUE(engine.turn().has_value());
  ASSERT_TRUE(engine.is_durable());
  step({{.report = say}});
  step({{.report = Stored{.batches = 2}}});
  EXPECT_FALSE(engine.is_durable()) << "both were waited for, and the third is not stored";
  step({{.report = Stored{}}});
  EXPECT_TRUE(engine.is_durable());
}

TEST_F(EngineTest, viewers_are_shown_something_however_much_arrives) {
  recorder.is_slow = true;
  step({{.report = core::Input(core::StartRequested{start()})}});
  size_t shown = 0;
  for (int round = 0; round < 5'000; ++round) {
    const Acts acts =
        step({{.report = Stored{}}, {.report = core::Input(core::SayRequested{core::TaskId("a"), "n"})}});
    for (const std::string& act : acts) shown += act.starts_with("show") ? 1U : 0U;
  }
  EXPECT_GE(shown, 4U);
}

TEST_F(EngineTest, a_note_is_not_in_a_prompt_that_was_recorded_before_it) {
  turn({core::Input(core::StartRequested{start()}), core::Input(core::SupervisorArrived{1, "v"})});
  turn({core::Input(core::RunWasOpened{})});
  recorder.is_slow = true;
  recorder.next.push_back({.report = core::Input(core::WorkspaceWasMade{first})});
  ASSERT_TRUE(engine.turn().has_value());
  recorder.next.push_back({.report = core::Input(core::SayRequested{core::TaskId("a"), "later"})});
  ASSERT_TRUE(engine.turn().has_value());
  recorder.next.push_back({.report = Stored{}});
  ASSERT_TRUE(engine.turn().has_value());
  ASSERT_EQ(recorder.launches.size(), 1U);
  EXPECT_EQ(recorder.launches[0].prompt.find("later"), std::string::npos);
}

TEST_F(EngineTest, what_was_gathered_on_a_turn_that_cannot_be_stored_is_dropped) {
  recorder.is_slow = true;
  recorder.next.push_back({.report = core::Input(core::StartRequested{start()}), .asker = 1});
  ASSERT_TRUE(engine.turn().has_value());
  recorder.next.push_back({.report = core::Input(core::TaskStopRequested{core::TaskId("a")}), .asker = 2});
  ASSERT_TRUE(engine.turn().has_value());
  recorder.is_full = true;
  recorder.next.push_back({.report = Stored{}});
  EXPECT_FALSE(engine.turn().has_value());
  EXPECT_EQ(recorder.acts, (Acts{"append", "append"}));
}

TEST_F(EngineTest, a_turn_without_news_writes_nothing) {
  run_agent();
  EXPECT_EQ(turn({core::Input(core::AgentHasSpawned{first, 5})}), Acts{"show 7"});
}

TEST_F(EngineTest, a_refusal_is_answered_and_nothing_written) {
  run_agent();
  recorder.acts.clear();
  recorder.next.push_back({.report = core::Input(core::TaskStopRequested{core::TaskId("x")}), .asker = 4});
  ASSERT_TRUE(turn_once(engine).has_value());
  EXPECT_EQ(recorder.acts, (Acts{"answer 4 no", "show 7"}));
}

TEST_F(EngineTest, a_supervisor_that_comes_before_its_run_asks_for_nothing) {
  EXPECT_EQ(turn({core::Input(core::SupervisorArrived{1, "v"})}), Acts{"show 0"});
}

TEST_F(EngineTest, another_supervisor_recovers_the_agent_and_never_launches_it) {
  run_agent();
  Engine other(recorder.ports(), roster(), nullptr);
  ASSERT_TRUE(other.fold(recorder.stored).has_value());
  EXPECT_EQ(other.state(), engine.state());
  recorder.acts.clear();
  recorder.next.push_back({.report = core::Input(core::SupervisorArrived{2, "v"})});
  ASSERT_TRUE(turn_once(other).has_value());
  EXPECT_EQ(recorder.acts, (Acts{"append", "recover a/1"}));
}

TEST_F(EngineTest, the_engine_waits_for_the_time_limit_of_the_agent) {
  run_agent();
  recorder.time = recorder.time + Duration::from_s(10);
  turn({});
  EXPECT_EQ(recorder.waited_until, Instant{1'000} + Duration::from_s(1'800));
}

TEST_F(EngineTest, an_exit_that_is_told_twice_is_recorded_once) {
  run_agent();
  const AgentExit exit{first, {.kind = core::ExitKind::code, .value = 0, .tree_empty = true}};
  const size_t before = recorder.stored.size();
  EXPECT_EQ(turn({AgentOutput{first, agents::Stream::out, "done\n"}, exit, exit}),
            (Acts{"append", "collect a/1", "show 10"}));
  EXPECT_EQ(recorder.stored.size(), before + 3) << "progressed, exited, collection started";
  EXPECT_TRUE(attempt().claim.success);
}

TEST_F(EngineTest, output_is_read_the_same_however_it_is_split) {
  run_agent();
  turn({AgentOutput{first, agents::Stream::out, "reads a"}});
  turn({AgentOutput{first, agents::Stream::out, " file\nwri"}});
  EXPECT_EQ(engine.activities().at(first).text, "says \"reads a file\"");
  EXPECT_EQ(attempt().stage, core::Stage::working);
}

TEST_F(EngineTest, a_change_outside_the_tasks_files_never_becomes_a_candidate) {
  run_agent();
  turn({AgentOutput{first, agents::Stream::out, "done\n"},
        AgentExit{first, {.kind = core::ExitKind::code, .value = 0, .tree_empty = true}}});
  EXPECT_EQ(turn({CollectedTree{.key = first, .head = "head", .changes = {changed("zoo.txt")}}}),
            (Acts{"append", "show 12"}));
  EXPECT_EQ(attempt().outcome, core::Outcome::refused);
}

TEST_F(EngineTest, what_an_agent_changed_of_the_repository_itself_is_named_and_refused) {
  run_agent();
  turn({AgentOutput{first, agents::Stream::out, "done\n"},
        AgentExit{first, {.kind = core::ExitKind::code, .value = 0, .tree_empty = true}}});
  turn({CollectedTree{.key = first,
                      .head = "head",
                      .changes = {changed("src/a.txt")},
                      .outside = {"config of the repository was changed while it ran"}}});
  EXPECT_EQ(attempt().outcome, core::Outcome::refused);
  EXPECT_EQ(attempt().findings,
            (std::vector<std::string>{"config of the repository was changed while it ran"}));
}

TEST_F(EngineTest, checks_that_could_not_be_run_are_asked_for_again_when_the_run_is_resumed) {
  run_checks();
  turn({core::Input(core::GatesFailed{first, core::GateSubject::candidate, "no space"})});
  EXPECT_TRUE(engine.state().paused);
  const Acts acts = turn({core::Input(core::ResumeRequested{})});
  EXPECT_EQ(acts[1], "checks cand");
}

TEST_F(EngineTest, checks_that_run_are_not_asked_for_twice_by_a_pause_that_passes) {
  run_checks();
  const Acts acts = turn({core::Input(core::PauseRequested{"x"}), core::Input(core::ResumeRequested{})});
  EXPECT_EQ(acts.size(), 2U) << "append and show";
}

TEST_F(EngineTest, a_running_agent_is_not_recovered_again_by_a_resume) {
  run_agent();
  turn({core::Input(core::PauseRequested{"x"})});
  const Acts acts = turn({core::Input(core::ResumeRequested{})});
  EXPECT_EQ(acts.size(), 2U) << "append and show";
}

TEST_F(EngineTest, stopping_everything_ends_agents_and_checks) {
  run_checks();
  const Acts acts = turn({core::Input(core::StopRequested{core::Stopping::end_all})});
  EXPECT_EQ(acts[1], "end checks");
  EXPECT_TRUE(engine.state().paused);
}

TEST_F(EngineTest, an_agent_that_left_the_configuration_is_launched_without_a_program) {
  run_agent("gone");
  ASSERT_EQ(recorder.launches.size(), 1U);
  EXPECT_EQ(recorder.launches[0].agent.name, "gone");
  EXPECT_TRUE(recorder.launches[0].agent.argv.empty());
}

TEST_F(EngineTest, the_next_attempt_goes_on_with_the_conversation_only_after_a_whole_one) {
  run_agent();
  core::Claim claim;
  claim.success = true;
  claim.session = "s1";
  turn({core::Input(core::AgentHasExited{.key = first, .exit = {.tree_empty = true}, .claim = claim})});
  turn({CollectedTree{.key = first, .head = "head", .changes = {changed("zoo.txt")}}});
  recorder.time = recorder.time + Duration::from_s(10);
  turn({});
  ASSERT_EQ(recorder.launches.size(), 2U);
  EXPECT_EQ(recorder.launches[1].key.number, 2);
  EXPECT_EQ(recorder.launches[1].session, "s1");
  EXPECT_NE(recorder.launches[1].prompt, recorder.launches[0].prompt);
}

}  // namespace
}  // namespace pianola::engine
