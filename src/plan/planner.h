// Asking an agent for a plan. The question is itself a plan of one task, so that it is run, sealed, limited,
// recorded and repeated as every other work: the one file it may write is the plan asked for, and its check
// is `pianola check`, whose findings are what the next attempt is told.
#pragma once

#include <cstdint>
#include <string>

namespace pianola::plan {

// Where a planner leaves the plan, from the top of its workspace.
inline constexpr const char* planned_file = "pianola-plan.yaml";

// The variable that names pianola's own program to a check, where it stands for that check.
inline constexpr const char* program_variable = "PIANOLA_PROGRAM";

inline constexpr size_t request_bytes_max = 8'000;
inline constexpr int repairs_max = 3;

struct PlannerQuestion {
  std::string request;        // of a person; at most request_bytes_max
  std::string agent;          // "" = the one of the run
  std::string model;          // "" = the agent's own
  int repairs = repairs_max;  // tries after the first, 0 to repairs_max
  int64_t timeout_s = 1'800;  // of each try
  int checks = 1;             // as many as a task must have here; they are all the same
};

// The question as a plan (JSON, which is YAML).
std::string planner_plan(const PlannerQuestion& question);

// What a planner is told, before the request: what a plan is and what makes a good one.
std::string_view planner_instructions();

}  // namespace pianola::plan
