#include "world/git_unfinished.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>

#include "world/child.h"
#include "world/files.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

TEST(UnfinishedPacks, go_only_when_nobody_writes_them_and_they_are_old_or_ours) {
  const Folder top;
  const auto in_pack = [&](const std::string& name) { return top.path() + "/pack/" + name; };
  ASSERT_TRUE(make_dirs(in_pack("")));
  const auto make = [&](const char* name, int64_t modified_s) {
    ASSERT_TRUE(write_file(in_pack(name), "PACK", Sync::none));
    const std::array<timespec, 2> times{timespec{modified_s, 0}, timespec{modified_s, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, in_pack(name).c_str(), times.data(), 0), 0);
  };
  make("tmp_pack_old", 1'000);
  make("tmp_idx_old", 1'000);
  make("tmp_pack_written", 1'000);
  make("tmp_pack_young", 1'001);
  make("pack-1.pack", 1'000);
  const Instant now{Duration::from_s(1'600).ns};
  {
    const Fd writer(::open(in_pack("tmp_pack_written").c_str(), O_RDWR | O_CLOEXEC));
    remove_unfinished_packs(top.path(), left_long_ago(now));
  }
  EXPECT_FALSE(exists(in_pack("tmp_pack_old")));
  EXPECT_FALSE(exists(in_pack("tmp_idx_old")));
  EXPECT_TRUE(exists(in_pack("tmp_pack_written")));
  EXPECT_TRUE(exists(in_pack("tmp_pack_young"))) << "another git may be about to name it";
  EXPECT_TRUE(exists(in_pack("pack-1.pack")));
  remove_unfinished_packs(top.path(), left_long_ago(now + Duration::from_s(1)));
  EXPECT_FALSE(exists(in_pack("tmp_pack_young")));
  remove_unfinished_packs(top.path() + "/none", left_long_ago(now));
  // Of a fetch that began then: what is older is another's.
  make("tmp_pack_before", 1'000);
  make("tmp_pack_ours", 1'500);
  remove_unfinished_packs(top.path(), left_by_fetch(Instant{Duration::from_s(1'500).ns}));
  EXPECT_TRUE(exists(in_pack("tmp_pack_before")));
  EXPECT_FALSE(exists(in_pack("tmp_pack_ours")));
}

}  // namespace
}  // namespace pianola::world
