#include "plan/environment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/hash.h"
#include "base/random.h"
#include "plan/manifests.h"

namespace pianola::plan {
namespace {

TEST(Lockfiles, are_a_projects_own_outside_folders_of_others) {
  for (const char* path : {"uv.lock", "svc/go.sum", "a/vendored/yarn.lock", "Cargo.lock/go.sum"})
    EXPECT_TRUE(is_own_lockfile(path)) << path;
  for (const char* path : {"uv.lock2", "svc/go.sum/x", "node_modules/p/yarn.lock", "a/vendor/b/go.sum",
                           "vendor/go.sum", "a/.venv/uv.lock", ""})
    EXPECT_FALSE(is_own_lockfile(path)) << path;
}

using Files = std::vector<LockedFile>;
using Tools = std::vector<ToolVersion>;

// A file as it lies on disk.
LockedFile file(const std::string& path, const std::string& bytes) { return {path, sha256_hex(bytes)}; }

TEST(Lockfiles, D55_are_known_by_their_whole_name_in_any_folder) {
  for (const char* path :
       {"uv.lock", "poetry.lock", "requirements.lock", "package-lock.json", "pnpm-lock.yaml", "yarn.lock",
        "Cargo.lock", "svc/go.sum", "Gemfile.lock", "composer.lock", "Pipfile.lock", "a/b/packages.lock.json",
        "bun.lock", "bun.lockb", "deno.lock"}) {
    EXPECT_TRUE(is_lockfile(path)) << path;
    EXPECT_TRUE(is_manifest(path)) << path;
  }
  for (const char* path : {"package.json", "go.mod", "my.lock", "uv.lock.bak", "uv.lock/readme", "UV.LOCK",
                           ".uv.lock", "lock", ""}) {
    EXPECT_FALSE(is_lockfile(path)) << path;
  }
}

TEST(Lockfiles, are_not_looked_for_among_packages_of_others) {
  for (const char* folder : {".git", "web/node_modules", "vendor", ".venv", "venv", "target"}) {
    EXPECT_FALSE(may_hold_lockfiles(folder)) << folder;
  }
  for (const char* folder : {"src", "node_modules/x", "vendors", "Cargo.lock"}) {
    EXPECT_TRUE(may_hold_lockfiles(folder)) << folder;
  }
}

TEST(EnvironmentHash, is_16_hex_digits_and_the_same_on_every_machine) {
  const Files files = {file("uv.lock", "x"), file("svc/go.sum", "")};
  EXPECT_EQ(environment_hash(files, {}), "2288393830b62f76");
  EXPECT_EQ(environment_hash(files, {{"go", "go version go1.22.1 linux/amd64"}}), "73423fa54283babe");
  EXPECT_EQ(environment_hash({}, {}), "no-lock");
}

TEST(EnvironmentHash, follows_every_part_and_not_their_order) {
  const Files files = {file("b/uv.lock", "1"), file("a/uv.lock", "2")};
  const Tools tools = {{"uv", "uv 0.4"}, {"python3", "Python 3.11.2"}};
  const std::string hash = environment_hash(files, tools);
  EXPECT_EQ(environment_hash({files[1], files[0]}, {tools[1], tools[0]}), hash);
  EXPECT_NE(environment_hash(files, {}), hash);
  EXPECT_NE(environment_hash({files[0]}, tools), hash);
  EXPECT_NE(environment_hash({file("b/uv.lock", "2"), file("a/uv.lock", "1")}, tools), hash);
  EXPECT_NE(environment_hash(files, {{"uv", "uv 0.5"}, tools[1]}), hash);
  EXPECT_NE(environment_hash(files, {{"uv", std::string(absent_version)}, tools[1]}), hash);
}

TEST(EnvironmentHash, D55_names_and_contents_never_run_together) {
  EXPECT_NE(environment_hash({file("uv.lock", "Xyarn.lock")}, {}),
            environment_hash({file("uv.lock", "X"), file("yarn.lock", "")}, {}));
  EXPECT_NE(environment_hash({file("go.sum", "uv.lock")}, {}),
            environment_hash({file("go.sumuv.lock", "")}, {}));
}

// Up to `most` characters of those that an encoding is made of.
std::string odd_text(Random& random, uint64_t most) {
  constexpr std::string_view characters = "a1:\n/";
  std::string text;
  for (uint64_t left = random.below(most + 1); left > 0; --left)
    text += characters[random.below(characters.size())];
  return text;
}

TEST(EnvironmentHash, D55_no_two_different_inputs_share_one) {
  Random random(55);
  std::map<std::string, std::pair<Files, Tools>> seen;
  for (int round = 0; round < 50'000; ++round) {
    std::pair<Files, Tools> input;
    for (uint64_t left = random.below(3); left > 0; --left)
      input.first.push_back({odd_text(random, 4), odd_text(random, 2)});
    for (uint64_t left = random.below(3); left > 0; --left)
      input.second.push_back({odd_text(random, 2), odd_text(random, 4)});
    const std::string hash = environment_hash(input.first, input.second);
    ASSERT_TRUE(is_environment_hash(hash)) << hash;
    std::sort(input.first.begin(), input.first.end());
    std::sort(input.second.begin(), input.second.end());
    const auto [same, is_new] = seen.emplace(hash, input);
    ASSERT_TRUE(is_new || same->second == input) << "round " << round;
  }
  EXPECT_GT(seen.size(), 10'000U);
}

TEST(EnvironmentHash, D30_is_told_from_other_text) {
  for (const char* hash : {"8ff4b8b533285e6f", "0000000000000000", "no-lock"}) {
    EXPECT_TRUE(is_environment_hash(hash)) << hash;
  }
  for (const char* text :
       {"", "8ff4b8b533285e6", "8ff4b8b533285e6f0", "8FF4B8B533285E6F", "8ff4b8b533285e6f\n",
        "Environment hash: 8ff4b8b533285e6f\nSources: uv.lock", "nolock", "No-lock"}) {
    EXPECT_FALSE(is_environment_hash(text)) << text;
  }
}

TEST(EnvironmentTools, are_those_of_the_ecosystems_that_have_a_lockfile) {
  const auto names = [](const Files& files) {
    std::string text;
    for (const Tool& tool : tools_of(files)) text += tool.name + " " + tool.argument + "; ";
    return text;
  };
  EXPECT_EQ(names({}), "");
  EXPECT_EQ(names({file("a/package-lock.json", ""), file("b/yarn.lock", ""), file("Cargo.lock", "")}),
            "cargo --version; node --version; npm --version; rustc --version; yarn --version; ");
  EXPECT_EQ(names({file("go.sum", ""), file("mix.lock", "")}), "elixir --short-version; go version; ");
}

}  // namespace
}  // namespace pianola::plan
