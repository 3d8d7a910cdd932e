#include "world/git_refs.h"

#include <gtest/gtest.h>

namespace pianola::world {
namespace {

TEST(BranchName, becomes_a_full_refname) {
  EXPECT_EQ(*full_branch_ref("main"), "refs/heads/main");
  EXPECT_EQ(*full_branch_ref("feature/log-in"), "refs/heads/feature/log-in");
  EXPECT_EQ(*full_branch_ref("pianola"), "refs/heads/pianola");
  EXPECT_EQ(short_branch("refs/heads/feature/x"), "feature/x");
  EXPECT_EQ(short_branch("refs/tags/x"), "refs/tags/x");
}

TEST(BranchName, is_refused_when_git_would_take_it_for_something_else) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "\"\": not the name of a branch: it is empty"},
      {"-x", "\"-x\": not the name of a branch: it begins with a dash"},
      {"--upload-pack=sh", "\"--upload-pack=sh\": not the name of a branch: it begins with a dash"},
      {"@{-1}", "\"@{-1}\": not the name of a branch: it holds @{"},
      {"@", "\"@\": not the name of a branch: it means the present commit, not a branch"},
      {"HEAD", "\"HEAD\": not the name of a branch: it means the present commit, not a branch"},
      {"a..b", "\"a..b\": not the name of a branch: it holds two dots in a row"},
      {"x.lock", "\"x.lock\": not the name of a branch: it has a part that ends in .lock"},
      {"x.lock/y", "\"x.lock/y\": not the name of a branch: it has a part that ends in .lock"},
      {"refs/heads/x", "\"refs/heads/x\": not the name of a branch: it is a full refname"},
      {"a\nb", "\"a\\nb\": not the name of a branch: it holds a character that git does not allow"},
      {"a b", "\"a b\": not the name of a branch: it holds a character that git does not allow"},
      {"a~1", "\"a~1\": not the name of a branch: it holds a character that git does not allow"},
      {"a:b", "\"a:b\": not the name of a branch: it holds a character that git does not allow"},
      {"/a", "\"/a\": not the name of a branch: it has an empty part between slashes"},
      {"a/", "\"a/\": not the name of a branch: it has an empty part between slashes"},
      {"a//b", "\"a//b\": not the name of a branch: it has an empty part between slashes"},
      {".a", "\".a\": not the name of a branch: it has a part that begins with a dot"},
      {"a/.b", "\"a/.b\": not the name of a branch: it has a part that begins with a dot"},
      {"a.", "\"a.\": not the name of a branch: it ends in a dot"},
  };
  for (const auto& [name, text] : cases) {
    const auto ref = full_branch_ref(name);
    ASSERT_FALSE(ref) << name;
    EXPECT_EQ(ref.error().kind, ErrorKind::repository);
    EXPECT_EQ(ref.error().text(), text + "; expected a short name such as main; see them: git branch --list");
  }
}

TEST(RunRefs, lie_under_refs_pianola) {
  const core::RunId run("r1");
  const core::AttemptKey key{core::TaskId("login"), 3};
  EXPECT_EQ(base_ref(run), "refs/pianola/base/r1");
  EXPECT_EQ(staging_ref(run), "refs/pianola/staging/r1");
  EXPECT_EQ(ready_ref(run), "refs/pianola/ready/r1");
  EXPECT_EQ(in_ref(run, key), "refs/pianola/in/r1/login/3");
  EXPECT_EQ(saved_ref(run, key), "refs/pianola/saved/r1/login/3");
  EXPECT_EQ(candidate_ref(run, key), "refs/pianola/cand/r1/login.3");
}

}  // namespace
}  // namespace pianola::world
