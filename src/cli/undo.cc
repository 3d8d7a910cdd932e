// undo: a promotion taken back. What it had landed is kept, and can be promoted again.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/run_repository.h"
#include "cli/runs.h"
#include "cli/supervise.h"
#include "core/codec.h"
#include "core/core.h"
#include "world/git_text.h"
#include "world/journal_reader.h"

namespace pianola::cli {
namespace {

using core::PromotionRecord;
using world::short_id;

constexpr size_t commits_shown_max = 20;

std::string branch_of(const core::State& state) {
  return display(world::short_branch(state.repository.target)).str();
}

Result<std::string> type_of_event(const FoundRun& run, uint64_t seq) {
  std::string type;
  TRY(world::read_journal(world::journal_dir(run.layout, run.id), 1,
                          [&](core::Recorded&& event) -> Result<void> {
                            if (event.seq == seq) type = core::event_type(event.event);
                            return {};
                          }));
  return type;
}

Error moved_nothing(const core::State& state, uint64_t seq, const std::string& type) {
  Error error{.kind = ErrorKind::usage, .where = state.run.str()};
  error.what = type.empty() ? fmt::format("no event {}", seq)
                            : fmt::format("event {} is {}, which moved no branch of yours", seq, type);
  error.expected = "an event that did";
  for (const PromotionRecord& promotion : state.finish.promotions) {
    if (promotion.undone_by != 0) continue;
    error.expected = fmt::format("{}, which moved {} from {} to {}", promotion.seq, branch_of(state),
                                 short_id(promotion.from), short_id(promotion.to));
    error.next = fmt::format("pianola undo {} --run {}", promotion.seq, state.run.str());
    return error;
  }
  error.next = "this run moved no branch, or all of it is undone";
  return error;
}

// The branch is not where the promotion left it.
Result<void> refuse_moved(const core::State& state, const world::GitRepository& repository,
                          const PromotionRecord& promotion) {
  const std::string at = TRY(repository.stands_at(state.repository.target));
  const std::string branch = branch_of(state);
  Error error{.kind = ErrorKind::repository, .where = state.run.str()};
  error.expected = branch + " at " + short_id(promotion.to);
  error.next = "keep it, and take back by hand what is not wanted: git revert";
  const auto after = at.empty() ? std::optional<world::GitRepository::Following>()
                                : TRY(repository.commits_after(promotion.to, at, commits_shown_max));
  if (!after) {
    error.what = branch + (at.empty() ? " is gone" : " is at " + short_id(at) + ", which does not hold it");
    return refuse(std::move(error));
  }
  error.what =
      fmt::format("{} {} after {} on {}:\n", after->count, after->count == 1 ? "commit came" : "commits came",
                  short_id(promotion.to), branch);
  for (const std::string& line : after->lines) error.what += "  " + line + "\n";
  if (after->count > after->lines.size())
    error.what += fmt::format("  and {} more\n", after->count - after->lines.size());
  error.what += branch + " is at " + short_id(at);
  return refuse(std::move(error));
}

tl::unexpected<Error> refuse_left(const core::State& state, uint64_t seq, const std::string& reason) {
  return refuse(
      Error{.kind = ErrorKind::repository,
            .where = state.run.str(),
            .what = reason,
            .expected = "nothing of yours in the way",
            .next = fmt::format("put that in order, then: pianola undo {} --run {}", seq, state.run.str())});
}

// What would stand in the way is said before anything is written down.
Result<void> check_before(const core::State& state, const world::GitRepository& repository,
                          const PromotionRecord& promotion) {
  const world::GitRepository::Promotion foreseen = TRY(repository.foresee_promotion(
      {.from = promotion.to, .to = promotion.from, .mode = core::PromoteMode::checkout}));
  if (std::holds_alternative<core::TargetHadMoved>(foreseen))
    return refuse_moved(state, repository, promotion);
  const auto* left = std::get_if<core::PromotionWasLeft>(&foreseen);
  return left == nullptr ? Result<void>() : refuse_left(state, promotion.seq, left->reason);
}

void print(const Program& program, const core::State& state, const PromotionRecord& promotion) {
  const std::string kept = world::undone_ref(state.run, promotion.seq);
  if (program.format == Format::json) {
    program.console.out(boost::json::serialize(boost::json::object{{"run", state.run.str()},
                                                                   {"event", promotion.seq},
                                                                   {"ref", state.repository.target},
                                                                   {"from", promotion.to},
                                                                   {"to", promotion.from},
                                                                   {"kept", kept}}) +
                        "\n");
    return;
  }
  program.console.out(fmt::format("{}: {} is at {} again; {} is kept at {}\n", state.run.str(),
                                  branch_of(state), short_id(promotion.from), short_id(promotion.to), kept));
  program.console.out("land it again: pianola promote --run " + state.run.str() + "\n");
}

}  // namespace

Result<int> run_command(const Program& program, const UndoOptions& options) {
  const FoundRun run = TRY(choose_run(program, options.run));
  if (run.holder) return refuse(world::held_error(*run.holder, run.id.str()));
  const core::State state = TRY(fold_run(run));
  const PromotionRecord* promotion = core::find_promotion(state, options.event);
  if (promotion == nullptr)
    return refuse(moved_nothing(state, options.event, TRY(type_of_event(run, options.event))));
  const core::Input request = core::UndoRequested{options.event};
  TRY(core::admit(state, request, state.at));
  const world::Hub hub = TRY(find_hub(program));
  const world::GitRepository repository(
      repository_options(hub, {run.id, state.policy, state.repository}, std::nullopt));
  TRY(check_before(state, repository, *promotion));
  const core::State ended = TRY(supervise(program, {.hub = hub,
                                                    .run = run.id,
                                                    .roster = {},
                                                    .show = Show::silent,
                                                    .first = {request},
                                                    .until_settled = {},
                                                    .starts_nothing = true}));
  const PromotionRecord& now = *core::find_promotion(ended, options.event);
  if (now.undone_by == 0) {
    TRY(check_before(ended, repository, now));
    return refuse_left(ended, now.seq, ended.finish.undo_refusal);
  }
  print(program, ended, now);
  return exit_done;
}

}  // namespace pianola::cli
