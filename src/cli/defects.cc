#include "cli/defects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "cli/over_run.h"
#include "core/core.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/journal_reader.h"
#include "world/kept_all.h"
#include "world/kept_place.h"
#include "world/layout.h"
#include "world/process_table.h"
#include "world/upkeep.h"

namespace pianola::cli {
namespace {

constexpr int64_t stale_after_s = 10;  // as long as pianola itself waits for a lock of git

enum class RunIs { there, gone };

// True for what stands beside a workspace only while it is made, read or removed. What stays with a workspace
// outlives it until gc; without a run nothing comes any more that would.
bool is_left_by_work(const std::string& path, RunIs run) {
  const world::BesideWorkspace* beside = world::find_beside(path);
  if (beside == nullptr) return false;
  const std::string workspace = world::workspace_beside(path);
  if (!workspace_name(workspace.substr(workspace.rfind('/') + 1))) return false;
  if (beside->stays == world::BesideWorkspace::Stays::while_at_work) return true;
  return run == RunIs::gone && !world::exists(workspace);
}

class Examination {
 public:
  Examination(const Program& program, const world::Hub& hub) : program_(program), hub_(hub) {}

  Result<std::vector<Defect>> run() {
    for (const FoundRun& run : TRY(all_runs(program_))) {
      ids_.insert(run.id.str());
      TRY(examine(run));
    }
    TRY(examine_workspaces());
    TRY(examine_sockets());
    if (!is_anything_live_) examine_git_locks();
    TRY(examine_refs());
    return std::move(defects_);
  }

 private:
  void add(Ailment ailment, const std::string& run, std::string thing, std::string detail,
           std::string remedy) {
    defects_.push_back({.ailment = ailment,
                        .run = run,
                        .thing = std::move(thing),
                        .detail = std::move(detail),
                        .remedy = std::move(remedy)});
  }
  void by_hand(Ailment ailment, const std::string& run, std::string thing, std::string detail,
               std::string remedy) {
    add(ailment, run, std::move(thing), std::move(detail), std::move(remedy));
    defects_.back().is_by_hand = true;
  }
  Result<void> examine(const FoundRun& run);
  void examine_journal(const FoundRun& run);
  void examine_holder(const FoundRun& run);
  Result<void> examine_keepers(const FoundRun& run);
  Result<void> examine_workspaces();
  Result<void> examine_workspaces_of(const std::string& run);
  Result<void> examine_sockets();
  void examine_git_locks();
  Result<void> examine_refs();

  const Program& program_;
  const world::Hub& hub_;
  std::vector<Defect> defects_;
  std::set<std::string> ids_;                  // of all runs there are
  std::set<std::string> in_use_;               // of runs that somebody has in his hands
  std::map<std::string, core::State> states_;  // of those whose journal reads back
  std::set<std::string> live_sockets_;
  bool is_anything_live_ = false;
};

Result<void> Examination::examine(const FoundRun& run) {
  if (run.holder) {
    is_anything_live_ = true;
    in_use_.insert(run.id.str());
    live_sockets_.insert(world::admin_socket(run.layout, run.id));
    examine_holder(run);
  } else {
    examine_journal(run);
    for (std::string& group : TRY(world::groups_left(world::run_dir(run.layout, run.id))))
      add(Ailment::cgroup_left, run.id.str(), std::move(group), "its attempt is over", "it is removed");
  }
  return examine_keepers(run);
}

void Examination::examine_holder(const FoundRun& run) {
  if (run.holder->pid <= 0 || world::identify(static_cast<pid_t>(run.holder->pid))) return;
  const std::string lock = world::run_lock(run.layout, run.id);
  by_hand(Ailment::lock_held, run.id.str(), lock,
          fmt::format("it is held, and supervisor {} is gone", run.holder->pid),
          "see who holds it, and end that: fuser -v " + shell_word(lock));
}

void Examination::examine_journal(const FoundRun& run) {
  const std::string dir = world::journal_dir(run.layout, run.id);
  if (!world::exists(world::segment_path(dir, 1))) {
    if (has_begun(run))
      by_hand(Ailment::journal_gone, run.id.str(), dir, "the run has attempts and no journal",
              "put its files back from a backup; commits are under refs/pianola/");
    return;
  }
  core::State state;
  world::JournalReader reader(dir, world::Writer::none);
  const auto read =
      reader.read_more([&](core::Recorded&& recorded) { return core::evolve(state, recorded); });
  if (!read) {
    return by_hand(Ailment::journal_damaged, run.id.str(), dir, read.error().text(),
                   "put the file back from a backup; it is never cut");
  }
  const world::JournalEnd& end = reader.end();
  if (end.torn_bytes > 0)
    add(Ailment::journal_torn, run.id.str(), world::segment_path(dir, end.segment),
        fmt::format("an unfinished write of {} bytes after event {}", end.torn_bytes, reader.last().seq),
        "it is set aside");
  if (state.run.empty()) return;
  if (state.finish.undoing != 0)
    by_hand(Ailment::undo_open, run.id.str(), fmt::format("event {}", state.finish.undoing),
            "its undo was begun, and nobody saw the end",
            fmt::format("pianola undo {} --run {}", state.finish.undoing, run.id.str()));
  states_.emplace(run.id.str(), std::move(state));
}

Result<void> Examination::examine_keepers(const FoundRun& run) {
  for (const std::string& name : TRY(living_attempts(run))) {
    is_anything_live_ = true;
    in_use_.insert(run.id.str());
    const std::string dir = world::run_dir(run.layout, run.id) + "/attempts/" + name;
    if (const auto key = workspace_name(name))
      live_sockets_.insert(world::attempt_socket(run.layout, run.id, {key->first, key->second}));
    if (run.holder) continue;
    const auto keeper = world::read_keeper(dir);
    const int pid = keeper && *keeper ? (*keeper)->keeper.pid : 0;
    const auto state = states_.find(run.id.str());
    const bool is_open = state != states_.end() && !core::is_over(state->second);
    by_hand(Ailment::keeper_alone, run.id.str(), name,
            pid == 0 ? "its agent runs and no supervisor watches it"
                     : fmt::format("its agent runs under keeper {} and no supervisor watches it", pid),
            is_open ? "take it up: pianola resume " + run.id.str() +
                          ", or end it: pianola stop --all --now --run " + run.id.str()
                    : fmt::format("end it: kill {}", pid));
  }
  return {};
}

Result<void> Examination::examine_workspaces() {
  for (const std::string& run : TRY(world::list_dir(hub_.layout.work_dir))) {
    const bool is_a_run =
        run.size() > 1 && run.front() == 'r' && run.find_first_not_of("0123456789", 1) == std::string::npos;
    if (is_a_run && !in_use_.contains(run)) TRY(examine_workspaces_of(run));
  }
  return {};
}

Result<void> Examination::examine_workspaces_of(const std::string& run) {
  const std::string dir = hub_.layout.work_dir + "/" + run;
  const auto state = states_.find(run);
  if (state == states_.end() && ids_.contains(run)) return {};  // nobody knows what belongs to it
  const bool is_over = state == states_.end() || core::is_over(state->second);
  const RunIs has_run = state == states_.end() ? RunIs::gone : RunIs::there;
  for (const std::string& name : TRY(world::list_dir(dir))) {
    const std::string path = dir + "/" + name;
    const bool is_half = is_left_by_work(path, has_run) || name.starts_with("gate.");
    if (is_half && is_over)
      add(Ailment::workspace_half, run, path, "it was being made, checked in or removed",
          "it is moved aside");
    const auto workspace = workspace_name(name);
    // What pianola made has its base written down beside it.
    if (is_half || !workspace || !world::is_folder(path) || !world::exists(path + world::beside_base))
      continue;
    const size_t* place = state == states_.end() ? nullptr : core::find(state->second, workspace->first);
    const bool is_known =
        place != nullptr && state->second.tasks[*place].workspaces.contains(workspace->second);
    if (!is_known) add(Ailment::workspace_orphan, run, path, "no run knows it", "it is moved aside, whole");
  }
  return {};
}

Result<void> Examination::examine_sockets() {
  for (const std::string& name : TRY(world::list_dir(hub_.layout.socket_dir))) {
    const bool is_ours = name.size() == 17 && (name.front() == 'r' || name.front() == 'a') &&
                         name.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
    const std::string path = hub_.layout.socket_dir + "/" + name;
    if (!is_ours || live_sockets_.contains(path) || !world::is_dead_socket(path)) continue;
    add(Ailment::socket_dead, "", path, "nobody listens on it", "it is removed");
  }
  return {};
}

// Only while nothing of pianola's can be running a git here.
void Examination::examine_git_locks() {
  const world::Layout& layout = hub_.layout;
  if (world::is_locked(layout.state_dir + "/promotion.lock")) return;
  for (const std::string& dir : {world::own_git_dir(layout), layout.git_dir + "/refs/pianola"}) {
    for (const std::string& lock : world::old_git_locks(dir, stale_after_s))
      add(Ailment::git_lock_stale, "", lock, "no run is at work here", "it is moved aside");
  }
}

Result<void> Examination::examine_refs() {
  const world::Git git(hub_.git, world::run_child);
  const world::GitRefs refs(git, {.git_dir = hub_.layout.git_dir, .common_dir = hub_.layout.git_dir});
  std::map<std::string, size_t> orphans;
  for (const std::string& kind : run_ref_kinds()) {
    const std::string above = "refs/pianola/" + kind + "/";
    for (const world::NamedRef& ref : TRY(refs.list("refs/pianola/" + kind))) {
      if (!ref.name.starts_with(above)) continue;
      const std::string run = ref.name.substr(above.size(), ref.name.find('/', above.size()) - above.size());
      if (!ids_.contains(run)) ++orphans[run];
    }
  }
  for (const auto& [run, count] : orphans)
    add(Ailment::ref_orphan, run, "refs/pianola/*/" + run,
        fmt::format("{} ref{} of a run that is not there", count, count == 1 ? "" : "s"),
        "what nothing else reaches is kept under refs/pianola/saved/, and the rest is dropped");
  return {};
}

}  // namespace

std::string ailment_word(Ailment ailment) {
  switch (ailment) {
    case Ailment::journal_torn:
      return "journal-torn";
    case Ailment::journal_damaged:
      return "journal-damaged";
    case Ailment::journal_gone:
      return "journal-gone";
    case Ailment::undo_open:
      return "undo-open";
    case Ailment::lock_held:
      return "lock-held";
    case Ailment::keeper_alone:
      return "keeper-alone";
    case Ailment::socket_dead:
      return "socket-dead";
    case Ailment::cgroup_left:
      return "cgroup-left";
    case Ailment::workspace_orphan:
      return "workspace-orphan";
    case Ailment::workspace_half:
      return "workspace-half";
    case Ailment::git_lock_stale:
      return "git-lock-stale";
    case Ailment::ref_orphan:
      return "ref-orphan";
  }
  return "";
}

const std::vector<std::string>& run_ref_kinds() {
  static const std::vector<std::string> kinds{"base", "staging", "ready", "cand", "in"};
  return kinds;
}

Result<std::vector<Defect>> find_defects(const Program& program, const world::Hub& hub) {
  return Examination(program, hub).run();
}

}  // namespace pianola::cli
