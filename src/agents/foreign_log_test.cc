// What another coordinator's log says comes to the same in our words, and never to more.
#include "agents/foreign_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "core/core.h"

namespace pianola::agents {
namespace {

std::string line_of(int second, const std::string& type, const std::string& data) {
  return fmt::format(R"({{"id":"9f","timestamp":"2025-09-24T12:00:{:02}+00:00","type":"{}","data":{{{}}}}})"
                     "\n",
                     second, type, data);
}
std::string created(int second, const std::string& id, const std::string& more = "") {
  return line_of(second, "task_created", fmt::format(R"("id":"{}","status":"pending"{})", id, more));
}
std::string assigned(int second, const std::string& id, const std::string& agent) {
  return line_of(second, "task_assigned", fmt::format(R"("task_id":"{}","agent_id":"{}")", id, agent));
}
std::string updated(int second, const std::string& id, const std::string& status, const std::string& agent) {
  return line_of(second, "task_updated",
                 fmt::format(R"("task_id":"{}","status":"{}","agent_id":"{}")", id, status, agent));
}

Result<Import> import(const std::string& log) {
  return import_log(log, {.file = "log.jsonl", .sha256 = sha256_hex(log), .repository = "/r", .by = "ada"});
}

std::string refusal(const std::string& log) {
  const Result<Import> refused = import(log);
  return refused ? "accepted" : refused.error().text();
}

core::State fold(const std::vector<core::Recorded>& events) {
  core::State state;
  for (core::Recorded recorded : events) {
    if (auto* start = std::get_if<core::RunStarted>(&recorded.event)) start->run = core::RunId("r1");
    const Result<void> folded = core::evolve(state, recorded);
    EXPECT_TRUE(folded) << folded.error().text();
  }
  return state;
}

// What the events come to, a line each.
struct Telling {
  std::string operator()(const core::AttemptStarted& e) const {
    return fmt::format("{}/{} by {}\n", e.key.task.str(), e.key.number, e.agent);
  }
  std::string operator()(const core::AttemptEnded& e) const {
    return fmt::format("{}/{} {}{}: {}\n", e.key.task.str(), e.key.number, core::outcome_text(e.outcome),
                       e.counted ? ", counted" : "", e.reason);
  }
  std::string operator()(const core::TaskFailed& e) const {
    return e.task.str() + " failed: " + e.reason + "\n";
  }
  std::string operator()(const core::TaskStopped& e) const {
    return e.task.str() + " stopped: " + e.reason + "\n";
  }
  std::string operator()(const core::RunFinished& e) const { return e.reason + "\n"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

std::string story(const std::string& log) {
  const Result<Import> imported = import(log);
  if (!imported) return imported.error().text();
  EXPECT_TRUE(core::is_over(fold(imported->events)));
  std::string text;
  for (const core::Recorded& recorded : imported->events) text += std::visit(Telling(), recorded.event);
  return text;
}

TEST(ForeignLog, what_was_completed_is_delivered_and_neither_checked_nor_landed) {
  EXPECT_EQ(story(created(1, "a") + assigned(2, "a", "blue-1") + updated(3, "a", "in_progress", "blue-1") +
                  updated(4, "a", "completed", "blue-1")),
            "a/1 by blue-1\n"
            "a/1 delivered: completed, its log says\n"
            "a stopped: completed, its log says; not checked, not landed\n"
            "imported: 1 completed; nothing of it was checked or landed here\n");
}

TEST(ForeignLog, each_assignment_to_another_is_an_attempt) {
  EXPECT_EQ(story(created(1, "a") + assigned(2, "a", "x") + assigned(3, "a", "x") + assigned(4, "a", "y") +
                  updated(5, "a", "failed", "y") + assigned(6, "a", "z") + updated(7, "a", "failed", "w")),
            "a/1 by x\n"
            "a/1 stopped: given to y\n"
            "a/2 by y\n"
            "a/2 failed, counted: failed, its log says\n"
            "a/3 by z\n"
            "a/3 failed, counted: failed by w, its log says\n"
            "a failed: failed, its log says\n"
            "imported: 1 failed; nothing of it was checked or landed here\n");
}

TEST(ForeignLog, what_is_open_at_the_end_of_the_log_is_lost) {
  const Result<Import> imported =
      import(created(1, "a") + created(2, "b") + assigned(3, "a", "x") + line_of(9, "agent_heartbeat", ""));
  ASSERT_TRUE(imported);
  const core::State state = fold(imported->events);
  EXPECT_EQ(state.tasks[0].phase, core::TaskPhase::stopped);
  EXPECT_EQ(state.tasks[0].attempts.front().outcome, core::Outcome::lost);
  EXPECT_EQ(state.tasks[0].attempts.front().reason, "its log ends before it");
  EXPECT_EQ(state.tasks[1].phase, core::TaskPhase::waiting);
  EXPECT_EQ((state.finished_at - state.started_at).ms(), 8'000);
  EXPECT_TRUE(state.tasks[0].workspaces.empty()) << "there is none of ours";
  EXPECT_EQ(state.policy.jobs, 0) << "nothing is ever started";
}

TEST(ForeignLog, spellings_of_the_enumeration_are_one) {
  EXPECT_EQ(story(created(1, "a") + updated(2, "a", "TaskStatus.COMPLETED", "")),
            story(created(1, "a") + updated(2, "a", "completed", "")));
}

TEST(ForeignLog, completed_twice_is_one_attempt) {
  const std::string once = created(1, "a") + updated(2, "a", "completed", "x");
  EXPECT_EQ(import(once + updated(3, "a", "completed", "x"))->attempts, 1U);
}

TEST(ForeignLog, an_unfinished_last_line_is_left_out_and_named) {
  const std::string whole = created(1, "a") + created(2, "b");
  const Result<Import> imported = import(whole + created(3, "c").substr(0, 40));
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->tasks, 2U);
  ASSERT_EQ(imported->remarks.size(), 1U);
  EXPECT_TRUE(imported->remarks[0].starts_with("line 3 is damaged and left out: column 24: "))
      << imported->remarks[0];
  EXPECT_EQ(refusal(created(1, "a").substr(0, 40) + "\n" + created(2, "b")).substr(0, 15), "log.jsonl:1:24:");
}

TEST(ForeignLog, what_it_does_not_know_is_counted_and_named) {
  const Result<Import> imported =
      import(created(1, "a", R"(,"dependencies":["b","zz"])") + created(2, "b") + line_of(3, "locked", "") +
             line_of(4, "locked", "") + updated(5, "q", "failed", "x"));
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->unknown, (std::map<std::string, size_t>{{"locked", 2}}));
  EXPECT_EQ(imported->remarks,
            (std::vector<std::string>{"line 1: no task \"zz\" to depend on", "line 5: no task \"q\""}));
  EXPECT_EQ(fold(imported->events).plan.tasks[0].depends_on, std::vector{core::TaskId("b")});
}

TEST(ForeignLog, a_clock_that_goes_back_stands_still) {
  const Result<Import> imported = import(created(5, "a") + created(1, "b") + assigned(2, "a", "x"));
  ASSERT_TRUE(imported);
  for (const core::Recorded& recorded : imported->events)
    EXPECT_EQ(recorded.at, imported->events.front().at) << recorded.seq;
}

TEST(ForeignLog, bad_input_is_refused_with_its_place) {
  EXPECT_EQ(refusal(""), "log.jsonl:1:1: no task_created; expected a log of tasks");
  EXPECT_EQ(refusal("[]\n"), "log.jsonl:1:1: no object; expected an event");
  EXPECT_EQ(refusal(created(1, "../x")),
            "log.jsonl:1:87: \"../x\" cannot be a task's id; expected letters, digits, - and _, at most 64, "
            "and no reserved word");
  EXPECT_EQ(refusal(created(1, "a") + created(2, "A")),
            "log.jsonl:2:1: task A once more; expected it once, as on line 1");
  EXPECT_EQ(refusal(created(1, "a") + updated(2, "a", "compleeted", "x")),
            "log.jsonl:2:105: no status \"compleeted\"; expected completed");
  EXPECT_EQ(refusal(created(1, "a", R"(,"priority":9)")), "log.jsonl:1:121: no priority; expected 1, 2 or 3");
  EXPECT_EQ(
      refusal(created(1, "a", R"(,"dependencies":["b"])") + created(2, "b", R"(,"dependencies":["a"])")),
      "log.jsonl:1:125: a waits for itself in the end; expected dependencies without a circle");
  EXPECT_EQ(refusal(R"({"type":"task_created","timestamp":"now"})"),
            "log.jsonl:1:36: no time; expected one such as 2025-09-24T12:00:00+00:00");
}

}  // namespace
}  // namespace pianola::agents
