// Appending to the journal against a bare loop that writes and syncs the same bytes, interleaved so that both
// meet the same disk: records per second of both, and the ratio. ./dev bench journal
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "bench/bare_loop.h"
#include "core/codec.h"
#include "test/journal/run_events.h"
#include "world/files.h"
#include "world/journal.h"

namespace pianola {
namespace {

using Batches = std::vector<std::vector<core::Recorded>>;

Batches in_batches(const std::vector<core::Recorded>& events, size_t size) {
  Batches batches;
  for (size_t at = 0; at < events.size(); at += size) {
    const size_t end = std::min(at + size, events.size());
    batches.emplace_back(events.begin() + static_cast<std::ptrdiff_t>(at),
                         events.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return batches;
}

std::vector<std::string> as_bytes(const Batches& batches) {
  std::vector<std::string> out;
  core::Succession last;
  for (const auto& batch : batches) {
    out.emplace_back();
    for (const core::Recorded& recorded : batch) out.back() += core::encode_next(recorded, last) + "\n";
  }
  return out;
}

double journal_seconds(const std::string& dir, const Batches& batches) {
  world::JournalOptions options;
  options.folder = {.dir = dir + "/journal", .run = "bench"};
  options.lock_path = dir + "/lock";
  auto journal =
      world::FileJournal::open(std::move(options), [](core::Recorded&&) { return Result<void>{}; });
  CHECK(journal.has_value(), journal ? "" : journal.error().text());
  const auto before = std::chrono::steady_clock::now();
  for (const auto& batch : batches) CHECK((*journal)->append(batch).has_value(), "the disk stores the batch");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

void append_batches(benchmark::State& bench) {
  const std::vector<core::Recorded> events = test::run_events({.tasks = 100});
  const Batches batches = in_batches(events, static_cast<size_t>(bench.range(0)));
  const std::vector<std::string> bytes = as_bytes(batches);
  double bare = 0;
  double journal = 0;
  double records = 0;
  for (auto _ : bench) {
    char dir[] = "/tmp/pianola.bench.XXXXXX";
    CHECK(::mkdtemp(dir) != nullptr, "a temporary folder");
    bare += bench::bare_loop_seconds(std::string(dir) + "/bare", bytes);
    journal += journal_seconds(dir, batches);
    records += static_cast<double>(events.size());
    static_cast<void>(world::remove_tree(dir));
  }
  bench.counters["bare_per_s"] = records / bare;
  bench.counters["journal_per_s"] = records / journal;
  bench.counters["ratio"] = bare / journal;
}

BENCHMARK(append_batches)->Arg(1)->Arg(8)->Arg(64)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pianola

BENCHMARK_MAIN();
