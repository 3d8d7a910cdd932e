#include "world/git_tree.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pianola::world {
namespace {

using namespace std::string_literals;

const std::string one(40, '1');
const std::string two(40, '2');
const std::string none(40, '0');

TEST(RawChanges, are_read_with_any_bytes_in_a_path) {
  const std::string output = ":100644 100755 "s + one + " " + two + " M\0a\nb \"\xff\0"s + ":000000 120000 " +
                             none + " " + one + " A\0:link\0"s + ":160000 000000 " + one + " " + none +
                             " D\0sub\0"s;
  const auto changes = read_raw_changes(output);
  ASSERT_TRUE(changes);
  EXPECT_EQ(*changes, (std::vector<TreeChange>{{"a\nb \"\xff", 0100644, 0100755, one, two},
                                               {":link", 0, 0120000, "", one},
                                               {"sub", 0160000, 0, one, ""}}));
  EXPECT_TRUE(read_raw_changes("")->empty());
}

TEST(RawChanges, refuse_what_is_no_such_output) {
  // A mode that nobody can read is not one of a side that is absent.
  for (const char* mode : {"10064x", "888888", "-00644", "100", "1006440", "+10064"})
    EXPECT_FALSE(read_raw_changes(":100644 "s + mode + " " + one + " " + two + " M\0a\0"s)) << mode;
  for (const std::string& output : {"fatal: x"s, ":100644 100755 M\0a\0"s, ":100644 100755 1 2 M\0"s, "\0"s})
    EXPECT_FALSE(read_raw_changes(output)) << output;
}

TEST(History, is_read_and_added_up_per_path) {
  const std::string newest = "\x01" + two + " " + one + " " + one + "\0\n:100644 000000 "s + one + " " +
                             none + " D\0new\0"s + ":100644 100644 " + two + " " + one + " M\0back\0"s;
  const std::string empty = "\x01" + one + " " + one + " " + none + "\0"s;
  const std::string oldest = "\x01" + one + " " + one + " " + none + " " + two + "\0\n:000000 100644 "s +
                             none + " " + one + " A\0new\0"s + ":100644 100644 " + one + " " + two +
                             " M\0back\0"s + ":100644 100755 " + one + " " + one + " M\0mode\0"s;
  const auto commits = read_history(newest + empty + oldest);
  ASSERT_TRUE(commits) << commits.error().text();
  ASSERT_EQ(commits->size(), 3U);
  EXPECT_EQ(commits->front().parents, std::vector<std::string>{one});
  EXPECT_EQ(commits->back().parents, (std::vector<std::string>{none, two}));
  EXPECT_TRUE((*commits)[1].changes.empty());
  EXPECT_EQ(compose(*commits), (std::vector<TreeChange>{{"mode", 0100644, 0100755, one, one}}));
}

TEST(Indexes, are_compared_in_path_order) {
  const Index before = {{"a", {0100644, one}}, {"b", {0100644, one}}, {"c", {0100644, one}}};
  const Index after = {
      {"A", {0120000, two}}, {"b", {0100755, one}}, {"c", {0100644, one}}, {"d", {0100644, two}}};
  EXPECT_EQ(index_changes(before, after), (std::vector<TreeChange>{{"A", 0, 0120000, "", two},
                                                                   {"a", 0100644, 0, one, ""},
                                                                   {"b", 0100644, 0100755, one, one},
                                                                   {"d", 0, 0100644, "", two}}));
  EXPECT_TRUE(index_changes(before, before).empty());
}

TEST(Indexes, that_are_damaged_are_refused) {
  const std::string path = ::testing::TempDir() + "pianola-index-" + std::to_string(::getpid());
  const std::string entry = "DIRC\0\0\0\2\0\0\0\1"s + std::string(24, 'x') + "\0\0\x81\xa4"s +
                            std::string(12, 'y') + std::string(20, '\x11') + "\0\3abc\0\0\0\0\0\0\0"s;
  std::ofstream(path, std::ios::binary) << entry;
  const auto whole = read_index(path, 20);
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_EQ(whole->at("abc").mode, 0100644);
  EXPECT_EQ(whole->at("abc").id, one);
  for (size_t size = 0; size < 12 + 40 + 20 + 5; size += 3) {
    std::ofstream(path, std::ios::binary) << entry.substr(0, size);
    const auto cut = read_index(path, 20);
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().kind, ErrorKind::integrity);
  }
  std::filesystem::remove(path);
  EXPECT_TRUE(read_index(path, 20)->empty());
}

}  // namespace
}  // namespace pianola::world
