#include "world/project_folders.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "world/files.h"

namespace pianola::world {
namespace {

class ProjectFoldersOf : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/pianola.projects.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    top_ = name;
  }
  void TearDown() override { EXPECT_TRUE(remove_tree(top_)); }
  void write(const std::string& path, const std::string& text = {}) {
    const std::string whole = top_ + "/" + path;
    ASSERT_TRUE(make_dirs(whole.substr(0, whole.rfind('/'))));
    ASSERT_TRUE(write_file(whole, text, Sync::none));
  }
  std::vector<std::string> found() {
    std::vector<std::string> paths;
    for (const plan::ProjectFolder& folder : find_project_folders(top_)) paths.push_back(folder.path);
    return paths;
  }
  std::string top_;
};

using Paths = std::vector<std::string>;

TEST_F(ProjectFoldersOf, a_project_are_its_top_alone) {
  write("web/go.mod");
  EXPECT_EQ(found(), Paths{"web"});
  write("tests/test_a.py");
  EXPECT_EQ(found(), Paths{""});
}

TEST_F(ProjectFoldersOf, a_monorepo_are_the_nearest_that_are_its_own) {
  write("b/package.json", R"({"scripts": {"test": "jest"}})");
  write("b/inner/go.mod");
  write("a/deep/er/Cargo.toml");
  write("a/deep/er/est/x/go.mod");
  write("x/y/z/too/go.mod");
  write("node_modules/left/go.mod");
  write(".cache/go.mod");
  write("c/CMakeLists.txt", "project(x)\n");
  ASSERT_EQ(::symlink("/", (top_ + "/root").c_str()), 0);
  EXPECT_EQ(found(), (Paths{"a/deep/er", "b"}));
}

TEST_F(ProjectFoldersOf, nothing_readable_are_none) {
  EXPECT_EQ(found(), Paths{});
  ASSERT_EQ(::mkfifo((top_ + "/package.json").c_str(), 0600), 0);
  EXPECT_EQ(found(), Paths{});
  EXPECT_TRUE(find_project_folders(top_ + "/gone").empty());
}

}  // namespace
}  // namespace pianola::world
