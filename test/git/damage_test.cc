// Work from a damaged repository comes in exactly as it was, or not at all; the hub stays whole either way.
#include "test/git/damage.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "base/hash.h"
#include "test/figures.h"
#include "test/git/scene.h"

namespace pianola::world {
namespace {

constexpr int64_t longest_ms_allowed = 30'000;

// How the agent's git keeps its objects.
enum class Objects { loose, packed, both };

struct Figures {
  int taken = 0;    // as the agent made it
  int refused = 0;  // with a reason; the files are kept
  int64_t longest_ms = 0;
};

class DamagedRepository : public ::testing::TestWithParam<Objects> {
 protected:
  void SetUp() override {
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}, {"src/b.txt", lines(200)}}, "First");
    ASSERT_TRUE(repository.open_run({scene_run, base}));
    folder = scene.workspace(repository, key, base);
    work();
    std::filesystem::remove_all(folder + "/.git/hooks");
    // What is taken in beside the agent's commits: changed since, and new.
    Scene::write(folder + "/a.txt", "left\n");
    Scene::write(folder + "/left/new.txt", "new\n");
    scene.shell(scene.root(), "mkdir pristine; cp -a shop shop.pianola pristine");
    tree = collected_tree();
    ASSERT_NE(tree, "");
  }

  // Commits, one of them with a delta of what the hub has, one on a branch of its own.
  void work() {
    scene.commit(folder, {{"src/b.txt", lines(210)}, {"src/c.txt", "three\n"}}, "Work");
    scene.git(folder, {"branch", "idea"});
    if (GetParam() != Objects::loose) scene.git(folder, {"repack", "-q", "-a", "-d", "-l"});
    if (GetParam() == Objects::packed) scene.git(folder, {"pack-refs", "--all"});
    scene.commit(folder, {{"src/d.txt", lines(90)}, {"src/c.txt", "THREE\n"}}, "More work");
    if (GetParam() == Objects::packed) scene.git(folder, {"repack", "-q", "-d", "-l"});
  }

  static std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += fmt::format("line {} of it\n", i * i % 97);
    return text;
  }

  void restore() const {
    scene.shell(scene.root(), "rm -rf shop shop.pianola; cp -a pristine/shop pristine/shop.pianola .");
  }

  Result<engine::CollectedTree> collect() const {
    return repository.collect({key, 1, base, core::CollectFor::landing});
  }

  std::string collected_tree() const {
    const auto collected = collect();
    EXPECT_TRUE(collected) << (collected ? "" : collected.error().text());
    return collected ? scene.id(collected->head + "^{tree}") : "";
  }

  // Name and content of every object file.
  std::set<std::string> objects() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scene.git_dir() + "/objects")) {
      if (entry.is_regular_file())
        found.insert(entry.path().string() + " " + sha256_hex(Scene::read(entry.path())));
    }
    return found;
  }
  // Every ref but those of this attempt.
  std::string other_refs() const {
    std::string others;
    for (const std::string& line : pieces(scene.git(scene.git_dir(), {"for-each-ref"})))
      if (line.find("refs/pianola/in/r1/login/") == std::string::npos &&
          line.find("refs/pianola/saved/r1/login/") == std::string::npos)
        others += line + "\n";
    return others;
  }
  static std::vector<std::string> pieces(const std::string& text) {
    std::vector<std::string> out;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      out.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  }

  void check_hub(const std::set<std::string>& objects_before, const std::string& refs_before) const {
    const std::set<std::string> after = objects();
    EXPECT_TRUE(std::includes(after.begin(), after.end(), objects_before.begin(), objects_before.end()))
        << "an object file of the hub changed";
    for (const std::string& one : after) EXPECT_EQ(one.find("/tmp_"), std::string::npos) << one;
    EXPECT_EQ(other_refs(), refs_before);
    EXPECT_EQ(scene.git(scene.git_dir(), {"fsck", "--strict", "--full", "--no-dangling"}), "");
  }

  void check_outcome(const Result<engine::CollectedTree>& collected, Figures& figures) const {
    if (collected) {
      ++figures.taken;
      EXPECT_EQ(scene.id(collected->head + "^{tree}"), tree);
      EXPECT_EQ(scene.id("refs/pianola/in/r1/login/1"), collected->head);
      EXPECT_EQ(scene.id(collected->head + "~0"), collected->head);
      return;
    }
    ++figures.refused;
    const Error& error = collected.error();
    EXPECT_EQ(error.kind, ErrorKind::failed) << error.text();
    EXPECT_NE(error.what, "");
    EXPECT_NE(error.where.find(folder), std::string::npos) << error.text();
    EXPECT_EQ(scene.ref("refs/pianola/in"), "");
    const std::string saved = "refs/pianola/saved/r1/login/1";
    EXPECT_EQ(error.next, "its files are kept in " + saved) << error.text();
    EXPECT_EQ(scene.id(saved + "^{tree}"), tree);
  }

  void round(uint64_t seed, Figures& figures) const {
    restore();
    Random random(seed);
    const std::string damage = damage_repository(folder + "/.git", random);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, damage));
    const std::set<std::string> objects_before = objects();
    const std::string refs_before = other_refs();
    const auto begun = std::chrono::steady_clock::now();
    const auto collected = collect();
    const auto took = std::chrono::steady_clock::now() - begun;
    const int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    figures.longest_ms = std::max(figures.longest_ms, ms);
    EXPECT_LT(ms, longest_ms_allowed);
    check_outcome(collected, figures);
    check_hub(objects_before, refs_before);
  }

  Scene scene;
  GitRepository repository{scene.options()};
  core::AttemptKey key = attempt("login");
  std::string base;
  std::string folder;
  std::string tree;  // of what an undamaged workspace brings
};

TEST_P(DamagedRepository, brings_exactly_its_work_or_nothing) {
  const int rounds = test::rounds("PIANOLA_CAMPAIGN_INGESTS", 40);
  const auto first = static_cast<uint64_t>(test::rounds("PIANOLA_CAMPAIGN_SEED", 1));
  Figures figures;
  int played = 0;
  for (int i = static_cast<int>(GetParam()); i < rounds && !HasFailure(); i += 3, ++played)
    round(first + static_cast<uint64_t>(i), figures);
  test::tell_guarantee(
      "G13", "ingest of damaged repositories",
      fmt::format("ingests {}, taken whole {}, refused {}, objects or refs changed 0, longest ms {}", played,
                  figures.taken, figures.refused, figures.longest_ms));
}

std::string name_of(const ::testing::TestParamInfo<Objects>& objects) {
  if (objects.param == Objects::both) return "both";
  return objects.param == Objects::loose ? "loose" : "packed";
}

INSTANTIATE_TEST_SUITE_P(Objects, DamagedRepository,
                         ::testing::Values(Objects::loose, Objects::packed, Objects::both), name_of);

}  // namespace
}  // namespace pianola::world
