// pianola_sim: plays seeds against the core and the engine, and says in one line how to see a failure again.
#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/exhaustive.h"
#include "sim/planted.h"
#include "sim/play.h"

namespace {

using pianola::sim::Fault;

constexpr std::string_view usage =
    "usage: pianola_sim --seed N | --seeds A..B | --exhaustive [--fault NAME] [--trace] [--keep-going]\n"
    "  --seed N      plays one seed twice and shows how it went\n"
    "  --seeds A..B  plays the seeds from A to B, both included\n"
    "  --exhaustive  plays ten fixed scenarios with every single fault\n"
    "  --tasks N     plays one calm run of N tasks, eight at a time\n"
    "  --fault NAME  plays with this fault of the world alone; in pianola_sim_planted also with this one\n"
    "                planted in the program\n"
    "  --planted     looks for every planted fault, each with the seeds until it is found\n"
    "  --trace       prints the journal of the seeds that fail, or of the one\n"
    "  --keep-going  goes on after a failing seed\n";

struct Options {
  uint64_t first = 0;
  uint64_t last = 0;
  bool single = false;
  bool keep_going = false;
  bool trace = false;
  bool planted = false;
  bool exhaustive = false;
  uint64_t tasks = 0;
  std::optional<Fault> only;
  std::string arguments;  // as they are to be repeated
};

uint64_t volatile playing = 0;

// A broken invariant ends the process; the seed must be told all the same.
void tell_seed(int) {
  std::fprintf(stderr, "pianola_sim --seed %llu  # aborted\n", static_cast<unsigned long long>(playing));
}

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool read_seeds(std::string_view text, Options& options) {
  const size_t dots = text.find("..");
  const auto first = number(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : number(text.substr(dots + 2));
  if (!first || !last || *last < *first) return false;
  options.first = *first;
  options.last = *last;
  return true;
}

bool read(const std::vector<std::string_view>& words, Options& options) {
  bool seeds = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool more = i + 1 < words.size();
    if ((words[i] == "--seed" || words[i] == "--seeds") && more) {
      options.single = words[i] == "--seed";
      seeds = read_seeds(words[++i], options);
    } else if (words[i] == "--keep-going") {
      options.keep_going = true;
    } else if (words[i] == "--trace") {
      options.trace = true;
    } else if (words[i] == "--fault" && more) {
      options.only = pianola::sim::fault_named(words[i + 1]);
      if (!options.only && !pianola::sim::plant(words[i + 1])) return false;
      options.arguments += fmt::format(" --fault {}", words[++i]);
    } else if (words[i] == "--tasks" && more) {
      options.tasks = number(words[++i]).value_or(0);
    } else if (words[i] == "--exhaustive") {
      options.exhaustive = true;
    } else if (words[i] == "--planted") {
      options.planted = true;
    } else {
      return false;
    }
  }
  return seeds || options.exhaustive || options.tasks > 0;
}

int play(const Options& options) {
  uint64_t failed = 0;
  uint64_t turns = 0;
  uint64_t events = 0;
  for (uint64_t seed = options.first; seed <= options.last; ++seed) {
    playing = seed;
    const pianola::sim::Report report = pianola::sim::play_twice(seed, options.only);
    turns += report.turns;
    events += report.events;
    if (options.trace && (options.single || report.violation)) {
      fmt::print("{}", pianola::sim::trace_of(seed, options.only));
    }
    if (options.single) {
      fmt::print("seed {}: {} turns, {} events, {} supervisors, hash {:016x}; {}\n", seed, report.turns,
                 report.events, report.supervisors, report.hash, report.ending);
    }
    if (!report.violation) continue;
    ++failed;
    fmt::print("pianola_sim --seed {}{}  # {}\n", seed, options.arguments, report.violation->text());
    if (!options.keep_going) return 1;
  }
  const uint64_t count = options.last - options.first + 1;
  fmt::print("{} seeds, each twice: {} failed; {} turns, {} events\n", count, failed, turns, events);
  for (const char* promise : {"G15", "G16"})
    fmt::print("guarantee: {} | simulated seeds | seeds {}, failed {}\n", promise, count, failed);
  return failed == 0 ? 0 : 1;
}

int play_everything() {
  const pianola::sim::Exhausted all = pianola::sim::play_exhaustively();
  if (all.failure) fmt::print("pianola_sim --exhaustive  # {}\n", *all.failure);
  fmt::print("{} plays with every single fault: {} failed\n", all.plays, all.failure ? 1 : 0);
  return all.failure ? 1 : 0;
}

int play_one_large(uint64_t tasks) {
  const pianola::sim::Report report = pianola::sim::play_large(tasks, 8);
  fmt::print("{} tasks: {} turns, {} events; {}\n", tasks, report.turns, report.events,
             report.violation ? report.violation->text() : report.ending);
  return report.violation || report.ending != "done" ? 1 : 0;
}

// The seeds that each planted fault needs, and the checker that sees it.
int find_planted(const Options& options) {
  int missed = 0;
  for (const std::string_view name : pianola::sim::planted_names()) {
    if (!pianola::sim::plant(name)) return 2;
    std::optional<pianola::sim::Violation> seen;
    uint64_t seed = options.first;
    for (; seed <= options.last && !seen; ++seed) {
      playing = seed;
      seen = pianola::sim::play_twice(seed).violation;
    }
    missed += seen ? 0 : 1;
    if (seen) fmt::print("{:<24} seed {:>4}  {}\n", name, seed - 1, seen->text());
    if (!seen) fmt::print("{:<24} not found\n", name);
  }
  fmt::print("{} of {} planted faults found\n",
             pianola::sim::planted_names().size() - static_cast<size_t>(missed),
             pianola::sim::planted_names().size());
  fmt::print("guarantee: G15 | faults planted in the program | planted {}, missed {}\n",
             pianola::sim::planted_names().size(), missed);
  return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!read(std::vector<std::string_view>(argv + 1, argv + argc), options)) {
    std::fputs(std::string(usage).c_str(), stderr);
    return 2;
  }
  std::signal(SIGABRT, tell_seed);
  if (options.exhaustive) return play_everything();
  if (options.tasks > 0) return play_one_large(options.tasks);
  return options.planted ? find_planted(options) : play(options);
}
