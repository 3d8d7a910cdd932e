// Large plans: depth, width and the growth of the time they take.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <string>

#include "plan/conflict.h"
#include "plan/graph.h"
#include "plan/loading.h"
#include "plan/report.h"

namespace pianola::plan {
namespace {

std::string number(int value) { return std::to_string(value); }

// Ten layers, two dependencies, two written and two read files and one resource per task; one task in a
// hundred writes a file that others write too.
std::string layered_plan(int tasks) {
  const int width = std::max(tasks / 10, 1);
  std::string text = "tasks:\n";
  for (int i = 0; i < tasks; ++i) {
    const int layer = i / width;
    const auto above = [&](int shift) { return "t" + number((layer - 1) * width + (i + shift) % width); };
    text += "  - id: t" + number(i) + "\n    description: task number " + number(i) + "\n";
    text += "    depends_on: [" + (layer == 0 ? std::string() : above(0) + ", " + above(7)) + "]\n";
    text += "    files_write:\n      - src/m" + number(i) + "/a.py\n      - src/m" + number(i) + "/b.py\n";
    if (i % 100 == 0) text += "      - src/shared" + number(layer) + ".py\n";
    text += "    files_read: [docs/d" + number(i % 50) + ".md, docs/e" + number(i % 70) + ".md]\n";
    text += "    resources_write: [\"route:/r" + number(i) + "\"]\n";
    text += "    verification:\n      - command: pytest tests/test_m" + number(i) +
            ".py -q\n        type: test\n";
  }
  return text;
}

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// The least of five, as other work on the machine only adds.
double check_ms(const std::string& text) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double start = cpu_ms();
    const Loaded loaded = load_text(text);
    if (loaded.plan) conflicts(*loaded.plan);
    best = std::min(best, cpu_ms() - start);
  }
  return best;
}

TEST(Scale, D07_a_chain_of_ten_thousand_tasks_is_a_plan) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "- {id: t" + number(i) + ", depends_on: [" + (i > 0 ? "t" + number(i - 1) : "") +
            "], files_write: [same], verification: [pytest]}\n";
  }
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.plan) << finding(text);
  EXPECT_EQ(waves(*loaded.plan).size(), 10'000U);
  EXPECT_EQ(critical_path(*loaded.plan).size(), 10'000U);
  EXPECT_TRUE(conflicts(*loaded.plan).empty());
}

TEST(Scale, ten_thousand_tasks_side_by_side_are_a_plan) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 10'000; ++i) {
    text +=
        "- {id: t" + number(i) + ", files_write: [\"src/m" + number(i) + "/**\"], verification: [pytest]}\n";
  }
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.plan) << finding(text);
  EXPECT_EQ(waves(*loaded.plan).size(), 1U);
  EXPECT_TRUE(conflicts(*loaded.plan).empty());
}

TEST(Scale, ten_thousand_owners_of_one_file_are_refused_and_not_listed_for_ever) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 10'000; ++i)
    text += "- {id: t" + number(i) + ", files_write: [x], verification: [pytest]}\n";
  const Loaded loaded = load_text(text);
  EXPECT_FALSE(loaded.plan);
  EXPECT_EQ(loaded.diagnostics.size(), conflict_limit);
}

TEST(Scale, a_cycle_of_ten_thousand_tasks_is_found) {
  std::string text = "tasks:\n";
  for (int i = 0; i < 10'000; ++i)
    text += "- {id: t" + number(i) + ", depends_on: [t" + number((i + 1) % 10'000) + "]}\n";
  EXPECT_EQ(load_text(text, Strictness::well_formed).cycle.size(), 10'001U);
}

TEST(Scale, layers_joined_in_full_with_many_readers_stay_cheap) {
  std::string text = "tasks:\n- {id: writer, files_write: [hot], verification: [pytest]}\n";
  for (int layer = 0; layer < 10; ++layer) {
    for (int i = 0; i < 100; ++i) {
      text += "- {id: l" + number(layer) + "x" + number(i) + ", mode: read, files_read: [hot], depends_on: [";
      for (int j = 0; layer > 0 && j < 100; ++j)
        text += (j > 0 ? ", l" : "l") + number(layer - 1) + "x" + number(j);
      text += "]}\n";
    }
  }
  const Loaded loaded = load_text(text, Strictness::well_formed);
  ASSERT_TRUE(loaded.plan) << finding(text);
  EXPECT_EQ(conflicts(*loaded.plan).size(), 1'000U);
}

TEST(Scale, checking_ten_times_the_tasks_takes_at_most_twelve_times_as_long) {
  const std::string small = layered_plan(500);
  const std::string large = layered_plan(5'000);
  ASSERT_TRUE(load_text(large, Strictness::well_formed).plan);
  double small_ms = check_ms(small);
  double large_ms = check_ms(large);
  // Others on the machine take the caches, from the large plan first; nobody makes it better than it is.
  for (int again = 0; again < 4 && large_ms > 12 * small_ms; ++again) {
    small_ms = check_ms(small);
    large_ms = check_ms(large);
  }
  RecordProperty("small_us", static_cast<int>(small_ms * 1000));
  RecordProperty("large_us", static_cast<int>(large_ms * 1000));
  EXPECT_LE(large_ms / small_ms, 12.0) << small_ms << " ms and " << large_ms << " ms";
}

}  // namespace
}  // namespace pianola::plan
