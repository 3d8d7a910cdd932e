#include "cli/foretell.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "cli/rehearsal.h"
#include "cli/run_repository.h"
#include "core/core.h"
#include "core/match.h"
#include "view/forecast.h"
#include "view/log_view.h"
#include "view/reasons.h"
#include "world/clock.h"
#include "world/git_text.h"
#include "world/journal_reader.h"
#include "world/kept_output.h"

namespace pianola::cli {
namespace {

using view::Prospect;
using view::ProspectItem;

constexpr size_t output_piece_bytes = 64 << 10;

RehearsalEyes eyes_on(const FoundRun& run) {
  const auto dir = [run](const core::AttemptKey& key) { return world::attempt_dir(run.layout, run.id, key); };
  return {.standing =
              [run, dir](const core::AttemptKey& key) {
                return world::standing_of({dir(key), world::attempt_socket(run.layout, run.id, key)});
              },
          .output =
              [dir](const core::AttemptKey& key, agents::Stream stream, uint64_t offset) {
                const char* name = stream == agents::Stream::out ? "/out" : "/err";
                return world::read_output(dir(key) + name, offset, output_piece_bytes).bytes;
              }};
}

std::string why_it_stands(const core::State& state) {
  if (state.paused) return "paused: " + view::without_remedy(state.pause_reason);
  return state.stopping == core::Stopping::no ? "its supervisor is gone" : "told to stop";
}

// What is asked for, as what people are told of it.
class Prospects {
 public:
  explicit Prospects(const Rehearsal& rehearsal) : rehearsal_(rehearsal) {}

  std::vector<ProspectItem> items() {
    for (const AskedAbout& asked : rehearsal_.asked) put_asked(asked);
    for (const core::Command& command : rehearsal_.commands) put_command(command);
    put_waiting();
    return std::move(items_);
  }

 private:
  void put(Prospect what, const core::AttemptKey& key, std::string detail = {}, std::string commit = {}) {
    named_.insert(key.task);
    items_.push_back({.what = what,
                      .task = key.task.str(),
                      .attempt = key.number,
                      .detail = std::move(detail),
                      .commit = std::move(commit),
                      .until = {}});
  }
  void put_asked(const AskedAbout& asked);
  void put_command(const core::Command& command);
  void put_waiting();

  const Rehearsal& rehearsal_;
  std::vector<ProspectItem> items_;
  std::set<core::TaskId> named_;
};

void Prospects::put_asked(const AskedAbout& asked) {
  const std::vector<core::AttemptKey>& ended = rehearsal_.ended;
  const bool is_to_end = std::find(ended.begin(), ended.end(), asked.key) != ended.end();
  std::visit(
      core::Match{
          [&](const world::KeeperLives&) { put(is_to_end ? Prospect::end : Prospect::adopt, asked.key); },
          [&](const world::ExitRecord& record) {
            put(Prospect::collect, asked.key, display(core::exit_text(record.exit)).str());
          },
          [&](const world::NeverBegan&) { put(Prospect::start, asked.key); },
          [&](const world::EndedUnseen& unseen) {
            put(Prospect::lose, asked.key,
                unseen.is_of_other_boot ? "the machine was restarted" : "its keeper is gone");
          },
      },
      asked.standing);
}

void Prospects::put_command(const core::Command& command) {
  const auto about_run = [&](Prospect what, std::string detail, std::string commit) {
    put(what, {.task = core::TaskId(rehearsal_.after.run.str()), .number = 0}, std::move(detail),
        std::move(commit));
  };
  std::visit(core::Match{
                 [&](const core::OpenRun& c) { about_run(Prospect::pin, "", c.base); },
                 [&](const core::MakeWorkspace& c) { put(Prospect::start, c.key); },
                 [&](const core::CollectWork& c) {
                   if (!named_.contains(c.key.task)) put(Prospect::collect, c.key, "once more");
                 },
                 [&](const core::BuildCandidate& c) { put(Prospect::rebuild, c.key, "", c.staging); },
                 [&](const core::RunGates& c) {
                   const bool on_head = c.subject == core::GateSubject::head;
                   put(Prospect::check, c.key, on_head ? "its head alone" : "", c.commit);
                 },
                 [&](const core::RunFinalGates& c) { about_run(Prospect::check, "final checks", c.commit); },
                 [&](const core::MoveStaging& c) { put(Prospect::land, c.key, "", c.to); },
                 [&](const core::RemoveWorkspace& c) {
                   put(Prospect::remove, {.task = c.task, .number = 0},
                       fmt::format("workspace {}", c.generation));
                 },
                 [](const auto&) {},
             },
             command);
}

void Prospects::put_waiting() {
  const core::State& state = rehearsal_.after;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    const core::TaskRun& task = state.tasks[place];
    const core::TaskId& id = state.plan.tasks[place].id;
    if (core::is_settled(task.phase)) continue;
    if (task.phase == core::TaskPhase::backoff && task.retry_at > state.at) {
      put(Prospect::wait, {.task = id, .number = 0});
      items_.back().until = task.retry_at;
    } else if (!named_.contains(id)) {
      put(Prospect::hold, {.task = id, .number = 0});
    }
  }
}

// Where the target stands and what becomes of it.
class TargetLook {
 public:
  TargetLook(const world::GitRepository& repository, const Rehearsal& rehearsal, core::PromoteMode at_end)
      : repository_(repository), rehearsal_(rehearsal), at_end_(at_end) {}

  Result<void> describe(view::Forecast& forecast) const;

 private:
  Result<void> describe_promotion(core::PromoteTarget command, view::Forecast& forecast) const;

  const world::GitRepository& repository_;
  const Rehearsal& rehearsal_;
  core::PromoteMode at_end_;
};

Result<void> TargetLook::describe(view::Forecast& forecast) const {
  forecast.target = rehearsal_.after.repository.target;
  forecast.target_at = TRY(repository_.stands_at(forecast.target));
  forecast.target_why = "until every task has landed and the final checks are green";
  if (rehearsal_.after.policy.partial) forecast.target_why = "until the final checks are green";
  for (const core::Command& command : rehearsal_.commands) {
    if (const auto* rebuild = std::get_if<core::RebuildStaging>(&command))
      forecast.target_why = "it has moved to " + world::short_id(rebuild->target) +
                            ", which is merged into staging and checked first";
    if (const auto* promote = std::get_if<core::PromoteTarget>(&command))
      TRY(describe_promotion(*promote, forecast));
  }
  return {};
}

Result<void> TargetLook::describe_promotion(core::PromoteTarget command, view::Forecast& forecast) const {
  // A run that is left lands in its checkout right after, where that was asked for.
  if (at_end_ == core::PromoteMode::checkout) command.mode = at_end_;
  const world::GitRepository::Promotion promotion = TRY(repository_.foresee_promotion(command));
  std::visit(core::Match{
                 [&](const core::TargetWasPromoted& moved) {
                   const bool is_there = forecast.target_at == moved.commit;
                   forecast.target_to = is_there ? "" : moved.commit;
                   forecast.target_why = is_there ? "where the run ends" : "checked";
                 },
                 [&](const core::PromotionWasLeft& left) { forecast.target_why = left.reason; },
                 [&](const core::TargetHadMoved& moved) {
                   forecast.target_why = moved.descends
                                             ? "it has moved; that is merged into staging and checked first"
                                             : "it was rewritten or deleted; the run pauses";
                 },
             },
             promotion);
  return {};
}

}  // namespace

Result<void> foretell(const Program& program, const world::Hub& hub, const FoundRun& run,
                      const engine::Roster& roster, core::PromoteMode at_end) {
  world::JournalReader reader(world::journal_dir(run.layout, run.id), world::Writer::none);
  std::vector<core::Recorded> events;
  TRY(reader.read_more([&](core::Recorded&& recorded) -> Result<void> {
    events.push_back(std::move(recorded));
    return {};
  }));
  world::RunClock clock(events.empty() ? Instant{} : events.back().at);
  const Rehearsal rehearsal = TRY(rehearse(events, roster, clock.now(), eyes_on(run)));
  view::Forecast forecast;
  forecast.run = run.id.str();
  forecast.stopped_at = rehearsal.before.at;
  forecast.why = why_it_stands(rehearsal.before);
  forecast.events = rehearsal.before.seq;
  forecast.torn_bytes = reader.end().torn_bytes;
  forecast.items = Prospects(rehearsal).items();
  const world::GitRepository repository(
      repository_options(hub, {run.id, rehearsal.after.policy, rehearsal.after.repository}, std::nullopt));
  TRY(TargetLook(repository, rehearsal, at_end).describe(forecast));
  program.console.out(program.format == Format::json ? view::forecast_json(forecast) + "\n"
                                                     : view::forecast_text(forecast, program.terminal()));
  return {};
}

}  // namespace pianola::cli
