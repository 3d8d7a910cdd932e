// log import: what another coordinator wrote down, as a run that is over.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "agents/foreign_log.h"
#include "base/hash.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/runs.h"
#include "core/codec.h"
#include "core/core.h"
#include "view/numbers.h"
#include "world/files.h"
#include "world/journal_reader.h"

namespace pianola::cli {
namespace {

constexpr size_t log_bytes_max = 256UL << 20;
constexpr size_t remarks_shown = 20;
constexpr int64_t lock_wait_ms = 10'000;

Result<std::string> read_log(const Program& program, const std::string& file) {
  auto bytes = world::read_file_if_present(absolute(program.directory, file), log_bytes_max);
  if (bytes && *bytes) return std::move(**bytes);
  return refuse(Error{.kind = ErrorKind::bad_plan,
                      .where = display(file).str(),
                      .what = bytes ? "no such file" : bytes.error().what,
                      .expected = "an event log of at most 256 MB",
                      .next = {}});
}

// The run that these bytes were imported as before.
Result<std::optional<FoundRun>> find_import(const Program& program, const std::string& sha256) {
  for (FoundRun& run : TRY(all_runs(program))) {
    bool is_it = false;
    // Of a journal that does not read back, `repair --diagnose` tells.
    static_cast<void>(world::read_journal(
        world::journal_dir(run.layout, run.id), 1, [&](core::Recorded&& first) -> Result<void> {
          const auto* start = std::get_if<core::RunStarted>(&first.event);
          is_it = start != nullptr && start->plan_sha256 == sha256 && start->policy.jobs == 0;
          return refuse(Error{});
        }));
    if (is_it) return run;
  }
  return std::nullopt;
}

// The journal appears whole or not at all: nobody can take up a run of which a part was imported.
Result<FoundRun> write_run(const world::Layout& layout, std::vector<core::Recorded> events) {
  FoundRun run{.layout = layout, .id = TRY(make_run_dir(layout)), .holder = std::nullopt};
  std::get<core::RunStarted>(events.front().event).run = run.id;
  core::State state;
  core::Succession last;
  std::string bytes;
  for (const core::Recorded& recorded : events) {
    TRY(core::evolve(state, recorded));
    bytes += core::encode_next(recorded, last) + "\n";
  }
  const std::string dir = world::journal_dir(layout, run.id);
  TRY(world::make_dirs(dir));
  TRY(world::sync_dir(world::run_dir(layout, run.id)));
  TRY(world::sync_dir(world::runs_dir(layout)));
  TRY(world::write_file(world::segment_path(dir, 1), bytes, world::Sync::file_and_dir));
  return run;
}

void tell(const Program& program, const LogImportOptions& options, const FoundRun& run,
          const agents::Import& import, bool is_new) {
  const std::string id = run.id.str();
  if (program.format == Format::json) {
    boost::json::object unknown;
    for (const auto& [type, count] : import.unknown) unknown[display(type).str()] = count;
    program.console.out(boost::json::serialize(boost::json::object{
                            {"run", id},
                            {"imported", is_new},
                            {"tasks", import.tasks},
                            {"attempts", import.attempts},
                            {"unknown", std::move(unknown)},
                            {"left_out", boost::json::array(import.remarks.begin(), import.remarks.end())}}) +
                        "\n");
    return;
  }
  const std::string file = display(options.file).str();
  std::string text = is_new ? fmt::format("{}: imported from {}: {}, {}: {}\n", id, file,
                                          view::counted(import.tasks, "task"),
                                          view::counted(import.attempts, "attempt"), import.counts)
                            : fmt::format("{}: holds {} already\n", id, file);
  for (const auto& [type, count] : import.unknown)
    text +=
        fmt::format("unknown type \"{}\": {} left out\n", display(type).str(), view::counted(count, "line"));
  for (size_t i = 0; i < std::min(remarks_shown, import.remarks.size()); ++i)
    text += import.remarks[i] + "\n";
  if (import.remarks.size() > remarks_shown)
    text += fmt::format("and {} more\n", import.remarks.size() - remarks_shown);
  program.console.out(text + fmt::format("look: pianola status --run {} --all\n", id));
}

}  // namespace

Result<int> run_command(const Program& program, const LogImportOptions& options) {
  const std::string bytes = TRY(read_log(program, options.file));
  const world::Hub hub = TRY(find_hub(program));
  const agents::ImportOptions how{.file = options.file,
                                  .sha256 = sha256_hex(bytes),
                                  .repository = hub.path,
                                  .by = program.surroundings.user};
  const agents::Import import = TRY(agents::import_log(bytes, how));
  // Two at once make one run.
  TRY(world::make_dirs(world::runs_dir(hub.layout)));
  const auto lock =
      TRY(world::JournalLock::take(world::runs_dir(hub.layout) + "/import.lock", "import", lock_wait_ms));
  const std::optional<FoundRun> known = TRY(find_import(program, how.sha256));
  const FoundRun run = known ? *known : TRY(write_run(hub.layout, import.events));
  tell(program, options, run, import, !known);
  return exit_done;
}

}  // namespace pianola::cli
