// Refs of a run that is over go, and no commit becomes unreachable by it.
#include "test/git/scene.h"

namespace pianola::world {
namespace {

class Sweep : public ::testing::Test {
 protected:
  void SetUp() override {
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    landed = work("login");
    ASSERT_TRUE(repository.promote({base, landed, core::PromoteMode::checkout}));
    alone = work("other");
  }
  // Collects a change and builds its candidate; the candidate.
  std::string work(const std::string& task) {
    const std::string folder = scene.workspace(repository, attempt(task), base);
    scene.shell(folder, "echo x > " + task + ".txt");
    const auto tree = repository.collect({attempt(task), 1, base, core::CollectFor::landing});
    const auto built =
        repository.build_candidate({attempt(task), base, tree->head, "Merge " + task, Instant{}});
    return std::get<engine::CandidateTree>(*built).commit;
  }
  std::string refs() const { return scene.git(scene.git_dir(), {"for-each-ref", "refs/pianola"}); }
  std::string commits() const { return scene.shell(scene.git_dir(), "git rev-list --all | sort"); }

  Scene scene;
  GitRepository repository{scene.options()};
  std::string base;
  std::string landed;
  std::string alone;
  const std::vector<std::string> kinds{"in", "cand"};
};

TEST_F(Sweep, keeps_every_commit_reachable) {
  const std::string before = commits();
  const auto sweep = repository.sweep_refs(kinds, SweepMode::sweep);
  ASSERT_TRUE(sweep) << sweep.error().text();
  EXPECT_EQ(sweep->dropped.size(), 4U);
  EXPECT_EQ(sweep->saved, 2U);
  EXPECT_EQ(commits(), before);
  EXPECT_EQ(scene.ref("refs/pianola/in/r1/login/1"), "");
  EXPECT_EQ(scene.ref("refs/pianola/cand/r1/login.1"), "");
  EXPECT_EQ(scene.ref("refs/pianola/saved/r1/swept/cand/other.1"), alone);
  EXPECT_NE(scene.ref("refs/pianola/saved/r1/swept/in/other/1"), "");
  EXPECT_EQ(scene.ref("refs/pianola/base/r1"), base);
}

TEST_F(Sweep, only_looks_when_told_to_look) {
  const std::string before = refs();
  const auto sweep = repository.sweep_refs(kinds, SweepMode::look);
  ASSERT_TRUE(sweep);
  EXPECT_EQ(sweep->dropped.size(), 4U);
  EXPECT_EQ(sweep->saved, 2U);
  EXPECT_EQ(refs(), before);
}

TEST_F(Sweep, leaves_other_runs_alone_and_finds_nothing_twice) {
  scene.git(scene.git_dir(), {"update-ref", "refs/pianola/in/r10/login/1", alone});
  ASSERT_TRUE(repository.sweep_refs(kinds, SweepMode::sweep));
  EXPECT_EQ(scene.ref("refs/pianola/in/r10/login/1"), alone);
  const auto again = repository.sweep_refs(kinds, SweepMode::sweep);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->dropped.empty());
}

TEST_F(Sweep, keeps_a_name_only_for_its_commit) {
  EXPECT_TRUE(*repository.keep("refs/pianola/saved/r1/x", alone));
  EXPECT_TRUE(*repository.keep("refs/pianola/saved/r1/x", alone));
  EXPECT_FALSE(*repository.keep("refs/pianola/saved/r1/x", base));
  EXPECT_EQ(scene.ref("refs/pianola/saved/r1/x"), alone);
}

}  // namespace
}  // namespace pianola::world
