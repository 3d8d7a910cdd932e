// What an agent committed and did not leave on HEAD is kept too, without a part in what lands.
#include <filesystem>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

class SideCommits : public ::testing::Test {
 protected:
  void begin(GitRepositoryOptions::Workspaces workspaces = GitRepositoryOptions::Workspaces::clone) {
    GitRepositoryOptions options = scene.options();
    options.workspaces = workspaces;
    repository = std::make_unique<GitRepository>(options);
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"b.txt", "two\n"}}, "First");
    ASSERT_TRUE(repository->open_run({scene_run, base}));
    folder = scene.workspace(*repository, key, base);
  }
  engine::CollectedTree collect(core::CollectFor purpose = core::CollectFor::landing) {
    auto tree = repository->collect({key, 1, base, purpose});
    EXPECT_TRUE(tree) << (tree ? "" : tree.error().text());
    return tree ? *tree : engine::CollectedTree{};
  }
  // What refs/pianola/saved/r1/login/1.1 and so on stand at.
  std::vector<std::string> kept() {
    std::vector<std::string> found;
    for (int number = 1;; ++number) {
      const std::string at = scene.ref("refs/pianola/saved/r1/login/1." + std::to_string(number));
      if (at.empty()) return found;
      found.push_back(at);
    }
  }

  Scene scene;
  std::unique_ptr<GitRepository> repository;
  core::AttemptKey key = attempt("login");
  std::string base;
  std::string folder;
};

using Ids = std::vector<std::string>;

TEST_F(SideCommits, commits_of_another_branch_are_kept_under_a_number) {
  begin();
  scene.git(folder, {"checkout", "-q", "-b", "my/idea"});
  scene.commit(folder, {{"a.txt", "half\n"}}, "Half");
  const std::string idea = scene.commit(folder, {{"a.txt", "idea\n"}}, "Idea");
  scene.git(folder, {"checkout", "-q", "work"});
  EXPECT_EQ(collect().head, "");
  EXPECT_EQ(kept(), Ids{idea});
  EXPECT_EQ(repository->collect({key, 1, base, core::CollectFor::landing})->side_commits,
            (std::vector<core::SideCommit>{{"refs/pianola/saved/r1/login/1.1", idea}}));
  EXPECT_EQ(scene.git(scene.shop(), {"for-each-ref", "--format=%(refname)", "refs/heads"}),
            "refs/heads/main");
  // What is kept stays when the workspace goes, and is whole.
  ASSERT_TRUE(repository->remove_workspace({key.task, 1}));
  scene.git(scene.shop(), {"fsck", "--strict", "--connectivity-only"});
  EXPECT_EQ(scene.git(scene.shop(), {"log", "--format=%s", idea}), "Idea\nHalf\nFirst");
}

TEST_F(SideCommits, stashes_are_kept) {
  begin();
  Scene::write(folder + "/a.txt", "stashed first\n");
  scene.git(folder, {"stash", "-q"});
  Scene::write(folder + "/a.txt", "stashed\n");
  Scene::write(folder + "/new.txt", "untracked\n");
  scene.git(folder, {"stash", "-q", "-u"});
  const Ids stashes = {scene.git(folder, {"rev-parse", "stash@{0}"}),
                       scene.git(folder, {"rev-parse", "stash@{1}"})};
  EXPECT_EQ(collect().head, "");
  EXPECT_EQ(kept(), stashes);
  EXPECT_EQ(scene.git(scene.shop(), {"show", stashes[0] + "^3:new.txt"}), "untracked");
}

TEST_F(SideCommits, detached_and_reset_commits_are_kept) {
  begin();
  scene.git(folder, {"checkout", "-q", "--detach"});
  const std::string detached = scene.commit(folder, {{"a.txt", "detached\n"}}, "Detached");
  scene.git(folder, {"checkout", "-q", "work"});
  const std::string undone = scene.commit(folder, {{"a.txt", "undone\n"}}, "Undone");
  scene.git(folder, {"reset", "-q", "--hard", "HEAD~1"});
  const std::string head = scene.commit(folder, {{"b.txt", "work\n"}}, "Work");
  EXPECT_EQ(collect().head, head);
  EXPECT_EQ(kept(), (Ids{undone, detached}));
}

TEST_F(SideCommits, what_head_comes_from_is_not_kept_again_and_costs_nothing) {
  begin();
  for (int i = 0; i < 30; ++i) scene.commit(folder, {{"a.txt", std::to_string(i)}}, "Step");
  scene.git(folder, {"branch", "here"});
  scene.git(folder, {"pack-refs", "--all"});
  scene.count_from_zero();
  EXPECT_EQ(brief(collect().changes), Ids{"a.txt 100644 100644"});
  EXPECT_LE(scene.children(), 3);
  // Merged, so that HEAD's first parents do not name it.
  scene.git(folder, {"checkout", "-q", "-b", "side", base});
  scene.commit(folder, {{"b.txt", "side\n"}}, "Side");
  scene.git(folder, {"checkout", "-q", "work"});
  scene.git(folder, {"merge", "-q", "--no-edit", "side"});
  collect();
  EXPECT_EQ(kept(), Ids{});
}

TEST_F(SideCommits, packed_branches_are_kept_when_work_is_only_saved) {
  begin();
  scene.git(folder, {"checkout", "-q", "-b", "idea"});
  const std::string idea = scene.commit(folder, {{"a.txt", "idea\n"}}, "Idea");
  scene.git(folder, {"checkout", "-q", "work"});
  scene.git(folder, {"pack-refs", "--all"});
  std::filesystem::remove_all(folder + "/.git/logs");
  collect(core::CollectFor::keeping);
  collect(core::CollectFor::keeping);
  EXPECT_EQ(kept(), Ids{idea});
}

TEST_F(SideCommits, commits_are_kept_when_head_cannot_be_taken_in) {
  begin();
  scene.git(folder, {"checkout", "-q", "-b", "idea"});
  const std::string idea = scene.commit(folder, {{"a.txt", "idea\n"}}, "Idea");
  Scene::write(folder + "/.git/HEAD", "ref: refs/heads/none\n");
  EXPECT_FALSE(repository->collect({key, 1, base, core::CollectFor::landing}));
  EXPECT_EQ(kept(), Ids{idea});
}

TEST_F(SideCommits, one_that_is_damaged_does_not_cost_the_others_or_the_work) {
  begin();
  scene.git(folder, {"checkout", "-q", "-b", "idea"});
  const std::string idea = scene.commit(folder, {{"a.txt", "idea\n"}}, "Idea");
  scene.git(folder, {"checkout", "-q", "-b", "gone", base});
  const std::string gone = scene.commit(folder, {{"a.txt", "gone\n"}}, "Gone");
  scene.git(folder, {"checkout", "-q", "work"});
  const std::string head = scene.commit(folder, {{"b.txt", "work\n"}}, "Work");
  const std::string tree = scene.git(folder, {"rev-parse", gone + "^{tree}"});
  std::filesystem::remove(folder + "/.git/objects/" + tree.substr(0, 2) + "/" + tree.substr(2));
  Scene::write(folder + "/.git/refs/heads/nowhere", std::string(40, 'f') + "\n");
  Scene::write(folder + "/.git/refs/heads/tree", scene.git(folder, {"rev-parse", "HEAD^{tree}"}) + "\n");
  Scene::write(folder + "/.git/refs/heads/junk", "junk\n");
  EXPECT_EQ(collect().head, head);
  EXPECT_EQ(kept(), Ids{idea});
}

TEST_F(SideCommits, there_are_at_most_twenty) {
  begin();
  for (int i = 0; i < 25; ++i) {
    scene.git(folder, {"checkout", "-q", "--detach", base});
    scene.commit(folder, {{"a.txt", std::to_string(i)}}, "Try");
  }
  scene.git(folder, {"checkout", "-q", "work"});
  collect();
  EXPECT_EQ(kept().size(), 20U);
  EXPECT_EQ(scene.git(scene.shop(), {"show", kept().front() + ":a.txt"}), "24");
}

TEST_F(SideCommits, detached_commits_of_a_linked_worktree_are_kept) {
  begin(GitRepositoryOptions::Workspaces::linked);
  const std::string left = scene.commit(folder, {{"a.txt", "left\n"}}, "Left");
  scene.git(folder, {"checkout", "-q", "--detach", base});
  EXPECT_EQ(collect().head, "");
  EXPECT_EQ(kept(), Ids{left});
}

}  // namespace
}  // namespace pianola::world
