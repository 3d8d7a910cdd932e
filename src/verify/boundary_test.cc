#include "verify/boundary.h"

#include <gtest/gtest.h>

namespace pianola::verify {
namespace {

using Lines = std::vector<std::string>;

constexpr int file = 0100644;
constexpr int program = 0100755;
constexpr int symlink = 0120000;
constexpr int gitlink = 0160000;

TreeChange added(const std::string& path, int mode = file) { return {path, 0, mode, "", "a1"}; }
TreeChange deleted(const std::string& path) { return {path, file, 0, "a1", ""}; }
TreeChange changed(const std::string& path) { return {path, file, file, "a1", "b2"}; }

plan::Task owner(const std::vector<std::string>& writes, const std::vector<std::string>& appends = {}) {
  plan::Task task;
  task.files_write = writes;
  task.files_append = appends;
  return task;
}

TEST(Boundary, a_change_inside_has_no_finding) {
  const plan::Task task = owner({"src/a.py", "lib/", "test/*_test.py"}, {"CHANGELOG.md"});
  EXPECT_EQ(boundary_findings({changed("src/a.py"), added("lib/x/y.py"), deleted("lib/z.py"),
                               changed("CHANGELOG.md"), added("test/one_test.py", program)},
                              task),
            Lines{});
  EXPECT_EQ(boundary_findings({}, owner({})), Lines{});
}

TEST(Boundary, paths_outside_are_named_in_path_order) {
  EXPECT_EQ(
      boundary_findings({changed("src/z.py"), added("src/a.pyc"), changed("src/a.py"), deleted("Src/a.py")},
                        owner({"src/a.py"})),
      (Lines{"Src/a.py: deleted, outside files_write and files_append of this task",
             "src/a.pyc: added, outside files_write and files_append of this task",
             "src/z.py: changed, outside files_write and files_append of this task"}));
}

TEST(Boundary, a_mode_change_is_a_change) {
  EXPECT_EQ(boundary_findings({{"b.sh", file, program, "a1", "a1"}}, owner({"a.sh"})),
            (Lines{"b.sh: mode changed, outside files_write and files_append of this task"}));
  EXPECT_EQ(boundary_findings({{"a.sh", file, program, "a1", "a1"}}, owner({"a.sh"})), Lines{});
  EXPECT_EQ(boundary_findings({{"a.sh", file, 0100666, "a1", "a1"}}, owner({"a.sh"})),
            (Lines{"a.sh: mode changed, but its mode 100666 is not one that git writes"}));
}

TEST(Boundary, both_ends_of_a_rename_are_judged) {
  const Lines out_of = boundary_findings({deleted("other/a.py"), added("mine/a.py")}, owner({"mine/"}));
  EXPECT_EQ(out_of, (Lines{"other/a.py: deleted, outside files_write and files_append of this task"}));
  const Lines into = boundary_findings({deleted("mine/a.py"), added("other/a.py")}, owner({"mine/"}));
  EXPECT_EQ(into, (Lines{"other/a.py: added, outside files_write and files_append of this task"}));
}

TEST(Boundary, a_repository_in_place_of_its_files_is_refused) {
  const Lines refused = {"sub: a nested repository; commit its files, not it"};
  // The commit it names is in no repository that is kept.
  EXPECT_EQ(boundary_findings({added("sub", gitlink)}, owner({"sub"})), refused);
  EXPECT_EQ(boundary_findings({{"sub", gitlink, gitlink, "a1", "b2"}}, owner({"sub"})), refused);
  EXPECT_EQ(boundary_findings({{"sub", file, gitlink, "a1", "b2"}}, owner({"sub"})), refused);
  EXPECT_EQ(boundary_findings({{"sub", gitlink, 0, "a1", ""}, added("sub/a.txt")}, owner({"sub", "sub/"})),
            Lines{});
}

TEST(Boundary, a_file_that_a_filter_would_change_is_refused) {
  TreeChange secret = added("key.txt");
  secret.filter = "crypt";
  EXPECT_EQ(boundary_findings({secret, added("plain.txt")}, owner({"key.txt", "plain.txt"})),
            (Lines{"key.txt: added, but it goes through the filter crypt, which pianola does not run"}));
}

TEST(Boundary, a_new_name_that_is_one_with_a_path_outside_is_refused) {
  TreeChange read_me = added("README.md");
  read_me.twin = "readme.md";
  EXPECT_EQ(boundary_findings({read_me}, owner({"README.md"})),
            (Lines{"README.md: added, but where case and accents do not count it is readme.md, which is "
                   "outside"}));
  EXPECT_EQ(boundary_findings({read_me}, owner({"README.md", "readme.md"})), Lines{});
}

TEST(Boundary, links_need_their_own_name) {
  const plan::Task folder = owner({"src/", "src/*"});
  EXPECT_EQ(boundary_findings({added("src/l", symlink)}, folder),
            (Lines{"src/l: added, but a symbolic link must be in files_write by its own name"}));
  EXPECT_EQ(boundary_findings({added("src/l", symlink)}, owner({"src/l"})), Lines{});
  // A file that becomes a link, and a link that points elsewhere.
  EXPECT_EQ(boundary_findings({{"src/l", file, symlink, "a1", "b2"}, {"src/k", symlink, symlink, "a1", "b2"}},
                              folder)
                .size(),
            2U);
  // A link that goes, or becomes a file, is an ordinary change.
  EXPECT_EQ(
      boundary_findings({{"src/l", symlink, 0, "a1", ""}, {"src/k", symlink, file, "a1", "b2"}}, folder),
      Lines{});
}

TEST(Boundary, git_own_names_are_refused_in_any_spelling) {
  const plan::Task all = owner({"**", ".git", "a/.GIT/config"});
  for (const char* path : {".git", ".git/config", "a/.GIT/config", "a/.Git", ".git./x", ".git /x",
                           "a/.git . ./x", "git~1/x", "GIT~1", ".git:stream", ".git::$INDEX_ALLOCATION/x",
                           ".g\xE2\x80\x8Cit/x", "\xEF\xBB\xBF.git", "a\\.git\\config"}) {
    const Lines findings = boundary_findings({added(path)}, all);
    ASSERT_EQ(findings.size(), 1U) << path;
    EXPECT_TRUE(findings[0].ends_with(": added, but it is a name of git's own folder")) << findings[0];
  }
  for (const char* path : {".github/x", "git", ".gitignore", "a.git", ".gitx", "git~2", "dotgit/.git-keep"}) {
    EXPECT_EQ(boundary_findings({added(path)}, all), Lines{}) << path;
  }
}

TEST(Boundary, attribute_files_need_their_own_name) {
  for (const char* path :
       {".gitattributes", "a/.gitmodules", ".GitAttributes", ".gitmodules ", "gitmod~1", "GITATT~4"}) {
    const Lines findings = boundary_findings({changed(path)}, owner({"**", "a/"}));
    ASSERT_EQ(findings.size(), 1U) << path;
    EXPECT_TRUE(findings[0].ends_with(": changed, but such a file must be in files_write by its own name"))
        << findings[0];
  }
  EXPECT_EQ(boundary_findings({changed("a/.gitattributes")}, owner({"a/.gitattributes"})), Lines{});
  EXPECT_EQ(boundary_findings({changed("a/.gitattributes")}, owner({}, {"a/.gitattributes"})), Lines{});
  EXPECT_EQ(boundary_findings({changed("b/.gitattributes")}, owner({"?/.gitattributes"})).size(), 1U);
}

TEST(Boundary, a_name_with_wildcards_is_named_when_they_are_escaped) {
  EXPECT_EQ(boundary_findings({added("a*", symlink)}, owner({"a\\*"})), Lines{});
  EXPECT_EQ(boundary_findings({added("a*", symlink)}, owner({"a*"})).size(), 1U);
}

TEST(Boundary, a_path_cannot_break_its_line) {
  EXPECT_EQ(boundary_findings({added("a\nb: fine\x1b[2J")}, owner({"x"})),
            (Lines{"a\\nb: fine\\x1b[2J: added, outside files_write and files_append of this task"}));
}

TEST(Boundary, what_is_no_path_of_a_tree_is_refused) {
  const plan::Task all = owner({"**"});
  for (const std::string path : {"", "/etc/passwd", "a//b", "a/", "../x", "a/../x", "./x"}) {
    EXPECT_EQ(boundary_findings({added(path)}, all),
              (Lines{path + ": added, but this is no path inside the repository"}));
  }
}

TEST(Boundary, a_reading_task_may_change_nothing) {
  plan::Task task = owner({"src/"});
  task.mode = plan::Mode::read;
  EXPECT_EQ(boundary_findings({changed("src/a.py")}, task),
            (Lines{"src/a.py: changed, but this task only reads"}));
}

TEST(Boundary, the_list_is_bounded_and_says_what_it_leaves_out) {
  std::vector<TreeChange> many;
  for (int i = 0; i < 5'000; ++i) many.push_back(added("node_modules/" + std::to_string(i)));
  const Lines findings = boundary_findings(many, owner({"src/"}));
  ASSERT_EQ(findings.size(), findings_limit + 1);
  EXPECT_EQ(findings.back(), "and 4900 more");
}

}  // namespace
}  // namespace pianola::verify
