#include "sim/exhaustive.h"

#include <array>
#include <utility>
#include <vector>

#include "sim/plan_maker.h"

namespace pianola::sim {
namespace {

struct Named {
  std::string name;
  Scenario scenario;
  bool must_be_done = true;  // nothing in it may keep a task from landing
};

Scenario even(size_t count, size_t width, int jobs) {
  Scenario scenario;
  scenario.seed = 11;
  scenario.run = even_run(count, width, jobs);
  return scenario;
}

Scenario with(Scenario scenario, const std::vector<std::pair<Fault, int>>& faults) {
  for (const auto& [fault, percent] : faults) scenario.swarm.percent[static_cast<size_t>(fault)] = percent;
  return scenario;
}

Scenario sharing_a_file() {
  Scenario scenario = even(3, 0, 3);
  for (plan::Task& task : scenario.run.plan.tasks) task.files_write.push_back("shared/notes.txt");
  return scenario;
}

Scenario with_a_reader() {
  Scenario scenario = even(3, 1, 2);
  scenario.run.plan.tasks[1].mode = plan::Mode::read;
  scenario.run.plan.tasks[1].files_write.clear();
  return scenario;
}

std::vector<Named> scenarios() {
  const int often = 50;
  return {
      {"one task", even(1, 0, 1)},
      {"a chain of three", even(3, 1, 2)},
      {"four side by side", even(4, 0, 4)},
      {"a shared file", sharing_a_file()},
      {"a task that only reads", with_a_reader()},
      {"red, then green", with(even(2, 0, 2), {{Fault::gates_red, often}}), false},
      {"conflicts", with(even(4, 0, 4), {{Fault::merge_conflicts, often}, {Fault::renames, often}}), false},
      {"agents that hang and resist",
       with(even(2, 0, 2), {{Fault::agent_hangs, often}, {Fault::agent_stubborn, often}}), false},
      {"a target that moves",
       with(even(2, 0, 2), {{Fault::target_moves, often}, {Fault::target_rewritten, often}}), false},
      {"people who pause and stop",
       with(even(3, 1, 2), {{Fault::people_pause, often}, {Fault::people_stop, often}}), false},
  };
}

using Place = uint64_t Strike::*;
constexpr std::array<std::pair<const char*, Place>, 4> strikes = {
    {{"crash at step", &Strike::crash_at_step},
     {"append", &Strike::fail_append},
     {"lost report", &Strike::drop_report},
     {"repeated report", &Strike::repeat_report}}};

uint64_t reached(const Report& report, Place place) {
  if (place == &Strike::crash_at_step) return report.steps;
  if (place == &Strike::fail_append) return report.appends;
  return report.reports;
}

std::optional<std::string> wrong(const Named& named, const Report& report) {
  if (report.violation) return report.violation->text();
  // What a person takes back was done.
  const bool was_done = report.ending == "done" || report.ending.ends_with("undone by a person");
  if (named.must_be_done && !was_done) return "it ended " + report.ending;
  return std::nullopt;
}

}  // namespace

Exhausted play_exhaustively() {
  Exhausted all;
  for (const Named& named : scenarios()) {
    for (const auto& [fault, place] : strikes) {
      for (uint64_t number = 1;; ++number) {
        Scenario scenario = named.scenario;
        scenario.strike.*place = number;
        const Report report = World(scenario).play();
        ++all.plays;
        if (const auto failure = wrong(named, report)) {
          all.failure = named.name + ", " + fault + " " + std::to_string(number) + ": " + *failure;
          return all;
        }
        if (reached(report, place) < number) break;
      }
    }
  }
  return all;
}

}  // namespace pianola::sim
