// The laws about effects: what the engine asks the world to do, and what the world did.
#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "core/match.h"
#include "sim/watch.h"
#include "verify/boundary.h"

namespace pianola::sim {

using core::AttemptKey;
using core::Stage;

const core::Attempt* Watch::durable_attempt(const AttemptKey& key) const {
  const size_t* here = core::find(durable_, key.task);
  if (here == nullptr) return nullptr;
  const core::Attempt* attempt = core::current(durable_.tasks[*here]);
  return attempt != nullptr && attempt->number == key.number ? attempt : nullptr;
}

bool Watch::stands_at(const AttemptKey& key, Stage stage) const {
  const core::Attempt* attempt = durable_attempt(key);
  return attempt != nullptr && attempt->stage == stage;
}

// --- what is asked ---------------------------------------------------------------------------------------

void Watch::performs(const core::Command& command) {
  const auto demand = [&](bool holds, const std::string& what) {
    if (!holds) fail("write-ahead", what + " without a durable intent");
  };
  const auto room_is_leaving = [&](const core::RemoveWorkspace& c) {
    const size_t* here = core::find(durable_, c.task);
    if (here == nullptr) return false;
    const auto at = durable_.tasks[*here].workspaces.find(c.generation);
    return at != durable_.tasks[*here].workspaces.end() && at->second.removing;
  };
  std::visit(
      core::Match{
          [&](const core::OpenRun&) { demand(!durable_.run.empty(), "the run is opened"); },
          [&](const core::MakeWorkspace& c) {
            demand(stands_at(c.key, Stage::preparing), "workspace of " + text_of(c.key));
          },
          [&](const core::CollectWork& c) {
            demand(stands_at(c.key, Stage::collecting), "collection of " + text_of(c.key));
          },
          [&](const core::BuildCandidate& c) {
            demand(stands_at(c.key, Stage::building), "candidate of " + text_of(c.key));
            const auto seen = changes.find(c.head);
            const bool inside =
                seen == changes.end() ||
                verify::boundary_findings(seen->second, durable_.plan.tasks[place(c.key.task)]).empty();
            if (!inside) fail("boundary", text_of(c.key) + " boards the train with files of others");
          },
          [&](const core::MoveStaging& c) {
            demand(stands_at(c.key, Stage::landing), "landing of " + text_of(c.key));
          },
          [&](const core::RemoveWorkspace& c) { demand(room_is_leaving(c), "removal of a workspace"); },
          [&](const core::PromoteTarget&) { demand(durable_.phase == core::Phase::promoting, "promotion"); },
          [&](const core::RebuildStaging&) { demand(durable_.finish.rebuilding, "rebuild of staging"); },
          [&](const core::PutTargetBack& c) {
            demand(c.of != 0 && durable_.finish.undoing == c.of, "undoing of a promotion");
          },
          [](const auto&) {},
      },
      command);
}

void Watch::launches(const engine::Launch& launch, bool again) {
  const AttemptKey& key = launch.key;
  const core::Attempt* attempt = durable_attempt(key);
  if (attempt == nullptr || !core::is_live(attempt->stage)) {
    fail("write-ahead", "agent of " + text_of(key) + " without a durable intent");
  }
  if (sha256_hex(launch.prompt) != prompts_[key])
    fail("prompts", text_of(key) + " is given another prompt than the one recorded");
  Told& told = told_[key];
  if (!again && ++told.launched + told.begun > 1)
    fail("one-start", text_of(key) + " is launched, not recovered");
}

void Watch::ends(const AttemptKey& key) {
  const core::Attempt* attempt = durable_attempt(key);
  if (attempt == nullptr || !attempt->ending)
    fail("write-ahead", text_of(key) + " is ended without a durable intent");
}

void Watch::runs_checks(const engine::CheckRun& run) {
  const auto* key = std::get_if<AttemptKey>(&run.subject_of);
  if (key == nullptr) {
    if (durable_.phase != core::Phase::final_gates)
      fail("write-ahead", "final checks without a durable intent");
    return;
  }
  const bool on_candidate = run.subject == core::GateSubject::candidate;
  if (!stands_at(*key, on_candidate ? Stage::gating : Stage::gating_head)) {
    fail("write-ahead", "checks of " + text_of(*key) + " without a durable intent");
  }
}

// --- what was done ---------------------------------------------------------------------------------------

void Watch::began(const AttemptKey& key, int generation) {
  if (++told_[key].begun > 1) fail("one-start", "the agent of " + text_of(key) + " began twice");
  Room& room = rooms[{place(key.task), generation}];
  if (room.occupied) fail("one-start", text_of(key) + " and " + text_of(room.tenant) + " share a workspace");
  if (room.unsaved)
    fail("kept-work", text_of(key) + " works over what " + text_of(room.tenant) + " left unsaved");
  room = {.tenant = key, .occupied = true, .unsaved = false};
}

// Of the final checks, those that look at something that landed.
std::vector<plan::Check> Watch::due_at_the_end() const {
  std::vector<plan::Check> due;
  for (const plan::Check& check : durable_.plan.post_merge_checks) {
    size_t named = 0;
    size_t landed = 0;
    for (size_t here = 0; here < durable_.tasks.size(); ++here) {
      const std::vector<plan::Check>& own = durable_.plan.tasks[here].verification;
      if (std::find(own.begin(), own.end(), check) == own.end()) continue;
      ++named;
      landed += durable_.tasks[here].phase == core::TaskPhase::landed ? 1U : 0U;
    }
    if (named == 0 || landed > 0) due.push_back(check);
  }
  return due;
}

// A task's own checks; whoever changes the contract also owes those of all who landed on it.
std::vector<plan::Check> Watch::due_of(size_t here, const engine::CheckRun& run) const {
  std::vector<plan::Check> due = durable_.plan.tasks[here].verification;
  const CommitNumber commit = GitModel::number(run.commit);
  const bool is_candidate = run.subject == core::GateSubject::candidate && commit != no_commit;
  if (durable_.plan.contracts.empty() || !is_candidate) return due;
  const CommitNumber before = git_.commit(commit).first;
  const bool is_its_merge = git_.commit(commit).merged_task == static_cast<int>(here);
  if (!is_its_merge || before == no_commit || git_.contract_version(before) == git_.contract_version(commit))
    return due;
  for (size_t other = 0; other < durable_.tasks.size(); ++other) {
    const bool is_on_it = durable_.tasks[other].phase == core::TaskPhase::landed && is_bound(other);
    if (!is_on_it) continue;
    for (const plan::Check& check : durable_.plan.tasks[other].verification) {
      if (check.required && std::find(due.begin(), due.end(), check) == due.end()) due.push_back(check);
    }
  }
  return due;
}

// By the plan's one contract, told from its lists.
bool Watch::is_bound(size_t here) const {
  if (durable_.plan.contracts.empty()) return false;
  const plan::Contract& contract = durable_.plan.contracts.front();
  const core::TaskId& id = durable_.plan.tasks[here].id;
  return std::count(contract.producers.begin(), contract.producers.end(), id) +
             std::count(contract.consumers.begin(), contract.consumers.end(), id) >
         0;
}

void Watch::check_contracts(const core::AttemptStarted& started) {
  const size_t expected = is_bound(place(started.key.task)) ? 1U : 0U;
  if (started.contracts.size() != expected)
    fail("contracts", text_of(started.key) + " records " + std::to_string(started.contracts.size()));
  const std::string version = git_.contract_version(GitModel::number(started.base));
  for (const core::ContractVersion& given : started.contracts) {
    if (given.version != version)
      fail("contracts", text_of(started.key) + " records " + given.version + " and works by " + version);
  }
}

void Watch::check_contracts(const core::MoveStaging& command) {
  if (durable_.plan.contracts.empty()) return;
  const std::string before = git_.contract_version(GitModel::number(command.from));
  const core::Attempt* attempt = durable_attempt(command.key);
  if (attempt == nullptr) return;
  for (const core::ContractVersion& given : attempt->contracts) {
    if (given.version != before)
      fail("contracts", text_of(command.key) + " lands work by " + given.version + " on " + before);
  }
  const bool changes_it = before != git_.contract_version(GitModel::number(command.to));
  if (changes_it && ++renegotiations_ > 2)
    fail("contracts", text_of(command.key) + " changes it once too often");
}

void Watch::check_environment(const core::AttemptStarted& started) {
  const std::string environment = git_.environment(GitModel::number(started.base));
  if (started.environment != environment)
    fail("environment", text_of(started.key) + " records " + started.environment + " and has " + environment);
}

void Watch::check_environment(const core::MoveStaging& command) {
  const core::Attempt* attempt = durable_attempt(command.key);
  const bool must_be_of_today = durable_.policy.stale_environment == core::StaleEnvironment::conflicts;
  if (attempt == nullptr || !must_be_of_today) return;
  const std::string before = git_.environment(GitModel::number(command.from));
  if (attempt->environment != before)
    fail("environment", text_of(command.key) + " lands work of " + attempt->environment + " on " + before);
}

void Watch::checked(const engine::CheckRun& run, bool green) {
  if (!green) return;
  const auto* key = std::get_if<AttemptKey>(&run.subject_of);
  const std::vector<plan::Check> due = key == nullptr ? due_at_the_end() : due_of(place(key->task), run);
  if (run.checks == due) green_.emplace(run.commit, key == nullptr ? -1 : static_cast<int>(place(key->task)));
}

void Watch::moves_staging(const core::MoveStaging& command) {
  const size_t here = place(command.key.task);
  if (!green_.contains({command.to, static_cast<int>(here)})) {
    fail("verified", "staging moves to " + command.to + " of " + text_of(command.key) + ", never seen green");
  }
  if (command.to == command.from) return;
  const auto seen = changes.find(command.to);
  if (seen != changes.end() && !verify::boundary_findings(seen->second, durable_.plan.tasks[here]).empty()) {
    fail("boundary", text_of(command.key) + " lands files of others");
  }
  const Commit& candidate = git_.commit(GitModel::number(command.to));
  if (GitModel::name(candidate.first) != command.from) fail("kept-work", "staging forgets " + command.from);
  if (candidate.merged_task != static_cast<int>(here))
    fail("kept-work", text_of(command.key) + " lands another's work");
  check_contracts(command);
  check_environment(command);
  if (++merges_[here] > 1) fail("kept-work", command.key.task.str() + " is merged twice");
}

void Watch::rebuilds_staging(CommitNumber from, CommitNumber onto) {
  if (!git_.is_ancestor(from, onto)) fail("kept-work", "the rebuilt staging forgets " + GitModel::name(from));
}

void Watch::moves_target(CommitNumber from, CommitNumber onto) {
  const std::string commit = GitModel::name(onto);
  if (!green_.contains({commit, -1}))
    fail("verified", "the target moves to " + commit + ", never seen green");
  if (!git_.is_ancestor(from, onto)) fail("kept-work", "the target forgets " + GitModel::name(from));
  before_promotion_[onto] = from;
}

void Watch::puts_target_back(CommitNumber from, CommitNumber onto) {
  const auto before = before_promotion_.find(from);
  if (before == before_promotion_.end() || before->second != onto)
    fail("kept-work", "the target goes back to " + GitModel::name(onto) + ", where it never was");
  if (!git_.undone.contains(from)) fail("kept-work", GitModel::name(from) + " is undone and not kept");
}

void Watch::removes(const core::RemoveWorkspace& command) {
  const auto at = rooms.find({place(command.task), command.generation});
  if (at == rooms.end()) return;
  if (at->second.unsaved) fail("kept-work", "unsaved work of " + text_of(at->second.tenant) + " is removed");
  rooms.erase(at);
}

// --- what was told ---------------------------------------------------------------------------------------

void Watch::told(const engine::Report& report) {
  const auto from_input = [&](const core::Input& input) {
    std::visit(core::Match{
                   [&](const core::WorkspaceWasMade& in) { told_[in.key].made = true; },
                   [&](const core::AgentHasSpawned& in) { told_[in.key].spawned = true; },
                   [&](const core::AgentHasExited& in) { told_[in.key].exits.push_back(in.exit); },
                   [&](const core::GatesWereRun& in) { told_[in.key].checks.push_back(in.checks); },
                   [&](const core::StagingWasMoved& in) { told_[in.key].moved_to.insert(in.commit); },
                   [&](const core::TargetWasPromoted& in) {
                     if (GitModel::name(git_.target) == in.commit) promoted_ = git_.target;
                   },
                   [&](const core::TargetWasPutBack& in) {
                     if (GitModel::name(git_.target) == in.commit) put_back_.insert(in.of);
                   },
                   [](const auto&) {},
               },
               input);
  };
  std::visit(core::Match{
                 [&](const core::Input& input) { from_input(input); },
                 [](const engine::AgentOutput&) {},
                 [](const engine::Stored&) {},
                 [&](const engine::AgentExit& over) { told_[over.key].exits.push_back(over.exit); },
                 [&](const engine::CollectedTree& tree) { told_[tree.key].heads.insert(tree.head); },
                 [&](const engine::CandidateTree& tree) { told_[tree.key].candidates.insert(tree.commit); },
             },
             report);
}

void Watch::check_truth(const core::Event& event) {
  const auto demand = [&](bool holds, const AttemptKey& key, const char* what) {
    if (!holds) fail("fencing", text_of(key) + " " + what + ", and nobody told so of this attempt");
  };
  const auto has = [](const auto& all, const auto& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  std::visit(
      core::Match{
          [&](const core::WorkspaceMade& e) { demand(told_[e.key].made, e.key, "has a workspace"); },
          [&](const core::AgentSpawned& e) { demand(told_[e.key].spawned, e.key, "runs"); },
          [&](const core::AgentExited& e) { demand(has(told_[e.key].exits, e.exit), e.key, "exited"); },
          [&](const core::WorkCollected& e) {
            demand(has(told_[e.key].heads, e.head), e.key, "was collected");
          },
          [&](const core::CandidateBuilt& e) {
            demand(has(told_[e.key].candidates, e.commit), e.key, "has a candidate");
          },
          [&](const core::GatesFinished& e) {
            demand(has(told_[e.key].checks, e.checks), e.key, "was checked");
          },
          [&](const core::TaskLanded& e) { demand(has(told_[e.key].moved_to, e.commit), e.key, "landed"); },
          [&](const core::PromotionUndone& e) {
            if (!put_back_.contains(e.of)) fail("fencing", "an undo is recorded that nobody told of");
          },
          [](const auto&) {},
      },
      event);
}

}  // namespace pianola::sim
