// The target goes back to where it was, with the care it was moved with, and nothing is forgotten.
#include <filesystem>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

constexpr uint64_t seq = 43;
const std::string kept = "refs/pianola/saved/r1/undone/43";

class Undo : public ::testing::Test {
 protected:
  void SetUp() override {
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"gone.txt", "x\n"}}, "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    const std::string folder = scene.workspace(repository, attempt("login"), base);
    scene.shell(folder, "echo ONE > a.txt; rm gone.txt; mkdir new; echo n > new/n.txt");
    const auto tree = repository.collect({attempt("login"), 1, base, core::CollectFor::landing});
    ASSERT_TRUE(tree);
    const auto built =
        repository.build_candidate({attempt("login"), base, tree->head, "Merge login: x", Instant{}});
    verified = std::get<engine::CandidateTree>(*built).commit;
    ASSERT_TRUE(repository.promote({base, verified, core::PromoteMode::checkout}));
    ASSERT_EQ(scene.ref("refs/heads/main"), verified);
  }
  GitRepository::PutBack put_back() {
    auto back = repository.put_target_back({seq, verified, base});
    EXPECT_TRUE(back) << (back ? "" : back.error().text());
    return back ? *back : GitRepository::PutBack{};
  }
  // Expects it to be left, and that nothing of the user's has changed; the reason.
  std::string left() {
    const std::string now = scene.digest(scene.shop());
    const std::string at = scene.ref("refs/heads/main");
    const auto back = put_back();
    EXPECT_EQ(scene.digest(scene.shop()), now);
    EXPECT_EQ(scene.ref("refs/heads/main"), at);
    const auto* reason = std::get_if<core::UndoWasLeft>(&back);
    return reason == nullptr ? "not left" : reason->reason;
  }

  Scene scene;
  GitRepository repository{scene.options()};
  std::string base;
  std::string verified;
};

TEST_F(Undo, moves_a_clean_checkout_back_and_keeps_what_it_leaves) {
  Scene::write(scene.in_shop("mine.txt"), "mine\n");
  ASSERT_TRUE(std::holds_alternative<core::TargetWasPutBack>(put_back()));
  EXPECT_EQ(scene.ref("refs/heads/main"), base);
  EXPECT_EQ(scene.ref(kept), verified);
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "?? mine.txt");
  EXPECT_EQ(Scene::read(scene.in_shop("a.txt")), "one\n");
  EXPECT_EQ(Scene::read(scene.in_shop("gone.txt")), "x\n");
  EXPECT_FALSE(std::filesystem::exists(scene.in_shop("new")));
  EXPECT_EQ(scene.git(scene.shop(), {"reflog", "-1", "--format=%gs", "HEAD"}), "pianola: undo r1");
  ASSERT_TRUE(std::holds_alternative<core::TargetWasPutBack>(put_back()));
}

TEST_F(Undo, moves_a_target_that_is_checked_out_nowhere) {
  scene.git(scene.shop(), {"checkout", "-q", "-b", "elsewhere"});
  const std::string now = scene.digest(scene.shop());
  ASSERT_TRUE(std::holds_alternative<core::TargetWasPutBack>(put_back()));
  EXPECT_EQ(scene.ref("refs/heads/main"), base);
  EXPECT_EQ(scene.ref(kept), verified);
  EXPECT_EQ(scene.digest(scene.shop()), now);
}

TEST_F(Undo, leaves_a_checkout_with_changes_or_files_in_the_way) {
  Scene::write(scene.in_shop("a.txt"), "changed\n");
  EXPECT_EQ(left(), scene.shop() + " has changes of its own: a.txt");
  scene.git(scene.shop(), {"checkout", "-q", "a.txt"});
  Scene::write(scene.in_shop("gone.txt"), "another\n");
  EXPECT_EQ(left(), scene.shop() + " has untracked files in the way: gone.txt");
}

TEST_F(Undo, leaves_a_target_that_others_built_on_and_tells_them) {
  for (int number = 1; number <= 3; ++number)
    scene.commit(scene.shop(), {{"b.txt", std::to_string(number)}}, "More " + std::to_string(number));
  const std::string at = scene.ref("refs/heads/main");
  EXPECT_EQ(left(), "main is at " + at.substr(0, 7));
  EXPECT_EQ(scene.ref(kept), "");
  const auto after = repository.commits_after(verified, at, 2);
  ASSERT_TRUE(after && *after);
  EXPECT_EQ((*after)->count, 3U);
  ASSERT_EQ((*after)->lines.size(), 2U);
  EXPECT_TRUE((*after)->lines[0].ends_with(" More 3")) << (*after)->lines[0];
  EXPECT_TRUE((*after)->lines[1].ends_with(" More 2")) << (*after)->lines[1];
  const auto not_after = repository.commits_after(at, base, 2);
  ASSERT_TRUE(not_after);
  EXPECT_FALSE(not_after->has_value());
}

TEST_F(Undo, never_overwrites_what_is_kept_already) {
  scene.git(scene.shop(), {"update-ref", kept, base});
  EXPECT_EQ(left(), kept + " is taken");
  EXPECT_EQ(scene.ref(kept), base);
}

}  // namespace
}  // namespace pianola::world
