#include "view/disk_report.h"

#include <gtest/gtest.h>

#include "view/numbers.h"

namespace pianola::view {
namespace {

std::vector<DiskRow> rows() {
  return {{.run = "r1",
           .phase = "failed",
           .workspaces = 2'000'000,
           .logs = 4'096,
           .journal = 12'288,
           .freed = 2'000'000,
           .refs_dropped = 4,
           .refs_saved = 2,
           .notes = {}},
          {.run = "r2",
           .phase = "running",
           .workspaces = 1'000,
           .logs = 0,
           .journal = 12'288,
           .freed = 0,
           .refs_dropped = 0,
           .refs_saved = 0,
           .notes = {"kept: it is not over"}}};
}

TEST(DiskReport, is_one_line_for_each_run_on_a_pipe) {
  EXPECT_EQ(
      disk_text(rows(), Freeing::did, {.width = 0}),
      "r1 failed workspaces 2.0 MB, logs 4.1 kB, journal 12.3 kB, freed 2.0 MB and 4 refs, 2 saved first\n"
      "r2 running workspaces 1.0 kB, logs 0 B, journal 12.3 kB, freed 0 B; kept: it is not over\n"
      "total workspaces 2.0 MB, logs 4.1 kB, journal 24.6 kB, freed 2.0 MB and 4 refs, 2 saved first\n");
}

TEST(DiskReport, fits_its_terminal_and_says_that_nothing_was_done) {
  const std::string text = disk_text(rows(), Freeing::would, {.width = 80});
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 80U) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_NE(text.find("WOULD FREE"), std::string::npos);
  EXPECT_NE(text.find("nothing was changed; do it: pianola gc\n"), std::string::npos);
}

TEST(DiskReport, has_a_total_in_its_json) {
  const std::string json = disk_json(rows(), Freeing::would);
  EXPECT_NE(json.find("\"dry_run\":true"), std::string::npos);
  EXPECT_NE(json.find("\"total\":{\"workspaces\":2001000"), std::string::npos) << json;
  EXPECT_NE(json.find("\"notes\":[\"kept: it is not over\"]"), std::string::npos);
}

TEST(Numbers, sizes_have_one_digit_after_the_point) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(1'000), "1.0 kB");
  EXPECT_EQ(size_text(999'949), "999.9 kB");
  EXPECT_EQ(size_text(1'300'000), "1.3 MB");
  EXPECT_EQ(size_text(2'000'000'000), "2.0 GB");
}

}  // namespace
}  // namespace pianola::view
