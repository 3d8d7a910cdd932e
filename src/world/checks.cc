#include "world/checks.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "world/clock.h"
#include "world/files.h"
#include "world/kept_output.h"
#include "world/steps.h"

namespace pianola::world {

namespace asio = boost::asio;

namespace {

constexpr size_t kThreads = 2;  // gates at once; more wait
constexpr int64_t kEndGraceMs = 1'000;
constexpr size_t kTailBytes = 4'000;
constexpr int kNotStarted = 127;  // what shells say

std::vector<std::string> argv_of(const plan::CommandLine& command) {
  if (const auto* argv = std::get_if<plan::ArgvCommand>(&command)) return argv->argv;
  return {"/bin/sh", "-c", std::get<plan::ShellCommand>(command).text};
}

// One gate, on a pool thread. Everything it needs is its own.
class Gate {
 public:
  struct Place {
    std::string name;
    std::string dir;         // of the gate's records and logs
    std::string log_prefix;  // the same, relative to the run's folder
  };
  Gate(engine::CheckRun run, Place place, KeeperProgram keeper, const CheckOptions& options, int stop_fd)
      : run_(std::move(run)),
        place_(std::move(place)),
        keeper_(std::move(keeper)),
        options_(options),
        stop_fd_(stop_fd) {}

  Result<std::vector<core::CheckResult>> perform() {
    if (is_stopped()) return refuse(stopped());
    TRY(clear_stale());
    const std::string workspace = TRY(options_.make_workspace(run_.commit, place_.name));
    PIANOLA_STEP("gate.workspace_made");
    std::vector<core::CheckResult> results;
    Result<void> all = {};
    for (size_t number = 1; all && number <= run_.checks.size(); ++number) {
      auto result = run_one(number, workspace);
      if (result) {
        results.push_back(std::move(*result));
      } else {
        all = refuse(std::move(result).error());
      }
      PIANOLA_STEP("gate.check_run");
    }
    // A workspace that cannot be removed now is replaced by the next one of its name.
    static_cast<void>(options_.remove_workspace(place_.name));
    if (!all) return refuse(std::move(all).error());
    return results;
  }

 private:
  Error stopped() const { return {ErrorKind::interrupted, "", "stopped", "", ""}; }

  bool is_stopped() const {
    pollfd stop{stop_fd_, POLLIN, 0};
    return ::poll(&stop, 1, 0) == 1;
  }

  std::string dir_of(size_t number) const { return place_.dir + "/" + std::to_string(number); }

  // A supervisor that was killed may have left checks running, and their records.
  Result<void> clear_stale() {
    for (size_t number = 1; exists(dir_of(number)); ++number) TRY(end_stale({dir_of(number), ""}));
    TRY(remove_tree(place_.dir));
    PIANOLA_STEP("gate.stale_ended");
    return make_dirs(place_.dir);
  }

  Result<core::CheckResult> run_one(size_t number, const std::string& workspace) {
    const plan::Check& check = run_.checks[number - 1];
    const KeptPlace place{dir_of(number), ""};
    KeptSpec spec;
    spec.argv = argv_of(check.command);
    spec.env = options_.env;
    spec.cwd = workspace;
    spec.together = options_.limits;
    spec.disk_folders = {workspace};
    spec.streams = KeptSpec::Streams::together;
    spec.records = KeptSpec::Records::plain;
    spec.alone = KeptSpec::Alone::ends;

    const Duration begun = since_boot();
    core::CheckResult result;
    result.command = plan::command_text(check.command);
    result.required = check.required;
    result.log_path = place_.log_prefix + "/" + std::to_string(number) + "/out";
    Found found = TRY(start_or_find(place, keeper_, [&]() -> Result<KeptSpec> {
      return options_.enclose ? options_.enclose(spec, workspace) : spec;
    }));
    const std::string never_came_up = "the keeper did not come up";
    if (auto* connected = std::get_if<Connected>(&found)) {
      result.timed_out = attend(connected->socket.get(), check.timeout_ms) == Ended::timed_out;
      connected->socket.reset();
      reap_keeper(connected->keeper);
      found = TRY(find_or_close(place, never_came_up));
    }
    if (is_stopped()) return refuse(stopped());
    const auto* record = std::get_if<ExitRecord>(&found);
    if (record == nullptr) {
      return refuse({ErrorKind::failed, result.command, "its end could not be found out", "", ""});
    }
    // Nobody saw how it ended, so it says nothing about the work.
    const bool never_began =
        record->exit.kind == core::ExitKind::not_started && record->exit.detail == never_came_up;
    if (record->exit.kind == core::ExitKind::lost || never_began) {
      return refuse({ErrorKind::failed, result.command, record->exit.detail, "", ""});
    }
    fill_in(result, *record, place.dir);
    result.duration_ms = Duration{since_boot().ns - begun.ns}.ms();
    return result;
  }

  enum class Ended { by_itself, timed_out, stopped };

  // Waits until the keeper hangs up: everything of the check is then over and written down.
  Ended attend(int socket, int64_t timeout_ms) {
    const int64_t deadline_ms = since_boot().ms() + timeout_ms;
    Ended ended = Ended::by_itself;
    while (true) {
      const bool waits = ended == Ended::by_itself;
      std::array<pollfd, 2> fds{pollfd{socket, POLLIN, 0}, pollfd{waits ? stop_fd_ : -1, POLLIN, 0}};
      const int64_t left_ms = std::clamp<int64_t>(deadline_ms - since_boot().ms(), 0, 3'600'000);
      ::poll(fds.data(), fds.size(), waits ? static_cast<int>(left_ms) : -1);
      char byte = 0;
      if (fds[0].revents != 0 && ::recv(socket, &byte, 1, MSG_DONTWAIT) <= 0 && errno != EAGAIN) return ended;
      if (!waits) continue;
      if (fds[1].revents != 0) {
        ended = Ended::stopped;
        order_end(socket, 0);
      } else if (since_boot().ms() >= deadline_ms) {
        ended = Ended::timed_out;
        order_end(socket, kEndGraceMs);
      }
    }
  }

  static void order_end(int socket, int64_t grace_ms) {
    const std::string order = "end " + std::to_string(grace_ms) + "\n";
    ::send(socket, order.data(), order.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  static void fill_in(core::CheckResult& result, const ExitRecord& record, const std::string& dir) {
    result.tail = read_output_end(dir + "/out", kTailBytes);
    result.signalled = record.exit.kind == core::ExitKind::signal;
    result.exit_value = record.exit.value;
    const bool ran = record.exit.kind == core::ExitKind::code || result.signalled;
    if (!ran) {
      result.exit_value = kNotStarted;
      result.tail = record.exit.detail.substr(0, kTailBytes);
    }
    result.passed = ran && !result.signalled && !result.timed_out && record.exit.value == 0;
  }

  engine::CheckRun run_;
  Place place_;
  KeeperProgram keeper_;
  const CheckOptions& options_;
  int stop_fd_;
};

engine::Report report_of(const engine::CheckRun& run, Result<std::vector<core::CheckResult>> outcome) {
  const auto* key = std::get_if<engine::AttemptKey>(&run.subject_of);
  if (outcome && key != nullptr) {
    return core::Input(core::GatesWereRun{*key, run.subject, run.commit, std::move(*outcome)});
  }
  if (outcome) return core::Input(core::FinalGatesWereRun{run.commit, std::move(*outcome)});
  const Error& error = outcome.error();
  const std::string reason = error.kind == ErrorKind::interrupted ? "stopped" : error.text();
  const auto kind = error.kind == ErrorKind::integrity ? core::PauseKind::integrity : core::PauseKind::paused;
  if (key != nullptr) return core::Input(core::GatesFailed{*key, run.subject, reason, kind});
  return core::Input(core::FinalGatesFailed{reason, kind});
}

}  // namespace

namespace {

// The gates that were asked for since the last end_all().
struct Wave {
  Fd stop{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};   // readable once they are to end
  std::set<std::pair<std::string, std::string>> open;  // name and commit; under the mutex of Parts
};

}  // namespace

struct CheckRuns::Parts {
  Parts(Loop& its_loop, Layout its_layout, core::RunId its_run, KeeperProgram its_keeper,
        CheckOptions its_options)
      : loop(its_loop),
        layout(std::move(its_layout)),
        run(std::move(its_run)),
        keeper(std::move(its_keeper)),
        options(std::move(its_options)),
        threads(kThreads) {}

  Loop& loop;
  Layout layout;
  core::RunId run;
  KeeperProgram keeper;
  CheckOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::string> at_work;  // names of gates that run now: each has one folder and one workspace
  std::shared_ptr<Wave> wave = std::make_shared<Wave>();
  asio::thread_pool threads;
};

std::string gate_name(const engine::CheckRun& run) {
  const auto* key = std::get_if<engine::AttemptKey>(&run.subject_of);
  if (key == nullptr) return "final";
  const char* subject = run.subject == core::GateSubject::candidate ? "candidate" : "head";
  return key->task.str() + "." + std::to_string(key->number) + "." + subject;
}

CheckRuns::CheckRuns(Loop& loop, Layout layout, core::RunId run, KeeperProgram keeper, CheckOptions options)
    : parts_(std::make_unique<Parts>(loop, std::move(layout), std::move(run), std::move(keeper),
                                     std::move(options))) {}

CheckRuns::~CheckRuns() {
  end_all();
  parts_->threads.join();
}

void CheckRuns::run(const engine::CheckRun& run) {
  Parts& parts = *parts_;
  const std::string name = gate_name(run);
  {
    const std::lock_guard guard(parts.mutex);
    if (!parts.wave->open.insert({name, run.commit}).second) return;
  }
  asio::post(parts.threads, [&parts, run, name, wave = parts.wave] {
    {
      // One of an earlier wave may still be ending.
      std::unique_lock guard(parts.mutex);
      parts.changed.wait(guard, [&] { return parts.at_work.insert(name).second; });
    }
    Gate gate(run, {name, gate_dir(parts.layout, parts.run, name), "gates/" + name}, parts.keeper,
              parts.options, wave->stop.get());
    engine::Report report = report_of(run, gate.perform());
    // Told and forgotten as one, so that whoever asks again because of the report is heard.
    const std::lock_guard guard(parts.mutex);
    parts.at_work.erase(name);
    wave->open.erase({name, run.commit});
    parts.loop.post_arrival({std::move(report), "pianola", 0});
    parts.changed.notify_all();
  });
}

void CheckRuns::end_all() {
  const uint64_t one = 1;
  if (::write(parts_->wave->stop.get(), &one, sizeof one) < 0) return;
  parts_->wave = std::make_shared<Wave>();
}

}  // namespace pianola::world
