#include "world/setups.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/hash.h"
#include "plan/path_set.h"
#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_text.h"
#include "world/steps.h"
#include "world/tree_copy.h"

namespace pianola::world {
namespace {

constexpr Duration kept_for = Duration::from_s(14 * 24 * 3600);
constexpr Duration half_kept_for = Duration::from_s(24 * 3600);
constexpr size_t names_limit_bytes = size_t{64} << 20;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + '\0';
  return text;
}

std::string file_of(const std::string& folder) { return folder + beside_setup; }

// What the commit has itself, or has something in, stays the commit's; so does what lies beyond a file or a
// link of the commit's.
bool is_of_commit(const std::string& name, const std::vector<plan::TreeFile>& files) {
  const auto before = [](const plan::TreeFile& file, const std::string& path) { return file.path < path; };
  for (size_t end = name.find('/');; end = name.find('/', end + 1)) {
    const std::string path = name.substr(0, end);
    const auto same = std::lower_bound(files.begin(), files.end(), path, before);
    if (same != files.end() && same->path == path) return true;
    if (end == std::string::npos) break;
  }
  const auto inside = std::lower_bound(files.begin(), files.end(), name + "/", before);
  return inside != files.end() && inside->path.starts_with(name + "/");
}

// So that git, the agent's too, does not see what was put in.
Result<void> hide_from_git(const std::string& folder, const std::vector<std::string>& names) {
  if (!is_folder(folder + "/.git") || names.empty()) return {};
  const std::string path = folder + "/.git/info/exclude";
  std::string text = TRY(read_file_if_present(path, names_limit_bytes)).value_or("");
  if (!text.empty() && text.back() != '\n') text += '\n';
  for (const std::string& name : names) {
    if (name.find('\n') == std::string::npos) text += ignore_pattern(name) + "\n";
  }
  return write_file(path, text, Sync::none);
}

// A folder that its owner may not change can be moved by nobody but root.
Result<void> move_aside(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  if (errno == EACCES && ::chmod(from.c_str(), 0700) == 0 && ::rename(from.c_str(), to.c_str()) == 0)
    return {};
  return refuse(system_error(to, errno));
}

}  // namespace

Result<std::vector<std::string>> names_beside(const std::string& folder,
                                              const std::vector<plan::TreeFile>& files) {
  std::vector<std::string> found;
  std::vector<std::string> open{""};
  while (!open.empty()) {
    const std::string below = std::move(open.back());
    open.pop_back();
    for (const std::string& name : TRY(list_dir(folder + "/" + below))) {
      const std::string path = below.empty() ? name : below + "/" + name;
      if (name == ".git") continue;
      if (!is_of_commit(path, files)) {
        found.push_back(path);
      } else if (is_folder(folder + "/" + path)) {
        open.push_back(path);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::vector<std::string>> unused_setups(const Layout& layout, Instant now) {
  std::vector<std::string> unused;
  for (const std::string& name : TRY(list_dir(setups_dir(layout)))) {
    const std::string path = setups_dir(layout) + "/" + name;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return refuse(system_error(path, errno));
    const Duration rested{now.ns - Duration::from_s(status.st_mtime).ns};
    const bool is_half = name.ends_with(beside_making);
    if (rested > (is_half ? half_kept_for : kept_for)) unused.push_back(path);
  }
  return unused;
}

Result<void> remove_setup(const std::string& path) {
  const std::string going = path + (path.ends_with(beside_making) ? "" : beside_making);
  if (going != path && ::rename(path.c_str(), going.c_str()) != 0) return refuse(system_error(path, errno));
  return remove_tree(going);
}

Result<std::vector<std::string>> names_of_setup(const std::string& folder) {
  const auto text = TRY(read_file_if_present(file_of(folder), names_limit_bytes));
  return text ? pieces_of(*text, '\0') : std::vector<std::string>();
}

Setups::Setups(SetupOptions options) : options_(std::move(options)), git_(options_.git) {
  std::vector<std::string> of_all = options_.plan.setup;
  for (const plan::Task& task : options_.plan.tasks) {
    std::vector<std::string> commands = options_.plan.setup;
    commands.insert(commands.end(), task.setup.begin(), task.setup.end());
    for (const std::string& command : task.setup)
      if (std::find(of_all.begin(), of_all.end(), command) == of_all.end()) of_all.push_back(command);
    wishes_[task.id] = {std::move(commands), &task};
  }
  wishes_[plan::TaskId()] = {std::move(of_all), nullptr};
}

Result<void> Setups::furnish_workspace(const Room& room) {
  if (wishes_.at(room.task).commands.empty() || exists(file_of(room.folder))) return {};
  std::shared_ptr<StopSign> stop;
  {
    const std::lock_guard guard(mutex_);
    if (is_closed_) return refuse(stopped_error());
    stop = stop_;
  }
  const Failed failed = TRY(furnish(room, TRY(environment_of(room)), *stop));
  if (failed) return refuse(pause_of(*failed));
  return {};
}

Result<std::optional<core::CheckResult>> Setups::furnish_gate(const Room& room, const StopSign& stop) {
  if (wishes_.at(room.task).commands.empty()) return Failed();
  const Environment environment = TRY(environment_of(room));
  Failed failed = TRY(furnish(room, environment, stop));
  // What a person approved and a person's files ask for is nobody's change.
  if (failed && environment.is_approved) return refuse(pause_of(*failed));
  return failed;
}

Error Setups::pause_of(const core::CheckResult& failed) const {
  const std::string log = run_dir(options_.git.layout, options_.git.run) + "/" + failed.log_path;
  return {ErrorKind::paused, "", core::check_text(failed) + " (" + shown(log) + ")", "", ""};
}

void Setups::end_all() {
  const std::lock_guard guard(mutex_);
  stop_->raise();
  stop_ = std::make_shared<StopSign>();
}

void Setups::close() {
  const std::lock_guard guard(mutex_);
  stop_->raise();
  is_closed_ = true;
}

Result<std::string> Setups::digest_at(const Room& room, const std::string& commit) {
  const std::pair key{room.task, commit};
  {
    const std::lock_guard guard(mutex_);
    if (const auto known = digests_.find(key); known != digests_.end()) return known->second;
  }
  const auto path = options_.env.find("PATH");
  const std::string digest =
      plan::environment_digest(wishes_.at(room.task).commands, TRY(git_.files_at(commit)),
                               path == options_.env.end() ? "" : path->second);
  const std::lock_guard guard(mutex_);
  return digests_.emplace(key, digest).first->second;
}

Result<Setups::Environment> Setups::environment_of(const Room& room) {
  Environment environment;
  environment.files = TRY(git_.files_at(room.commit));
  // Where the commands run in the room itself, all of it must be a person's.
  const auto essence_of = [&](const std::string& commit) {
    return is_kept() ? digest_at(room, commit) : git_.tree_of(commit);
  };
  const std::string essence = TRY(essence_of(room.commit));
  for (const std::string& commit : {options_.base, TRY(git_.stands_at(options_.git.target))}) {
    if (commit.empty() || TRY(essence_of(commit)) != essence) continue;
    environment.key = essence;
    environment.commit = commit;
    environment.is_approved = true;
    environment.network = Seal::Network::open;
    return environment;
  }
  environment.commit = room.commit;
  // What landed was tested with the environment of the commit that first had these manifests.
  for (const std::string& commit : TRY(git_.staged_commits())) {
    if (TRY(essence_of(commit)) != essence) break;
    environment.commit = commit;
  }
  environment.key = sha256_hex(essence + TRY(git_.tree_of(environment.commit)));
  const plan::Task* task = wishes_.at(room.task).task;
  if (task != nullptr && task->network == "open") environment.network = Seal::Network::open;
  return environment;
}

bool Setups::is_kept() const { return options_.places == SetupOptions::Places::same; }

Result<Setups::Failed> Setups::furnish(const Room& room, const Environment& environment,
                                       const StopSign& stop) {
  if (is_kept()) return furnish_by_copy(room, environment, stop);
  const std::string name = "setup." + room.folder.substr(room.folder.rfind('/') + 1);
  TRY(clear_commands(gate_dir(options_.git.layout, options_.git.run, name)));
  Failed failed = TRY(run_all(room, name, environment.network, stop));
  if (failed) return failed;
  const std::vector<std::string> names = TRY(names_beside(room.folder, environment.files));
  TRY(conceal(room, names));
  return Failed();
}

Result<Setups::Failed> Setups::furnish_by_copy(const Room& room, const Environment& environment,
                                               const StopSign& stop) {
  Failed failed = TRY(make(room, environment, stop));
  if (failed) return failed;
  const std::string kept = folder_of(environment);
  std::vector<std::string> names = pieces_of(TRY(read_file(kept + "/names", names_limit_bytes)), '\0');
  names.erase(std::remove_if(names.begin(), names.end(),
                             [&](const std::string& name) { return is_of_commit(name, environment.files); }),
              names.end());
  for (const std::string& name : names) {
    if (stop.is_raised()) return refuse(stopped_error());
    const std::string to = room.folder + "/" + name;
    TRY(remove_tree(to));  // half of it may be there
    TRY(make_dirs(parent_folder(to)));
    TRY(copy_tree(kept + "/files/" + name, to));
    PIANOLA_STEP("setup.copied");
  }
  TRY(conceal(room, names));
  return Failed();
}

// What was put in is nobody's work, except where the task may work itself.
Result<void> Setups::conceal(const Room& room, std::vector<std::string> names) const {
  if (const plan::Task* task = wishes_.at(room.task).task; task != nullptr) {
    std::erase_if(names, [&](const std::string& name) {
      const auto meets = [&](const std::string& entry) {
        return plan::overlap(name, entry) || plan::overlap(name + "/", entry);
      };
      return std::any_of(task->files_write.begin(), task->files_write.end(), meets) ||
             std::any_of(task->files_append.begin(), task->files_append.end(), meets);
    });
  }
  TRY(hide_from_git(room.folder, names));
  return write_file(file_of(room.folder), joined(names), Sync::file);
}

// One at a time for each environment. Whoever waited for one that failed shares the failure.
Result<Setups::Failed> Setups::make(const Room& room, const Environment& environment, const StopSign& stop) {
  Making* making = nullptr;
  {
    std::unique_lock guard(mutex_);
    making = &making_[environment.key];
    const int failures = making->failures;
    changed_.wait(guard, [&] { return !making->is_at_work; });
    if (making->failures > failures) return making->last;
    making->is_at_work = true;
  }
  Result<Failed> made = make_alone(room, environment, stop);
  const std::lock_guard guard(mutex_);
  making->is_at_work = false;
  if (made && *made) {
    ++making->failures;
    making->last = *made;
  }
  changed_.notify_all();
  return made;
}

Result<Setups::Failed> Setups::make_alone(const Room& room, const Environment& environment,
                                          const StopSign& stop) {
  const std::string kept = folder_of(environment);
  if (exists(kept)) {
    touch(kept);
    return Failed();
  }
  // Two runs may be at it; the first to be ready is kept.
  const std::string making = kept + "." + options_.git.run.str() + beside_making;
  const std::string name = gate_of(environment);
  // A supervisor that was killed may have left commands running in the checkout.
  TRY(clear_commands(gate_dir(options_.git.layout, options_.git.run, name)));
  TRY(remove_tree(making));
  TRY(make_dirs(making + "/files"));
  const std::string checkout = TRY(git_.make_gate_workspace(environment.commit, name));
  PIANOLA_STEP("setup.checked_out");
  auto made = make_in(making, {room.task, environment.commit, checkout}, environment, stop);
  TRY(git_.remove_gate_workspace(name));
  // Whoever finds it takes it for whole, also after a power cut.
  if (made && !*made) TRY(sync_file_system(making));
  if (made && !*made && ::rename(making.c_str(), kept.c_str()) != 0 && !exists(kept)) {
    return refuse(system_error(kept, errno));
  }
  PIANOLA_STEP("setup.kept");
  TRY(remove_tree(making));
  return made;
}

// Runs the commands in the room and moves what they made into `making`.
Result<Setups::Failed> Setups::make_in(const std::string& making, const Room& room,
                                       const Environment& environment, const StopSign& stop) {
  Failed failed = TRY(run_all(room, gate_of(environment), environment.network, stop));
  PIANOLA_STEP("setup.made");
  if (failed) return failed;
  const std::vector<std::string> names = TRY(names_beside(room.folder, TRY(git_.files_at(room.commit))));
  for (const std::string& each : names) {
    const std::string to = making + "/files/" + each;
    TRY(make_dirs(parent_folder(to)));
    TRY(move_aside(room.folder + "/" + each, to));
  }
  TRY(write_file(making + "/names", joined(names), Sync::none));
  return Failed();
}

Result<Setups::Failed> Setups::run_all(const Room& room, const std::string& name, Seal::Network network,
                                       const StopSign& stop) {
  const std::string dir = gate_dir(options_.git.layout, options_.git.run, name);
  const std::vector<std::string>& commands = wishes_.at(room.task).commands;
  for (size_t i = 0; i < commands.size(); ++i) {
    if (stop.is_raised()) return refuse(stopped_error());
    const std::string below = fmt::format("/{}", i + 1);
    KeptCommand command{.text = "set-up: " + commands[i],
                        .dir = dir + below,
                        .log_path = "gates/" + name + below + "/out",
                        .timeout_ms = options_.timeout_ms};
    command.make_spec = [&]() -> Result<KeptSpec> {
      KeptSpec spec = command_spec({"/bin/sh", "-c", commands[i]}, room.folder);
      spec.env = options_.env;
      spec.together = options_.limits;
      return options_.enclose ? options_.enclose(std::move(spec), room.folder, network) : spec;
    };
    core::CheckResult result = TRY(run_kept_command(command, options_.keeper, stop));
    if (!result.passed) return Failed(std::move(result));
  }
  return Failed();
}

std::string Setups::gate_of(const Environment& environment) const {
  return "setup." + environment.key.substr(0, 16);
}

std::string Setups::folder_of(const Environment& environment) const {
  return setups_dir(options_.git.layout) + "/" + environment.key;
}

}  // namespace pianola::world
