#include "cli/rehearsal.h"

#include <gtest/gtest.h>

#include "core/core.h"

namespace pianola::cli {
namespace {

constexpr Instant start{1'000'000'000'000'000'000};

core::RunStarted two_tasks() {
  core::RunStarted run;
  run.run = core::RunId("r1");
  run.seed = 7;
  run.policy.default_agent = "mine";
  run.policy.jobs = 1;
  run.repository.target = "refs/heads/main";
  run.repository.base = std::string(40, 'a');
  for (const char* id : {"a", "b"}) {
    plan::Task task;
    task.id = core::TaskId(id);
    task.attempts = 3;
    task.timeout_ms = 1'800'000;
    run.plan.tasks.push_back(task);
  }
  return run;
}

// The journal of a run whose first agent was started, when the supervisor went.
std::vector<core::Recorded> journal() {
  const core::AttemptKey a{core::TaskId("a"), 1};
  std::vector<core::Event> events{two_tasks(),
                                  core::SupervisorStarted{.pid = 1, .version = "0"},
                                  core::RunOpened{},
                                  core::AttemptStarted{.key = a,
                                                       .generation = 1,
                                                       .reused = false,
                                                       .base = std::string(40, 'a'),
                                                       .agent = "mine",
                                                       .notes = 0},
                                  core::WorkspaceMade{a},
                                  core::AgentLaunched{a, "p"},
                                  core::AgentSpawned{a, 9}};
  std::vector<core::Recorded> recorded;
  for (core::Event& event : events)
    recorded.push_back(
        {.seq = recorded.size() + 1, .at = start, .actor = "pianola", .event = std::move(event)});
  return recorded;
}

Rehearsal rehearse_with(const world::Standing& standing) {
  const RehearsalEyes eyes{
      .standing = [&](const core::AttemptKey&) { return Result<world::Standing>(standing); },
      .output = [](const core::AttemptKey&, agents::Stream, uint64_t) { return ""; }};
  auto rehearsed = rehearse(journal(), {{"mine", {.name = "mine", .kind = "command", .argv = {"/bin/true"}}}},
                            start, eyes);
  EXPECT_TRUE(rehearsed.has_value()) << (rehearsed ? "" : rehearsed.error().text());
  return rehearsed ? std::move(*rehearsed) : Rehearsal{};
}

template <class C>
size_t count_of(const Rehearsal& rehearsal) {
  size_t count = 0;
  for (const core::Command& command : rehearsal.commands)
    count += std::holds_alternative<C>(command) ? 1U : 0U;
  return count;
}

TEST(Rehearsal, an_agent_that_lives_is_asked_about_and_keeps_its_slot) {
  const Rehearsal rehearsal = rehearse_with(world::KeeperLives{});
  ASSERT_EQ(rehearsal.asked.size(), 1U);
  EXPECT_EQ(rehearsal.asked.front().key.task.str(), "a");
  EXPECT_EQ(rehearsal.commands.size(), 0U);
  ASSERT_EQ(rehearsal.events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<core::SupervisorStarted>(rehearsal.events.front().event));
}

TEST(Rehearsal, an_exit_nobody_saw_is_collected_and_frees_its_slot) {
  world::ExitRecord record;
  record.exit.tree_empty = true;
  const Rehearsal rehearsal = rehearse_with(record);
  EXPECT_EQ(count_of<core::CollectWork>(rehearsal), 1U);
  EXPECT_EQ(count_of<core::MakeWorkspace>(rehearsal), 1U);
  EXPECT_EQ(rehearsal.before.seq, 7U);
  EXPECT_GT(rehearsal.after.seq, rehearsal.before.seq);
}

TEST(Rehearsal, a_lost_attempt_is_saved_and_never_takes_part) {
  const Rehearsal rehearsal = rehearse_with(world::EndedUnseen{});
  ASSERT_EQ(count_of<core::CollectWork>(rehearsal), 1U);
  const auto* collect = std::get_if<core::CollectWork>(&rehearsal.commands.front());
  ASSERT_NE(collect, nullptr);
  EXPECT_EQ(collect->purpose, core::CollectFor::keeping);
}

// Up to its candidate being made, when the supervisor went.
std::vector<core::Recorded> journal_with_candidate() {
  const core::AttemptKey a{core::TaskId("a"), 1};
  std::vector<core::Recorded> recorded = journal();
  core::Claim claim;
  claim.success = true;
  for (core::Event event :
       std::vector<core::Event>{core::AgentExited{.key = a, .exit = {.tree_empty = true}, .claim = claim},
                                core::CollectionStarted{a},
                                core::WorkCollected{.key = a,
                                .head = std::string(40, 'b'),
                                .leftovers = false,
                                .files_changed = 1,
                                .findings = {}},
                                core::CandidateStarted{a, std::string(40, 'a')}})
    recorded.push_back(
        {.seq = recorded.size() + 1, .at = start, .actor = "pianola", .event = std::move(event)});
  return recorded;
}

TEST(Rehearsal, a_candidate_is_asked_for_again_exactly_as_it_was) {
  const RehearsalEyes blind{
      .standing = [](const core::AttemptKey&) { return Result<world::Standing>(world::KeeperLives{}); },
      .output = [](const core::AttemptKey&, agents::Stream, uint64_t) { return ""; }};
  const auto rehearsed = rehearse(journal_with_candidate(), {}, start + Duration::from_s(60), blind);
  ASSERT_TRUE(rehearsed);
  ASSERT_EQ(count_of<core::BuildCandidate>(*rehearsed), 1U);
  const core::Command& first = rehearsed->commands.front();
  EXPECT_EQ(first, core::open_commands(rehearsed->before).front());
  EXPECT_EQ(std::get<core::BuildCandidate>(first).at, start);
}

TEST(Rehearsal, what_cannot_be_looked_at_is_an_error) {
  const RehearsalEyes eyes{
      .standing =
          [](const core::AttemptKey&) { return Result<world::Standing>(refuse(Error{.what = "no"})); },
      .output = [](const core::AttemptKey&, agents::Stream, uint64_t) { return ""; }};
  EXPECT_FALSE(rehearse(journal(), {}, start, eyes).has_value());
}

}  // namespace
}  // namespace pianola::cli
