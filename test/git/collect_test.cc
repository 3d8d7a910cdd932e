// What a workspace holds comes in whole, and nothing else does.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

using Lines = std::vector<std::string>;

class Collect : public ::testing::Test {
 protected:
  void begin(const std::map<std::string, std::string>& files = {{"a.txt", "one\n"}, {"src/b.txt", "two\n"}}) {
    base = scene.commit(scene.shop(), files, "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    folder = scene.workspace(repository, key, base);
  }
  Result<engine::CollectedTree> try_collect(core::CollectFor purpose = core::CollectFor::landing) {
    scene.count_from_zero();
    return repository.collect({key, 1, base, purpose, named_files});
  }
  engine::CollectedTree collect(core::CollectFor purpose = core::CollectFor::landing) {
    auto tree = try_collect(purpose);
    EXPECT_TRUE(tree) << (tree ? "" : tree.error().text());
    return tree ? *tree : engine::CollectedTree{};
  }
  std::string show(const std::string& commit, const std::string& path) {
    return scene.git(scene.shop(), {"cat-file", "-p", commit + ":" + path});
  }

  Scene scene;
  GitRepository repository{scene.options()};
  core::AttemptKey key = attempt("login");
  std::string base;
  std::string folder;
  std::vector<std::string> named_files;
};

TEST_F(Collect, brings_nothing_from_an_untouched_workspace) {
  begin();
  const auto tree = collect();
  EXPECT_EQ(tree.head, "");
  EXPECT_FALSE(tree.leftovers);
  EXPECT_TRUE(tree.changes.empty());
  EXPECT_EQ(scene.ref("refs/pianola/in"), "");
  EXPECT_LE(scene.children(), 1);
}

TEST_F(Collect, brings_nothing_from_commits_that_cancel_out) {
  begin();
  scene.commit(folder, {{"a.txt", "else\n"}}, "There");
  scene.commit(folder, {{"a.txt", "one\n"}}, "And back");
  const auto tree = collect();
  EXPECT_EQ(tree.head, "");
  EXPECT_TRUE(tree.changes.empty());
}

TEST_F(Collect, commits_leftovers_apart_on_top_of_the_head) {
  begin();
  const std::string head = scene.commit(folder, {{"a.txt", "committed\n"}}, "Work");
  Scene::write(folder + "/src/b.txt", "left\n");
  Scene::write(folder + "/new.txt", "new\n");
  const auto tree = collect();
  EXPECT_TRUE(tree.leftovers);
  EXPECT_EQ(scene.id(tree.head + "^"), head);
  EXPECT_EQ(scene.ref("refs/pianola/in/r1/login/1"), tree.head);
  EXPECT_EQ(scene.git(scene.shop(), {"log", "-1", "--format=%an <%ae>|%cn|%B", tree.head}),
            "Ada User <ada@example.com>|Ada User|Leftovers of login, attempt 1\n\n"
            "Pianola-Run: r1\nPianola-Task: login\nPianola-Attempt: 1\n");
  EXPECT_EQ(brief(tree.changes),
            (Lines{"a.txt 100644 100644", "new.txt 0 100644", "src/b.txt 100644 100644"}));
  EXPECT_EQ(show(tree.head, "src/b.txt"), "left");
}

TEST_F(Collect, gives_the_same_leftover_commit_every_time) {
  begin();
  Scene::write(folder + "/new.txt", "new\n");
  const std::string first = collect().head;
  EXPECT_EQ(collect().head, first);
  EXPECT_NE(first, "");
}

TEST_F(Collect, needs_at_most_three_children_for_clean_commits_and_four_for_leftovers_alone) {
  begin();
  Scene::write(folder + "/new.txt", "new\n");
  collect();
  const int leftovers_alone = scene.children();
  EXPECT_LE(leftovers_alone, 4);
  scene.commit(folder, {}, "Work");
  collect();
  EXPECT_LE(scene.children(), 3);
  RecordProperty("leftovers_alone", leftovers_alone);
  RecordProperty("clean_commits", scene.children());
}

TEST_F(Collect, keeps_names_modes_links_and_deletions) {
  begin({{"a.txt", "one\n"}, {"gone.txt", "x\n"}, {"run.sh", "#!/bin/sh\n"}, {"to-link", "file\n"}});
  const Lines names = {"line\nbreak",        "tab\there", "quote\"here", "-dash",  ":(exclude)x",
                       "bad\xff\xfeutf",     "*",         " lead",       "trail ", "back\\slash",
                       std::string(255, 'n')};
  for (const std::string& name : names) Scene::write(folder + "/" + name, name);
  std::filesystem::remove(folder + "/gone.txt");
  ::chmod((folder + "/run.sh").c_str(), 0755);
  std::filesystem::remove(folder + "/to-link");
  ASSERT_EQ(::symlink("/etc/passwd", (folder + "/to-link").c_str()), 0);
  ASSERT_EQ(::symlink("loop", (folder + "/loop").c_str()), 0);
  std::filesystem::create_directories(folder + "/empty");
  const auto tree = collect();
  std::map<std::string, TreeChange> by_path;
  for (const TreeChange& change : tree.changes) by_path[change.path] = change;
  EXPECT_EQ(by_path.size(), names.size() + 4);
  for (const std::string& name : names) {
    ASSERT_EQ(by_path.count(name), 1U) << name;
    EXPECT_EQ(scene.git(scene.shop(), {"cat-file", "-p", by_path[name].new_id}), name);
  }
  EXPECT_EQ(by_path["gone.txt"].new_mode, 0);
  EXPECT_EQ(by_path["gone.txt"].new_id, "");
  EXPECT_EQ(by_path["run.sh"].old_mode, 0100644);
  EXPECT_EQ(by_path["run.sh"].new_mode, 0100755);
  EXPECT_EQ(by_path["to-link"].new_mode, 0120000);
  EXPECT_EQ(scene.git(scene.shop(), {"cat-file", "-p", by_path["to-link"].new_id}), "/etc/passwd");
  EXPECT_EQ(by_path["loop"].new_mode, 0120000);
}

TEST_F(Collect, keeps_deep_paths) {
  begin();
  std::string deep;
  while (deep.size() < 3'900) deep += std::string(95, 'd') + "/";
  scene.shell(
      folder,
      "d=$(printf '%095d' 0 | tr 0 d); i=0; while [ $i -lt 40 ]; do mkdir $d; cd $d; i=$((i+1)); done; "
      "echo deep > leaf");
  const auto tree = collect();
  ASSERT_EQ(tree.changes.size(), 1U);
  EXPECT_EQ(tree.changes[0].path.size(), 40U * 96 + 4);
  scene.shell(folder, "rm -rf ddd*");
}

TEST_F(Collect, leaves_ignored_files_out_but_not_those_that_are_tracked) {
  begin({{".gitignore", "*.log\nbuild/\n"}, {"a.txt", "one\n"}});
  Scene::write(scene.git_dir() + "/info/exclude", "mine.tmp\n");
  Scene::write(folder + "/noise.log", "noise");
  Scene::write(folder + "/build/out", "out");
  Scene::write(folder + "/mine.tmp", "tmp");
  Scene::write(folder + "/kept.log", "kept\n");
  scene.git(folder, {"add", "-f", "kept.log"});
  scene.git(folder, {"commit", "-qm", "A tracked log"});
  auto tree = collect();
  EXPECT_FALSE(tree.leftovers);
  EXPECT_EQ(brief(tree.changes), Lines{"kept.log 0 100644"});

  Scene::write(folder + "/kept.log", "kept and changed\n");
  tree = collect();
  EXPECT_TRUE(tree.leftovers);
  EXPECT_EQ(brief(tree.changes), Lines{"kept.log 0 100644"});
  EXPECT_EQ(show(tree.head, "kept.log"), "kept and changed");

  std::filesystem::remove(folder + "/kept.log");
  tree = collect();
  EXPECT_EQ(tree.head, "");
  EXPECT_TRUE(tree.changes.empty());
}

TEST_F(Collect, takes_an_ignored_file_that_the_task_owns_by_name_and_no_other) {
  begin({{".gitignore", "*.log\nbuild/\nlinked\n"}, {"a.txt", "one\n"}});
  named_files = {"a.txt", "mine.log", "build/out.txt", "build/lib/in.txt", "linked/x", "not-there", "*.log"};
  for (const char* name : {"mine.log", "other.log", "build/out.txt", "build/x", "build/lib/in.txt"})
    Scene::write(folder + "/" + name, "x\n");
  scene.shell(folder, "git init -q build/lib; ln -s build linked");
  const auto tree = collect();
  EXPECT_TRUE(tree.leftovers);
  EXPECT_EQ(brief(tree.changes), (Lines{"build/out.txt 0 100644", "mine.log 0 100644"}));
  EXPECT_EQ(collect().head, tree.head);
  // The longer way, because of what the head tracks, comes to the same.
  scene.git(folder, {"add", "-f", "other.log"});
  scene.git(folder, {"commit", "-q", "-m", "One of them"});
  EXPECT_EQ(brief(collect(core::CollectFor::keeping).changes),
            (Lines{"build/out.txt 0 100644", "mine.log 0 100644", "other.log 0 100644"}));
}

TEST_F(Collect, does_not_take_back_an_ignored_file_that_the_worker_let_go) {
  begin({{"secret.env", "key\n"}, {"a.txt", "one\n"}});
  scene.git(folder, {"rm", "-q", "--cached", "secret.env"});
  scene.commit(folder, {{".gitignore", "*.env\n"}}, "Untrack the key");
  const auto tree = collect();
  EXPECT_FALSE(tree.leftovers);
  EXPECT_EQ(brief(tree.changes), (Lines{".gitignore 0 100644", "secret.env 100644 0"}));
}

TEST_F(Collect, names_a_tracked_file_that_became_a_pipe_and_keeps_the_rest) {
  begin();
  scene.shell(folder, "rm a.txt; mkfifo a.txt; echo new > new.txt");
  const auto tree = try_collect();
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().text(),
            "git add: a.txt: can only add regular files, symbolic links or git-directories; "
            "its files are kept in refs/pianola/saved/r1/login/1");
  EXPECT_EQ(show("refs/pianola/saved/r1/login/1", "new.txt"), "new");
}

TEST_F(Collect, sees_a_change_that_keeps_size_and_time) {
  begin();
  struct stat before {};
  ASSERT_EQ(::stat((folder + "/a.txt").c_str(), &before), 0);
  Scene::write(folder + "/a.txt", "ONE\n");
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder + "/a.txt").c_str(), times, 0), 0);
  EXPECT_EQ(brief(collect().changes), Lines{"a.txt 100644 100644"});
}

TEST_F(Collect, puts_a_rewritten_history_on_its_base_and_keeps_the_original) {
  begin();
  base = scene.commit(scene.shop(), {{"c.txt", "three\n"}}, "Second");
  const core::AttemptKey other = attempt("other");
  const std::string place = scene.workspace(repository, other, base);
  scene.git(place, {"reset", "-q", "--hard", "HEAD~1"});
  const std::string original = scene.commit(place, {{"a.txt", "rewritten\n"}}, "Rewritten");
  Scene::write(place + "/left.txt", "left\n");
  const auto tree = repository.collect({other, 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(brief(tree->changes), (Lines{"a.txt 100644 100644", "c.txt 100644 0", "left.txt 0 100644"}));
  EXPECT_EQ(scene.id(tree->head + "~2"), base);
  EXPECT_EQ(scene.git(scene.shop(), {"log", "-2", "--format=%s", tree->head}),
            "Leftovers of other, attempt 1\nWork of other, attempt 1, on its base");
  EXPECT_EQ(scene.ref("refs/pianola/saved/r1/other/1"), original);
}

TEST_F(Collect, takes_an_orphan_branch_by_its_tree) {
  begin();
  scene.git(folder, {"checkout", "-q", "--orphan", "fresh"});
  scene.commit(folder, {{"a.txt", "orphan\n"}}, "Orphan");
  const auto tree = collect();
  EXPECT_EQ(brief(tree.changes), Lines{"a.txt 100644 100644"});
  EXPECT_EQ(scene.id(tree.head + "^"), base);
}

TEST_F(Collect, follows_merges_and_other_branches_of_the_worker) {
  begin();
  scene.git(folder, {"checkout", "-q", "-b", "feature"});
  scene.commit(folder, {{"feature.txt", "f\n"}}, "Feature");
  scene.git(folder, {"checkout", "-q", "work"});
  scene.commit(folder, {{"a.txt", "main line\n"}}, "Line");
  scene.git(folder, {"merge", "-q", "--no-edit", "feature"});
  EXPECT_EQ(brief(collect().changes), (Lines{"a.txt 100644 100644", "feature.txt 0 100644"}));
  scene.git(folder, {"checkout", "-q", "--detach", "feature"});
  EXPECT_EQ(brief(collect().changes), Lines{"feature.txt 0 100644"});
}

TEST_F(Collect, takes_a_merge_of_the_old_base_for_a_descendant) {
  begin();
  const std::string second = scene.commit(scene.shop(), {{"c.txt", "three\n"}}, "Second");
  const core::AttemptKey other = attempt("other");
  const std::string place = scene.workspace(repository, other, second);
  // First parent is a commit beside the base; the base is the second parent.
  scene.git(place, {"checkout", "-q", "-b", "side", base});
  scene.commit(place, {{"side.txt", "s\n"}}, "Side");
  scene.git(place, {"merge", "-q", "--no-edit", "work"});
  const auto tree = repository.collect({other, 1, second, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(brief(tree->changes), Lines{"side.txt 0 100644"});
  EXPECT_EQ(scene.git(place, {"rev-parse", "HEAD"}), tree->head);
}

TEST_F(Collect, takes_a_repository_inside_the_workspace_as_plain_files) {
  begin({{".gitignore", "vendor/\n"}, {"a.txt", "one\n"}});
  scene.git(folder, {"init", "-q", "app"});
  Scene::write(folder + "/app/index.js", "js\n");
  Scene::write(folder + "/app/node_modules/x", "x\n");
  Scene::write(folder + "/app/.gitignore", "node_modules/\n");
  scene.git(folder, {"init", "-q", "vendor/lib"});
  Scene::write(folder + "/vendor/lib/ignored", "x\n");
  scene.git(folder, {"init", "-q", "tool[1] x"});
  scene.commit(folder + "/tool[1] x", {{"t.txt", "t\n"}}, "Inner");
  scene.git(folder, {"init", "-q", "app/deep"});
  Scene::write(folder + "/app/deep/d.txt", "d\n");
  const auto tree = collect();
  EXPECT_TRUE(tree.leftovers);
  EXPECT_EQ(brief(tree.changes), (Lines{"app/.gitignore 0 100644", "app/deep/d.txt 0 100644",
                                        "app/index.js 0 100644", "tool[1] x/t.txt 0 100644"}));
}

TEST_F(Collect, keeps_the_files_of_a_repository_that_was_committed_as_one) {
  begin();
  scene.git(folder, {"init", "-q", "sub"});
  scene.commit(folder + "/sub", {{"s.txt", "s\n"}}, "Inner");
  scene.git(folder, {"-c", "advice.addEmbeddedRepo=false", "add", "sub"});
  scene.git(folder, {"commit", "-qm", "Nested"});
  EXPECT_EQ(brief(collect().changes), Lines{"sub 0 160000"});
  EXPECT_EQ(show("refs/pianola/saved/r1/login/1", "sub/s.txt"), "s");
  EXPECT_EQ(brief(collect(core::CollectFor::keeping).changes), Lines{"sub/s.txt 0 100644"});
}

TEST_F(Collect, leaves_submodules_at_the_commit_the_head_gives_them) {
  Scene library;
  const std::string one = library.commit(library.shop(), {{"l.txt", "l\n"}}, "Library");
  scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"update-index", "--add", "--cacheinfo", "160000," + one + ",lib"});
  scene.git(scene.shop(), {"commit", "-qm", "Add a submodule"});
  base = scene.id("main");
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  folder = scene.workspace(repository, key, base);
  EXPECT_TRUE(std::filesystem::is_directory(folder + "/lib"));
  EXPECT_EQ(collect().head, "");

  Scene::write(folder + "/a.txt", "two\n");
  EXPECT_EQ(brief(collect().changes), Lines{"a.txt 100644 100644"});
  // Filled in, and with a configuration that would run a command.
  scene.git(folder, {"clone", "-q", library.shop(), "lib"});
  Scene::write(folder + "/lib/l.txt", "changed\n");
  scene.git(folder + "/lib", {"config", "core.fsmonitor", "touch " + scene.root() + "/canary; false"});
  scene.git(folder + "/lib", {"config", "filter.x.clean", "touch " + scene.root() + "/canary; cat"});
  Scene::write(folder + "/lib/.gitattributes", "* filter=x\n");
  EXPECT_EQ(brief(collect().changes), Lines{"a.txt 100644 100644"});
  EXPECT_FALSE(std::filesystem::exists(scene.root() + "/canary"));
  std::filesystem::remove_all(folder + "/lib");
  EXPECT_EQ(brief(collect().changes), (Lines{"a.txt 100644 100644", "lib 160000 0"}));
}

TEST_F(Collect, sees_same_size_changes_of_the_first_second_however_late_it_looks) {
  begin({{"a.txt", "one\n"}, {".gitignore", "*.log\n"}});
  // At once after the checkout, so that times do not tell; a tracked log makes it look thoroughly.
  Scene::write(folder + "/a.txt", "two\n");
  Scene::write(folder + "/x.log", "x\n");
  scene.git(folder, {"add", "-f", "x.log"});
  scene.git(folder, {"commit", "-qm", "Only the log"});
  struct stat first {};
  ASSERT_EQ(::stat((folder + "/a.txt").c_str(), &first), 0);
  for (struct stat later{}; later.st_mtim.tv_sec <= first.st_mtim.tv_sec + 1;) {
    Scene::write(scene.root() + "/clock", "tick");
    ASSERT_EQ(::stat((scene.root() + "/clock").c_str(), &later), 0);
  }
  EXPECT_EQ(brief(collect().changes), (Lines{"a.txt 100644 100644", "x.log 0 100644"}));
}

TEST_F(Collect, saves_under_another_ref_when_only_keeping) {
  begin();
  const std::string head = scene.commit(folder, {{"a.txt", "work\n"}}, "Work");
  Scene::write(folder + "/left.txt", "left\n");
  const auto tree = collect(core::CollectFor::keeping);
  EXPECT_EQ(scene.ref("refs/pianola/saved/r1/login/1"), tree.head);
  EXPECT_EQ(scene.id(tree.head + "^"), head);
  EXPECT_EQ(scene.ref("refs/pianola/in"), "");
}

TEST_F(Collect, says_when_the_workspace_is_gone) {
  begin();
  std::filesystem::remove_all(folder);
  const auto tree = try_collect();
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().text(), folder + ": the workspace is gone; expected the folder the agent worked in");
}

TEST_F(Collect, keeps_the_files_when_the_repository_in_the_workspace_is_ruined) {
  begin();
  Scene::write(folder + "/a.txt", "work\n");
  std::filesystem::remove_all(folder + "/.git");
  const auto tree = try_collect();
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().text(),
            folder +
                ": its .git is gone or replaced; expected the repository the agent was given; "
                "its files are kept in refs/pianola/saved/r1/login/1");
  EXPECT_EQ(show("refs/pianola/saved/r1/login/1", "a.txt"), "work");
  const auto kept = collect(core::CollectFor::keeping);
  EXPECT_EQ(brief(kept.changes), Lines{"a.txt 100644 100644"});
}

TEST_F(Collect, survives_every_kind_of_ruined_head) {
  begin();
  Scene::write(folder + "/a.txt", "work\n");
  const Lines heads = {"",
                       "garbage\n",
                       "ref: refs/heads/none\n",
                       "ref: refs/heads/../../../etc/passwd\n",
                       "ref: HEAD\n",
                       std::string("\0\0\0", 3),
                       std::string(100'000, 'x')};
  for (const std::string& head : heads) {
    Scene::write(folder + "/.git/HEAD", head);
    const auto tree = try_collect();
    ASSERT_FALSE(tree) << head.substr(0, 60);
    EXPECT_EQ(tree.error().text(), folder +
                                       ": its HEAD names no commit; expected the agent's last commit; "
                                       "its files are kept in refs/pianola/saved/r1/login/1");
  }
  const std::string nowhere(40, 'f');
  Scene::write(folder + "/.git/HEAD", nowhere + "\n");
  const auto tree = try_collect();
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().what.rfind("git does not take the work: ", 0), 0U) << tree.error().text();
}

TEST_F(Collect, finds_a_head_whose_ref_is_packed) {
  begin();
  const std::string head = scene.commit(folder, {{"a.txt", "work\n"}}, "Work");
  scene.git(folder, {"pack-refs", "--all", "--prune"});
  scene.git(folder, {"gc", "-q"});
  EXPECT_EQ(collect().head, head);
}

TEST_F(Collect, names_a_limit_that_was_passed) {
  GitRepositoryOptions options = scene.options();
  options.limits = {.changed_paths = 3, .leftover_file_bytes = 1 << 20, .new_object_bytes = 1 << 20};
  begin();
  const GitRepository narrow(options);
  const core::CollectWork command{key, 1, base, core::CollectFor::landing};
  for (const char* name : {"1", "2", "3", "4"}) Scene::write(folder + "/" + name, name);
  auto tree = narrow.collect(command);
  ASSERT_FALSE(tree);
  EXPECT_EQ(
      tree.error().text(),
      "login: changes 4 paths; expected at most 3; its files are kept in refs/pianola/saved/r1/login/1");
  scene.shell(folder, "rm 1 2 3 4; head -c 2000000 /dev/zero > big");
  tree = narrow.collect(command);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().what, "1 MB were left uncommitted in one file");
  scene.shell(
      folder,
      "rm big; git commit -q --allow-empty -m x; head -c 3000000 /dev/urandom > .git/objects/pack/x.pack");
  tree = narrow.collect(command);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().text(), folder + ": holds 2 MB of new objects; expected at most 1 MB");
}

TEST_F(Collect, takes_no_byte_of_a_file_that_is_too_large_and_leaves_it_where_it_is) {
  GitRepositoryOptions options = scene.options();
  options.limits.leftover_file_bytes = 1 << 20;
  begin({{"a.txt", "one\n"}, {".gitignore", "built/\nnamed\n"}});
  const GitRepository narrow(options);
  core::CollectWork command{key, 1, base, core::CollectFor::landing, {}};
  const auto objects = [&] { return scene.shell(scene.git_dir(), "find objects -type f | sort"); };
  const std::string before = objects();
  scene.shell(folder, "mkdir sub; head -c 3000000 /dev/urandom > sub/big; echo else > a.txt");
  for (const auto purpose : {core::CollectFor::landing, core::CollectFor::keeping}) {
    command.purpose = purpose;
    const auto tree = narrow.collect(command);
    ASSERT_FALSE(tree);
    EXPECT_EQ(
        tree.error().text(),
        "sub/big: 2 MB were left uncommitted in one file; expected at most 1 MB; it stays in " + folder);
    EXPECT_EQ(objects(), before);
    EXPECT_TRUE(std::filesystem::exists(folder + "/sub/big"));
  }
  // In a repository inside the workspace too, and where the task owns by name what is ignored.
  scene.shell(folder, "git init -q sub");
  EXPECT_FALSE(narrow.collect(command));
  scene.shell(folder, "rm -rf sub; head -c 3000000 /dev/urandom > named");
  command.named_files = {"named"};
  EXPECT_FALSE(narrow.collect(command));
  EXPECT_EQ(objects(), before);
}

TEST_F(Collect, minds_no_large_file_that_is_ignored_committed_or_as_it_was) {
  GitRepositoryOptions options = scene.options();
  options.limits.leftover_file_bytes = 1 << 20;
  begin({{"a.txt", "one\n"}, {".gitignore", "built/\n"}, {"old", std::string(3'000'000, 'x')}});
  const GitRepository narrow(options);
  const core::CollectWork command{key, 1, base, core::CollectFor::landing, {}};
  scene.shell(folder, "mkdir built; head -c 3000000 /dev/urandom > built/big");
  scene.commit(folder, {{"new", std::string(3'000'000, 'y')}}, "Large");
  Scene::write(folder + "/a.txt", "left\n");
  const auto tree = narrow.collect(command);
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(brief(tree->changes), (Lines{"a.txt 100644 100644", "new 0 100644"}));
  Scene::write(folder + "/old", std::string(3'000'000, 'z'));
  EXPECT_FALSE(narrow.collect(command));
}

TEST_F(Collect, says_which_paths_some_file_systems_cannot_hold_beside_a_new_one) {
  begin({{"readme.md", "one\n"}, {"src/b.txt", "two\n"}, {"gone", "x"}});
  for (const char* name : {"README.md", "Src/b2.txt", "GONE", "plain"})
    Scene::write(folder + "/" + name, "n");
  std::filesystem::remove(folder + "/gone");
  std::map<std::string, std::string> twins;
  for (const TreeChange& change : collect().changes) twins[change.path] = change.twin;
  EXPECT_EQ(twins, (std::map<std::string, std::string>{{"README.md", "readme.md"},
                                                       {"Src/b2.txt", "src/b.txt"},
                                                       {"GONE", ""},
                                                       {"gone", ""},
                                                       {"plain", ""}}));
}

}  // namespace
}  // namespace pianola::world
