// Inputs become facts. A report about an attempt that is not the task's present one, or about a stage
// that is over, is of the past: it becomes nothing.
#include <utility>

#include "base/text.h"
#include "core/core.h"
#include "core/ending.h"
#include "core/plant.h"

namespace pianola::core {
namespace {

using Events = std::vector<Event>;

constexpr int rebuilds_max = 5;
constexpr size_t note_bytes_max = 64 << 10;

class Door {
 public:
  Door(const State& state, Instant now) : state_(state), now_(now) {}

  Result<Events> operator()(const RunWasOpened&) const {
    return state_.phase == Phase::unopened ? Events{RunOpened{}} : Events{};
  }
  Result<Events> operator()(const RunWasRefused& in) const { return pause(in.reason); }
  Result<Events> operator()(const WorkspaceWasMade& in) const;
  Result<Events> operator()(const WorkspaceFailed& in) const;
  Result<Events> operator()(const AgentHasSpawned& in) const {
    return at(in.key, Stage::launching) ? Events{AgentSpawned{in.key, in.pid}} : Events{};
  }
  Result<Events> operator()(const AgentHasProgressed& in) const;
  Result<Events> operator()(const AgentHasExited& in) const;
  Result<Events> operator()(const SideCommitsWereKept& in) const;
  Result<Events> operator()(const WorkWasCollected& in) const;
  Result<Events> operator()(const CollectionFailed& in) const;
  Result<Events> operator()(const CandidateWasBuilt& in) const;
  Result<Events> operator()(const CandidateConflicted& in) const;
  Result<Events> operator()(const CandidateFailed& in) const {
    return at(in.key, Stage::building) ? pause(in.reason) : Events{};
  }
  Result<Events> operator()(const GatesWereRun& in) const;
  Result<Events> operator()(const GatesFailed& in) const {
    const Stage stage = in.subject == GateSubject::candidate ? Stage::gating : Stage::gating_head;
    return at(in.key, stage) && state_.stopping != Stopping::end_all ? pause(in.reason, in.kind) : Events{};
  }
  Result<Events> operator()(const StagingWasMoved& in) const;
  Result<Events> operator()(const StagingWasRefused& in) const {
    if (!at(in.key, Stage::landing)) return Events{};
    const std::string ref = "refs/pianola/staging/" + state_.run.str();
    const std::string stands = in.is_at.empty() ? " is gone" : " is at " + in.is_at;
    return pause(ref + stands + ", expected at " + state_.staging + "; put it back: git update-ref " + ref +
                 " " + state_.staging + ", then: pianola resume");
  }
  Result<Events> operator()(const WorkspaceWasRemoved& in) const;
  Result<Events> operator()(const FinalGatesWereRun& in) const;
  Result<Events> operator()(const FinalGatesFailed& in) const {
    const bool matters = state_.phase == Phase::final_gates && state_.stopping != Stopping::end_all;
    return matters ? pause(in.reason, in.kind) : Events{};
  }
  Result<Events> operator()(const TargetWasPromoted& in) const;
  Result<Events> operator()(const PromotionWasLeft& in) const {
    // Once the target was found moved, only a report of an earlier promotion can still say this.
    const bool is_due = state_.phase == Phase::promoting && state_.finish.moved_target.empty();
    return is_due ? Events{PromotionLeft{in.reason}} : Events{};
  }
  Result<Events> operator()(const TargetHadMoved& in) const;
  Result<Events> operator()(const StagingWasRebuilt& in) const {
    return merges(in.target) ? Events{StagingRebuilt{in.commit, in.environment}} : Events{};
  }
  Result<Events> operator()(const RebuildConflicted& in) const;
  Result<Events> operator()(const TargetWasPutBack& in) const {
    return undoes(in.of) ? Events{PromotionUndone{in.of, in.commit}} : Events{};
  }
  Result<Events> operator()(const UndoWasLeft& in) const {
    return undoes(in.of) ? Events{UndoLeft{in.of, in.reason}} : Events{};
  }
  Result<Events> operator()(const RepositoryPaused& in) const { return pause(in.reason, in.kind); }

  Result<Events> operator()(const StartRequested& in) const;
  Result<Events> operator()(const SupervisorArrived& in) const;
  Result<Events> operator()(const StopRequested& in) const;
  Result<Events> operator()(const TaskStopRequested& in) const;
  Result<Events> operator()(const PauseRequested& in) const { return pause(in.reason); }
  Result<Events> operator()(const ResumeRequested&) const {
    const bool held = state_.paused || state_.stopping != Stopping::no;
    return held && !is_over(state_) ? Events{RunResumed{}} : Events{};
  }
  Result<Events> operator()(const PromoteRequested& in) const;
  Result<Events> operator()(const SayRequested& in) const;
  Result<Events> operator()(const UndoRequested& in) const;

 private:
  // The task's present attempt when `key` names it and it is not over.
  const Attempt* present(const AttemptKey& key) const {
    const size_t* place = find(state_, key.task);
    if (place == nullptr) return nullptr;
    const Attempt* attempt = current(state_.tasks[*place]);
    if (attempt == nullptr || attempt->stage == Stage::ended) return nullptr;
    if (PIANOLA_PLANTED("no-fencing")) return attempt;
    return attempt->number == key.number ? attempt : nullptr;
  }
  const Attempt* at(const AttemptKey& key, Stage stage) const {
    const Attempt* attempt = present(key);
    return attempt != nullptr && attempt->stage == stage ? attempt : nullptr;
  }

  bool merges(const std::string& target) const {
    return state_.finish.rebuilding && state_.finish.moved_target == target;
  }

  bool undoes(uint64_t of) const { return state_.finish.undoing != 0 && state_.finish.undoing == of; }

  Events pause(const std::string& reason, PauseKind kind = PauseKind::paused) const {
    if (state_.paused || is_over(state_)) return Events{};
    return Events{kind == PauseKind::paused ? RunPaused{reason} : RunPaused{reason, kind}};
  }
  // `before`, then the attempt's end and what follows from it.
  Events end(const AttemptKey& key, const Ending& ending, Events before) const {
    Events after = end_attempt(state_, key, ending, now_);
    for (Event& event : after) before.push_back(std::move(event));
    return before;
  }
  tl::unexpected<Error> refused(std::string where, std::string what, std::string expected, std::string next,
                                ErrorKind kind = ErrorKind::failed) const {
    return refuse(Error{.kind = kind,
                        .where = std::move(where),
                        .what = std::move(what),
                        .expected = std::move(expected),
                        .next = std::move(next)});
  }
  Result<const TaskRun*> known_task(const TaskId& id) const;

  const State& state_;
  Instant now_;
};

Result<Events> Door::operator()(const WorkspaceWasMade& in) const {
  return at(in.key, Stage::preparing) ? Events{WorkspaceMade{in.key}} : Events{};
}

Result<Events> Door::operator()(const WorkspaceFailed& in) const {
  if (!at(in.key, Stage::preparing)) return Events{};
  const Ending ending{.outcome = Outcome::failed,
                      .reason = "no workspace: " + in.reason,
                      .feedback = "",
                      .counted = false,
                      // What a stop ended says nothing about the next try.
                      .failed_start = state_.stopping != Stopping::end_all};
  return end(in.key, ending, {});
}

Result<Events> Door::operator()(const AgentHasProgressed& in) const {
  const Attempt* attempt = present(in.key);
  if (attempt == nullptr || !is_live(attempt->stage)) return Events{};
  const bool new_session = !in.session.empty() && in.session != attempt->session;
  if (attempt->stage == Stage::working && !new_session) return Events{};
  return Events{AgentProgressed{in.key, in.session}};
}

Result<Events> Door::operator()(const AgentHasExited& in) const {
  const Attempt* attempt = present(in.key);
  if (attempt == nullptr || !is_live(attempt->stage)) return Events{};
  // Under another number it would be the exit of the past; the fold takes the present attempt's.
  return Events{AgentExited{
      .key = {.task = in.key.task, .number = attempt->number}, .exit = in.exit, .claim = in.claim}};
}

Result<Events> Door::operator()(const SideCommitsWereKept& in) const {
  const Attempt* attempt = at(in.key, Stage::collecting);
  // Asked for again after a restart, it is told again.
  if (attempt == nullptr || attempt->side_commits == in.commits) return Events{};
  return Events{SideCommitsKept{.key = in.key, .commits = in.commits}};
}

Result<Events> Door::operator()(const WorkWasCollected& in) const {
  if (!at(in.key, Stage::collecting)) return Events{};
  return Events{WorkCollected{.key = in.key,
                              .head = in.head,
                              .leftovers = in.leftovers,
                              .files_changed = in.files_changed,
                              .findings = in.findings}};
}

Result<Events> Door::operator()(const CollectionFailed& in) const {
  const Attempt* attempt = at(in.key, Stage::collecting);
  return attempt == nullptr ? Events{} : end(in.key, ending_of_lost_work(*attempt, in.reason), {});
}

Result<Events> Door::operator()(const CandidateWasBuilt& in) const {
  if (!at(in.key, Stage::building)) return Events{};
  // A file that was touched may say the same as before.
  std::vector<ContractVersion> changed = in.contracts;
  std::erase_if(changed, [&](const ContractVersion& contract) {
    const auto record = state_.contracts.find(contract.name);
    return record == state_.contracts.end() || record->second.version == contract.version;
  });
  return Events{CandidateBuilt{.key = in.key,
                               .commit = in.commit,
                               .findings = in.findings,
                               .contracts = std::move(changed),
                               .environment = in.environment == state_.environment ? "" : in.environment}};
}

Result<Events> Door::operator()(const CandidateConflicted& in) const {
  const Attempt* attempt = at(in.key, Stage::building);
  if (attempt == nullptr) return Events{};
  const std::string why = "conflicts with what landed meanwhile";
  return end(in.key, ending_of_conflict(*attempt, why, in.paths), {});
}

Result<Events> Door::operator()(const GatesWereRun& in) const {
  const bool on_candidate = in.subject == GateSubject::candidate;
  const Attempt* attempt = at(in.key, on_candidate ? Stage::gating : Stage::gating_head);
  if (attempt == nullptr) return Events{};
  const std::string& expected = on_candidate ? attempt->candidate : attempt->head;
  if (in.commit != expected && !PIANOLA_PLANTED("gate-the-head")) return Events{};
  const Events finished{GatesFinished{.key = in.key, .subject = in.subject, .checks = in.checks}};
  if (on_candidate) return finished;
  return end(in.key, ending_of_head_checks(*attempt, in.checks), finished);
}

Result<Events> Door::operator()(const StagingWasMoved& in) const {
  const Attempt* attempt = at(in.key, Stage::landing);
  if (attempt == nullptr || in.commit != attempt->candidate) return Events{};
  return Events{TaskLanded{in.key, in.commit}};
}

Result<Events> Door::operator()(const WorkspaceWasRemoved& in) const {
  const size_t* place = find(state_, in.task);
  if (place == nullptr || !state_.tasks[*place].workspaces.contains(in.generation)) return Events{};
  return Events{WorkspaceRemoved{in.task, in.generation}};
}

Result<Events> Door::operator()(const FinalGatesWereRun& in) const {
  if (state_.phase != Phase::final_gates || in.commit != state_.staging) return Events{};
  Events events{FinalGatesFinished{in.commit, in.checks}};
  if (!all_green(in.checks) && !PIANOLA_PLANTED("promote-unverified")) {
    events.push_back(RunFinished{.success = false, .reason = "final checks: " + red_reason(in.checks)});
  }
  return events;
}

Result<Events> Door::operator()(const TargetWasPromoted& in) const {
  if (state_.phase != Phase::promoting || in.commit != state_.finish.verified) return Events{};
  return Events{TargetPromoted{in.commit}, RunFinished{.success = true, .reason = ""}};
}

Result<Events> Door::operator()(const TargetHadMoved& in) const {
  if (state_.phase != Phase::promoting || !state_.finish.moved_target.empty()) return Events{};
  if (in.from != state_.finish.promoting_from) return Events{};  // of a promotion before this one
  if (!in.descends) {
    return pause(state_.repository.target + " was rewritten or deleted during the run; put it back at " +
                 state_.finish.promoting_from + " or a descendant, then: pianola resume");
  }
  if (state_.finish.rebuilds >= rebuilds_max) {
    return Events{PromotionLeft{state_.repository.target + " keeps moving"}};
  }
  return Events{TargetMoved{in.commit}};
}

Result<Events> Door::operator()(const RebuildConflicted& in) const {
  if (!merges(in.target)) return Events{};
  std::string reason = state_.repository.target + " has moved to " + state_.finish.moved_target +
                       " and conflicts with this run";
  if (!in.paths.empty()) reason += " in " + in.paths.front();
  if (in.paths.size() > 1) reason += " and " + std::to_string(in.paths.size() - 1) + " more";
  return Events{PromotionLeft{reason}};
}

// --- people ----------------------------------------------------------------------------------------------

Result<Events> Door::operator()(const StartRequested& in) const {
  if (!state_.run.empty())
    return refused(state_.run.str(), "the run has started already", "", "pianola resume");
  return Events{in.run};
}

Result<Events> Door::operator()(const SupervisorArrived& in) const {
  Events events{SupervisorStarted{in.pid, in.version}};
  if (state_.paused || state_.stopping != Stopping::no) events.push_back(RunResumed{});
  return events;
}

Result<Events> Door::operator()(const StopRequested& in) const {
  if (is_over(state_)) return refused(state_.run.str(), "the run is over", "a running one", "pianola status");
  return in.how > state_.stopping ? Events{RunStopping{in.how}} : Events{};
}

Result<const TaskRun*> Door::known_task(const TaskId& id) const {
  const size_t* place = find(state_, id);
  if (place != nullptr) return &state_.tasks[*place];
  std::vector<std::string> names;
  for (const plan::Task& known : state_.plan.tasks) names.push_back(known.id.str());
  const std::string near = nearest(id.str(), names);
  return refused(state_.run.str(), "no task \"" + display(id.str()).str() + "\"", "a task of this run",
                 near.empty() ? "pianola status --all lists them" : "nearest is " + near, ErrorKind::usage);
}

Result<Events> Door::operator()(const TaskStopRequested& in) const {
  const TaskRun& run = *TRY(known_task(in.task));
  if (is_over(state_) || is_settled(run.phase)) {
    return refused(in.task.str(), "it is over already", "a task that waits or runs", "pianola status");
  }
  if (run.stop_asked) return Events{};
  const Attempt* attempt = current(run);
  const bool active = run.phase == TaskPhase::active;
  if (active && (attempt->stage == Stage::green || attempt->stage == Stage::landing)) {
    return refused(in.task.str(), "it is landing", "a task that waits or runs", "pianola status");
  }
  return Events{TaskStopAsked{in.task}};
}

Result<Events> Door::operator()(const PromoteRequested& in) const {
  if (state_.phase != Phase::left) {
    return refused(state_.run.str(), "nothing waits for promotion", "a run that ended verified and left",
                   "pianola status");
  }
  return Events{PromotionRequested{in.mode}};
}

Result<Events> Door::operator()(const SayRequested& in) const {
  const TaskRun& run = *TRY(known_task(in.task));
  if (is_over(state_) || is_settled(run.phase)) {
    return refused(in.task.str(), "it is over already, and has no next prompt", "a task that waits or runs",
                   "pianola status");
  }
  if (in.text.empty() || in.text.size() > note_bytes_max) {
    return refused(in.task.str(), "a note of " + std::to_string(in.text.size()) + " bytes",
                   "1 to " + std::to_string(note_bytes_max), "say it shorter");
  }
  return Events{NoteSaid{in.task, in.text}};
}

Result<Events> Door::operator()(const UndoRequested& in) const {
  const PromotionRecord* promotion = find_promotion(state_, in.of);
  const std::string event = "event " + std::to_string(in.of);
  if (promotion == nullptr)
    return refused(state_.run.str(), event + " moved no branch", "one that did", "pianola log tail",
                   ErrorKind::usage);
  if (promotion->undone_by != 0)
    return refused(state_.run.str(),
                   event + " was undone already, by event " + std::to_string(promotion->undone_by),
                   "a promotion that stands", "land it again: pianola promote --run " + state_.run.str(),
                   ErrorKind::usage);
  if (undoes(in.of)) return Events{};
  if (state_.phase != Phase::done || promotion != &state_.finish.promotions.back())
    return refused(state_.run.str(), event + " is not the last that moved the branch",
                   std::to_string(state_.finish.promotions.back().seq), "pianola status", ErrorKind::usage);
  return Events{UndoStarted{.of = in.of, .from = promotion->to, .to = promotion->from}};
}

}  // namespace

Result<std::vector<Event>> admit(const State& state, const Input& input, Instant now) {
  const bool starts = std::holds_alternative<StartRequested>(input);
  if (state.run.empty() && !starts) return std::vector<Event>{};
  return std::visit(Door(state, now), input);
}

}  // namespace pianola::core
