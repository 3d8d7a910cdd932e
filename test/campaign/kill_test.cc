// The program killed with SIGKILL at every step it names, supervisor and keeper alike. After `resume` every
// task has landed exactly once, no agent was started twice, and nothing runs.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <ostream>

#include "test/campaign/scenario.h"
#include "test/figures.h"
#include "world/files.h"

namespace pianola::campaign {
namespace {

enum class Victims { supervisors, keepers, both };

struct Target {
  Scenario scenario;
  Victims victims = Victims::both;
};

bool is_of_keeper(const std::string& step) { return step.starts_with("keeper."); }

void PrintTo(const Target& target, std::ostream* out) { *out << target.scenario.name; }

void kill_at(const Target& target, const std::string& step, int pass) {
  const Playground playground(target.scenario.choice);
  target.scenario.before(playground);
  const std::string variable = is_of_keeper(step) ? "PIANOLA_KILL_AT_KEEPER" : "PIANOLA_KILL_AT";
  const std::string ticket = playground.top() + "/killed";
  const std::string what = target.scenario.name + " " + variable + "=" + step + ":" + std::to_string(pass);
  const Ended killed = target.scenario.attacked(playground, {{variable, step + ":" + std::to_string(pass)},
                                                             {"PIANOLA_KILL_ONCE", ticket},
                                                             {"PIANOLA_STEP_LOG", playground.step_log()}});
  playground.take_down("hold");
  // How often a step is passed differs a little from run to run, but once it is.
  EXPECT_TRUE(pass > 1 || world::exists(ticket)) << what << " was not passed\n" << killed.output;
  const Ended ended = playground.finish();
  EXPECT_EQ(ended.code, 0) << what << "\n" << killed.output << "\n---\n" << ended.output;
  EXPECT_EQ(joined(playground.broken_promises()), "") << what << "\n" << ended.output;
}

class KillCampaign : public testing::TestWithParam<Target> {};

// Of each step that a run without disturbance does not pass, the first pass. With PIANOLA_CAMPAIGN_ROUNDS
// set, every pass of those and the first of all others; a keeper counts the passes of its own.
TEST_P(KillCampaign, a_kill_at_any_step_loses_and_repeats_nothing) {
  const bool whole = ::getenv("PIANOLA_CAMPAIGN_ROUNDS") != nullptr;
  const Scenario& plain = scenarios().front();
  const bool is_plain = GetParam().scenario.name == plain.name;
  const std::map<std::string, int> usual = is_plain ? std::map<std::string, int>() : steps_passed(plain);
  int kills = 0;
  for (const auto& [step, passes] : steps_passed(GetParam().scenario)) {
    const bool of_keeper = is_of_keeper(step);
    if (GetParam().victims == (of_keeper ? Victims::supervisors : Victims::keepers)) continue;
    const bool is_new = usual.count(step) == 0 || (of_keeper && GetParam().scenario.has_other_keepers);
    if (!is_new && !whole) continue;
    for (int pass = 1; pass <= (whole && is_new && !of_keeper ? passes : 1); ++pass, ++kills)
      kill_at(GetParam(), step, pass);
  }
  for (const char* promise : {"G4", "G16"}) {
    test::tell_guarantee(
        promise, "kills at every named step",
        fmt::format("kills {}, tests with a broken promise {}", kills, HasFailure() ? 1 : 0));
  }
}

// The whole run has most of the steps, so it is two tests.
std::vector<Target> targets() {
  std::vector<Target> all = {{scenarios().front(), Victims::supervisors},
                             {scenarios().front(), Victims::keepers}};
  for (size_t i = 1; i < scenarios().size(); ++i) all.push_back({scenarios()[i], Victims::both});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Every, KillCampaign, testing::ValuesIn(targets()), [](const auto& one) {
  return one.param.scenario.name + (one.param.victims == Victims::keepers ? "_keepers" : "");
});

TEST(KillCampaignSteps, every_step_the_sources_name_is_passed_by_a_scenario) {
  std::set<std::string> never = named_steps();
  EXPECT_GE(never.size(), 40U) << "steps are named in src/world";
  // Those of undo, gc and set-ups are killed one by one in test/git.
  std::erase_if(never, [](const std::string& step) {
    return step.starts_with("undo.") || step.starts_with("sweep.") || step.starts_with("setup.");
  });
  for (const Scenario& scenario : scenarios()) {
    for (const auto& [step, passes] : steps_passed(scenario)) never.erase(step);
  }
  EXPECT_EQ(joined({never.begin(), never.end()}), "");
}

}  // namespace
}  // namespace pianola::campaign
