#include "world/disk_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "world/child.h"
#include "world/files.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

constexpr int64_t limit_bytes = 4 << 20;

void put(const std::string& path, int64_t bytes) {
  ASSERT_TRUE(write_file(path, std::string(static_cast<size_t>(bytes), 'x'), Sync::file_and_dir));
}

TEST(DiskWatchTest, sees_folders_that_took_more_than_they_may_and_says_how_much) {
  const Folder folder;
  DiskWatch watch({folder.path()}, limit_bytes);
  EXPECT_FALSE(watch.look(0));
  put(folder.path() + "/a", limit_bytes / 2);
  EXPECT_FALSE(watch.look(1'000));
  put(folder.path() + "/b", limit_bytes);
  EXPECT_FALSE(watch.look(1'500)) << "not before its time";
  // Another test may free as much at this moment; the next look then has the difference.
  for (int64_t now_ms = 2'000; now_ms < 60'000 && !watch.look(now_ms); now_ms += 1'000)
    put(folder.path() + fmt::format("/c{}", now_ms), 1 << 20);
  EXPECT_TRUE(watch.is_passed());
  EXPECT_TRUE(watch.text().starts_with("its folders took ")) << watch.text();
  EXPECT_TRUE(watch.text().ends_with(" MiB on disk, of which there may be 4")) << watch.text();
  EXPECT_EQ(watch.next_look_ms(), -1);
}

// In memory where there is such a place: it is quick there.
TEST(DiskWatchTest, a_large_folder_takes_as_many_looks_as_it_has_pieces) {
  constexpr int entries = 200'000;
  std::string top = std::filesystem::exists("/dev/shm") ? "/dev/shm/pianola.XXXXXX" : "/tmp/pianola.XXXXXX";
  ASSERT_NE(::mkdtemp(top.data()), nullptr);
  DiskWatch watch({top}, 4 * limit_bytes);
  for (int i = 0; i < entries; ++i) {
    const Fd file(::open(fmt::format("{}/{}", top, i).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    ASSERT_TRUE(file);
  }
  put(top + "/some", limit_bytes);
  int looks = 1;
  for (int64_t now_ms = 0; !watch.look(now_ms) && watch.next_look_ms() == now_ms; ++looks) continue;
  EXPECT_GE(looks, entries / static_cast<int>(DiskWatch::steps_a_look));
  EXPECT_FALSE(watch.is_passed());
  put(top + "/more", 4 * limit_bytes);
  int64_t now_ms = 1'000;
  for (looks = 0; !watch.look(now_ms) && looks < 1'000; ++looks) now_ms = watch.next_look_ms();
  EXPECT_TRUE(watch.is_passed());
  ASSERT_TRUE(remove_tree(top));
}

TEST(DiskWatchTest, without_a_limit_never_looks) {
  DiskWatch watch({"/tmp"}, 0);
  EXPECT_EQ(watch.next_look_ms(), -1);
  EXPECT_FALSE(watch.look(0));
}

}  // namespace
}  // namespace pianola::world
