#include "plan/manifests.h"

#include <gtest/gtest.h>

namespace pianola::plan {
namespace {

TEST(Manifests, are_known_in_any_folder_by_their_whole_name) {
  for (const char* path :
       {"package.json", "web/app/package-lock.json", "svc/go.sum", "requirements.txt", "requirements-dev.in",
        "deploy/constraints.txt", "App.csproj", "x.gemspec", "Cargo.lock", "api/Pipfile.lock", "bun.lockb",
        "deno.lock", "packages.lock.json", "requirements/base.txt", "a/.cargo/config.toml",
        "gradle/libs.versions.toml", ".nvmrc"}) {
    EXPECT_TRUE(is_manifest(path)) << path;
  }
  for (const char* path : {"src/package.json.bak", "my-package.json", "requirements.md", "go.sums", "csproj",
                           "docs/Cargo.lock/readme", "config.toml", ""}) {
    EXPECT_FALSE(is_manifest(path)) << path;
  }
}

const std::vector<TreeFile> files = {
    {0100644, "a1", "package.json"}, {0100644, "b1", "src/app.js"}, {0100755, "c1", "tools/setup.sh"}};

std::string digest(const std::vector<std::string>& commands, const std::vector<TreeFile>& of = files) {
  return environment_digest(commands, of, "");
}

TEST(EnvironmentDigest, follows_manifests_and_no_other_file) {
  auto changed = files;
  changed[1].id = "b2";
  EXPECT_EQ(digest({"npm ci"}, changed), digest({"npm ci"}));
  changed[0].id = "a2";
  EXPECT_NE(digest({"npm ci"}, changed), digest({"npm ci"}));
  auto moved = files;
  moved[0].path = "web/package.json";
  EXPECT_NE(digest({"npm ci"}, moved), digest({"npm ci"}));
}

TEST(EnvironmentDigest, follows_a_file_that_a_command_names) {
  auto changed = files;
  changed[2].id = "c2";
  for (const char* command : {"./tools/setup.sh", "sh tools/setup.sh --all", "cd .;sh 'tools/setup.sh'",
                              "cd tools && ./setup.sh"}) {
    EXPECT_NE(digest({command}, changed), digest({command})) << command;
  }
  EXPECT_EQ(digest({"npm ci"}, changed), digest({"npm ci"}));
  auto no_longer_run = files;
  no_longer_run[2].mode = 0100644;
  EXPECT_NE(digest({"./tools/setup.sh"}, no_longer_run), digest({"./tools/setup.sh"}));
}

TEST(EnvironmentDigest, follows_the_commands_in_their_order_and_what_is_around_them) {
  EXPECT_NE(digest({"a", "b"}), digest({"b", "a"}));
  EXPECT_NE(digest({"a b"}), digest({"a", "b"}));
  EXPECT_NE(environment_digest({"a"}, files, "PATH=/x"), environment_digest({"a"}, files, "PATH=/y"));
}

}  // namespace
}  // namespace pianola::plan
