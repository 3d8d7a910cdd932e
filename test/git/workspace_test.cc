// Workspaces: whole or not there, clean, and removed without a trace.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "test/git/scene.h"
#include "world/git_stale_locks.h"

namespace pianola::world {
namespace {

class Workspaces : public ::testing::Test {
 protected:
  void begin() {
    scene.write(scene.in_shop("run.sh"), "#!/bin/sh\n");
    ::chmod(scene.in_shop("run.sh").c_str(), 0755);
    ASSERT_EQ(::symlink("run.sh", scene.in_shop("link").c_str()), 0);
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"src/b.txt", "two\n"}}, "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    folder = scene.shop() + ".pianola/r1/login.1";
  }
  Result<void> make() {
    scene.count_from_zero();
    return repository.make_workspace({attempt("login"), 1, base});
  }

  Scene scene;
  GitRepository repository{scene.options()};
  std::string base;
  std::string folder;
};

TEST_F(Workspaces, equal_a_shared_clone_and_take_one_child) {
  begin();
  ASSERT_TRUE(make());
  EXPECT_EQ(scene.children(), 1);
  scene.git(scene.root(), {"clone", "-q", "--shared", scene.shop(), "clone"});
  const auto files = [&](const std::string& place) {
    return scene.shell(place, "find . -mindepth 1 -path ./.git -prune -o -printf '%p %y %m %l\\n' | sort");
  };
  EXPECT_EQ(files(folder), files(scene.root() + "/clone"));
  EXPECT_EQ(scene.git(folder, {"status", "--porcelain", "--branch"}), "## work");
  EXPECT_EQ(scene.git(folder, {"fsck"}), "");
  EXPECT_EQ(scene.git(folder, {"rev-parse", "HEAD"}), base);
  EXPECT_EQ(
      scene.git(folder, {"config", "--local", "--list"}),
      "core.repositoryformatversion=0\ncore.filemode=true\ncore.bare=false\ncore.logallrefupdates=true\n"
      "gc.auto=0\nmaintenance.auto=false\ncommit.gpgsign=false\ntag.gpgsign=false\n"
      "user.name=Ada User\nuser.email=ada@example.com");
  EXPECT_TRUE(std::filesystem::exists(folder + ".index"));
  EXPECT_EQ(Scene::read(folder + ".base"), base + "\n");
}

TEST_F(Workspaces, take_nothing_over_from_the_users_configuration) {
  begin();
  const std::string canary = scene.root() + "/canary";
  for (const char* setting : {"core.fsmonitor", "filter.x.smudge", "core.sshCommand"})
    scene.git(scene.shop(), {"config", setting, "touch " + canary});
  Scene::write(scene.git_dir() + "/hooks/post-checkout", "#!/bin/sh\ntouch " + canary + "\n");
  ::chmod((scene.git_dir() + "/hooks/post-checkout").c_str(), 0755);
  Scene::write(scene.git_dir() + "/info/attributes", "* filter=x\n");
  ASSERT_TRUE(make());
  EXPECT_FALSE(std::filesystem::exists(canary));
}

TEST_F(Workspaces, write_a_name_with_quotes_and_breaks_as_one_value) {
  begin();
  GitRepositoryOptions options = scene.options();
  options.identity.name = "A \"quoted\" \\ name # and\n[core] more";
  ASSERT_TRUE(GitRepository(options).make_workspace({attempt("login"), 1, base}));
  EXPECT_EQ(scene.git(folder, {"config", "user.name"}), options.identity.name);
  EXPECT_EQ(scene.git(folder, {"config", "core.bare"}), "false");
}

TEST_F(Workspaces, that_are_whole_are_kept) {
  begin();
  ASSERT_TRUE(make());
  Scene::write(folder + "/mine.txt", "work\n");
  ASSERT_TRUE(make());
  EXPECT_EQ(Scene::read(folder + "/mine.txt"), "work\n");
  EXPECT_EQ(scene.children(), 0);
}

TEST_F(Workspaces, that_are_half_made_are_made_anew) {
  begin();
  Scene::write(folder + ".making/half", "x");
  Scene::write(folder + ".base", base + "\n");
  ASSERT_TRUE(make());
  EXPECT_EQ(Scene::read(folder + "/a.txt"), "one\n");
  EXPECT_FALSE(std::filesystem::exists(folder + "/half"));
  EXPECT_FALSE(std::filesystem::exists(folder + ".making"));
}

TEST_F(Workspaces, take_the_place_of_an_empty_folder_and_of_nothing_else) {
  begin();
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(make());
  std::filesystem::remove_all(scene.shop() + ".pianola");

  Scene::write(folder + "/foreign.txt", "mine\n");
  auto made = make();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::repository);
  EXPECT_EQ(made.error().text(),
            folder +
                ": something stands there that pianola did not make; expected nothing, or an "
                "empty folder; move it away: mv '" +
                folder + "' '" + folder + ".old'");
  EXPECT_EQ(Scene::read(folder + "/foreign.txt"), "mine\n");
  // Nor is it removed as if it were one.
  ASSERT_TRUE(repository.remove_workspace({core::TaskId("login"), 1}));
  EXPECT_EQ(Scene::read(folder + "/foreign.txt"), "mine\n");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory_symlink(scene.root() + "/home", folder);
  EXPECT_FALSE(make());
  EXPECT_TRUE(std::filesystem::is_empty(scene.root() + "/home"));
}

TEST_F(Workspaces, are_removed_with_what_lies_beside_them) {
  begin();
  ASSERT_TRUE(make());
  scene.shell(folder, "mkdir locked; touch locked/x; chmod 000 locked; mkdir -p a/b/c; ln -s / root");
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(repository.remove_workspace({core::TaskId("login"), 1}));
  EXPECT_TRUE(std::filesystem::is_empty(scene.shop() + ".pianola/r1"));
}

TEST_F(Workspaces, lose_the_locks_of_a_git_that_was_killed_and_nothing_through_a_link) {
  begin();
  ASSERT_TRUE(make());
  for (const char* lock : {"/.git/index.lock", "/.git/HEAD.lock", "/.git/refs/heads/work.lock"}) {
    Scene::write(folder + lock, "");
  }
  clear_stale_locks(folder);
  scene.commit(folder, {{"b.txt", "two\n"}}, "Two");
  const std::string outside = scene.root() + "/outside";
  Scene::write(outside + "/refs/heads/mine.lock", "mine\n");
  std::filesystem::rename(folder + "/.git", folder + "/away");
  std::filesystem::create_directory_symlink(outside, folder + "/.git");
  clear_stale_locks(folder);
  EXPECT_EQ(Scene::read(outside + "/refs/heads/mine.lock"), "mine\n");
}

TEST_F(Workspaces, for_gates_are_fresh_every_time) {
  begin();
  for (int i = 0; i < 2; ++i) {
    const auto gate = repository.make_gate_workspace(base, "login.1");
    ASSERT_TRUE(gate) << gate.error().text();
    EXPECT_EQ(*gate, scene.shop() + ".pianola/r1/gate.login.1");
    EXPECT_EQ(Scene::read(*gate + "/a.txt"), "one\n");
    EXPECT_FALSE(std::filesystem::exists(*gate + "/built"));
    Scene::write(*gate + "/built", "x");
  }
  ASSERT_TRUE(repository.remove_gate_workspace("login.1"));
  EXPECT_TRUE(std::filesystem::is_empty(scene.shop() + ".pianola/r1"));
}

TEST_F(Workspaces, keep_the_object_format) {
  const Scene wide(Scene::Shape::checkout, "sha256");
  const std::string first = wide.commit(wide.shop(), {{"a.txt", "one\n"}}, "First");
  EXPECT_EQ(first.size(), 64U);
  const Hub hub = *discover(wide.here());
  EXPECT_EQ(hub.object_format, "sha256");
  const GitRepository wide_repository(wide.options());
  ASSERT_TRUE(wide_repository.open_run({scene_run, first}));
  const std::string place = wide.workspace(wide_repository, attempt("login"), first);
  const std::string head = wide.commit(place, {{"b.txt", "two\n"}}, "Work");
  Scene::write(place + "/left.txt", "left\n");
  const auto tree = wide_repository.collect({attempt("login"), 1, first, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(wide.id(tree->head + "^"), head);
  EXPECT_EQ(brief(tree->changes), (std::vector<std::string>{"b.txt 0 100644", "left.txt 0 100644"}));
  const auto built =
      wide_repository.build_candidate({attempt("login"), first, tree->head, "Merge login: x", {}});
  ASSERT_TRUE(built) << built.error().text();
  const std::string candidate = std::get<engine::CandidateTree>(*built).commit;
  ASSERT_TRUE(wide_repository.move_staging({attempt("login"), first, candidate}));
  const auto promoted = wide_repository.promote({first, candidate, core::PromoteMode::checkout});
  ASSERT_TRUE(promoted) << promoted.error().text();
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(*promoted));
  EXPECT_EQ(wide.git(wide.shop(), {"status", "--porcelain"}), "");
}

TEST_F(Workspaces, work_from_a_shallow_repository) {
  begin();
  scene.commit(scene.shop(), {{"a.txt", "later\n"}}, "Second");
  scene.git(scene.root(), {"clone", "-q", "--depth=1", "file://" + scene.shop(), "shallow"});
  GitRepositoryOptions options = scene.options();
  const std::string hub = scene.root() + "/shallow";
  options.layout = {hub + "/.git", hub + "/.git/pianola", hub + ".pianola", scene.root() + "/sockets"};
  const GitRepository shallow(options);
  const std::string tip = scene.git(hub, {"rev-parse", "HEAD"});
  ASSERT_TRUE(shallow.open_run({scene_run, tip}));
  const std::string place = scene.workspace(shallow, attempt("login"), tip);
  const std::string head = scene.commit(place, {{"b.txt", "b\n"}}, "Work");
  const auto tree = shallow.collect({attempt("login"), 1, tip, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(tree->head, head);
  const auto built = shallow.build_candidate({attempt("login"), tip, head, "Merge login: x", {}});
  ASSERT_TRUE(built) << built.error().text();
  EXPECT_TRUE(std::holds_alternative<engine::CandidateTree>(*built));
}

TEST_F(Workspaces, may_be_linked_worktrees) {
  begin();
  GitRepositoryOptions options = scene.options();
  options.workspaces = GitRepositoryOptions::Workspaces::linked;
  const GitRepository linked(options);
  scene.count_from_zero();
  ASSERT_TRUE(linked.make_workspace({attempt("login"), 1, base}));
  EXPECT_EQ(scene.children(), 1);
  EXPECT_EQ(scene.git(folder, {"rev-parse", "--path-format=absolute", "--git-common-dir"}), scene.git_dir());
  ASSERT_TRUE(linked.make_workspace({attempt("login"), 1, base}));
  const std::string head = scene.commit(folder, {{"b.txt", "b\n"}}, "Work");
  Scene::write(folder + "/left.txt", "left\n");
  const auto tree = linked.collect({attempt("login"), 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(scene.id(tree->head + "^"), head);
  EXPECT_EQ(brief(tree->changes), (std::vector<std::string>{"b.txt 0 100644", "left.txt 0 100644"}));

  // Half made: no .base yet.
  std::filesystem::remove(folder + ".base");
  ASSERT_TRUE(linked.make_workspace({attempt("login"), 1, base}));
  EXPECT_FALSE(std::filesystem::exists(folder + "/left.txt"));
  ASSERT_TRUE(linked.remove_workspace({core::TaskId("login"), 1}));
  EXPECT_EQ(scene.git(scene.shop(), {"worktree", "list", "--porcelain"}).find("login"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(scene.shop() + ".pianola/r1"));
}

TEST_F(Workspaces, that_are_linked_name_what_was_changed_of_the_repository_meanwhile) {
  begin();
  GitRepositoryOptions options = scene.options();
  options.workspaces = GitRepositoryOptions::Workspaces::linked;
  const GitRepository linked(options);
  for (const char* branch : {"moved", "gone"}) scene.git(scene.shop(), {"branch", branch});
  ASSERT_TRUE(linked.make_workspace({attempt("login"), 1, base}));
  const core::CollectWork landing{attempt("login"), 1, base, core::CollectFor::landing};

  // People go on with their work, and an agent with its own.
  scene.commit(scene.shop(), {{"mine.txt", "m\n"}}, "By hand");
  scene.git(scene.shop(), {"branch", "new"});
  scene.git(folder, {"checkout", "-q", "-b", "feature"});
  scene.commit(folder, {{"b.txt", "b\n"}}, "Work");
  scene.git(scene.shop(), {"worktree", "add", "-q", "--detach", scene.root() + "/users"});
  scene.git(scene.shop(), {"pack-refs", "--all"});
  const auto clean = linked.collect(landing);
  ASSERT_TRUE(clean) << clean.error().text();
  EXPECT_EQ(clean->outside, std::vector<std::string>{});

  Scene::write(scene.git_dir() + "/hooks/pre-commit", "#!/bin/sh\n");
  scene.git(folder, {"config", "core.fsmonitor", "evil"});
  scene.git(folder, {"branch", "-f", "moved", "HEAD"});
  scene.git(folder, {"branch", "-D", "gone"});
  const auto tree = linked.collect(landing);
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(tree->outside,
            (std::vector<std::string>{"config of the repository was changed while it ran",
                                      "hooks/pre-commit of the repository appeared while it ran",
                                      "refs/heads/gone of the repository went away while it ran",
                                      "refs/heads/moved of the repository was changed while it ran"}));

  // The next attempt does not answer for it.
  ASSERT_TRUE(linked.make_workspace({attempt("login"), 1, base}));
  EXPECT_EQ(linked.collect(landing)->outside, std::vector<std::string>{});
}

TEST_F(Workspaces, that_are_linked_are_not_unlinked_by_anothers_name) {
  begin();
  GitRepositoryOptions options = scene.options();
  options.workspaces = GitRepositoryOptions::Workspaces::linked;
  const GitRepository linked(options);
  scene.git(scene.shop(), {"worktree", "add", "-q", "--detach", scene.root() + "/users"});
  ASSERT_TRUE(linked.make_workspace({attempt("login"), 1, base}));
  Scene::write(folder + "/.git", "gitdir: " + scene.git_dir() + "/worktrees/users\n");
  ASSERT_TRUE(linked.remove_workspace({core::TaskId("login"), 1}));
  EXPECT_TRUE(std::filesystem::exists(scene.git_dir() + "/worktrees/users"));
}

}  // namespace
}  // namespace pianola::world
