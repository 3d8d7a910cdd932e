#include "world/disk_use.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "world/files.h"

namespace pianola::world {
namespace {

TEST(DiskUse, room_is_counted_without_following_links) {
  char name[] = "/tmp/pianola-disk.XXXXXX";
  const std::string top = ::mkdtemp(name);
  const auto at = [&](const std::string& below) { return top + "/" + below; };
  EXPECT_EQ(bytes_on_disk(at("none")), 0);
  ASSERT_TRUE(make_dirs(at("d/e")));
  const int64_t empty = bytes_on_disk(at("d"));
  ASSERT_TRUE(write_file(at("d/e/big"), std::string(100'000, 'x'), Sync::file));
  const int64_t full = bytes_on_disk(at("d"));
  EXPECT_GE(full, empty + 100'000);
  ASSERT_EQ(::symlink(at("d").c_str(), at("link").c_str()), 0);
  EXPECT_LT(bytes_on_disk(at("link")), 8'192);
  EXPECT_TRUE(remove_tree(top));
}

}  // namespace
}  // namespace pianola::world
