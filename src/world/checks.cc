#include "world/checks.h"

#include <boost/asio.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "world/kept_command.h"
#include "world/setups.h"
#include "world/steps.h"

namespace pianola::world {

namespace asio = boost::asio;

namespace {

constexpr size_t kThreads = 2;  // gates at once; more wait

// One gate, on a pool thread. Everything it needs is its own.
class Gate {
 public:
  struct Place {
    std::string name;
    std::string dir;         // of the gate's records and logs
    std::string log_prefix;  // the same, relative to the run's folder
  };
  Gate(engine::CheckRun run, Place place, KeeperProgram keeper, const CheckOptions& options,
       const StopSign& stop)
      : run_(std::move(run)),
        place_(std::move(place)),
        keeper_(std::move(keeper)),
        options_(options),
        stop_(stop) {}

  Result<std::vector<core::CheckResult>> perform() {
    if (stop_.is_raised()) return refuse(stopped_error());
    // A supervisor that was killed may have left checks running, and their records.
    TRY(clear_commands(place_.dir));
    PIANOLA_STEP("gate.stale_ended");
    const std::string workspace = TRY(options_.make_workspace(run_.commit, place_.name));
    PIANOLA_STEP("gate.workspace_made");
    auto results = run_all(workspace);
    // A workspace that cannot be removed now is replaced by the next one of its name.
    static_cast<void>(options_.remove_workspace(place_.name));
    return results;
  }

 private:
  Result<std::vector<core::CheckResult>> run_all(const std::string& workspace) {
    std::vector<core::CheckResult> results;
    if (options_.setups != nullptr) {
      const auto* key = std::get_if<engine::AttemptKey>(&run_.subject_of);
      const plan::TaskId task = key == nullptr ? plan::TaskId() : key->task;
      auto failed = TRY(options_.setups->furnish_gate({task, run_.commit, workspace}, stop_));
      if (failed) return std::vector{std::move(*failed)};
    }
    for (size_t number = 1; number <= run_.checks.size(); ++number) {
      results.push_back(TRY(run_one(number, workspace)));
      PIANOLA_STEP("gate.check_run");
    }
    return results;
  }

  Result<core::CheckResult> run_one(size_t number, const std::string& workspace) {
    const plan::Check& check = run_.checks[number - 1];
    const std::string below = "/" + std::to_string(number);
    KeptCommand command{.text = plan::command_text(check.command),
                        .dir = place_.dir + below,
                        .log_path = place_.log_prefix + below + "/out",
                        .timeout_ms = check.timeout_ms};
    command.make_spec = [&]() -> Result<KeptSpec> {
      KeptSpec spec = command_spec(argv_of(check.command), workspace);
      spec.env = options_.env;
      spec.together = options_.limits;
      return options_.enclose ? options_.enclose(std::move(spec), workspace) : spec;
    };
    core::CheckResult result = TRY(run_kept_command(command, keeper_, stop_));
    result.required = check.required;
    return result;
  }

  engine::CheckRun run_;
  Place place_;
  KeeperProgram keeper_;
  const CheckOptions& options_;
  const StopSign& stop_;
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
  StopSign stop;                                       // once they are to end
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
              parts.options, wave->stop);
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
  parts_->wave->stop.raise();
  parts_->wave = std::make_shared<Wave>();
  if (parts_->options.setups != nullptr) parts_->options.setups->end_all();
}

}  // namespace pianola::world
