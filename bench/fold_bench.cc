// Folding 1,000,000 events: the journal of a run of 200 tasks, one after the other, from memory and from
// files. ./dev bench fold
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>

#include "base/check.h"
#include "core/codec.h"
#include "core/core.h"
#include "test/journal/run_events.h"
#include "world/files.h"
#include "world/journal_reader.h"

namespace pianola {
namespace {

constexpr uint64_t wanted_events = 1'000'000;
constexpr int64_t segment_bytes = 64 << 20;

// Each run_started begins another run.
void fold(core::State& state, const core::Recorded& recorded) {
  if (std::holds_alternative<core::RunStarted>(recorded.event)) {
    state = core::State{};
    state.seq = recorded.seq - 1;
  }
  const Result<void> folded = core::evolve(state, recorded);
  CHECK(folded.has_value(), folded ? "" : folded.error().text());
}

void fold_decoded_events(benchmark::State& bench) {
  const std::vector<core::Recorded> run = test::run_events({});
  for (auto _ : bench) {
    core::State state;
    for (uint64_t folded = 0; folded < wanted_events; folded += run.size()) {
      for (const core::Recorded& recorded : run) fold(state, recorded);
    }
    benchmark::DoNotOptimize(state.seq);
  }
  bench.counters["events"] = wanted_events;
}

// Writes the journal and gives the number of its lines.
uint64_t write_journal(const std::string& dir) {
  std::vector<core::Recorded> run = test::run_events({});
  core::Succession last;
  uint64_t segment = 1;
  std::ofstream file(world::segment_path(dir, segment));
  int64_t size = 0;
  while (last.seq < wanted_events) {
    for (core::Recorded& recorded : run) {
      recorded.seq = last.seq + 1;
      const std::string line = core::encode_next(recorded, last) + "\n";
      size += static_cast<int64_t>(line.size());
      if (size > segment_bytes) {
        file.close();
        file.open(world::segment_path(dir, ++segment));
        size = static_cast<int64_t>(line.size());
      }
      file << line;
    }
  }
  return last.seq;
}

void fold_from_files(benchmark::State& bench) {
  char dir[] = "/tmp/pianola.bench.XXXXXX";
  CHECK(::mkdtemp(dir) != nullptr, "a temporary folder");
  const uint64_t written = write_journal(dir);
  for (auto _ : bench) {
    core::State state;
    world::JournalReader reader(dir);
    const auto read = reader.read_more([&state](core::Recorded&& recorded) -> Result<void> {
      fold(state, recorded);
      return {};
    });
    CHECK(read.has_value() && *read == written, read ? "every line is read" : read.error().text());
  }
  bench.counters["events"] = static_cast<double>(written);
  static_cast<void>(world::remove_tree(dir));
}

BENCHMARK(fold_decoded_events)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK(fold_from_files)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace pianola

BENCHMARK_MAIN();
