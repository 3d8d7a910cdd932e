// The target moves to exactly the verified commit, or is left with the reason; the user's checkout is never
// touched unasked.
#include <sys/stat.h>

#include <filesystem>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

class Promote : public ::testing::Test {
 protected:
  void SetUp() override {
    base = scene.commit(
        scene.shop(),
        {{"a.txt", "one\n"}, {"gone.txt", "x\n"}, {"dir/b.txt", "two\n"}, {".gitignore", "*.env\n"}},
        "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    const std::string folder = scene.workspace(repository, attempt("login"), base);
    scene.shell(folder, "echo ONE > a.txt; rm gone.txt; mkdir new; echo n > new/n.txt; chmod +x dir/b.txt");
    const auto tree = repository.collect({attempt("login"), 1, base, core::CollectFor::landing});
    ASSERT_TRUE(tree);
    const auto built =
        repository.build_candidate({attempt("login"), base, tree->head, "Merge login: x", Instant{}});
    verified = std::get<engine::CandidateTree>(*built).commit;
    before = scene.digest(scene.shop());
  }
  GitRepository::Promotion promote(core::PromoteMode mode) {
    const auto foreseen = repository.foresee_promotion({base, verified, mode});
    auto promotion = repository.promote({base, verified, mode});
    // Not foreseen: filters, to find which an index has to be written, and files that are there already.
    const bool is_foreseen = foreseen && promotion && foreseen->index() == promotion->index();
    EXPECT_TRUE(is_foreseen || !foresees);
    EXPECT_TRUE(promotion) << (promotion ? "" : promotion.error().text());
    return promotion ? *promotion : GitRepository::Promotion{};
  }
  // Promotes, expects it to be left, and that nothing of the user's has changed; the reason.
  std::string left(core::PromoteMode mode = core::PromoteMode::checkout) {
    const std::string now = scene.digest(scene.shop());
    const std::string at = scene.ref("refs/heads/main");
    const auto promotion = promote(mode);
    EXPECT_EQ(scene.digest(scene.shop()), now);
    EXPECT_EQ(scene.ref("refs/heads/main"), at);
    if (!std::holds_alternative<core::PromotionWasLeft>(promotion)) return "not left";
    EXPECT_EQ(scene.ref("refs/pianola/ready/r1"), verified);
    return std::get<core::PromotionWasLeft>(promotion).reason;
  }

  Scene scene;
  GitRepository repository{scene.options()};
  std::string base;
  std::string verified;
  std::string before;
  bool foresees = true;
};

TEST_F(Promote, leaves_a_checked_out_target_unless_told_otherwise) {
  EXPECT_EQ(left(core::PromoteMode::ask), "main is checked out in " + scene.shop());
  EXPECT_EQ(left(core::PromoteMode::leave), "main is checked out in " + scene.shop());
  EXPECT_EQ(scene.digest(scene.shop()), before);
}

TEST_F(Promote, moves_a_target_that_is_checked_out_nowhere) {
  scene.git(scene.shop(), {"checkout", "-q", "-b", "elsewhere"});
  const std::string now = scene.digest(scene.shop());
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::ask)));
  EXPECT_EQ(scene.ref("refs/heads/main"), verified);
  EXPECT_EQ(scene.digest(scene.shop()), now);
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::ask)));
}

TEST_F(Promote, moves_a_checkout_whose_files_were_touched_and_not_changed) {
  for (const char* path : {"a.txt", "gone.txt", "dir/b.txt"})
    scene.shell(scene.shop(), std::string("touch -d 2001-01-01 ") + path);
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::checkout)));
  EXPECT_EQ(Scene::read(scene.in_shop("a.txt")), "ONE\n");
  // Killed between the files and the branch, and touched before the next try.
  scene.git(scene.shop(), {"update-ref", "refs/heads/main", base});
  scene.shell(scene.shop(), "touch -d 2001-01-01 a.txt");
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::checkout)));
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "");
}

TEST_F(Promote, moves_one_clean_checkout_when_told_to) {
  Scene::write(scene.in_shop("untracked.txt"), "mine\n");
  Scene::write(scene.in_shop("secret.env"), "mine\n");
  const auto promotion = promote(core::PromoteMode::checkout);
  ASSERT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promotion));
  EXPECT_EQ(scene.ref("refs/heads/main"), verified);
  EXPECT_EQ(scene.git(scene.shop(), {"symbolic-ref", "HEAD"}), "refs/heads/main");
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "?? untracked.txt");
  EXPECT_EQ(Scene::read(scene.in_shop("a.txt")), "ONE\n");
  EXPECT_EQ(Scene::read(scene.in_shop("untracked.txt")), "mine\n");
  EXPECT_EQ(Scene::read(scene.in_shop("secret.env")), "mine\n");
  EXPECT_FALSE(std::filesystem::exists(scene.in_shop("gone.txt")));
  EXPECT_EQ(scene.git(scene.shop(), {"reflog", "-1", "--format=%gs", "HEAD"}), "pianola: promote r1");
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::checkout)));
}

TEST_F(Promote, runs_no_hook_and_no_filter_of_the_user) {
  const std::string canary = scene.root() + "/canary";
  for (const char* hook :
       {"post-checkout", "post-merge", "reference-transaction", "post-index-change", "pre-commit"}) {
    Scene::write(scene.git_dir() + "/hooks/" + hook, "#!/bin/sh\necho hook >> " + canary + "\n");
    ::chmod((scene.git_dir() + "/hooks/" + hook).c_str(), 0755);
  }
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::checkout)));
  EXPECT_FALSE(std::filesystem::exists(canary));
}

TEST_F(Promote, leaves_files_that_a_filter_would_fill) {
  foresees = false;
  scene.git(scene.shop(), {"config", "filter.lfs.smudge", "echo filled; cat > /dev/null"});
  Scene::write(scene.git_dir() + "/info/attributes", "new/* filter=lfs\n");
  EXPECT_EQ(left(), "new/n.txt goes through the filter lfs, which pianola does not run");
}

TEST_F(Promote, leaves_a_checkout_with_changes_and_names_them) {
  Scene::write(scene.in_shop("a.txt"), "mine\n");
  EXPECT_EQ(left(), scene.shop() + " has changes of its own: a.txt");
  scene.git(scene.shop(), {"add", "a.txt"});
  EXPECT_EQ(left(), scene.shop() + " has changes of its own: a.txt");
  scene.shell(scene.shop(), "for f in q r s t; do echo $f > $f; git add $f; done");
  EXPECT_EQ(left(), scene.shop() + " has changes of its own: a.txt, q, r and 2 more");
}

TEST_F(Promote, leaves_a_checkout_whose_untracked_or_ignored_files_stand_in_the_way) {
  Scene::write(scene.in_shop("new/n.txt"), "mine\n");
  EXPECT_EQ(left(), scene.shop() + " has untracked files in the way: new/n.txt");
  scene.shell(scene.shop(), "rm -r new; echo mine > new");
  EXPECT_EQ(left(), scene.shop() + " has untracked files in the way: new");
  scene.shell(scene.shop(), "rm new; mkdir -p new/n.txt; echo mine > new/n.txt/x.env");
  EXPECT_EQ(left(), scene.shop() + " has untracked files in the way: new/n.txt");
  // Ignored, which git itself would overwrite.
  scene.shell(scene.shop(), "rm -r new; mkdir new; echo mine > new/n.txt; echo 'new/*' > .git/info/exclude");
  EXPECT_EQ(left(), scene.shop() + " has untracked files in the way: new/n.txt");
}

TEST_F(Promote, leaves_a_target_that_is_checked_out_twice_or_not_there) {
  const std::string second = scene.root() + "/second";
  scene.git(scene.shop(), {"worktree", "add", "-q", "--force", second, "main"});
  EXPECT_EQ(left(), "main is checked out more than once: " + scene.shop() + " and " + second);
  scene.git(scene.shop(), {"checkout", "-q", "-b", "elsewhere"});
  std::filesystem::remove_all(second);
  EXPECT_EQ(left(), "its checkout " + second + " is not there");
}

TEST_F(Promote, moves_a_linked_worktree_that_shows_the_target) {
  scene.git(scene.shop(), {"checkout", "-q", "-b", "elsewhere"});
  const std::string second = scene.root() + "/second";
  scene.git(scene.shop(), {"worktree", "add", "-q", second, "main"});
  const std::string now = scene.digest(scene.shop());
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::checkout)));
  EXPECT_EQ(scene.git(second, {"status", "--porcelain"}), "");
  EXPECT_EQ(scene.git(second, {"rev-parse", "HEAD"}), verified);
  EXPECT_EQ(Scene::read(second + "/a.txt"), "ONE\n");
  EXPECT_EQ(scene.digest(scene.shop()), now);
}

TEST_F(Promote, leaves_a_target_that_is_being_rebased_or_bisected) {
  scene.commit(scene.shop(), {{"a.txt", "main\n"}}, "Main");
  scene.git(scene.shop(), {"branch", "other", base});
  scene.git(scene.shop(), {"checkout", "-q", "other"});
  scene.commit(scene.shop(), {{"a.txt", "other\n"}}, "Other");
  scene.git(scene.shop(), {"checkout", "-q", "main"});
  const std::string from = base;
  base = scene.id("main");
  scene.git_exit(scene.shop(), {"rebase", "-q", "other"});
  EXPECT_EQ(left(), "a rebase of main is in progress in " + scene.shop());
  scene.git(scene.shop(), {"rebase", "--abort"});
  scene.git(scene.shop(), {"bisect", "start"});
  EXPECT_EQ(left(), "a bisect is in progress in " + scene.shop());
  scene.git(scene.shop(), {"bisect", "bad", "HEAD"});
  scene.git(scene.shop(), {"bisect", "good", from});
  scene.git(scene.shop(), {"checkout", "-q", "--detach"});
  EXPECT_EQ(left(), "a bisect of main is in progress in " + scene.shop());
}

TEST_F(Promote, tells_a_target_that_moved_on_from_one_that_was_rewritten_or_deleted) {
  const std::string next = scene.commit(scene.shop(), {{"later.txt", "l\n"}}, "Later");
  auto moved = std::get<core::TargetHadMoved>(promote(core::PromoteMode::checkout));
  EXPECT_EQ(moved.commit, next);
  EXPECT_TRUE(moved.descends);
  // The run may be left over it, and people promote by hand from there.
  EXPECT_EQ(scene.ref("refs/pianola/ready/r1"), verified);
  scene.git(scene.shop(), {"commit", "-q", "--amend", "-m", "Rewritten"});
  scene.git(scene.shop(), {"checkout", "-q", "--orphan", "fresh"});
  const std::string orphan = scene.commit(scene.shop(), {}, "Orphan");
  scene.git(scene.shop(), {"branch", "-f", "main", orphan});
  moved = std::get<core::TargetHadMoved>(promote(core::PromoteMode::checkout));
  EXPECT_EQ(moved.commit, orphan);
  EXPECT_FALSE(moved.descends);
  scene.git(scene.shop(), {"branch", "-D", "main"});
  moved = std::get<core::TargetHadMoved>(promote(core::PromoteMode::checkout));
  EXPECT_EQ(moved.commit, "");
  EXPECT_FALSE(moved.descends);
}

TEST_F(Promote, follows_the_branch_and_not_a_tag_of_the_same_name) {
  scene.git(scene.shop(), {"tag", "main", "HEAD"});
  scene.git(scene.shop(), {"checkout", "-q", "-b", "elsewhere"});
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(promote(core::PromoteMode::ask)));
  EXPECT_EQ(scene.ref("refs/heads/main"), verified);
  EXPECT_EQ(scene.ref("refs/tags/main"), base);
}

TEST_F(Promote, names_a_verified_commit_that_is_gone) {
  std::filesystem::remove(scene.git_dir() + "/objects/" + verified.substr(0, 2) + "/" + verified.substr(2));
  const auto promotion = repository.promote({base, verified, core::PromoteMode::checkout});
  ASSERT_FALSE(promotion);
  EXPECT_EQ(promotion.error().kind, ErrorKind::integrity);
  EXPECT_EQ(promotion.error().text(),
            "git diff-tree: an object of the repository is missing or damaged: bad object " + verified +
                "; expected all that the run has made; git fsck names what lacks; get it from a clone or a "
                "backup, then: pianola resume");
  EXPECT_EQ(scene.digest(scene.shop()), before);
}

TEST(PromoteBare, moves_the_target_of_a_bare_repository) {
  const Scene scene(Scene::Shape::bare);
  const std::string tree = scene.git(scene.shop(), {"mktree"});
  const std::string base = scene.git(scene.shop(), {"commit-tree", "-m", "First", tree});
  scene.git(scene.shop(), {"update-ref", "refs/heads/main", base});
  const GitRepository repository(scene.options());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string folder = scene.workspace(repository, attempt("login"), base);
  Scene::write(folder + "/a.txt", "a\n");
  const auto collected = repository.collect({attempt("login"), 1, base, core::CollectFor::landing});
  ASSERT_TRUE(collected) << collected.error().text();
  const auto promotion = repository.promote({base, collected->head, core::PromoteMode::leave});
  ASSERT_TRUE(promotion) << promotion.error().text();
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(*promotion));
  EXPECT_EQ(scene.ref("refs/heads/main"), collected->head);
}

}  // namespace
}  // namespace pianola::world
