#include "world/keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "world/clock.h"
#include "world/disk_watch.h"
#include "world/door.h"
#include "world/enter.h"
#include "world/keeper_agent.h"
#include "world/keeper_door.h"
#include "world/kept_output.h"
#include "world/kept_records.h"
#include "world/process_table.h"
#include "world/steps.h"
#include "world/strays.h"

namespace pianola::world {

namespace {

constexpr int64_t kScanEveryMs = 20;       // while something is to be ended
constexpr int64_t kTellEveryMs = 200;      // while an agent that was told to end still runs
constexpr size_t kMostCommand = 16 << 10;  // bytes of a command line that are compared
constexpr int64_t kSweepLimitMs = 10'000;  // after KILL; what is left then cannot be killed
constexpr int64_t kFarewellMs = 2'000;     // for clients that still lack output
constexpr int64_t kRecordAgainMs = 1'000;  // after a disk refused the exit record
constexpr int kMostRecordTries = 3'600;    // before it is given up
constexpr int kMostPlainTries = 10;        // the same for a check, which is run again instead
constexpr size_t kMostSpec = 16 << 20;
constexpr int kReadsPerTurn = 16;

int64_t now_ms() { return since_boot().ms(); }

class Keeper {
 public:
  Keeper(std::string dir, KeptSpec spec, Fd client)
      : dir_(std::move(dir)),
        spec_(std::move(spec)),
        out_(dir_ + "/out", spec_.cap_bytes),
        err_(dir_ + "/err", spec_.cap_bytes),
        disk_(spec_.disk_folders, spec_.together.disk_bytes) {
    door_.admit_first(std::move(client));
    record_.started_ns = wall_now().ns;
  }

  int run() {
    if (!spec_.socket.empty()) {
      // Without a socket it can still be waited for by its lock, so the attempt goes on.
      if (const auto listening = door_.listen(spec_.socket); !listening) complain(listening.error());
    }
    if (const auto started = start(); started) {
      attend();
    } else {
      // What a full or failing machine refused to us is no word of the program's, as "not found" is.
      const bool is_ours = started.error().kind == ErrorKind::paused;
      record_.exit = {is_ours ? core::ExitKind::lost : core::ExitKind::not_started, 0, true,
                      started.error().text()};
    }
    return conclude() ? 0 : 1;
  }

 private:
  enum class Phase { running, draining, sweeping, over };

  static void complain(const Error& error) { fmt::print(stderr, "keeper: {}\n", error.text()); }

  Result<void> start() {
    const auto self = identify(::getpid());
    limit();
    TRY(write_file(dir_ + "/keeper.json",
                   to_json(KeeperRecord{kKeepProtocol, self.value_or(ProcessId{::getpid(), 0}),
                                        this_machine(), group_.folders()}),
                   Sync::none));
    PIANOLA_STEP("keeper.taken_over");
    agent_ = TRY(hold_agent(spec_));
    if (!group_.admit(agent_.process.pid))
      complain({ErrorKind::failed, "limits", "the agent could not be put into its cgroup", "", ""});
    PIANOLA_STEP("keeper.agent_held");
    if (const auto released = record_and_release(); !released) {
      // Closing the leash ends a process that was not let go.
      agent_.leash.reset();
      ::waitid(P_PIDFD, static_cast<id_t>(agent_.process.pidfd.get()), nullptr, WEXITED);
      return released;
    }
    PIANOLA_STEP("keeper.agent_released");
    record_.pid = agent_.process.pid;
    return {};
  }

  void limit() {
    if (spec_.together == Limits()) return;
    group_ = Cgroup::make("pianola." + spec_.keep, spec_.together);
    if (spec_.together.memory_bytes > 0 && !group_.limits_memory())
      spec_.limits.emplace("data", spec_.together.memory_bytes);
  }

  Result<void> record_and_release() {
    const AgentRecord record{agent_.id, cgroup_of(agent_.process.pid)};
    TRY(write_file(dir_ + "/agent.json", to_json(record), Sync::none));
    if (spec_.records == KeptSpec::Records::durable) TRY(mark_begun(dir_));
    PIANOLA_STEP("keeper.agent_recorded");
    return release_agent(agent_, spec_);
  }

  // Turns until the agent and everything it started is over.
  void attend() {
    sigset_t child_signals;
    ::sigemptyset(&child_signals);
    ::sigaddset(&child_signals, SIGCHLD);
    const Fd signals(::signalfd(-1, &child_signals, SFD_CLOEXEC | SFD_NONBLOCK));
    while (phase_ != Phase::over) {
      std::vector<pollfd> fds{
          {signals.get(), POLLIN, 0}, {agent_.out.get(), POLLIN, 0}, {agent_.err.get(), POLLIN, 0}};
      const Served served = what_is_served();
      door_.add_to(fds, served);
      ::poll(fds.data(), fds.size(), wait_ms());
      signalfd_siginfo ignored{};
      while (::read(signals.get(), &ignored, sizeof ignored) > 0) next_scan_ms_ = 0;
      reap();
      drain(agent_.out, out_);
      drain(agent_.err, err_);
      door_.serve(what_is_served(), [this](int64_t grace_ms) { order_end(grace_ms); });
      if (disk_.look(now_ms()) && kill_at_ms_ < 0) order_end(0);
      if (spec_.alone == KeptSpec::Alone::ends && door_.first_has_left() && kill_at_ms_ < 0) order_end(0);
      advance();
    }
  }

  Served what_is_served() const {
    return {dir_ + "/out", dir_ + "/err", out_.totals().bytes, err_.totals().bytes, agent_.process.pid};
  }

  // -1 while nothing but events can change anything.
  int wait_ms() const {
    int64_t until = phase_ == Phase::running ? disk_.next_look_ms() : -1;
    if (phase_ == Phase::draining) until = drained_at_ms_;
    if (phase_ == Phase::sweeping) until = next_scan_ms_;
    if (phase_ == Phase::running && kill_at_ms_ >= 0) until = next_scan_ms_;
    if (until < 0) return -1;
    return static_cast<int>(std::clamp<int64_t>(until - now_ms(), 0, 3'600'000));
  }

  // As subreaper the keeper inherits every orphan of the tree; each is reaped here and nowhere else.
  void reap() {
    while (true) {
      siginfo_t status{};
      if (::waitid(P_ALL, 0, &status, WEXITED | WNOHANG) != 0 || status.si_pid == 0) return;
      if (status.si_pid != agent_.process.pid) continue;
      const bool by_code = status.si_code == CLD_EXITED;
      record_.exit.kind = by_code ? core::ExitKind::code : core::ExitKind::signal;
      record_.exit.value = status.si_status;
      record_.ended_ns = wall_now().ns;
      agent_is_over_ = true;
      PIANOLA_STEP("keeper.agent_over");
    }
  }

  void drain(Fd& pipe, KeptOutput& output) {
    for (int reads = 0; pipe && reads < kReadsPerTurn; ++reads) {
      const ssize_t got = ::read(pipe.get(), chunk_.data(), chunk_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) {
        pipe.reset();
        return;
      }
      output.append({chunk_.data(), static_cast<size_t>(got)});
    }
  }

  std::vector<ProcessId> left() const { return members({::getpid(), {}, spec_.keep}); }

  static void signal_all(const std::vector<ProcessId>& processes, int signal) {
    for (const ProcessId& process : processes) {
      signal_process(process, signal);
      // A stopped process hears TERM only when it goes on.
      if (signal == SIGTERM) signal_process(process, SIGCONT);
    }
  }

  // What stands around the others, and ends when they have.
  bool is_wall(pid_t process, pid_t parent) const {
    if (spec_.enclosure == KeptSpec::Enclosure::bare) return false;
    const bool is_door = process == agent_.process.pid;
    return is_door || (spec_.enclosure == KeptSpec::Enclosure::behind_door && parent == agent_.process.pid);
  }

  // TERM to all of `rest` at first; later only to what has become our child since, or was when it heard TERM
  // a shell about to become another program, which forgets that: whoever started these cannot tell them any
  // more. Others that are new are what somebody starts to clean up.
  void tell(const std::vector<ProcessId>& rest) {
    const bool is_first = told_.empty();
    std::vector<ProcessId> now_told;
    for (const ProcessId& process : rest) {
      const auto line = read_stat(process.pid);
      if (is_wall(process.pid, line ? line->parent : 0)) continue;
      const bool is_orphan = line && line->parent == ::getpid() && process.pid != agent_.process.pid;
      if (!is_first && !is_orphan) continue;
      const Told telling{process, read_proc(fmt::format("/proc/{}/cmdline", process.pid), kMostCommand)};
      if (std::find(told_.begin(), told_.end(), telling) != told_.end()) continue;
      told_.push_back(telling);
      now_told.push_back(process);
    }
    signal_all(now_told, SIGTERM);
  }

  // TERM now and KILL after the grace; a later order can only shorten it.
  void order_end(int64_t grace_ms) {
    const int64_t at = now_ms() + grace_ms;
    const bool is_first = kill_at_ms_ < 0;
    kill_at_ms_ = is_first ? at : std::min(kill_at_ms_, at);
    next_scan_ms_ = 0;
    if (is_first && grace_ms > 0) tell(left());
    PIANOLA_STEP("keeper.end_ordered");
  }

  void advance() {
    const int64_t now = now_ms();
    const bool is_silent = !agent_.out && !agent_.err;
    if (phase_ == Phase::running && agent_is_over_) {
      phase_ = Phase::draining;
      drained_at_ms_ = now + spec_.drain_grace_ms;
    }
    if (phase_ == Phase::draining && (is_silent || now >= drained_at_ms_ || kill_at_ms_ >= 0)) {
      phase_ = Phase::sweeping;
      next_scan_ms_ = 0;
    }
    if (now < next_scan_ms_) return;
    if (phase_ == Phase::running && kill_at_ms_ >= 0) {
      const bool is_time = now >= kill_at_ms_;
      if (is_time) signal_all(left(), SIGKILL);
      if (!is_time) tell(left());
      next_scan_ms_ = is_time ? now + kScanEveryMs : std::min(now + kTellEveryMs, kill_at_ms_);
    }
    if (phase_ == Phase::sweeping) sweep(now);
  }

  // Ends what the agent left behind.
  void sweep(int64_t now) {
    next_scan_ms_ = now + kScanEveryMs;
    const std::vector<ProcessId> rest = left();
    record_.exit.tree_empty = rest.empty();
    if (rest.empty()) {
      phase_ = Phase::over;
      return;
    }
    // An order to end has set the time already.
    if (kill_at_ms_ < 0) kill_at_ms_ = now + spec_.sweep_grace_ms;
    if (now >= kill_at_ms_) {
      signal_all(rest, SIGKILL);
    } else {
      tell(rest);
    }
    if (now >= kill_at_ms_ + kSweepLimitMs) {
      record_.exit.detail = fmt::format("{} processes could not be ended", rest.size());
      phase_ = Phase::over;
    }
  }

  // The exit record, and then the last bytes for those who listen.
  bool conclude() {
    PIANOLA_STEP("keeper.tree_ended");
    drain(agent_.out, out_);
    drain(agent_.err, err_);
    record_.out = out_.totals();
    record_.err = err_.totals();
    if (std::string endpoint = read_policy(dir_); !endpoint.empty()) {
      record_.exit.kind = core::ExitKind::policy;
      record_.exit.detail = std::move(endpoint);
    }
    if (record_.ended_ns == 0) record_.ended_ns = wall_now().ns;
    if (record_.exit.detail.empty()) record_.exit.detail = what_was_too_much();
    if (!write_exit()) return false;
    PIANOLA_STEP("keeper.exit_recorded");
    serve_for(kFarewellMs, [this] { return door_.is_caught_up(what_is_served()); });
    door_.say(FrameKind::exited, to_json(record_));
    return true;
  }

  // Those at the door, when nothing is left to be ended.
  template <class IsEnough>
  void serve_for(int64_t span_ms, IsEnough is_enough) {
    const int64_t until = now_ms() + span_ms;
    const Served served = what_is_served();
    while (!is_enough() && now_ms() < until) {
      std::vector<pollfd> fds;
      door_.add_to(fds, served);
      ::poll(fds.data(), fds.size(), static_cast<int>(std::max<int64_t>(until - now_ms(), 0)));
      door_.serve(served, [](int64_t) {});
    }
  }

  // Which limit was passed, in words; "" for none.
  std::string what_was_too_much() const {
    if (disk_.is_passed()) return disk_.text();
    const int64_t killed = group_.killed_for_memory();
    if (killed == 0) return "";
    const std::string who = killed == 1 ? "a process was" : fmt::format("{} processes were", killed);
    return fmt::format("{} ended for want of memory, of which there may be {} MiB", who,
                       spec_.together.memory_bytes >> 20);
  }

  // A full disk is waited for: the exit is known nowhere else. While somebody listens, it is theirs to make
  // it durable; a power cut before they do costs the attempt, whose files nobody synced either.
  bool write_exit() {
    const bool is_plain = spec_.records == KeptSpec::Records::plain;
    for (int tries = 0; tries < (is_plain ? kMostPlainTries : kMostRecordTries); ++tries) {
      const Sync sync = is_plain || door_.is_heard() ? Sync::none : Sync::file_and_dir;
      const auto written = write_file(dir_ + "/exit.json", to_json(record_), sync);
      if (written) return true;
      Error refusal = written.error();
      refusal.where = dir_ + "/exit.json";
      if (tries == 0) complain(refusal);
      if (refusal.kind != ErrorKind::paused) return false;
      door_.say(FrameKind::blocked, refusal.text());
      serve_for(kRecordAgainMs, [] { return false; });
    }
    return false;
  }

  std::string dir_;
  KeptSpec spec_;
  KeptOutput out_;
  KeptOutput err_;
  KeeperDoor door_;
  DiskWatch disk_;
  HeldAgent agent_;
  Cgroup group_;  // of the agent and all it starts
  std::vector<char> chunk_ = std::vector<char>(256 << 10);
  ExitRecord record_;
  Phase phase_ = Phase::running;
  bool agent_is_over_ = false;
  struct Told {
    ProcessId process;
    std::string command;
    friend bool operator==(const Told&, const Told&) = default;
  };
  std::vector<Told> told_;   // to end, by TERM
  int64_t kill_at_ms_ = -1;  // -1: nobody ordered an end
  int64_t drained_at_ms_ = -1;
  int64_t next_scan_ms_ = 0;
};

// The lock must be this folder's and ours, and the attempt not begun by anyone.
Result<void> check_in_time(const std::string& dir) {
  const Error late{ErrorKind::held, dir, "is closed or has a keeper", "an attempt that was not begun", ""};
  struct stat held {};
  struct stat named {};
  if (::fstat(kKeeperLock, &held) != 0 || ::stat((dir + "/attempt.lock").c_str(), &named) != 0 ||
      held.st_ino != named.st_ino || held.st_dev != named.st_dev) {
    return refuse(late);
  }
  // Taking a lock that this open file already has changes nothing; one that others have is refused.
  if (::flock(kKeeperLock, LOCK_EX | LOCK_NB) != 0) return refuse(late);
  if (exists(dir + "/exit.json") || has_begun(dir)) return refuse(late);
  return {};
}

Result<KeptSpec> receive_spec() {
  const Fd memory(kKeeperSpec);
  std::string text;
  std::array<char, 65536> chunk;
  ssize_t got = 0;
  while (text.size() < kMostSpec && (got = ::read(memory.get(), chunk.data(), chunk.size())) > 0) {
    text.append(chunk.data(), static_cast<size_t>(got));
  }
  KeptSpec spec = TRY(parse_spec(text, "the keeper's orders"));
  if (spec.protocol != kKeepProtocol) {
    return refuse({ErrorKind::integrity, "the keeper's orders",
                   fmt::format("are of protocol {}", spec.protocol), fmt::format("{}", kKeepProtocol),
                   "pianola was replaced while it ran: stop it, then pianola resume"});
  }
  return spec;
}

void settle_in() {
  for (const int fd : {kKeeperLock, kKeeperSpec, kKeeperClient}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2}) {
    ::signal(signal, SIG_IGN);
  }
  sigset_t child_signals;
  ::sigemptyset(&child_signals);
  ::sigaddset(&child_signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_signals, nullptr);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

}  // namespace

int keeper_main(const std::string& dir) {
  settle_in();
  PIANOLA_STEP("keeper.born");
  if (const auto in_time = check_in_time(dir); !in_time) {
    fmt::print(stderr, "keeper: {}\n", in_time.error().text());
    return 2;
  }
  auto spec = receive_spec();
  if (!spec) {
    fmt::print(stderr, "keeper: {}\n", spec.error().text());
    return 1;
  }
  return Keeper(dir, std::move(*spec), Fd(kKeeperClient)).run();
}

std::optional<int> run_hidden_command(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return std::nullopt;
  if (arguments[0] == "__keep" && arguments.size() == 2) return keeper_main(arguments[1]);
  if (arguments[0] == "__exec") return exec_main({arguments.begin() + 1, arguments.end()});
  if (arguments[0] == "__door") return door_main({arguments.begin() + 1, arguments.end()});
  if (arguments[0] == "__enter") return enter_main({arguments.begin() + 1, arguments.end()});
  return std::nullopt;
}

}  // namespace pianola::world
