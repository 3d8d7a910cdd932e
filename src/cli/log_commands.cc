// log tail, show and verify: the journal of a run, read beside whoever writes it.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <deque>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/runs.h"
#include "core/codec.h"
#include "view/log_view.h"
#include "world/journal_reader.h"

namespace pianola::cli {
namespace {

// One event as `log tail` prints it: a line for people, or the journal's own line.
std::string line_of(const Program& program, const core::Recorded& event, uint64_t seed) {
  if (program.format == Format::json) return core::encode(event, seed) + "\n";
  const view::Terminal terminal = program.terminal();
  const bool is_terminal = program.surroundings.stdout_is_terminal;
  const view::LogStyle style{.is_terminal = is_terminal,
                             .width = is_terminal ? static_cast<size_t>(terminal.width) : 0,
                             .utc_offset_s = terminal.utc_offset_s};
  return view::log_line(event, style) + "\n";
}

uint64_t seed_of(const core::Recorded& event, uint64_t known) {
  const auto* start = std::get_if<core::RunStarted>(&event.event);
  return start != nullptr ? start->seed : known;
}

}  // namespace

Result<int> run_command(const Program& program, const LogTailOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const std::string dir = TRY(journal_of(run));
  std::deque<std::string> last;
  uint64_t seed = 0;
  uint64_t seen = 0;
  TRY(world::read_journal(dir, 1, [&](core::Recorded&& event) -> Result<void> {
    seed = seed_of(event, seed);
    seen = event.seq;
    last.push_back(line_of(program, event, seed));
    if (last.size() > static_cast<size_t>(options.lines)) last.pop_front();
    return {};
  }));
  for (const std::string& line : last) program.console.out(line);
  if (!options.follow) return exit_done;
  const std::string lock = world::run_lock(run.layout, run.id);
  bool supervised = true;
  const auto go_on = [&] {
    if (!supervised) return false;
    const Result<std::optional<world::LockHolder>> holder = world::lock_holder(lock);
    supervised = holder && holder->has_value();
    return true;
  };
  TRY(world::follow_journal(dir, {.from_seq = seen + 1, .is_wanted = go_on},
                            [&](core::Recorded&& event) -> Result<void> {
                              program.console.out(line_of(program, event, seed));
                              return {};
                            }));
  return exit_done;
}

Result<int> run_command(const Program& program, const LogShowOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  std::optional<core::Recorded> found;
  uint64_t seed = 0;
  uint64_t last = 0;
  TRY(world::read_journal(TRY(journal_of(run)), 1, [&](core::Recorded&& event) -> Result<void> {
    seed = seed_of(event, seed);
    last = event.seq;
    if (event.seq == options.seq) found = std::move(event);
    return {};
  }));
  if (!found) {
    return refuse(Error{.kind = ErrorKind::usage,
                        .where = run.id.str(),
                        .what = fmt::format("no event {}", options.seq),
                        .expected = fmt::format("1 to {}", last),
                        .next = "pianola log tail shows the last ones"});
  }
  const bool json = program.format == Format::json;
  program.console.out(json ? core::encode(*found, seed) + "\n" : view::log_details(*found, seed));
  return exit_done;
}

Result<int> run_command(const Program& program, const LogVerifyOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  const world::Verification verified = TRY(world::verify_journal(TRY(journal_of(run))));
  if (program.format == Format::json) {
    boost::json::object by_type;
    for (const auto& [type, count] : verified.by_type) by_type[type] = count;
    const boost::json::array set_aside(verified.set_aside.begin(), verified.set_aside.end());
    program.console.out(boost::json::serialize(boost::json::object{{"run", run.id.str()},
                                                                   {"segments", verified.segments},
                                                                   {"events", verified.events},
                                                                   {"bytes", verified.bytes},
                                                                   {"torn_bytes", verified.torn_bytes},
                                                                   {"set_aside", set_aside},
                                                                   {"by_type", by_type}}) +
                        "\n");
    return exit_done;
  }
  std::string text = fmt::format(
      "{}  whole: {} events in {} segment{}, {} bytes, every checksum and number right\n", run.id.str(),
      verified.events, verified.segments, verified.segments == 1 ? "" : "s", verified.bytes);
  if (verified.torn_bytes > 0) {
    text += fmt::format("an unfinished write of {} bytes at the end; the next supervisor sets it aside\n",
                        verified.torn_bytes);
  }
  for (const std::string& name : verified.set_aside) {
    text += fmt::format("an unfinished write of before was set aside: journal/{}\n", name);
  }
  program.console.out(text);
  return exit_done;
}

}  // namespace pianola::cli
