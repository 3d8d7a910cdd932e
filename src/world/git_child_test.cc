#include "world/git_child.h"

#include <gtest/gtest.h>

namespace pianola::world {
namespace {

const GitProgram program{"/usr/bin/git", "2.39.5"};

bool has_setting(const ChildOptions& options, const std::string& setting) {
  for (size_t i = 0; i + 1 < options.argv.size(); ++i)
    if (options.argv[i] == "-c" && options.argv[i + 1] == setting) return true;
  return false;
}

TEST(GitOptions, let_no_configuration_hook_or_question_in) {
  const ChildOptions options = git_options(program, {.args = {"status", "-z"}, .git_dir = "/srv/shop/.git"});
  EXPECT_EQ(options.argv.front(), "/usr/bin/git");
  EXPECT_EQ(options.cwd, "/");
  for (const char* setting :
       {"core.hooksPath=/dev/null", "core.fsmonitor=false", "core.fsync=all", "fetch.fsckObjects=true",
        "gc.auto=0", "maintenance.auto=false", "submodule.recurse=false", "protocol.allow=never",
        "protocol.file.allow=always", "core.attributesFile=/dev/null", "merge.directoryRenames=false",
        "core.filesRefLockTimeout=10000", "core.packedRefsTimeout=10000"})
    EXPECT_TRUE(has_setting(options, setting)) << setting;
  EXPECT_EQ(options.argv[options.argv.size() - 2], "status");
  EXPECT_EQ(options.argv.back(), "-z");
  const std::map<std::string, std::string> env = {{"PATH", "/usr/bin:/usr/bin:/bin"},
                                                  {"LC_ALL", "C"},
                                                  {"TZ", "UTC"},
                                                  {"GIT_TERMINAL_PROMPT", "0"},
                                                  {"GIT_OPTIONAL_LOCKS", "0"},
                                                  {"GIT_NO_REPLACE_OBJECTS", "1"},
                                                  {"GIT_LITERAL_PATHSPECS", "1"},
                                                  {"GIT_NO_LAZY_FETCH", "1"},
                                                  {"GIT_EDITOR", ":"},
                                                  {"GIT_PAGER", "cat"},
                                                  {"GIT_ASKPASS", "/bin/false"},
                                                  {"GIT_CONFIG_NOSYSTEM", "1"},
                                                  {"GIT_CONFIG_GLOBAL", "/dev/null"},
                                                  {"GIT_ATTR_NOSYSTEM", "1"},
                                                  {"GIT_DIR", "/srv/shop/.git"}};
  EXPECT_EQ(options.env, env);
  EXPECT_GT(options.timeout_ms, 0);
}

TEST(GitOptions, name_only_the_places_that_are_given) {
  const ChildOptions options = git_options(program, {.args = {"add"},
                                                     .git_dir = "/own",
                                                     .object_dir = "/hub/objects",
                                                     .work_tree = "/work",
                                                     .index_file = "/own/index",
                                                     .settings = {"core.x=y"},
                                                     .env = author_env({"Ada", "ada@example.com"}, 12)});
  EXPECT_EQ(options.env.at("GIT_OBJECT_DIRECTORY"), "/hub/objects");
  EXPECT_EQ(options.env.at("GIT_WORK_TREE"), "/work");
  EXPECT_EQ(options.env.at("GIT_INDEX_FILE"), "/own/index");
  EXPECT_EQ(options.env.at("GIT_AUTHOR_DATE"), "@12 +0000");
  EXPECT_EQ(options.env.at("GIT_COMMITTER_EMAIL"), "ada@example.com");
  EXPECT_EQ(options.env.count("GIT_SHALLOW_FILE"), 0U);
  EXPECT_TRUE(has_setting(options, "core.x=y"));
}

TEST(GitError, says_gits_first_words_and_tells_a_full_disk_apart) {
  const GitCall call{.args = {"fetch"}};
  Finished finished{.value = 128};
  finished.err = "remote: counting\nerror: object 1: \x1b[31mbad\nfatal: later\n";
  EXPECT_EQ(git_error(call, finished).text(), "git fetch: object 1: \\x1b[31mbad");
  EXPECT_EQ(git_error(call, finished).kind, ErrorKind::failed);
  finished.err = "fatal: write error: No space left on device\n";
  EXPECT_EQ(git_error(call, finished).kind, ErrorKind::paused);
  finished.err.clear();
  EXPECT_EQ(git_error(call, finished).text(), "git fetch: failed with exit code 128");
  EXPECT_EQ(git_error(call, {.signalled = true, .value = 9}).text(), "git fetch: ended by signal 9");
}

TEST(GitError, names_what_git_does_not_know) {
  Finished finished{.value = 128};
  finished.err = "fatal: unknown repository extensions found:\n\trefstorage\n\tfoo\nhint: none\n";
  EXPECT_EQ(git_error({.args = {"rev-parse"}}, finished).text(),
            "git rev-parse: unknown repository extensions found: refstorage, foo");
}

TEST(GitError, tells_a_full_disk_apart_that_git_does_not_name) {
  Finished finished{.value = 128};
  finished.err = "error: unable to write file a.txt\nfatal: cannot read\n";
  // /proc has no space at all.
  const GitCall call{.args = {"read-tree"}, .work_tree = "/proc"};
  EXPECT_EQ(git_error(call, finished).kind, ErrorKind::paused);
  EXPECT_EQ(git_error(call, finished).text(),
            "git read-tree: unable to write file a.txt; the disk is full, 0 MB are left; free some space, "
            "then: pianola resume");
}

TEST(GitError, tells_an_object_apart_that_is_gone) {
  const std::string id(40, 'a');
  Finished finished{.value = 128};
  finished.err = "fatal: bad object " + id + "\n";
  EXPECT_EQ(git_error({.args = {"diff-tree"}}, finished).kind, ErrorKind::integrity);
  EXPECT_EQ(git_error({.args = {"diff-tree"}}, finished).text(),
            "git diff-tree: an object of the repository is missing or damaged: bad object " + id +
                "; expected all that the run has made; git fsck names what lacks; get it from a clone or a "
                "backup, then: pianola resume");
  // What an agent's repository lacks is its own affair.
  EXPECT_EQ(git_error({.args = {"fetch"}}, finished).kind, ErrorKind::failed);
}

TEST(Git, names_a_time_limit_that_was_passed) {
  const Git git(program, [](const ChildOptions&) -> Result<Finished> { return Finished{.timed_out = true}; });
  const auto output = git.output({.args = {"fetch"}, .timeout_ms = 5'000});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().text(), "git fetch: not done after 5 s");
}

}  // namespace
}  // namespace pianola::world
