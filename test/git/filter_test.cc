// Nothing that the user's git would put through a content filter is landed as it is.
#include "test/git/scene.h"
#include "world/git_filters.h"

namespace pianola::world {
namespace {

using Lines = std::vector<std::string>;

TEST(Filters, are_those_with_a_command) {
  const std::string output(
      "filter.lfs.clean\ngit-lfs clean -- %f\0filter.my.own.process\nx\0filter.off.smudge\n\0", 83);
  EXPECT_EQ(filters_in(output), (std::set<std::string>{"lfs", "my.own"}));
  EXPECT_EQ(filters_in(""), std::set<std::string>{});
}

class Filter : public ::testing::Test {
 protected:
  Hub hub() {
    auto found = discover(scene.here());
    EXPECT_TRUE(found) << (found ? "" : found.error().text());
    return found ? *found : Hub{};
  }
  // Why a run does not start; "" when it does.
  std::string refusal(const std::string& branch = "") {
    const auto start = choose_start(hub(), branch, run_child);
    if (start) return "";
    EXPECT_EQ(start.error().kind, ErrorKind::repository);
    return start.error().text();
  }
  // "path filter" of every change that is marked.
  static Lines marked(const std::vector<TreeChange>& changes) {
    Lines lines;
    for (const TreeChange& change : changes)
      if (!change.filter.empty()) lines.push_back(change.path + " " + change.filter);
    return lines;
  }

  Scene scene;
};

TEST_F(Filter, a_base_with_filtered_files_is_refused) {
  scene.commit(scene.shop(),
               {{"src/.gitattributes", "*.bin filter=lfs\n"}, {"src/a.bin", "a"}, {"b.bin", "b"}}, "First");
  EXPECT_EQ(refusal(), "");
  scene.git(scene.shop(), {"config", "filter.other.clean", "cat"});
  EXPECT_EQ(refusal(), "");
  scene.git(scene.shop(), {"config", "filter.lfs.smudge", "cat"});
  EXPECT_EQ(refusal(),
            "src/a.bin: goes through the filter lfs; expected no such file: this version of pianola runs no "
            "filters; see it: git check-attr filter 'src/a.bin'");
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "");
  scene.commit(scene.shop(), {{"src/c.bin", "c"}}, "Second");
  EXPECT_NE(refusal("main").find("lfs, and 1 more file goes through one;"), std::string::npos);
}

TEST_F(Filter, that_the_person_configured_for_all_repositories_counts) {
  scene.env().erase("GIT_CONFIG_GLOBAL");
  scene.commit(scene.shop(), {{".gitattributes", "key filter=crypt\n"}, {"key", "secret"}}, "First");
  EXPECT_EQ(refusal(), "");
  Scene::write(scene.root() + "/home/.gitconfig", "[filter \"crypt\"]\n\tsmudge = cat\n");
  EXPECT_NE(refusal().find("goes through the filter crypt;"), std::string::npos);
}

TEST_F(Filter, in_the_attributes_of_this_repository_alone_counts) {
  scene.commit(scene.shop(), {{"key", "secret"}}, "First");
  scene.git(scene.shop(), {"config", "filter.crypt.clean", "cat"});
  EXPECT_EQ(refusal(), "");
  Scene::write(scene.git_dir() + "/info/attributes", "key filter=crypt\n");
  EXPECT_NE(refusal().find("goes through the filter crypt;"), std::string::npos);
}

TEST_F(Filter, marks_what_a_task_and_its_merge_change) {
  const std::string base =
      scene.commit(scene.shop(), {{".gitattributes", "*.bin filter=lfs\n"}, {"a.txt", "one\n"}}, "First");
  scene.git(scene.shop(), {"config", "filter.lfs.clean", "cat"});
  EXPECT_EQ(refusal(), "");
  GitRepositoryOptions options = scene.options();
  options.filters = hub().filters;
  const GitRepository repository(options);
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string folder = scene.workspace(repository, attempt("login"), base);
  Scene::write(folder + "/new.bin", "plain\n");
  Scene::write(folder + "/a.txt", "two\n");
  const auto tree = repository.collect({attempt("login"), 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(marked(tree->changes), Lines{"new.bin lfs"});
  const auto built = repository.build_candidate({attempt("login"), base, tree->head, "Merge", Instant{}});
  ASSERT_TRUE(built) << built.error().text();
  EXPECT_EQ(marked(std::get<engine::CandidateTree>(*built).changes), Lines{"new.bin lfs"});
}

TEST_F(Filter, marks_by_attributes_that_come_only_with_the_merge) {
  const std::string base = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
  GitRepositoryOptions options = scene.options();
  options.filters = {"lfs"};
  const GitRepository repository(options);
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string folder = scene.workspace(repository, attempt("login"), base);
  scene.commit(folder, {{"new.bin", "plain\n"}}, "Work");
  scene.count_from_zero();
  const auto tree = repository.collect({attempt("login"), 1, base, core::CollectFor::landing});
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(marked(tree->changes), Lines{});
  EXPECT_LE(scene.children(), 4);
  const std::string staging =
      scene.commit(scene.shop(), {{".gitattributes", "*.bin filter=lfs\n"}}, "Attributes");
  const auto built = repository.build_candidate({attempt("login"), staging, tree->head, "Merge", Instant{}});
  ASSERT_TRUE(built) << built.error().text();
  EXPECT_EQ(marked(std::get<engine::CandidateTree>(*built).changes), Lines{"new.bin lfs"});
}

}  // namespace
}  // namespace pianola::world
