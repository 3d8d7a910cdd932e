// Journals of every released format, for ever: each is read, written back byte for byte, and folded.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/codec.h"
#include "core/codec_samples.h"
#include "core/core.h"
#include "test/journal/run_events.h"
#include "world/files.h"
#include "world/journal_reader.h"

namespace pianola {
namespace {

const std::string museum = std::string(PIANOLA_SOURCE_DIR) + "/test/journals/";

std::string stored_bytes(const std::string& dir) {
  std::string bytes;
  const auto segments = world::journal_segments(dir);
  EXPECT_TRUE(segments) << segments.error().text();
  for (const uint64_t number : *segments) {
    std::ifstream file(world::segment_path(dir, number), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

std::vector<core::Recorded> read_all(const std::string& dir) {
  std::vector<core::Recorded> events;
  const auto read = world::read_journal(dir, 1, [&events](core::Recorded&& recorded) -> Result<void> {
    events.push_back(std::move(recorded));
    return {};
  });
  EXPECT_TRUE(read) << read.error().text();
  return events;
}

TEST(Museum, journals_of_version_1_are_written_back_byte_for_byte) {
  for (const char* name : {"v1/forms", "v1/run"}) {
    core::Succession last;
    std::string written;
    for (const core::Recorded& recorded : read_all(museum + name)) {
      written += core::encode_next(recorded, last) + "\n";
    }
    EXPECT_EQ(written, stored_bytes(museum + name)) << name;
  }
}

TEST(Museum, the_run_of_version_1_folds_to_what_it_was) {
  const auto events = read_all(museum + "v1/run");
  core::State state;
  for (const core::Recorded& recorded : events) {
    const auto folded = core::evolve(state, recorded);
    ASSERT_TRUE(folded) << folded.error().text();
  }
  EXPECT_EQ(state.seq, events.size());
  EXPECT_EQ(state.phase, core::Phase::done);
  EXPECT_EQ(state.run.str(), "r12");
  EXPECT_EQ(state.plan.tasks.size(), 6U);
  size_t attempts = 0;
  for (const core::TaskRun& task : state.tasks) {
    EXPECT_EQ(task.phase, core::TaskPhase::landed);
    EXPECT_TRUE(task.workspaces.empty());
    attempts += task.attempts.size();
  }
  EXPECT_EQ(attempts, 7U);
  EXPECT_EQ(state.finish.verified, state.staging);
  EXPECT_EQ(state.staging, state.tasks.back().landed_as);
}

// The law of the journal: whoever folds it twice has the same state.
TEST(Museum, a_long_run_folds_to_the_same_state_from_memory_and_from_its_lines) {
  core::Succession last;
  core::Succession read;
  core::State told;
  core::State folded;
  for (const core::Recorded& recorded : test::run_events({.tasks = 40, .red_percent = 50, .seed = 3})) {
    ASSERT_TRUE(core::evolve(told, recorded));
    const auto back = core::decode_next(core::encode_next(recorded, last), read);
    ASSERT_TRUE(back);
    ASSERT_TRUE(core::evolve(folded, *back));
  }
  EXPECT_EQ(told, folded);
}

// Writes the present format into the folder $PIANOLA_MUSEUM. What stands under a released version's name is
// never written again.
TEST(Museum, DISABLED_write_the_present_format) {
  const char* target = std::getenv("PIANOLA_MUSEUM");
  ASSERT_NE(target, nullptr);
  constexpr size_t first_segment_lines = 60;
  for (const auto& [name, events] :
       {std::pair{"/forms", core::every_event()},
        {"/run", test::run_events({.tasks = 6, .red_percent = 40, .seed = 12})}}) {
    const std::string dir = std::string(target) + name;
    ASSERT_TRUE(world::make_dirs(dir));
    std::ofstream first(world::segment_path(dir, 1), std::ios::binary);
    std::ofstream second;
    core::Succession last;
    for (const core::Recorded& recorded : events) {
      if (recorded.seq == first_segment_lines + 1) second.open(world::segment_path(dir, 2), std::ios::binary);
      (second.is_open() ? second : first) << core::encode_next(recorded, last) << "\n";
    }
  }
}

}  // namespace
}  // namespace pianola
