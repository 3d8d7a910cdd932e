#include "plan/planner.h"

#include <gtest/gtest.h>

#include <sstream>

#include "plan/execution_plan.h"
#include "plan/load.h"
#include "plan/risk.h"

namespace pianola::plan {
namespace {

std::string findings(const Loaded& loaded) {
  std::string all;
  for (const Diagnostic& one : loaded.diagnostics) all += one.text() + "\n";
  return all;
}

TEST(Planner, is_asked_by_a_plan_that_every_rule_accepts) {
  const Loaded asked = load(planner_plan({.request = "Add a login", .timeout_s = 600}), {});
  ASSERT_TRUE(asked.plan) << findings(asked);
  EXPECT_EQ(findings(asked), "");
  const Task& task = asked.plan->tasks.at(0);
  EXPECT_EQ(task.files_write, std::vector<std::string>{planned_file});
  EXPECT_EQ(task.attempts, 4);
  EXPECT_EQ(task.timeout_ms, 600'000);
  EXPECT_EQ(task.agent, "");
  const Loaded named =
      load(planner_plan({.request = "x", .agent = "sonnet", .model = "opus", .repairs = 0}), {});
  ASSERT_TRUE(named.plan) << findings(named);
  EXPECT_EQ(named.plan->tasks[0].agent + named.plan->tasks[0].model, "sonnetopus");
  EXPECT_EQ(named.plan->tasks[0].attempts, 1);
}

TEST(Planner, is_told_the_request_as_it_was_written) {
  for (const std::string request : {"- \"a\": {b}\n\ttab # no comment\n", "line\r\nline",
                                    "it's 50 %, <b>&amp;</b> ü \xF0\x9F\x99\x82", "---\n...\n!!x &y *z"}) {
    const Loaded asked = load(planner_plan({.request = request}), {});
    ASSERT_TRUE(asked.plan) << findings(asked);
    const std::string& description = asked.plan->tasks.at(0).description;
    EXPECT_NE(description.find("\nThe request:\n\n" + request), std::string::npos) << description;
    EXPECT_TRUE(description.starts_with(planner_instructions()));
  }
}

// What an agent takes as its pattern has to be one.
TEST(Planner, is_shown_a_form_that_is_a_plan) {
  std::istringstream lines{std::string(planner_instructions())};
  std::string form;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("    ")) form += line.substr(4) + "\n";
  }
  const Loaded loaded = load(form, {});
  ASSERT_TRUE(loaded.plan) << findings(loaded) << form;
  EXPECT_EQ(findings(loaded), "");
  EXPECT_EQ(loaded.plan->tasks.size(), 2U);
  ASSERT_EQ(loaded.plan->contracts.at(0).methods.size(), 1U);
  EXPECT_EQ(loaded.plan->contracts[0].methods[0].parameters.size(), 2U);
}

TEST(ExecutionPlan, shows_waves_owners_contracts_risk_and_runs) {
  const Loaded loaded = load(
      "request: Log in\n"
      "contracts: [{name: Auth, producers: [login], consumers: [pages]}]\n"
      "tasks:\n"
      "- {id: login, description: \"Write a | b\\nmore\", files_write: [src/auth/], attempts: 2, timeout_s: "
      "3600, "
      "verification: [{command: mypy x, type: typecheck}]}\n"
      "- {id: pages, description: '<b>[x](y)', files_write: [p.py], depends_on: [login], "
      "verification: [{command: [grep, 'a b', c], type: typecheck}]}\n",
      {});
  ASSERT_TRUE(loaded.plan) << findings(loaded);
  const Risk risk = assess_risk(*loaded.plan, {.always_require_human = {"p.py"}});
  EXPECT_EQ(execution_plan(*loaded.plan, risk, "tasks.yaml"), R"(# Log in

`tasks.yaml` says it; this page only shows it.

## Waves

1. login
2. pages

Longest chain: login, pages

## Tasks and what they own

| Task | What | Owns | After | Proved by |
|---|---|---|---|---|
| login | Write a \| b | src/auth/ | - | mypy x |
| pages | \<b>\[x](y) | p.py | login | grep 'a b' c |

## Contracts

| Contract | File | Implemented by | Built on by |
|---|---|---|---|
| Auth |  | login | pages |

## Risk

40 points, REQUIRES REVIEW (asks nobody up to 25)

- +20 sensitive_path:src/auth/:auth
- +20 incomplete_test_coverage:0%
- a person is asked always: p.py

## Cost

2 runs of agents at least, 5 at most; 4 h of agents at most, by the time limits. What a run costs, agents
tell when they are done: `pianola status`.
)");
}

}  // namespace
}  // namespace pianola::plan
