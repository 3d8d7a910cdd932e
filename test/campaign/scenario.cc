#include "test/campaign/scenario.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <filesystem>
#include <fstream>

namespace pianola::campaign {
namespace {

constexpr int quiet_polls_max = 1'000;
constexpr int quiet_polls = 20;  // in a row
constexpr int poll_ms = 10;

void nothing(const Playground&) {}
Ended whole_run(const Playground& playground, const Environment& env) { return playground.run(env); }
Ended resumed(const Playground& playground, const Environment& env) {
  return playground.pianola({"resume", "--plain"}, env);
}
Ended promoted(const Playground& playground, const Environment& env) {
  return playground.pianola({"promote"}, env);
}

void killed_in_run(const Playground& playground, const Environment& env) {
  const Ended ended = playground.run(env);
  EXPECT_TRUE(ended.killed) << ended.output;
}

// The supervisor dies, its agent goes on.
void leave_an_agent(const Playground& playground) {
  playground.put_up("hold");
  killed_in_run(playground, {{"PIANOLA_KILL_AT", "spawn.keeper_started"}});
}

// The supervisor dies, and the keeper before it has written down how its agent ended.
void lose_an_attempt(const Playground& playground) {
  killed_in_run(playground, {{"PIANOLA_KILL_AT", "spawn.keeper_started"},
                             {"PIANOLA_KILL_AT_KEEPER", "keeper.agent_over"}});
  // In the middle of its exec a process has neither environment nor command line.
  int polls = 0;
  for (int quiet = 0; quiet < quiet_polls && polls < quiet_polls_max; ++polls) {
    quiet = processes_of(playground.top()).empty() ? quiet + 1 : 0;
    ::poll(nullptr, 0, poll_ms);
  }
  EXPECT_LT(polls, quiet_polls_max) << "a keeper did not die";
}

// The next keeper that is started is of a check.
void come_to_a_check(const Playground& playground) {
  killed_in_run(playground, {{"PIANOLA_KILL_AT", "gate.workspace_made"}});
}

void tear_the_journal(const Playground& playground) {
  killed_in_run(playground, {{"PIANOLA_KILL_AT", "ingest.fetched"}});
  playground.tear_journal();
}

void let_one_hang(const Playground& playground) { playground.put_up("hang"); }

void leave_it_verified(const Playground& playground) {
  const Ended ended = playground.run();
  EXPECT_FALSE(ended.killed) << ended.output;
}

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all = {
      {"whole_run", {}, nothing, whole_run},
      {"adoption", {}, leave_an_agent, resumed},
      {"lost_attempt", {}, lose_an_attempt, resumed},
      {"check", {}, come_to_a_check, resumed, true},
      {"torn_journal", {}, tear_the_journal, resumed},
      {"time_limit", {.plan = "limited.yaml", .promote = "checkout"}, let_one_hang, whole_run},
      {"left_at_the_end", {.plan = "tasks.yaml", .promote = "leave"}, nothing, whole_run},
      {"promoted_later", {.plan = "tasks.yaml", .promote = "leave"}, leave_it_verified, promoted},
  };
  return all;
}

std::set<std::string> named_steps() {
  constexpr std::string_view mark = "PIANOLA_STEP(\"";
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PIANOLA_SOURCE_DIR "/src")) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".cc") || path.ends_with("_test.cc")) continue;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const size_t at = line.find(mark);
      if (at == std::string::npos) continue;
      const size_t from = at + mark.size();
      names.insert(line.substr(from, line.find('"', from) - from));
    }
  }
  return names;
}

std::map<std::string, int> steps_passed(const Scenario& scenario) {
  const Playground playground(scenario.choice);
  scenario.before(playground);
  const Ended attacked = scenario.attacked(playground, {{"PIANOLA_STEP_LOG", playground.step_log()}});
  playground.take_down("hold");
  EXPECT_FALSE(attacked.killed) << scenario.name << "\n" << attacked.output;
  const Ended ended = playground.finish();
  EXPECT_EQ(ended.code, 0) << scenario.name << "\n" << attacked.output << "\n---\n" << ended.output;
  EXPECT_EQ(joined(playground.broken_promises()), "") << scenario.name << "\n" << ended.output;
  return playground.steps_passed();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace pianola::campaign
