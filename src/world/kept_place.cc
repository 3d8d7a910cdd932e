#include "world/kept_place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "base/hash.h"
#include "world/clock.h"
#include "world/keeper.h"
#include "world/keeper_door.h"
#include "world/layout.h"
#include "world/steps.h"
#include "world/strays.h"

namespace pianola::world {

namespace {

// A supervisor killed between fork and exec leaves its lock with a process that is about to be gone.
constexpr int64_t kLockWaitMs = 2'000;
constexpr int64_t kStaleWaitMs = 10'000;
constexpr int64_t kRetryMs = 5;
constexpr int kReapWaitMs = 5'000;
constexpr size_t kMostOrders = 16 << 20;

void pause_ms(int64_t ms) {
  const timespec time{static_cast<time_t>(ms / 1'000), static_cast<long>(ms % 1'000 * 1'000'000)};
  ::nanosleep(&time, nullptr);
}

std::string parent_of(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

enum class Create { yes, no };

Result<Fd> open_lock(const KeptPlace& place, Create create) {
  const std::string path = place.dir + "/attempt.lock";
  const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  if (create == Create::yes) {
    Fd made(::open(path.c_str(), flags | O_CREAT | O_EXCL, 0600));
    if (made) return made;
    if (errno != EEXIST) return refuse(system_error(path, errno));
  }
  Fd opened(::open(path.c_str(), flags));
  if (!opened) return refuse(system_error(path, errno));
  return opened;
}

bool try_lock(const Fd& lock) { return ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0; }

// The record of exit, when there is one that can be read: a folder without durable records may hold
// anything after a power cut, and then nothing is known of its end.
Result<std::optional<ExitRecord>> readable_exit(const std::string& dir) {
  auto exit = read_exit(dir);
  if (!exit && exit.error().kind == ErrorKind::integrity) return std::optional<ExitRecord>();
  return exit;
}

Result<ExitRecord> close_folder(const KeptPlace& place, core::ExitStatus status, int64_t pid) {
  ExitRecord record;
  record.exit = std::move(status);
  record.pid = pid;
  record.ended_ns = wall_now().ns;
  TRY(write_file(place.dir + "/exit.json", to_json(record), Sync::file_and_dir));
  PIANOLA_STEP("recover.closed");
  return record;
}

// What is known of the processes of a folder whose lock we hold, or whose keeper cannot be spoken to.
struct Traces {
  std::optional<ProcessId> keeper;  // only when the numbers mean something on this machine
  std::vector<ProcessId> agent;     // one, or none
  int64_t agent_pid = 0;
  enum class Since { same_boot, other_boot, other_namespace, unknown } since = Since::unknown;
  std::optional<StraySigns> signs;  // only where the numbers mean something
  std::vector<std::string> group_folders;
};

// Where the attempt of `place` works: its folder, its workspace, and the home beside that.
std::vector<std::string> folders_of(const KeptPlace& place) {
  std::vector<std::string> folders{place.dir};
  const auto text = read_file_if_present(place.dir + "/spec.json", kMostOrders);
  if (!text || !*text) return folders;
  const auto spec = parse_spec(**text, place.dir + "/spec.json");
  // A folder around the run's own records is no workspace, and others work there too.
  if (!spec || spec->cwd.empty() || (place.dir + "/").starts_with(spec->cwd + "/")) return folders;
  if (spec->cwd == "/") return folders;
  folders.push_back(spec->cwd);
  folders.push_back(spec->cwd + beside_home);
  return folders;
}

// The folders of its cgroup that are there, where the numbers of its keeper mean something.
std::vector<std::string> group_of(const std::string& dir) {
  const auto keeper = read_keeper(dir);
  if (!keeper || !*keeper || (*keeper)->machine != this_machine()) return {};
  std::vector<std::string> folders = (*keeper)->group_folders;
  std::erase_if(folders, [](const std::string& folder) { return !exists(folder); });
  return folders;
}

Traces read_traces(const KeptPlace& place) {
  const std::string& dir = place.dir;
  Traces traces;
  const auto keeper = read_keeper(dir);
  const auto agent = read_agent(dir);
  if (agent && *agent) traces.agent_pid = (*agent)->agent.pid;
  if (!keeper || !*keeper) return traces;
  const Machine here = this_machine();
  if ((*keeper)->machine.boot_id != here.boot_id) {
    traces.since = Traces::Since::other_boot;
  } else if ((*keeper)->machine != here) {
    traces.since = Traces::Since::other_namespace;
  } else {
    traces.since = Traces::Since::same_boot;
    traces.keeper = (*keeper)->keeper;
    if (agent && *agent) traces.agent = {(*agent)->agent};
    const ProcessId first = traces.agent.empty() ? *traces.keeper : traces.agent.front();
    const pid_t session = traces.agent.empty() ? 0 : first.pid;
    traces.signs =
        StraySigns{folders_of(place), first.start_ticks, session, agent && *agent ? (*agent)->cgroup : ""};
    traces.group_folders = (*keeper)->group_folders;
  }
  return traces;
}

// The keeper is gone and left no record. We hold the lock.
Result<ExitRecord> conclude_lost(const KeptPlace& place) {
  const Traces traces = read_traces(place);
  // Never an empty tree: what dropped the mark may live on, and nobody was its parent when it did.
  core::ExitStatus status{core::ExitKind::lost, 0, false, "the keeper ended without a record"};
  if (traces.since == Traces::Since::other_boot) {
    status.detail = "the machine was restarted";
  } else {
    int ended = 0;
    const bool is_all = kill_tree({0, traces.agent, keep_id(place), traces.signs}, &ended);
    if (ended > 0) status.detail += fmt::format("; {} processes of it were ended", ended);
    if (!is_all) status.detail += "; some could not be";
  }
  remove_cgroup(traces.group_folders);
  PIANOLA_STEP("recover.tree_ended");
  return close_folder(place, std::move(status), traces.agent_pid);
}

Result<Fd> memory_file(const std::string& text) {
  Fd file(::memfd_create("spec", MFD_CLOEXEC));
  if (!file) return refuse(system_error("memory file", errno));
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return refuse(system_error("memory file", errno));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// We hold `lock`, and the keeper inherits it: it is never free while anything of the attempt can run.
Result<Connected> start_keeper(const KeptPlace& place, const KeeperProgram& program, KeptSpec spec,
                               const Fd& lock) {
  spec.keep = keep_id(place);
  spec.socket = place.socket;
  const auto outer = program.env.find(std::string(kKeepVariable));
  spec.env[std::string(kKeepVariable)] =
      outer == program.env.end() ? spec.keep : outer->second + ":" + spec.keep;
  if (!place.socket.empty()) TRY(make_dirs(parent_of(place.socket)));
  TRY(write_file(place.dir + "/spec.json", to_json(spec, Secrets::hidden), Sync::none));
  PIANOLA_STEP("spawn.spec_written");

  const Fd orders = TRY(memory_file(to_json(spec, Secrets::shown)));
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return refuse(system_error("socket pair", errno));
  }
  Connected connected;
  connected.socket.reset(ends[0]);
  const Fd far_end(ends[1]);
  const Fd complaints(
      ::open((place.dir + "/keeper.err").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  SpawnOptions how;
  how.argv = {program.executable, "__keep", place.dir};
  how.env = program.env;
  how.stderr_fd = complaints.get();
  how.pass_fds = {{kKeeperLock, lock.get()}, {kKeeperSpec, orders.get()}, {kKeeperClient, far_end.get()}};
  how.group = SpawnOptions::Group::own_session;
  connected.keeper = TRY(spawn(how));
  PIANOLA_STEP("spawn.keeper_started");
  return connected;
}

using Start = std::function<Result<Found>(const Fd& lock)>;

// What the folder says of an attempt whose lock nobody else holds.
Result<Standing> read_standing(const KeptPlace& place) {
  if (const auto exit = TRY(readable_exit(place.dir))) return Standing(*exit);
  if (!has_begun(place.dir)) return Standing(NeverBegan{});
  return Standing(EndedUnseen{read_traces(place).since == Traces::Since::other_boot});
}

// We hold the lock: the folder says what is to be done.
Result<Found> settle(const KeptPlace& place, const Fd& lock, const Start& start) {
  PIANOLA_STEP("spawn.lock_taken");
  const Standing standing = TRY(read_standing(place));
  if (const auto* exit = std::get_if<ExitRecord>(&standing)) {
    // A keeper that was killed behind its last word did not come to this.
    remove_cgroup(group_of(place.dir));
    return Found(*exit);
  }
  if (std::holds_alternative<EndedUnseen>(standing)) return Found(TRY(conclude_lost(place)));
  return start(lock);
}

Result<Found> find(const KeptPlace& place, const Start& start) {
  TRY(make_dirs(place.dir));
  const Fd lock = TRY(open_lock(place, Create::yes));
  PIANOLA_STEP("spawn.lock_made");
  const int64_t deadline_ms = since_boot().ms() + kLockWaitMs;
  while (true) {
    if (try_lock(lock)) return settle(place, lock, start);
    if (!place.socket.empty()) {
      if (auto socket = connect_to_keeper(place.socket)) {
        PIANOLA_STEP("adopt.connected");
        return Found(Connected{std::move(*socket), {}});
      }
    }
    if (since_boot().ms() >= deadline_ms) return Found(Unreachable{});
    pause_ms(kRetryMs);
  }
}

}  // namespace

std::string keep_id(const KeptPlace& place) { return sha256_hex(place.dir).substr(0, 32); }

std::map<std::string, std::string> keeper_environment() {
  std::map<std::string, std::string> env;
  const auto pass = [&env](const char* name, const std::string& as) {
    if (const char* value = ::getenv(name)) env[as] = value;
  };
  pass(kKeepVariable.data(), std::string(kKeepVariable));
  pass("PIANOLA_KILL_AT_KEEPER", "PIANOLA_KILL_AT");
  pass("PIANOLA_KILL_ONCE", "PIANOLA_KILL_ONCE");
  pass("PIANOLA_STEP_LOG", "PIANOLA_STEP_LOG");
  return env;
}

Result<Found> start_or_find(const KeptPlace& place, const KeeperProgram& program,
                            const std::function<Result<KeptSpec>()>& make_spec) {
  return find(place, [&](const Fd& lock) -> Result<Found> {
    auto spec = make_spec();
    auto started =
        spec ? start_keeper(place, program, std::move(*spec), lock) : Result<Connected>(refuse(spec.error()));
    if (started) return Found(std::move(*started));
    const Error& error = started.error();
    // What a full or failing machine refused to us is no word about what was to be started.
    if (error.kind == ErrorKind::paused) return refuse(error);
    return Found(TRY(close_folder(place, {core::ExitKind::not_started, 0, true, error.text()}, 0)));
  });
}

Result<Found> find_or_close(const KeptPlace& place, const std::string& why) {
  return find(place, [&](const Fd&) -> Result<Found> {
    return Found(TRY(close_folder(place, {core::ExitKind::not_started, 0, true, why}, 0)));
  });
}

Result<Standing> standing_of(const KeptPlace& place) {
  const std::string path = place.dir + "/attempt.lock";
  const Fd lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!lock && errno != ENOENT) return refuse(system_error(path, errno));
  // Shared and given back at once, so that a supervisor that comes meanwhile only has to look again.
  const bool is_held = lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0;
  if (is_held) return Standing(KeeperLives{});
  if (lock) ::flock(lock.get(), LOCK_UN);
  return read_standing(place);
}

Result<std::vector<std::string>> group_left(const KeptPlace& place) {
  const Standing standing = TRY(standing_of(place));
  return std::holds_alternative<ExitRecord>(standing) ? group_of(place.dir) : std::vector<std::string>();
}

void tell_to_end(const KeptPlace& place) {
  for (const ProcessId& process : members({0, read_traces(place).agent, keep_id(place)})) {
    signal_process(process, SIGTERM);
    signal_process(process, SIGCONT);
  }
}

void end_unreachable(const KeptPlace& place, int64_t grace_ms) {
  const TreeOf tree{0, read_traces(place).agent, keep_id(place)};
  const int64_t kill_at_ms = since_boot().ms() + grace_ms;
  if (grace_ms > 0) tell_to_end(place);
  while (since_boot().ms() < kill_at_ms && !members(tree).empty()) pause_ms(20);
  kill_tree(tree);
}

void end_unresponsive(const KeptPlace& place) {
  const Traces traces = read_traces(place);
  if (traces.agent.empty() || !is_alive(traces.agent.front()) || exists(place.dir + "/exit.json")) return;
  if (traces.keeper) signal_process(*traces.keeper, SIGKILL);
}

Result<void> end_stale(const KeptPlace& place) {
  if (!exists(place.dir + "/attempt.lock")) return {};
  const Fd lock = TRY(open_lock(place, Create::no));
  const int64_t deadline_ms = since_boot().ms() + kStaleWaitMs;
  while (!try_lock(lock)) {
    if (const auto keeper = read_traces(place).keeper) signal_process(*keeper, SIGKILL);
    if (since_boot().ms() >= deadline_ms) {
      return refuse({ErrorKind::held, place.dir, "is held by a process of an earlier run", "", ""});
    }
    pause_ms(kRetryMs);
  }
  if (has_begun(place.dir)) {
    const Traces traces = read_traces(place);
    kill_tree({0, traces.agent, keep_id(place), traces.signs});
    remove_cgroup(traces.group_folders);
  }
  return {};
}

void reap_keeper(Spawned& keeper) {
  if (!keeper.pidfd) return;
  pollfd over{keeper.pidfd.get(), POLLIN, 0};
  if (::poll(&over, 1, kReapWaitMs) == 1) {
    ::waitid(P_PIDFD, static_cast<id_t>(keeper.pidfd.get()), nullptr, WEXITED);
  }
  keeper.pidfd.reset();
}

}  // namespace pianola::world
