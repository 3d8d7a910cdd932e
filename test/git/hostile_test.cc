// A worker's repository may be configured to run anything. Nothing of it runs when pianola takes work in.
#include <sys/stat.h>

#include <filesystem>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

class Hostile : public ::testing::Test {
 protected:
  void SetUp() override {
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"b.txt", "two\n"}}, "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    folder = scene.workspace(repository, key, base);
    canary = scene.root() + "/canary";
    Scene::write(scene.root() + "/bite", "#!/bin/sh\necho \"$0 $*\" >> " + canary + "\ncat\n");
    ::chmod((scene.root() + "/bite").c_str(), 0755);
  }
  std::string bitten() { return std::filesystem::exists(canary) ? Scene::read(canary) : ""; }

  Scene scene;
  GitRepository repository{scene.options()};
  core::AttemptKey key = attempt("login");
  std::string base;
  std::string folder;
  std::string canary;
};

TEST_F(Hostile, configuration_hooks_and_attributes_do_not_run) {
  scene.commit(folder, {{"a.txt", "worked\n"}}, "Work");
  const std::string bite = scene.root() + "/bite";
  for (const char* setting :
       {"core.fsmonitor", "core.alternateRefsCommand", "uploadpack.packObjectsHook", "diff.external",
        "core.editor", "core.pager", "filter.x.clean", "filter.x.smudge", "filter.x.process",
        "diff.x.textconv", "diff.x.command", "merge.x.driver", "core.sshCommand", "gpg.program",
        "credential.helper", "core.askPass", "sequence.editor"})
    scene.git(folder, {"config", setting, bite});
  scene.git(folder, {"config", "core.hooksPath", scene.root() + "/hooks"});
  scene.git(folder, {"config", "commit.gpgSign", "true"});
  for (const char* hook : {"pre-commit", "post-commit", "post-checkout", "post-index-change",
                           "reference-transaction", "pre-receive", "post-update", "fsmonitor-watchman"}) {
    for (const std::string& place : {scene.root() + "/hooks/", folder + "/.git/hooks/"}) {
      Scene::write(place + hook, "#!/bin/sh\necho hook >> " + canary + "\n");
      ::chmod((place + hook).c_str(), 0755);
    }
  }
  Scene::write(folder + "/.gitattributes", "* filter=x diff=x merge=x\n");
  Scene::write(folder + "/.git/info/attributes", "* filter=x diff=x merge=x\n");
  Scene::write(folder + "/left.txt", "left\n");

  const auto tree = repository.collect({key, 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(brief(tree->changes), (std::vector<std::string>{".gitattributes 0 100644", "a.txt 100644 100644",
                                                            "left.txt 0 100644"}));
  EXPECT_EQ(scene.git(scene.shop(), {"cat-file", "-p", tree->head + ":left.txt"}), "left");

  // The attributes now lie in the head itself; merging and comparing must not follow them either.
  scene.git(scene.shop(), {"config", "filter.x.clean", bite});
  scene.git(scene.shop(), {"config", "merge.x.driver", bite});
  scene.git(scene.shop(), {"config", "diff.x.textconv", bite});
  scene.git(scene.shop(), {"checkout", "-q", "--detach"});
  const std::string staging = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"b.txt", "TWO\n"}}, "Staged");
  const auto built = repository.build_candidate({key, staging, tree->head, "Merge login: x", Instant{}});
  ASSERT_TRUE(built) << built.error().text();
  ASSERT_TRUE(std::holds_alternative<engine::CandidateTree>(*built));
  EXPECT_EQ(bitten(), "");
  // The trap itself works: a person's git in that folder runs it.
  scene.git_exit(folder, {"status"});
  EXPECT_NE(bitten(), "");
}

TEST_F(Hostile, a_tree_with_a_git_folder_is_refused_and_the_files_are_kept) {
  const std::string blob = scene.git(folder, {"hash-object", "-w", "--stdin"});
  const std::string inner = scene.shell(folder, "printf '100644 blob " + blob + "\\tconfig\\n' | git mktree");
  const std::string tree =
      scene.shell(folder, "printf '040000 tree " + inner.substr(0, 40) + "\\t.git\\n' | git mktree");
  const std::string commit = scene.git(folder, {"commit-tree", "-p", base, "-m", "Evil", tree.substr(0, 40)});
  scene.git(folder, {"update-ref", "HEAD", commit});
  Scene::write(folder + "/a.txt", "worked\n");
  const auto collected = repository.collect({key, 1, base, core::CollectFor::landing});
  ASSERT_FALSE(collected);
  EXPECT_EQ(collected.error().text(), folder + ": git does not take the work: object " + tree.substr(0, 40) +
                                          ": hasDotgit: contains '.git'; "
                                          "its files are kept in refs/pianola/saved/r1/login/1");
  EXPECT_EQ(scene.ref("refs/pianola/in"), "");
  EXPECT_NE(scene.git_exit(scene.shop(), {"cat-file", "-e", commit}), 0);
}

TEST_F(Hostile, a_forged_object_does_not_get_in) {
  const std::string head = scene.commit(folder, {{"a.txt", "honest\n"}}, "Work");
  const std::string blob = scene.git(folder, {"rev-parse", "HEAD:a.txt"});
  scene.shell(folder, "f=.git/objects/" + blob.substr(0, 2) + "/" + blob.substr(2) +
                          "; chmod u+w $f; other=$(echo forged | git hash-object -w --stdin); "
                          "cp .git/objects/$(echo $other | cut -c1-2)/$(echo $other | cut -c3-) $f");
  const auto collected = repository.collect({key, 1, base, core::CollectFor::landing});
  ASSERT_FALSE(collected);
  EXPECT_NE(scene.git_exit(scene.shop(), {"cat-file", "-e", head}), 0);
}

TEST_F(Hostile, a_git_file_that_points_elsewhere_is_not_followed) {
  Scene secret;
  secret.commit(secret.shop(), {{"secret.txt", "secret\n"}}, "Secret");
  std::filesystem::remove_all(folder + "/.git");
  Scene::write(folder + "/.git", "gitdir: " + secret.git_dir() + "\n");
  const auto collected = repository.collect({key, 1, base, core::CollectFor::landing});
  ASSERT_FALSE(collected);
  EXPECT_EQ(collected.error().text(),
            folder + ": its .git is gone or replaced; expected the repository the agent was given");
  std::filesystem::remove(folder + "/.git");
  std::filesystem::create_directory_symlink(secret.git_dir(), folder + "/.git");
  EXPECT_FALSE(repository.collect({key, 1, base, core::CollectFor::landing}));
  EXPECT_NE(scene.git_exit(scene.shop(), {"cat-file", "-e", secret.id("main")}), 0);
}

TEST_F(Hostile, replaced_objects_and_grafts_do_not_count) {
  const std::string head = scene.commit(folder, {{"a.txt", "work\n"}}, "Work");
  scene.git(folder, {"replace", head, base});
  Scene::write(folder + "/.git/info/grafts", head + "\n");
  const auto tree = repository.collect({key, 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(tree->head, head);
  EXPECT_EQ(brief(tree->changes), std::vector<std::string>{"a.txt 100644 100644"});
}

TEST_F(Hostile, pipes_and_links_in_place_of_git_files_do_not_hang) {
  const core::CollectWork command{key, 1, base, core::CollectFor::landing};
  for (const char* file : {"HEAD", "refs/heads/work"}) {
    scene.shell(folder, std::string("mv .git/") + file + " kept; mkfifo .git/" + file);
    EXPECT_FALSE(repository.collect(command)) << file;
    scene.shell(folder, std::string("rm .git/") + file + "; ln -s /dev/zero .git/" + file);
    EXPECT_FALSE(repository.collect(command)) << file;
    scene.shell(folder, std::string("rm .git/") + file + "; mv kept .git/" + file);
  }
  // Nobody reads these, so they do not matter.
  scene.shell(folder,
              "rm .git/config; mkfifo .git/config pipe; ln -s /dev/zero .git/shallow; echo x > plain");
  const auto tree = repository.collect(command);
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(brief(tree->changes), std::vector<std::string>{"plain 0 100644"});
}

TEST_F(Hostile, an_object_store_that_is_not_plain_is_refused) {
  const core::CollectWork command{key, 1, base, core::CollectFor::landing};
  scene.commit(folder, {{"a.txt", "worked\n"}}, "Work");
  const std::string objects = folder + "/.git/objects";
  scene.shell(folder, "mkfifo .git/objects/pack/pack-1.idx");
  EXPECT_EQ(repository.collect(command).error().text(),
            objects +
                "/pack/pack-1.idx: not an object file; expected the objects of the agent's own work; "
                "its files are kept in refs/pianola/saved/r1/login/1");
  scene.shell(folder, "rm .git/objects/pack/*; echo /elsewhere/objects >> .git/objects/info/alternates");
  EXPECT_EQ(repository.collect(command).error().what, "borrows objects from elsewhere");
}

}  // namespace
}  // namespace pianola::world
