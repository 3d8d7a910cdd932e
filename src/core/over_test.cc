// What may still be written down of a run that is over.
#include <gtest/gtest.h>

#include "core/rehearsal_testing.h"

namespace pianola::core {
namespace {

// One task that failed for good; its work could not be taken in.
Rehearsal failed_unsaved() {
  plan::Task weak = task_named("weak");
  weak.attempts = 1;
  Rehearsal run({weak});
  run.deliver("weak");
  run.tell(CollectionFailed{run.key("weak"), "its objects are damaged"});
  return run;
}

TEST(OverRun, a_workspace_is_removed_only_after_it_was_saved) {
  Rehearsal run = failed_unsaved();
  ASSERT_EQ(run.state.phase, Phase::failed);
  ASSERT_FALSE(run.run("weak").workspaces.at(1).saved);
  const WorkspaceRemoving removing{TaskId("weak"), 1};
  State state = run.state;
  const auto tell = [&](const Event& event) {
    return evolve(state, {.seq = state.seq + 1, .at = run.now, .actor = "", .event = event});
  };
  EXPECT_FALSE(tell(removing));
  ASSERT_TRUE(tell(WorkspaceSaved{TaskId("weak"), 1, "abc"}));
  ASSERT_TRUE(tell(removing));
  EXPECT_EQ(open_commands(state), std::vector<Command>{(RemoveWorkspace{TaskId("weak"), 1})});
  ASSERT_TRUE(tell(WorkspaceRemoved{TaskId("weak"), 1}));
  EXPECT_TRUE(state.tasks.front().workspaces.empty());
  EXPECT_EQ(state.phase, Phase::failed);
}

TEST(OverRun, nothing_is_saved_beside_a_supervisor) {
  Rehearsal run({task_named("a")});
  run.make("a");
  State state = run.state;
  EXPECT_FALSE(evolve(
      state,
      {.seq = state.seq + 1, .at = run.now, .actor = "", .event = WorkspaceSaved{TaskId("a"), 1, "abc"}}));
  EXPECT_EQ(state, run.state);
}

}  // namespace
}  // namespace pianola::core
