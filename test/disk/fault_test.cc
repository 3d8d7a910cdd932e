// The disk refuses the n-th call of a whole run, for each n: the run pauses and says why, or goes on without
// harm. Nothing that was said to have happened is lost, and once the disk works again `resume` lands every
// task exactly once.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <ostream>

#include "test/campaign/playground.h"
#include "test/disk/counted.h"
#include "test/disk/story.h"
#include "test/figures.h"

namespace pianola::disk {
namespace {

using campaign::Ended;
using campaign::Playground;

struct Kind {
  std::string name;
  std::string who;
  int error;
  std::string how;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"full_once", "supervisor", ENOSPC, "once"},   {"full_for_ever", "supervisor", ENOSPC, "ever"},
      {"broken_once", "supervisor", EIO, "once"},    {"broken_for_ever", "supervisor", EIO, "ever"},
      {"read_only", "supervisor", EROFS, "ever"},    {"keeper_full_once", "keeper", ENOSPC, "once"},
      {"keeper_broken_once", "keeper", EIO, "once"}, {"keeper_broken_for_ever", "keeper", EIO, "ever"},
      {"all_broken_for_ever", "both", EIO, "ever"},
  };
  return all;
}

// The page that the preloaded library counts on.
class Counting {
 public:
  explicit Counting(const Playground& playground) : path_(playground.top() + "/counted") {
    const world::Fd file(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    void* mapped = MAP_FAILED;
    if (::ftruncate(file.get(), sizeof(Counted)) == 0)
      mapped = ::mmap(nullptr, sizeof(Counted), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (mapped == MAP_FAILED) abort();
    counted_ = static_cast<Counted*>(mapped);
  }
  ~Counting() { ::munmap(counted_, sizeof(Counted)); }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;

  Counted& counted() const { return *counted_; }
  std::map<std::string, std::string> asking(const Playground& playground, const Kind& kind,
                                            uint64_t at) const {
    return {{"LD_PRELOAD", PIANOLA_FAILING_CALLS},
            {"PIANOLA_FAULT", fmt::format("{} {} {} {}", kind.who, at, kind.error, kind.how)},
            {"PIANOLA_FAULT_BELOW", playground.repo() + "/.git:" + playground.repo() + ".pianola"},
            {"PIANOLA_FAULT_COUNT", path_}};
  }

 private:
  std::string path_;
  Counted* counted_;
};

struct Tally {
  int faults = 0;
  int paused = 0;
  int absorbed = 0;
  int others = 0;  // other exits
};

uint64_t calls_of_a_run(const Kind& kind) {
  const Playground playground;
  const Counting counting(playground);
  const Ended ended = playground.run(counting.asking(playground, kind, 0));
  EXPECT_EQ(ended.code, 0) << ended.output;
  return counting.counted().calls;
}

void fail_call(const Kind& kind, uint64_t at, Tally& tally) {
  const Playground playground;
  const Counting counting(playground);
  const Ended ended = playground.run(counting.asking(playground, kind, at));
  Counted& counted = counting.counted();
  counted.works_again = true;
  const std::string what = fmt::format("{} {}: {}, {} failed\n{}", kind.name, at, counted.first,
                                       counted.failed.load(), ended.output);
  if (counted.failed == 0) return;  // this run was over before
  ++tally.faults;
  tally.paused += ended.code == 6 ? 1 : 0;
  tally.absorbed += ended.code == 0 ? 1 : 0;
  tally.others += ended.code != 0 && ended.code != 6 ? 1 : 0;
  EXPECT_TRUE(!ended.killed && (ended.code == 0 || ended.code == 6)) << "exit " << ended.code << " " << what;
  expect_goes_on(playground, ended.output, what);
}

class DiskFaults : public testing::TestWithParam<Kind> {};

// Which calls: all of them in the long form, of which PIANOLA_FAULT_CALLS=<from>-<to> is a part.
struct Calls {
  uint64_t from = 1;
  uint64_t to = UINT64_MAX;
};
Calls calls_asked_for() {
  Calls calls;
  if (const char* text = ::getenv("PIANOLA_FAULT_CALLS"); text != nullptr) {
    char* end = nullptr;
    calls.from = std::strtoull(text, &end, 10);
    if (*end == '-') calls.to = std::strtoull(end + 1, nullptr, 10);
  }
  return calls;
}

// A keeper of the last final check writes down that it is there.
constexpr uint64_t calls_after_last_keeper = 6;

// In the short form a few calls, elsewhere in the run for each kind; and of keepers one of a final check,
// which nothing tries again.
TEST_P(DiskFaults, at_any_call_pause_the_run_and_lose_nothing) {
  const Kind& kind = GetParam();
  const bool whole = ::getenv("PIANOLA_CAMPAIGN_CUTS") != nullptr;
  const uint64_t calls = calls_of_a_run(kind);
  ASSERT_GT(calls, 20U);
  const uint64_t step = whole ? 1 : std::max<uint64_t>(calls / 2, 1);
  Tally tally;
  const Calls asked = calls_asked_for();
  for (uint64_t at = whole ? asked.from : 1 + calls * kind.name.size() % step;
       at <= std::min(calls, asked.to); at += step)
    fail_call(kind, at, tally);
  if (!whole && kind.who == "keeper" && kind.how == "once")
    fail_call(kind, calls - calls_after_last_keeper, tally);
  test::tell_guarantee("G30", "the disk refuses the n-th call",
                       fmt::format("faults {}, paused {}, absorbed {}, other exits {}", tally.faults,
                                   tally.paused, tally.absorbed, tally.others));
  EXPECT_GT(tally.faults, 0);
}

INSTANTIATE_TEST_SUITE_P(Every, DiskFaults, testing::ValuesIn(kinds()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace pianola::disk
