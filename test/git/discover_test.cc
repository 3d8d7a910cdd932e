// What keeps a run from starting, each with the sentence people read.
#include <sys/stat.h>
#include <unistd.h>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

Hub found(const Scene& scene, const std::string& folder = "") {
  auto hub = discover(scene.here(folder));
  EXPECT_TRUE(hub) << (hub ? "" : hub.error().text());
  return hub ? *hub : Hub{};
}

std::string unsettled(const Scene& scene) {
  const auto settled = check_settled(found(scene), run_child);
  if (settled) return "";
  EXPECT_EQ(settled.error().kind, ErrorKind::repository);
  return settled.error().text();
}

// A repository whose branch `other` conflicts with main in a.txt.
std::string make_conflict(const Scene& scene) {
  const std::string base = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"checkout", "-q", "-b", "other"});
  scene.commit(scene.shop(), {{"a.txt", "other\n"}}, "Other");
  scene.git(scene.shop(), {"checkout", "-q", "main"});
  scene.commit(scene.shop(), {{"a.txt", "main\n"}}, "Main");
  return base;
}

TEST(Discover, finds_a_checkout_from_any_folder_in_it) {
  const Scene scene;
  const std::string head = scene.commit(scene.shop(), {{"src/deep/a.txt", "one\n"}}, "First");
  const Hub hub = found(scene, scene.in_shop("src/deep"));
  EXPECT_EQ(hub.top, scene.shop());
  EXPECT_EQ(hub.path, scene.shop());
  EXPECT_EQ(hub.layout.git_dir, scene.git_dir());
  EXPECT_EQ(hub.layout.state_dir, scene.git_dir() + "/pianola");
  EXPECT_EQ(hub.layout.work_dir, scene.shop() + ".pianola");
  EXPECT_EQ(hub.head_ref, "refs/heads/main");
  EXPECT_EQ(hub.head_commit, head);
  EXPECT_EQ(hub.object_format, "sha1");
  EXPECT_EQ(hub.git.path, "/usr/bin/git");
  EXPECT_EQ(hub.git.version.substr(0, 2), "2.");
  EXPECT_EQ(unsettled(scene), "");
}

TEST(Discover, says_how_to_make_a_repository) {
  const Scene scene;
  const auto hub = discover(scene.here(scene.root() + "/home"));
  ASSERT_FALSE(hub);
  EXPECT_EQ(hub.error().kind, ErrorKind::repository);
  EXPECT_EQ(hub.error().text(),
            scene.root() + "/home: not inside a git repository; expected one; run: git init");
}

TEST(Discover, refuses_a_branch_without_a_commit) {
  const Scene scene;
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": branch main has no commit yet; expected a first commit; "
                                  "make one: git commit --allow-empty -m \"First commit\"");
}

TEST(Discover, works_from_a_detached_commit_when_the_branch_is_named) {
  const Scene scene;
  const std::string head = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"checkout", "-q", "--detach"});
  const Hub hub = found(scene);
  EXPECT_EQ(hub.head_ref, "");
  EXPECT_EQ(unsettled(scene), "");

  const auto unnamed = choose_start(hub, "", run_child);
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().text(),
            scene.shop() + ": HEAD is detached at " + head.substr(0, 7) +
                "; expected a branch to land on; name one: pianola run --target BRANCH");
  const auto named = choose_start(hub, "main", run_child);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->target, "refs/heads/main");
  EXPECT_EQ(named->base, head);

  const std::string next = scene.commit(scene.shop(), {{"a.txt", "two\n"}}, "Second");
  const auto apart = choose_start(found(scene), "main", run_child);
  ASSERT_FALSE(apart);
  EXPECT_EQ(apart.error().text(), scene.shop() + ": HEAD is detached at " + next.substr(0, 7) +
                                      " and main is at " + head.substr(0, 7) +
                                      "; expected both at one commit; check it out: git switch 'main'");
}

TEST(Discover, starts_at_the_branch_that_is_checked_out_or_named) {
  const Scene scene;
  const std::string first = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"branch", "release"});
  const std::string second = scene.commit(scene.shop(), {{"a.txt", "two\n"}}, "Second");
  scene.git(scene.shop(), {"tag", "release", "HEAD"});
  const Hub hub = found(scene);
  EXPECT_EQ(choose_start(hub, "", run_child)->base, second);
  // The branch, not the tag of the same name.
  EXPECT_EQ(choose_start(hub, "release", run_child)->base, first);
  EXPECT_EQ(choose_start(hub, "release", run_child)->target, "refs/heads/release");
  const auto unknown = choose_start(hub, "relaese", run_child);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().text(),
            scene.shop() + ": no branch \"relaese\"; expected a branch that exists; nearest is release");
}

TEST(Discover, counts_what_agents_do_not_see_and_touches_nothing) {
  const Scene scene;
  const std::string head = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"b.txt", "two\n"}}, "First");
  Scene::write(scene.in_shop("a.txt"), "changed\n");
  Scene::write(scene.in_shop("staged.txt"), "staged\n");
  scene.git(scene.shop(), {"add", "staged.txt"});
  Scene::write(scene.in_shop("new/one.txt"), "1\n");
  const std::string before = scene.digest(scene.shop());
  const Hub hub = found(scene);
  EXPECT_EQ(unsettled(scene), "");
  const auto counts = count_dirty(hub, scene.here());
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->changed, 2);
  EXPECT_EQ(counts->untracked, 1);
  EXPECT_EQ(scene.digest(scene.shop()), before);
  EXPECT_EQ(
      dirty_note(*counts, head),
      "2 changed files and 1 untracked file are not seen by agents; they start from " + head.substr(0, 7));
  EXPECT_EQ(dirty_note({.changed = 1}, head),
            "1 changed file is not seen by agents; they start from " + head.substr(0, 7));
  EXPECT_EQ(dirty_note({}, head), "");
}

TEST(Discover, names_a_rebase_in_progress) {
  const Scene scene;
  make_conflict(scene);
  EXPECT_NE(scene.git_exit(scene.shop(), {"rebase", "-q", "other"}), 0);
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": a rebase is in progress; expected a settled repository; "
                                  "finish it: git rebase --continue, or --abort");
}

TEST(Discover, names_a_merge_in_progress) {
  const Scene scene;
  make_conflict(scene);
  EXPECT_NE(scene.git_exit(scene.shop(), {"merge", "-q", "other"}), 0);
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": a merge is in progress; expected a settled repository; "
                                  "finish it: git merge --continue, or --abort");
}

TEST(Discover, names_a_cherry_pick_in_progress) {
  const Scene scene;
  make_conflict(scene);
  EXPECT_NE(scene.git_exit(scene.shop(), {"cherry-pick", "other"}), 0);
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": a cherry-pick is in progress; expected a settled repository; "
                                  "finish it: git cherry-pick --continue, or --abort");
}

TEST(Discover, names_a_revert_in_progress) {
  const Scene scene;
  const std::string base = make_conflict(scene);
  scene.commit(scene.shop(), {{"a.txt", "later\n"}}, "Later");
  EXPECT_NE(scene.git_exit(scene.shop(), {"revert", "--no-edit", "HEAD~1"}), 0);
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": a revert is in progress; expected a settled repository; "
                                  "finish it: git revert --continue, or --abort");
}

TEST(Discover, names_an_am_in_progress) {
  const Scene scene;
  make_conflict(scene);
  scene.shell(scene.shop(), "git format-patch -q -1 -o ../patches other");
  EXPECT_NE(scene.git_exit(scene.shop(), {"am", "-q", scene.root() + "/patches/0001-Other.patch"}), 0);
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": an am is in progress; expected a settled repository; "
                                  "finish it: git am --continue, or --abort");
}

TEST(Discover, names_a_bisect_in_progress) {
  const Scene scene;
  make_conflict(scene);
  scene.git(scene.shop(), {"bisect", "start"});
  EXPECT_EQ(unsettled(scene), scene.shop() +
                                  ": a bisect is in progress; expected a settled repository; "
                                  "finish it: git bisect reset");
}

TEST(Discover, works_in_a_bare_repository) {
  const Scene scene(Scene::Shape::bare);
  const std::string tree = scene.git(scene.shop(), {"mktree"});
  const std::string commit = scene.git(scene.shop(), {"commit-tree", "-m", "First", tree});
  scene.git(scene.shop(), {"update-ref", "refs/heads/main", commit});
  const Hub hub = found(scene);
  EXPECT_EQ(hub.top, "");
  EXPECT_EQ(hub.path, scene.shop());
  EXPECT_EQ(hub.head_commit, commit);
  EXPECT_EQ(hub.layout.work_dir, scene.shop() + ".pianola");
  EXPECT_EQ(unsettled(scene), "");
  EXPECT_EQ(count_dirty(hub, scene.here())->changed, 0);
}

TEST(Discover, resolves_the_common_folder_of_a_linked_worktree) {
  const Scene scene;
  scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"worktree", "add", "-q", "-b", "side", scene.root() + "/side"});
  const Hub hub = found(scene, scene.root() + "/side");
  EXPECT_EQ(hub.layout.git_dir, scene.git_dir());
  EXPECT_EQ(hub.layout.work_dir, scene.shop() + ".pianola");
  EXPECT_EQ(hub.checkout_git_dir, scene.git_dir() + "/worktrees/side");
  EXPECT_EQ(hub.top, scene.root() + "/side");
  EXPECT_EQ(hub.head_ref, "refs/heads/side");
}

TEST(Discover, allows_a_branch_named_pianola_but_no_ref_in_place_of_its_folder) {
  const Scene scene;
  const std::string head = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"branch", "pianola"});
  EXPECT_EQ(unsettled(scene), "");
  scene.git(scene.shop(), {"update-ref", "refs/pianola/staging", head});
  const std::string text =
      "refs/pianola/staging: is a ref, where pianola keeps a folder of refs; expected no ref of this name; "
      "if you do not need it: git update-ref -d refs/pianola/staging";
  EXPECT_EQ(unsettled(scene), text);
  scene.git(scene.shop(), {"pack-refs", "--all", "--prune"});
  EXPECT_EQ(unsettled(scene), text);
}

TEST(Discover, names_both_commands_when_nobody_can_be_the_author) {
  const Scene scene;
  scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  const Hub hub = found(scene);
  EXPECT_EQ(find_identity(hub, scene.here())->name, "Ada User");
  EXPECT_EQ(find_identity(hub, scene.here())->email, "ada@example.com");
  scene.git(scene.shop(), {"config", "commit.gpgSign", "true"});
  scene.git(scene.shop(), {"config", "--unset", "user.email"});
  const auto half = find_identity(hub, scene.here());
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().kind, ErrorKind::repository);
  EXPECT_EQ(half.error().text(),
            scene.shop() +
                ": git has no user.email; expected a name and an address for the merge commits; "
                "run: git config --global user.name \"Your Name\" && "
                "git config --global user.email you@example.com");
  scene.git(scene.shop(), {"config", "--unset", "user.name"});
  EXPECT_EQ(find_identity(hub, scene.here()).error().what, "git has no user.name and no user.email");
}

TEST(Discover, says_what_git_says_about_the_repository_of_another_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  const Scene scene;
  scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.shell(scene.root(), "chown -R 65534 shop");
  const auto hub = discover(scene.here());
  ASSERT_FALSE(hub);
  EXPECT_EQ(hub.error().kind, ErrorKind::repository);
  EXPECT_EQ(hub.error().text(), scene.shop() + ": detected dubious ownership in repository at '" +
                                    scene.shop() +
                                    "'; expected a repository of your own, or one you call safe; "
                                    "if you trust it: git config --global --add safe.directory '" +
                                    scene.shop() + "'");
}

TEST(Discover, takes_git_only_from_absolute_folders_and_not_an_old_one) {
  Scene scene;
  scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  Scene::write(scene.root() + "/bin/git", "#!/bin/sh\necho git version 2.30.2\n");
  ::chmod((scene.root() + "/bin/git").c_str(), 0755);
  scene.env()["PATH"] = "../bin:.:" + scene.root() + "/nothing:/usr/bin";
  EXPECT_EQ(found(scene).git.path, "/usr/bin/git");

  scene.env()["PATH"] = scene.root() + "/bin:/usr/bin";
  const auto old = discover(scene.here());
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().kind, ErrorKind::missing);
  EXPECT_EQ(old.error().text(), scene.root() +
                                    "/bin/git: git 2.30.2 is too old; expected git 2.39 or newer; "
                                    "install a newer one: apt-get install git");
  scene.env()["PATH"] = "relative:.";
  const auto none = discover(scene.here());
  ASSERT_FALSE(none);
  EXPECT_EQ(
      none.error().text(),
      "git: not in any absolute folder of PATH; expected git 2.39 or newer; install it: apt-get install git");
}

TEST(Discover, does_not_follow_git_variables_of_the_environment) {
  Scene scene;
  scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  DiscoverOptions options = scene.here();
  options.env["GIT_DIR"] = scene.root() + "/home";
  options.env["GIT_WORK_TREE"] = "/";
  const auto hub = discover(options);
  ASSERT_TRUE(hub) << hub.error().text();
  EXPECT_EQ(hub->top, scene.shop());
}

TEST(Layout, keeps_workspaces_beside_the_repository_or_in_the_state_folder) {
  const Scene scene;
  const std::string away = find_layout("/nowhere/shop/.git", {{"HOME", "/home/ada"}})->work_dir;
  EXPECT_EQ(away.rfind("/home/ada/.local/state/pianola/workspaces/", 0), 0U);
  EXPECT_EQ(find_layout(scene.git_dir(), {{"HOME", "/home/ada"}})->work_dir, scene.shop() + ".pianola");
  // The git directory of a submodule lies inside another one.
  const std::string inner =
      find_layout(scene.git_dir() + "/modules/x", {{"XDG_STATE_HOME", "/var/state"}})->work_dir;
  EXPECT_EQ(inner.rfind("/var/state/pianola/workspaces/", 0), 0U);
  EXPECT_EQ(inner.size(), std::string("/var/state/pianola/workspaces/").size() + 12);
}

TEST(Layout, keeps_workspaces_of_a_lasting_repository_out_of_tmp) {
  const auto layout = find_layout("/nowhere/shop/.git", {{"HOME", "/tmp/home"}});
  ASSERT_FALSE(layout);
  EXPECT_EQ(layout.error().text(),
            "/nowhere: no place for workspaces: it cannot be written to, and there is no state folder "
            "outside /tmp; "
            "expected one of both; set HOME or XDG_STATE_HOME to a folder of yours");
}

TEST(Layout, keeps_sockets_where_nobody_else_may_put_theirs) {
  const Scene scene;
  const std::string runtime = scene.root() + "/runtime";
  const auto refusal = [&](const std::string& folder, mode_t mode, uid_t owner) {
    EXPECT_TRUE(make_dirs(folder));
    EXPECT_EQ(::chmod(folder.c_str(), mode), 0);
    if (owner != ::geteuid()) {
      EXPECT_EQ(::chown(folder.c_str(), owner, 0), 0);
    }
    const auto layout = find_layout(scene.git_dir(), {{"XDG_RUNTIME_DIR", runtime}});
    return layout ? "" : layout.error().where + ": " + layout.error().what;
  };
  EXPECT_EQ(refusal(runtime, 0700, ::geteuid()), "");
  EXPECT_EQ(refusal(runtime, 0777, ::geteuid()), runtime + ": anybody may write here");
  EXPECT_EQ(refusal(runtime, 01777, ::geteuid()), "");  // as /tmp is
  EXPECT_EQ(refusal(runtime + "/pianola", 0722, ::geteuid()), runtime + "/pianola: anybody may write here");
  if (::geteuid() == 0) {
    EXPECT_EQ(refusal(runtime + "/pianola", 0700, 12345), runtime + "/pianola: belongs to somebody else");
  }
}

TEST(Layout, keeps_sockets_short) {
  const std::map<std::string, std::string> env = {{"HOME", "/home/ada"},
                                                  {"XDG_RUNTIME_DIR", "/run/user/1000"}};
  const auto layout = find_layout("/nowhere/shop/.git", env);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->socket_dir.rfind("/run/user/1000/pianola/", 0), 0U);
  EXPECT_EQ(layout->socket_dir.size(), std::string("/run/user/1000/pianola/").size() + 12);
  EXPECT_LE(admin_socket(*layout, scene_run).size(), 107U);
  const std::string deep = "/" + std::string(90, 'x');
  EXPECT_EQ(find_layout("/nowhere/shop/.git", {{"HOME", "/home/ada"}, {"XDG_RUNTIME_DIR", deep}})
                ->socket_dir.rfind("/home/ada/.local/state/pianola/sockets/", 0),
            0U);
  const auto none = find_layout("/nowhere/shop/.git", {{"HOME", deep}});
  ASSERT_FALSE(none);
  EXPECT_EQ(
      none.error().text(),
      "XDG_RUNTIME_DIR: no short place for sockets; expected XDG_RUNTIME_DIR or XDG_STATE_HOME of at most 60 "
      "bytes; set one: XDG_RUNTIME_DIR=/run/user/$(id -u)");
}

}  // namespace
}  // namespace pianola::world
