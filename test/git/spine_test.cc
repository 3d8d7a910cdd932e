// The way of one task through git: opened, made, collected, merged, landed, promoted.
#include "test/git/scene.h"

namespace pianola::world {
namespace {

const Instant noon{1'760'000'000'000'000'000};

TEST(GitSpine, takes_a_commit_from_a_workspace_to_main) {
  Scene scene;
  const std::string base = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"src/b.txt", "two\n"}}, "First");
  scene.git(scene.shop(), {"checkout", "-q", "--detach"});
  const GitRepository repository(scene.options());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  EXPECT_EQ(scene.ref("refs/pianola/base/r1"), base);
  EXPECT_EQ(scene.ref("refs/pianola/staging/r1"), base);

  const core::AttemptKey key = attempt("login");
  const std::string folder = scene.workspace(repository, key, base);
  EXPECT_EQ(Scene::read(folder + "/src/b.txt"), "two\n");
  EXPECT_EQ(scene.git(folder, {"status", "--porcelain"}), "");
  EXPECT_EQ(scene.git(folder, {"log", "--format=%s"}), "First");
  EXPECT_EQ(scene.git(folder, {"symbolic-ref", "HEAD"}), "refs/heads/work");
  EXPECT_EQ(scene.git(folder, {"remote"}), "");
  const std::string head = scene.commit(folder, {{"src/b.txt", "TWO\n"}, {"c.txt", "three\n"}}, "Work");

  scene.count_from_zero();
  const auto tree = repository.collect({key, 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  const int collecting = scene.children();
  EXPECT_EQ(tree->head, head);
  EXPECT_FALSE(tree->leftovers);
  EXPECT_EQ(brief(tree->changes), (std::vector<std::string>{"c.txt 0 100644", "src/b.txt 100644 100644"}));
  EXPECT_EQ(scene.ref("refs/pianola/in/r1/login/1"), head);

  const auto built = repository.build_candidate({key, base, head, "Merge login: Log in", noon});
  ASSERT_TRUE(built) << built.error().text();
  const auto& candidate = std::get<engine::CandidateTree>(*built);
  EXPECT_EQ(candidate.changes, tree->changes);
  const auto moved = repository.move_staging({key, base, candidate.commit});
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(std::get<core::StagingWasMoved>(*moved).commit, candidate.commit);

  RecordProperty("children_of_collect", collecting);
  RecordProperty("children_to_staging", scene.children());
  EXPECT_LE(collecting, 3);
  EXPECT_LE(scene.children(), 9);

  const auto promoted = repository.promote({base, candidate.commit, core::PromoteMode::ask});
  ASSERT_TRUE(promoted) << promoted.error().text();
  ASSERT_TRUE(std::holds_alternative<core::TargetWasPromoted>(*promoted));
  EXPECT_EQ(scene.id("main"), candidate.commit);
  EXPECT_EQ(scene.git(scene.shop(), {"log", "--first-parent", "--format=%s", "main"}),
            "Merge login: Log in\nFirst");
}

}  // namespace
}  // namespace pianola::world
