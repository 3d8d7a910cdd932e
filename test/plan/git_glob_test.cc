// Path entries mean what git means by the same glob: owns() against `git ls-files ':(glob)...'`.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "plan/path_set.h"

namespace pianola::plan {
namespace {

namespace fs = std::filesystem;

class GitGlob : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pianola-glob-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    for (const std::string& path : paths()) {
      fs::create_directories((folder_ / path).parent_path());
      std::ofstream(folder_ / path) << "x";
    }
    run("init -q .");
    run("add -A");
  }
  void TearDown() override { fs::remove_all(folder_); }

  static const std::vector<std::string>& paths() {
    static const std::vector<std::string> all = {
        "a",       "b",       "ab",        "A.c",         "a.c",       "b.c",         ".hid",
        "src/a.c", "src/b.c", "src/ab",    "src/x/a.c",   "src/x/b.h", "src/x/y/a.c", "src/.h/a.c",
        "lib/a.c", "lib/x/a", "lib/x/y/z", "docs/a b.md", "docs/é.md", "docs/[a]",    "docs/a*b",
        "docs/q?", "docs/-x", "docs/a\\b", "x/x/x/x",     "x/x/y",     "z9/Z_1.TXT",
    };
    return all;
  }

  std::string run(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.string() +
        "' && env -i PATH=/usr/bin:/bin GIT_CONFIG_NOSYSTEM=1 HOME=/nonexistent LC_ALL=C git " + arguments +
        " 2>/dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return "";
    std::string out;
    char buffer[4096];
    for (size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, got);
    pclose(pipe);
    return out;
  }

  std::set<std::string> listed(const std::string& entry) const {
    // A folder is written with its content for git, which has no such short form behind a wildcard.
    std::string quoted;
    for (const char c : entry.ends_with('/') ? entry + "**" : entry)
      quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    const std::string out = run("ls-files -z ':(glob)" + quoted + "'");
    std::set<std::string> set;
    for (size_t at = 0; at < out.size(); at = out.find('\0', at) + 1)
      set.insert(out.substr(at, out.find('\0', at) - at));
    return set;
  }

  static std::set<std::string> owned(const std::string& entry) {
    std::set<std::string> set;
    for (const std::string& path : paths()) {
      if (owns(entry, path)) set.insert(path);
    }
    return set;
  }

  // git lets a pathspec without wildcards, and one whose literal start is a folder, name the folder's
  // content.
  static bool names_a_folder(const std::string& entry) {
    for (const std::string& path : paths()) {
      if (path.starts_with(entry + "/")) return true;
    }
    return false;
  }

  fs::path folder_;
};

TEST_F(GitGlob, chosen_entries_own_what_git_lists) {
  for (const std::string entry : {
           "a",
           "*",
           "*.c",
           "**",
           "**/a.c",
           "src/",
           "src/**",
           "src/*",
           "src/**/a.c",
           "src/*/a.c",
           "*/a.c",
           "**/x/**",
           "**/x/*",
           "s*/",
           "?",
           "??",
           "[ab]",
           "[!a].c",
           "[^a]*",
           "[a-c].c",
           "docs/\\[a\\]",
           "docs/[[]a]",
           "docs/a\\*b",
           "docs/*\\*b",
           "docs/a\\\\b",
           "docs/[\\\\]*",
           "docs/-*",
           "docs/?.md",
           "docs/??.md",
           "x/**/x",
           "**/**/y",
           "x/*/*/x",
           "z9/[[:upper:]]*",
           "*/[[:alpha:]]_[[:digit:]].[A-Z]XT",
           "[]a]*",
           "[a-]*",
           "[!]-]*",
           ".*",
           "**/.*/**",
           "lib/x/y/",
           "src/x*",
           "l?b/**",
       }) {
    const auto normalised = normalise_entry(entry);
    ASSERT_TRUE(normalised) << normalised.error().text();
    EXPECT_EQ(owned(*normalised), listed(*normalised)) << entry;
  }
}

TEST_F(GitGlob, random_entries_own_what_git_lists) {
  const std::vector<std::string> pieces = {"a", "b", "x",    "src",  "lib",   ".c",          "*",
                                           "*", "?", "[ab]", "[!a]", "[a-s]", "[[:alpha:]]", "."};
  Random random(5);
  size_t compared = 0;
  for (int i = 0; i < 400; ++i) {
    std::string entry;
    for (uint64_t components = 1 + random.below(4); components > 0; --components) {
      if (random.chance(25)) {
        entry += "**";
      } else {
        for (uint64_t length = 1 + random.below(3); length > 0; --length)
          entry += pieces[random.below(pieces.size())];
      }
      if (components > 1 || random.chance(10)) entry += '/';
    }
    const auto normalised = normalise_entry(entry);
    if (!normalised || names_a_folder(*normalised)) continue;
    ASSERT_EQ(owned(*normalised), listed(*normalised)) << "entry " << *normalised;
    ++compared;
  }
  EXPECT_GT(compared, 200U);
}

}  // namespace
}  // namespace pianola::plan
