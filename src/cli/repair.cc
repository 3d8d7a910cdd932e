// repair: what a crash or a power cut left is found, and put right after a copy of it was kept.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "cli/defects.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "core/core.h"
#include "world/cgroup.h"
#include "world/clock.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_repository.h"
#include "world/journal.h"
#include "world/layout.h"
#include "world/upkeep.h"

namespace pianola::cli {
namespace {

constexpr size_t segment_bytes_max = size_t{192} << 20;  // a segment, its last batch and room to spare

// A defect, and what became of it.
struct Treated {
  Defect defect;
  std::string failure;  // why it could not be put right, "" when it was
  bool is_mended = false;
};

// Where things are kept before they are changed; made when the first is.
class Backup {
 public:
  explicit Backup(const world::Layout& layout) : above_(layout.state_dir + "/backup") {}

  // A name in it that is free.
  Result<std::string> place_for(const std::string& name) {
    if (dir_.empty()) TRY(begin());
    std::string path = dir_ + "/" + name;
    for (int number = 2; world::exists(path); ++number) path = fmt::format("{}/{}.{}", dir_, name, number);
    return path;
  }
  const std::string& dir() const { return dir_; }

 private:
  Result<void> begin() {
    TRY(world::make_dirs(above_));
    std::string stamp = iso_utc(world::wall_now());
    std::erase(stamp, ':');
    for (int number = 1; dir_.empty(); ++number) {
      const std::string path = fmt::format("{}/{}-{}", above_, stamp, number);
      if (TRY(world::make_new_dir(path))) dir_ = path;
    }
    return {};
  }

  std::string above_;
  std::string dir_;
};

class Treatment {
 public:
  explicit Treatment(const world::Hub& hub) : hub_(hub), backup_(hub.layout) {}

  Result<void> mend(const Defect& defect);
  const Backup& backup() const { return backup_; }

 private:
  // Nobody else may have the run in his hands meanwhile. A run that is not there has no lock.
  Result<std::optional<world::JournalLock>> lock_of(const Defect& defect) const;
  Result<void> set_tail_aside(const Defect& defect);
  Result<void> move_folder_aside(const Defect& defect);
  Result<void> move_lock_aside(const Defect& defect);
  Result<void> remove_socket(const Defect& defect);
  Result<void> remove_group(const Defect& defect);
  Result<void> sweep_refs(const Defect& defect);
  world::GitRepository repository_of(const std::string& run) const;

  const world::Hub& hub_;
  Backup backup_;
};

std::string leaf(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

Result<void> Treatment::mend(const Defect& defect) {
  switch (defect.ailment) {
    case Ailment::journal_torn:
      return set_tail_aside(defect);
    case Ailment::workspace_orphan:
    case Ailment::workspace_half:
      return move_folder_aside(defect);
    case Ailment::git_lock_stale:
      return move_lock_aside(defect);
    case Ailment::socket_dead:
      return remove_socket(defect);
    case Ailment::cgroup_left:
      return remove_group(defect);
    case Ailment::ref_orphan:
      return sweep_refs(defect);
    case Ailment::journal_damaged:
    case Ailment::journal_gone:
    case Ailment::undo_open:
    case Ailment::lock_held:
    case Ailment::keeper_alone:
      break;
  }
  return {};
}

Result<std::optional<world::JournalLock>> Treatment::lock_of(const Defect& defect) const {
  const core::RunId run(defect.run);
  if (defect.run.empty() || !world::exists(world::run_dir(hub_.layout, run)))
    return std::optional<world::JournalLock>();
  return std::optional(TRY(world::JournalLock::take(world::run_lock(hub_.layout, run), defect.run, 0)));
}

Result<void> Treatment::set_tail_aside(const Defect& defect) {
  const std::string bytes = TRY(world::read_file(defect.thing, segment_bytes_max));
  const std::string copy = TRY(backup_.place_for(defect.run + "." + leaf(defect.thing)));
  TRY(world::write_file(copy, bytes, world::Sync::file_and_dir));
  const core::RunId run(defect.run);
  world::JournalOptions options;
  options.folder.dir = world::journal_dir(hub_.layout, run);
  options.folder.run = defect.run;
  options.lock_path = world::run_lock(hub_.layout, run);
  options.lock_wait_ms = 0;
  // Opening it is what sets the tail aside; every supervisor begins so.
  core::State state;
  TRY(world::FileJournal::open(std::move(options),
                               [&](core::Recorded&& recorded) { return core::evolve(state, recorded); }));
  return {};
}

Result<void> Treatment::move_folder_aside(const Defect& defect) {
  const auto lock = TRY(lock_of(defect));
  if (!world::exists(defect.thing)) return {};  // it went with the workspace it stood beside
  const std::string base = defect.thing + world::beside_base;
  const auto commit = TRY(world::read_file_if_present(base, 256));
  if (commit && !commit->empty()) {
    // The folder borrows the repository's objects: what it was made from must not go.
    const std::string id = commit->substr(0, commit->find('\n'));
    const std::string name = "refs/pianola/saved/" + defect.run + "/aside/" + leaf(defect.thing);
    TRY(repository_of(defect.run).keep(name, id));
  }
  const std::string place = TRY(backup_.place_for("workspaces/" + defect.run + "/" + leaf(defect.thing)));
  TRY(world::move_aside(defect.thing, place));
  for (const world::BesideWorkspace& beside : world::beside_workspaces) {
    const std::string path = defect.thing + beside.ending;
    if (world::exists(path)) TRY(world::move_aside(path, place + beside.ending));
  }
  const std::string above = world::parent_folder(defect.thing);
  if (TRY(world::list_dir(above)).empty()) TRY(world::remove_tree(above));
  return {};
}

Result<void> Treatment::move_lock_aside(const Defect& defect) {
  return world::move_aside(defect.thing, TRY(backup_.place_for("locks/" + leaf(defect.thing))));
}

Result<void> Treatment::remove_socket(const Defect& defect) {
  // Once more: somebody may have begun to listen since.
  return world::is_dead_socket(defect.thing) ? world::remove_tree(defect.thing) : Result<void>();
}

Result<void> Treatment::remove_group(const Defect& defect) {
  const auto lock = TRY(lock_of(defect));
  world::remove_cgroup({defect.thing});
  if (!world::exists(defect.thing)) return {};
  return refuse(Error{.kind = ErrorKind::held,
                      .where = defect.thing,
                      .what = "processes are in it",
                      .expected = "none",
                      .next = "see them: cat " + shell_word(defect.thing + "/cgroup.procs")});
}

Result<void> Treatment::sweep_refs(const Defect& defect) {
  const world::GitRepository repository = repository_of(defect.run);
  const auto seen = TRY(repository.sweep_refs(run_ref_kinds(), world::SweepMode::look));
  std::string list;
  for (const world::NamedRef& ref : seen.dropped) list += ref.id + " " + ref.name + "\n";
  TRY(world::write_file(TRY(backup_.place_for("refs." + defect.run)), list, world::Sync::file_and_dir));
  TRY(repository.sweep_refs(run_ref_kinds(), world::SweepMode::sweep));
  return {};
}

world::GitRepository Treatment::repository_of(const std::string& run) const {
  world::GitRepositoryOptions options;
  options.git = hub_.git;
  options.layout = hub_.layout;
  options.object_format = hub_.object_format;
  options.run = core::RunId(run);
  options.identity = {.name = "pianola", .email = "pianola@localhost"};
  return world::GitRepository(std::move(options));
}

// --- what is said ------------------------------------------------------------------------------------------

std::string line_of(const Treated& treated, bool is_diagnosis) {
  const Defect& defect = treated.defect;
  std::string end = defect.is_by_hand ? "by hand: " + defect.remedy : defect.remedy;
  if (is_diagnosis && !defect.is_by_hand) end = "repair: " + defect.remedy;
  if (!treated.failure.empty()) end = "not repaired: " + treated.failure;
  return fmt::format("{} {}{}: {}; {}\n", ailment_word(defect.ailment),
                     defect.run.empty() ? "" : display(defect.run).str() + " ", display(defect.thing).str(),
                     display(defect.detail).str(), display(end).str());
}

boost::json::object json_of(const Treated& treated) {
  const Defect& defect = treated.defect;
  const auto known = [](const std::string& raw) {
    return raw.empty() ? boost::json::value(nullptr) : boost::json::value(display(raw).str());
  };
  return {{"id", ailment_word(defect.ailment)},     {"run", known(defect.run)},
          {"thing", display(defect.thing).str()},   {"detail", display(defect.detail).str()},
          {"remedy", display(defect.remedy).str()}, {"by_hand", defect.is_by_hand},
          {"repaired", treated.is_mended},          {"failure", known(treated.failure)}};
}

int exit_of(const std::vector<Treated>& all) {
  int code = exit_done;
  for (const Treated& treated : all) {
    const Ailment ailment = treated.defect.ailment;
    if (ailment == Ailment::journal_damaged || ailment == Ailment::journal_gone) return exit_integrity;
    if (!treated.is_mended) code = exit_findings;
  }
  return code;
}

void print(const Program& program, const std::vector<Treated>& all, bool is_diagnosis,
           const std::string& backup) {
  if (program.format == Format::json) {
    boost::json::array findings;
    for (const Treated& treated : all) findings.push_back(json_of(treated));
    program.console.out(boost::json::serialize(boost::json::object{
                            {"findings", std::move(findings)},
                            {"backup", backup.empty() ? boost::json::value(nullptr)
                                                      : boost::json::value(display(backup).str())}}) +
                        "\n");
    return;
  }
  std::string text;
  for (const Treated& treated : all) text += line_of(treated, is_diagnosis);
  if (all.empty()) text = "nothing is wrong\n";
  if (!backup.empty()) text += "as it was: " + display(backup).str() + "\n";
  program.console.out(text);
}

}  // namespace

Result<int> run_command(const Program& program, const RepairOptions& options) {
  const world::Hub hub = TRY(find_hub(program));
  std::vector<Treated> all;
  for (Defect& defect : TRY(find_defects(program, hub)))
    all.push_back({.defect = std::move(defect), .failure = {}, .is_mended = false});
  Treatment treatment(hub);
  for (Treated& treated : all) {
    if (options.diagnose || treated.defect.is_by_hand) continue;
    const Result<void> mended = treatment.mend(treated.defect);
    treated.is_mended = mended.has_value();
    if (!mended) treated.failure = mended.error().text();
  }
  print(program, all, options.diagnose, treatment.backup().dir());
  return exit_of(all);
}

}  // namespace pianola::cli
