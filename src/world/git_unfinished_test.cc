#include "world/git_unfinished.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "world/child.h"
#include "world/files.h"

namespace pianola::world {
namespace {

TEST(UnfinishedPacks, go_only_when_they_are_new_and_nobody_writes_them) {
  std::string top = "/tmp/pianola-unfinished-XXXXXX";
  ASSERT_NE(::mkdtemp(top.data()), nullptr);
  std::filesystem::create_directory(top + "/pack");
  const auto in_pack = [&](const std::string& name) { return top + "/pack/" + name; };
  const auto make = [&](const char* name) { ASSERT_TRUE(write_file(in_pack(name), "PACK", Sync::none)); };
  make("tmp_pack_before");
  const auto before = unfinished_packs(top);
  EXPECT_EQ(before, std::set<std::string>{"tmp_pack_before"});
  for (const char* name : {"tmp_pack_ours", "tmp_idx_ours", "tmp_pack_theirs", "pack-1.pack"}) make(name);
  {
    const Fd writer(::open(in_pack("tmp_pack_theirs").c_str(), O_RDWR | O_CLOEXEC));
    remove_unfinished_packs(top, before);
    EXPECT_EQ(unfinished_packs(top), (std::set<std::string>{"tmp_pack_before", "tmp_pack_theirs"}));
    EXPECT_TRUE(exists(in_pack("pack-1.pack")));
  }
  remove_unfinished_packs(top, {});
  EXPECT_TRUE(unfinished_packs(top).empty());
  EXPECT_TRUE(unfinished_packs(top + "/none").empty());
  EXPECT_TRUE(remove_tree(top));
}

}  // namespace
}  // namespace pianola::world
