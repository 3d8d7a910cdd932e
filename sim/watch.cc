#include "sim/watch.h"

#include <algorithm>
#include <utility>

#include "core/codec.h"
#include "core/match.h"
#include "sim/plan_maker.h"

namespace pianola::sim {
namespace {

using core::AttemptKey;
using core::Outcome;
using core::TaskPhase;

// Ends that are the agent's or the gates' doing, whatever the attempt's own record says of counting.
bool is_blamed(const core::Attempt& attempt) {
  switch (*attempt.outcome) {
    case Outcome::red:
    case Outcome::refused:
    case Outcome::empty:
    case Outcome::crashed:
    case Outcome::policy:
      return true;
    case Outcome::timeout:
      return attempt.ending != core::EndReason::run_timeout;
    case Outcome::delivered:
    case Outcome::failed:
    case Outcome::lost:
    case Outcome::conflicted:
    case Outcome::limited:
    case Outcome::stopped:
      return false;
  }
  return false;
}

}  // namespace

std::string text_of(const AttemptKey& key) { return key.task.str() + "/" + std::to_string(key.number); }

Watch::Watch(const core::RunStarted&, const GitModel& git) : git_(git) {}

void Watch::fail(std::string checker, std::string what) {
  if (!violation_) violation_ = Violation{std::move(checker), std::move(what)};
}

// --- events --------------------------------------------------------------------------------------------

void Watch::stored(const std::vector<core::Recorded>& events) {
  for (const core::Recorded& recorded : events) {
    if (violation_) return;
    if (recorded.at < durable_.at)
      fail("legal-events", "time went back at event " + std::to_string(recorded.seq));
    before(recorded);
    const Result<void> folded = core::evolve(durable_, recorded);
    if (!folded) fail("legal-events", folded.error().text());
    if (const auto* launched = std::get_if<core::AgentLaunched>(&recorded.event))
      prompts_[launched->key] = launched->prompt_sha256;
    journal_.push_back(recorded);
  }
}

void Watch::before(const core::Recorded& recorded) {
  if (durable_.run.empty()) return;
  check_truth(recorded.event);
  const auto settles = [&](const core::TaskId& task) {
    if (core::is_settled(durable_.tasks[place(task)].phase)) {
      fail("accounting", task.str() + " is over and ends once more");
    }
  };
  std::visit(core::Match{
                 [&](const core::AttemptStarted& e) { before_start(e, recorded.at); },
                 [&](const core::AttemptEnded& e) { at_work_.erase(place(e.key.task)); },
                 [&](const core::TaskLanded& e) {
                   settles(e.key.task);
                   at_work_.erase(place(e.key.task));
                   if (++landings_[place(e.key.task)] > 1)
                     fail("accounting", text_of(e.key) + " lands twice");
                 },
                 [&](const core::TaskFailed& e) { settles(e.task); },
                 [&](const core::TaskSkipped& e) { settles(e.task); },
                 [&](const core::TaskStopped& e) { settles(e.task); },
                 [&](const core::AgentLaunched& e) {
                   if (core::current(durable_.tasks[place(e.key.task)])->launched_at.ns > 0) {
                     fail("one-start", text_of(e.key) + " is launched twice");
                   }
                 },
                 [](const auto&) {},
             },
             recorded.event);
}

void Watch::before_start(const core::AttemptStarted& started, Instant at) {
  const size_t here = place(started.key.task);
  const plan::Task& task = durable_.plan.tasks[here];
  const core::TaskRun& run = durable_.tasks[here];
  if (core::is_settled(run.phase)) fail("accounting", text_of(started.key) + " starts after its task ended");
  if (durable_.paused || durable_.stopping != core::Stopping::no) {
    fail("order", text_of(started.key) + " starts while the run is held");
  }
  for (const core::TaskId& needed : task.depends_on) {
    const core::TaskRun& before = durable_.tasks[place(needed)];
    if (before.phase != TaskPhase::landed) {
      fail("order", text_of(started.key) + " starts before " + needed.str() + " landed");
    } else if (!git_.is_ancestor(GitModel::number(before.landed_as), GitModel::number(started.base))) {
      fail("order", text_of(started.key) + " does not see the work of " + needed.str());
    }
  }
  for (const size_t other : at_work_) {
    if (!share_something(task, durable_.plan.tasks[other])) continue;
    fail("order", text_of(started.key) + " starts beside " + durable_.plan.tasks[other].id.str());
  }
  const auto holds_slot = [&](size_t other) {
    const core::Stage stage = core::current(durable_.tasks[other])->stage;
    return stage == core::Stage::preparing || stage == core::Stage::prepared || core::is_live(stage);
  };
  const auto busy = std::count_if(at_work_.begin(), at_work_.end(), holds_slot);
  if (busy >= durable_.policy.jobs) fail("order", text_of(started.key) + " has no free slot");
  if (run.phase == TaskPhase::backoff && at < run.retry_at) {
    fail("retries", text_of(started.key) + " starts before its delay is over");
  }
  check_contracts(started);
  check_environment(started);
  count_blame(started);
  at_work_.insert(here);
}

// Made by another version of the contract, or with other lockfiles, than staging had when its candidate was
// made.
bool Watch::is_stale(const core::Attempt& attempt) const {
  const CommitNumber staging = GitModel::number(attempt.staging_from);
  const bool is_of_another = attempt.environment != git_.environment(staging) &&
                             durable_.policy.stale_environment == core::StaleEnvironment::conflicts;
  return is_of_another ||
         (!attempt.contracts.empty() && attempt.contracts.front().version != git_.contract_version(staging));
}

void Watch::count_blame(const core::AttemptStarted& started) {
  const size_t here = place(started.key.task);
  int blamed = 0;
  int conflicts = 0;
  int lost = 0;
  for (const core::Attempt& attempt : durable_.tasks[here].attempts) {
    if (!attempt.outcome) continue;
    blamed += is_blamed(attempt) ? 1 : 0;
    lost += *attempt.outcome == Outcome::lost ? 1 : 0;
    if (*attempt.outcome != Outcome::conflicted) continue;
    // What changed meanwhile is nobody's fault.
    const bool is_of_others = attempt.findings.empty() && !attempt.candidate.empty() && is_stale(attempt);
    if (is_of_others) continue;
    blamed += conflicts++ > 0 ? 1 : 0;
  }
  if (blamed >= durable_.plan.tasks[here].attempts) {
    fail("retries", text_of(started.key) + " starts after " + std::to_string(blamed) + " counted attempts");
  }
  if (lost >= durable_.policy.starts) {
    fail("retries", text_of(started.key) + " starts after " + std::to_string(lost) + " failed starts");
  }
}

// --- turns -----------------------------------------------------------------------------------------------

void Watch::turned(const core::State& state, bool something_arrived) {
  const bool changed = state.seq != seen_seq_;
  seen_seq_ = state.seq;
  silent_turns_ = changed || something_arrived ? 0 : silent_turns_ + 1;
  // Every delay may pass once while its task waits for a slot.
  if (silent_turns_ > 3 + state.tasks.size()) fail("silence", "the engine wakes up and has nothing to say");
  if (!(state == durable_)) {
    fail("replay-equals-life", "state and journal differ after event " + std::to_string(state.seq));
  }
}

void Watch::ended(const core::State& state) {
  if (!(state == durable_)) fail("replay-equals-life", "state and journal differ at the end");
  core::State again;
  for (const core::Recorded& recorded : journal_) {
    if (!core::evolve(again, recorded)) return fail("replay-equals-life", "the journal does not fold");
  }
  if (!(again == durable_)) fail("replay-equals-life", "two folds of one journal differ");
  if (!(core::agenda_of(state) == state.agenda))
    fail("replay-equals-life", "the index of tasks is not their state's");
  // Dear, and the same code for all seeds: a few are enough.
  if (state.seed % 16 == 0) check_codec();
  if (state.seed % 16 == 1) check_prefixes();
  for (size_t here = 0; here < state.tasks.size(); ++here) {
    const core::TaskRun& run = state.tasks[here];
    const plan::Task& task = state.plan.tasks[here];
    const bool landed = run.phase == TaskPhase::landed;
    if (core::is_over(state) && state.finish.reason != "the run's time limit" &&
        !core::is_settled(run.phase)) {
      fail("accounting", task.id.str() + " is in no final phase");
    }
    if (landed != (landings_[here] == 1)) fail("accounting", task.id.str() + " landed without a record");
    if (task.mode == plan::Mode::write && landed != (merges_[here] == 1)) {
      fail("kept-work", task.id.str() + " is on staging " + std::to_string(merges_[here]) + " times");
    }
  }
  if (git_.staging != no_commit && GitModel::name(git_.staging) != state.staging) {
    fail("kept-work", "staging is at " + GitModel::name(git_.staging) + ", the record says " + state.staging);
  }
  // Somebody may have taken it off the target since; it was there.
  const bool promoted = git_.is_ancestor(git_.staging, git_.target) || promoted_ == git_.staging;
  if (state.phase == core::Phase::done && !promoted) {
    fail("kept-work", "the target does not hold what the run promoted");
  }
}

void Watch::check_codec() {
  for (const core::Recorded& recorded : journal_) {
    const auto read = core::decode(core::encode(recorded, durable_.seed));
    if (!read || !(*read == recorded)) {
      fail("replay-equals-life", "event " + std::to_string(recorded.seq) + " does not read back");
    }
  }
}

void Watch::check_prefixes() {
  core::State state;
  for (const core::Recorded& recorded : journal_) {
    if (!core::evolve(state, recorded)) return;
    core::State next = state;
    for (int round = 0; round < 1'000; ++round) {
      std::vector<core::Event> events = core::consequences(next, next.at);
      if (events.empty()) events = core::decide(next, next.at);
      if (events.empty()) break;
      for (core::Event& event : events) {
        const auto folded = core::evolve(
            next, {.seq = next.seq + 1, .at = next.at, .actor = "pianola", .event = std::move(event)});
        if (!folded)
          return fail("legal-events",
                      "after a cut at " + std::to_string(recorded.seq) + ", " + folded.error().text());
      }
      if (round == 999) fail("silence", "no rest after a cut at " + std::to_string(recorded.seq));
    }
  }
}

std::string Watch::where_it_stands() const {
  std::string text = core::phase_text(durable_);
  for (size_t here = 0; here < durable_.tasks.size(); ++here) {
    const core::Attempt* attempt = core::current(durable_.tasks[here]);
    if (core::is_settled(durable_.tasks[here].phase)) continue;
    text += " " + durable_.plan.tasks[here].id.str() + "=" +
            (attempt == nullptr ? "waiting" : core::stage_text(attempt->stage));
  }
  return text;
}

void Watch::answered(uint64_t asker, const engine::Reply& reply) {
  if (!answered_.insert(asker).second)
    fail("answers", "asker " + std::to_string(asker) + " is answered twice");
  if (reply && *reply > durable_.seq) {
    fail("answers", "asker " + std::to_string(asker) + " is told of events that are not durable");
  }
}

}  // namespace pianola::sim
