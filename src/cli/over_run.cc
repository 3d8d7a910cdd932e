#include "cli/over_run.h"

#include <fmt/format.h>

#include "cli/run_repository.h"
#include "plan/path_set.h"
#include "world/files.h"
#include "world/kept_place.h"
#include "world/layout.h"

namespace pianola::cli {
namespace {

Error still_at_work(const FoundRun& run, const std::string& attempt) {
  return Error{.kind = ErrorKind::held,
               .where = run.id.str(),
               .what = "the agent of " + attempt + " still runs",
               .expected = "none",
               .next = "look: pianola repair --diagnose"};
}

// The last attempt that worked there.
const core::Attempt* tenant_of(const core::TaskRun& task, int generation) {
  const core::Attempt* tenant = nullptr;
  for (const core::Attempt& attempt : task.attempts) {
    if (attempt.generation == generation) tenant = &attempt;
  }
  return tenant;
}

}  // namespace

Result<std::vector<std::string>> living_attempts(const FoundRun& run) {
  const std::string attempts = world::run_dir(run.layout, run.id) + "/attempts";
  std::vector<std::string> living;
  for (const std::string& name : TRY(world::list_dir(attempts))) {
    const std::string dir = attempts + "/" + name;
    if (!world::exists(dir + "/attempt.lock")) continue;
    const world::Standing standing = TRY(world::standing_of({dir, ""}));
    if (std::holds_alternative<world::KeeperLives>(standing)) living.push_back(name);
  }
  return living;
}

std::optional<std::pair<core::TaskId, int>> workspace_name(const std::string& name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == name.size() || name.size() - dot > 10) return {};
  int generation = 0;
  for (size_t at = dot + 1; at < name.size(); ++at) {
    if (name[at] < '0' || name[at] > '9') return {};
    generation = generation * 10 + (name[at] - '0');
  }
  return std::pair(core::TaskId(name.substr(0, dot)), generation);
}

std::string reason_to_keep(const core::State& state) {
  if (state.finish.undoing != 0)
    return fmt::format("its undo is not done: pianola undo {}", state.finish.undoing);
  if (state.phase == core::Phase::left) return "it waits for its promotion";
  return core::is_over(state) ? "" : "it is not over";
}

Result<std::unique_ptr<OverRun>> OverRun::take(const Program& program, const world::Hub& hub,
                                               const FoundRun& run) {
  const std::vector<std::string> living = TRY(living_attempts(run));
  if (!living.empty()) return refuse(still_at_work(run, living.front()));
  world::JournalOptions options;
  options.folder.dir = world::journal_dir(run.layout, run.id);
  options.folder.run = run.id.str();
  options.lock_path = world::run_lock(run.layout, run.id);
  core::State state;
  auto journal = TRY(world::FileJournal::open(
      std::move(options), [&](core::Recorded&& recorded) { return core::evolve(state, recorded); }));
  const std::string reason = reason_to_keep(state);
  if (!reason.empty()) {
    return refuse(Error{
        .kind = ErrorKind::usage, .where = run.id.str(), .what = reason, .expected = "a run that is over"});
  }
  const auto sealer = TRY(sealer_of(program, state.policy.isolation));
  auto git = repository_options(hub, {run.id, state.policy, state.repository}, sealer);
  return std::unique_ptr<OverRun>(new OverRun(program, std::move(git), std::move(state), std::move(journal)));
}

OverRun::OverRun(const Program& program, world::GitRepositoryOptions options, core::State state,
                 std::unique_ptr<world::FileJournal> journal)
    : actor_("user:" + program.surroundings.user),
      repository_(std::move(options)),
      state_(std::move(state)),
      journal_(std::move(journal)),
      clock_(state_.at) {}

Result<void> OverRun::record(core::Event event) {
  const core::Recorded recorded{
      .seq = state_.seq + 1, .at = clock_.now(), .actor = actor_, .event = std::move(event)};
  TRY(core::evolve(state_, recorded));
  return journal_->append({recorded});
}

Result<void> OverRun::save_workspace(const core::TaskId& task, int generation) {
  const size_t place = *core::find(state_, task);
  const core::Attempt* tenant = tenant_of(state_.tasks[place], generation);
  if (tenant == nullptr) return {};
  const std::string folder = world::workspace_dir(repository_.options().layout, state_.run, task, generation);
  if (!world::exists(folder)) return {};
  const core::AttemptKey key{.task = task, .number = tenant->number};
  const std::string ref = world::saved_ref(state_.run, key);
  const std::string before = TRY(repository_.stands_at(ref));
  core::CollectWork collect{.key = key,
                            .generation = generation,
                            .base = tenant->base,
                            .purpose = core::CollectFor::keeping,
                            .named_files = core::named_files(state_.plan.tasks[place])};
  TRY(repository_.collect(collect));
  const std::string after = TRY(repository_.stands_at(ref));
  if (!before.empty() && before != after) TRY(keep_before(key, before));
  return record(core::WorkspaceSaved{.task = task, .generation = generation, .commit = after});
}

// What an earlier collection had kept under the same name.
Result<void> OverRun::keep_before(const core::AttemptKey& key, const std::string& before) {
  const std::string ref = world::saved_ref(state_.run, key) + ".before.";
  for (int number = 1;; ++number) {
    const std::string name = ref + std::to_string(number);
    if (TRY(repository_.keep(name, before))) return {};
  }
}

Result<void> OverRun::remove_workspace(const core::TaskId& task, int generation) {
  const auto& workspaces = state_.tasks[*core::find(state_, task)].workspaces;
  const auto at = workspaces.find(generation);
  if (at == workspaces.end()) return {};
  const std::string folder = world::workspace_dir(repository_.options().layout, state_.run, task, generation);
  if (world::exists(folder) && !at->second.removing)
    TRY(record(core::WorkspaceRemoving{.task = task, .generation = generation}));
  TRY(repository_.remove_workspace({.task = task, .generation = generation}));
  TRY(world::remove_tree(folder + world::beside_home));
  return record(core::WorkspaceRemoved{.task = task, .generation = generation});
}

}  // namespace pianola::cli
