// Commands, built from the state that has folded their intent. Equal states give equal commands, so that
// a new supervisor asks for exactly what the old one had begun.
#include <set>

#include "base/text.h"
#include "core/contracts.h"
#include "core/core.h"
#include "core/match.h"
#include "core/plant.h"
#include "plan/path_set.h"

namespace pianola::core {
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string subject_of(const plan::Task& task) {
  // It ends up on terminals of people who read the history.
  const std::string what = display(first_line(task.description)).str();
  return "Merge " + task.id.str() + (what.empty() ? "" : ": " + what);
}

MakeWorkspace make_workspace(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  return {.key = key_of(state, place), .generation = attempt.generation, .base = attempt.base};
}

LaunchAgent launch_agent(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  return {.key = key_of(state, place), .generation = attempt.generation, .agent = attempt.agent};
}

CollectWork collect_work(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  const bool to_land = attempt.claim.success && !attempt.ending;
  return {.key = key_of(state, place),
          .generation = attempt.generation,
          .base = attempt.base,
          .purpose = to_land ? CollectFor::landing : CollectFor::keeping,
          .named_files = named_files(state.plan.tasks[place])};
}

BuildCandidate build_candidate(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  const plan::Task& task = state.plan.tasks[place];
  return {.key = key_of(state, place),
          .staging = attempt.staging_from,
          .head = attempt.head,
          .subject = subject_of(task),
          .at = attempt.candidate_at,
          .contracts = state.contracts.empty() ? std::vector<ContractPath>() : contract_paths(state.plan)};
}

RunGates run_gates(const State& state, size_t place, GateSubject subject) {
  const Attempt& attempt = *current(state.tasks[place]);
  bool on_head = subject == GateSubject::head;
  if (PIANOLA_PLANTED("gate-the-head")) on_head = true;
  return {
      .key = key_of(state, place), .subject = subject, .commit = on_head ? attempt.head : attempt.candidate};
}

MoveStaging move_staging(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  return {.key = key_of(state, place), .from = attempt.staging_from, .to = attempt.candidate};
}

PromoteTarget promote_target(const State& state) {
  return {.from = state.finish.promoting_from, .to = state.finish.verified, .mode = state.finish.mode};
}

RebuildStaging rebuild_staging(const State& state) {
  return {.target = state.finish.moved_target, .staging = state.staging, .at = state.finish.rebuild_at};
}

// Only while one is being undone.
PutTargetBack put_target_back(const State& state) {
  const PromotionRecord& promotion = *find_promotion(state, state.finish.undoing);
  return {.of = promotion.seq, .from = promotion.to, .to = promotion.from};
}

EndAttempt end_attempt(const State& state, size_t place) {
  const Attempt& attempt = *current(state.tasks[place]);
  return {.key = key_of(state, place), .reason = *attempt.ending, .grace_ms = state.policy.end_grace_ms};
}

}  // namespace

std::optional<Command> command_of(const State& state, const Event& intent) {
  const auto place = [&](const AttemptKey& key) { return state.index.at(key.task); };
  using Made = std::optional<Command>;
  return std::visit(
      Match{
          [&](const RunStarted& e) -> Made { return OpenRun{.run = e.run, .base = e.repository.base}; },
          [&](const AttemptStarted& e) -> Made {
            return e.reused ? Made() : Made(make_workspace(state, place(e.key)));
          },
          [&](const AgentLaunched& e) -> Made { return launch_agent(state, place(e.key)); },
          [&](const AttemptEnding& e) -> Made { return end_attempt(state, place(e.key)); },
          [&](const CollectionStarted& e) -> Made { return collect_work(state, place(e.key)); },
          [&](const CandidateStarted& e) -> Made { return build_candidate(state, place(e.key)); },
          [&](const GatesStarted& e) -> Made { return run_gates(state, place(e.key), e.subject); },
          [](const RunStopping& e) -> Made {
            return e.how == Stopping::end_all ? Made(EndChecks{}) : Made();
          },
          [&](const LandingStarted& e) -> Made { return move_staging(state, place(e.key)); },
          [&](const WorkspaceRemoving& e) -> Made {
            return RemoveWorkspace{.task = e.task, .generation = e.generation};
          },
          [&](const FinalGatesStarted& e) -> Made { return RunFinalGates{.commit = e.commit}; },
          [&](const PromotionStarted&) -> Made { return promote_target(state); },
          [&](const RebuildStarted&) -> Made { return rebuild_staging(state); },
          [&](const UndoStarted&) -> Made { return put_target_back(state); },
          [](const auto&) -> Made { return std::nullopt; },
      },
      intent);
}

std::vector<std::string> named_files(const plan::Task& task) {
  std::vector<std::string> files;
  for (const auto* entries : {&task.files_write, &task.files_append}) {
    for (const std::string& entry : *entries) {
      if (auto path = plan::only_path(entry)) files.push_back(std::move(*path));
    }
  }
  return files;
}

std::vector<plan::Check> final_checks(const State& state) {
  std::vector<plan::Check> kept = state.plan.post_merge_checks;
  if (state.agenda.landed == state.tasks.size()) return kept;
  std::set<std::string> landed;
  std::set<std::string> lost;
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    std::set<std::string>& names = state.tasks[place].phase == TaskPhase::landed ? landed : lost;
    for (const plan::Check& check : state.plan.tasks[place].verification)
      names.insert(plan::check_key(check));
  }
  std::erase_if(kept, [&](const plan::Check& check) {
    const std::string name = plan::check_key(check);
    return lost.contains(name) && !landed.contains(name);
  });
  return kept;
}

std::vector<Command> open_commands(const State& state) {
  std::vector<Command> out;
  if (state.run.empty()) return out;
  if (state.phase == Phase::unopened) {
    out.push_back(OpenRun{.run = state.run, .base = state.repository.base});
  }
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    const Attempt* attempt = current(state.tasks[place]);
    for (const auto& [generation, workspace] : state.tasks[place].workspaces) {
      if (!workspace.removing) continue;
      out.push_back(RemoveWorkspace{.task = state.plan.tasks[place].id, .generation = generation});
    }
    if (attempt == nullptr) continue;
    if (attempt->stage == Stage::preparing) out.push_back(make_workspace(state, place));
    if (is_live(attempt->stage)) out.push_back(launch_agent(state, place));
    if (is_live(attempt->stage) && attempt->ending) {
      out.push_back(end_attempt(state, place));
    }
    if (attempt->stage == Stage::collecting) out.push_back(collect_work(state, place));
    if (attempt->stage == Stage::building) out.push_back(build_candidate(state, place));
    if (attempt->stage == Stage::gating) out.push_back(run_gates(state, place, GateSubject::candidate));
    if (attempt->stage == Stage::gating_head) out.push_back(run_gates(state, place, GateSubject::head));
    if (attempt->stage == Stage::landing && !PIANOLA_PLANTED("forget-open-landing"))
      out.push_back(move_staging(state, place));
  }
  if (state.phase == Phase::final_gates) out.push_back(RunFinalGates{.commit = state.staging});
  if (state.phase == Phase::promoting) {
    if (state.finish.rebuilding) out.push_back(rebuild_staging(state));
    if (state.finish.moved_target.empty()) out.push_back(promote_target(state));
  }
  if (state.finish.undoing != 0 && !PIANOLA_PLANTED("forget-open-undo"))
    out.push_back(put_target_back(state));
  return out;
}

}  // namespace pianola::core
