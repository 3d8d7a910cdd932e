#include "cli/supervise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "cli/configuration.h"
#include "cli/exit_code.h"
#include "cli/launching.h"
#include "cli/list_marks.h"
#include "cli/run_repository.h"
#include "cli/run_view.h"
#include "cli/runs.h"
#include "plan/planner.h"
#include "view/reasons.h"
#include "view/screen.h"
#include "world/admin.h"
#include "world/clock.h"
#include "world/journal.h"
#include "world/processes.h"
#include "world/ready.h"
#include "world/repository_port.h"
#include "world/sealed_etc.h"
#include "world/setups.h"

namespace pianola::cli {
namespace {

// The run's beginning: the first event of its journal, or the request that makes it.
const core::RunStarted* beginning(const std::vector<core::Recorded>& events,
                                  const std::vector<core::Input>& first) {
  if (!events.empty()) return std::get_if<core::RunStarted>(&events.front().event);
  for (const core::Input& input : first) {
    if (const auto* start = std::get_if<core::StartRequested>(&input)) return &start->run;
  }
  return nullptr;
}

// What a check and a step of a set-up are given.
std::map<std::string, std::string> command_environment(const Program& program) {
  std::map<std::string, std::string> env = common_environment(program);
  env["HOME"] = program.env("HOME");
  return env;
}

world::KeeperProgram keeper_program(const Program& program) {
  return {.executable = program.surroundings.self_path, .env = world::keeper_environment()};
}

world::ProcessOptions options_of_processes(const Program& program, const SuperviseOptions& options,
                                           const world::GitRepository& git,
                                           const std::optional<world::Sealer>& sealer,
                                           const world::Limits& limits) {
  world::ProcessOptions processes;
  processes.limits = limits;
  processes.checks.limits = limits;
  processes.keeper = keeper_program(program);
  if (!options.starts_nothing) processes.prepare = launcher(program, options.hub.layout, options.run, sealer);
  processes.checks.make_workspace = [&git](const std::string& commit, const std::string& name) {
    return git.make_gate_workspace(commit, name);
  };
  processes.checks.remove_workspace = [&git](const std::string& name) {
    return git.remove_gate_workspace(name);
  };
  if (sealer) {
    processes.checks.enclose = [seal = command_sealer(program, options.hub.layout, *sealer)](
                                   world::KeptSpec spec, const std::string& workspace) {
      return seal(std::move(spec), workspace, world::Seal::Network::none);
    };
  }
  processes.checks.env = command_environment(program);
  processes.checks.env[plan::program_variable] =
      sealer ? world::program_inside(*sealer) : program.surroundings.self_path;
  return processes;
}

world::SetupOptions options_of_setups(const Program& program, const SuperviseOptions& options,
                                      const core::RunStarted& start,
                                      const std::optional<world::Sealer>& sealer,
                                      const world::Limits& limits) {
  world::SetupOptions setups;
  setups.plan = start.plan;
  setups.git = repository_options(options.hub, {options.run, start.policy, start.repository}, sealer);
  setups.base = start.repository.base;
  setups.keeper = keeper_program(program);
  setups.env = command_environment(program);
  setups.limits = limits;
  if (!sealer) return setups;
  setups.enclose = command_sealer(program, options.hub.layout, *sealer);
  if (world::has_own_root(*sealer)) setups.places = world::SetupOptions::Places::same;
  return setups;
}

// What of a paused run is still in hand, beside the state.
struct InHand {
  bool is_collecting = false;
  std::function<bool(const core::AttemptKey&)> is_refused;  // by a machine that is full or failing
};

// True while an agent runs or its work is being saved: a paused run is served that long, so that their
// limits hold and nothing that ends meanwhile is lost sight of.
bool has_live_work(const core::State& state, const InHand& in_hand) {
  for (size_t place = 0; place < state.tasks.size(); ++place) {
    const core::Attempt* attempt = core::current(state.tasks[place]);
    if (attempt == nullptr) continue;
    // What could not be saved, on a full disk, waits for a resume.
    const bool is_saved_now = attempt->stage == core::Stage::collecting && in_hand.is_collecting;
    const bool is_live = core::is_live(attempt->stage) && !in_hand.is_refused(core::key_of(state, place));
    if (is_live || attempt->stage == core::Stage::exited || is_saved_now) return true;
  }
  return false;
}

// True when nothing more comes of this state without a person or another supervisor.
bool is_at_rest(const core::State& state, const InHand& in_hand) {
  if (state.finish.undoing != 0) return false;
  return core::is_over(state) || (state.paused && !has_live_work(state, in_hand));
}

// One supervisor's parts, in the order they are built; destroyed in reverse.
class Supervisor {
 public:
  static Result<std::unique_ptr<Supervisor>> open(const Program& program, const SuperviseOptions& options);
  ~Supervisor() {
    if (setups_) setups_->close();
  }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  Result<core::State> serve();

 private:
  Supervisor(const Program& program, const SuperviseOptions& options)
      : program_(program), options_(options) {}
  Result<void> open_journal();
  Result<void> open_doors();
  void push_first();
  void on_signal(int signal);
  void look_at_clock();
  bool is_served() const;
  Result<void> promote_if_wished();

  const Program& program_;
  const SuperviseOptions& options_;
  const std::string actor_ = "user:" + program_.surroundings.user;
  std::vector<core::Recorded> events_;  // of the journal, until the engine has folded them
  std::unique_ptr<world::RunClock> clock_;
  world::ClockWatch clock_watch_;
  std::unique_ptr<world::Loop> loop_;
  std::unique_ptr<world::FileJournal> journal_;
  std::unique_ptr<world::Setups> setups_;
  std::unique_ptr<world::RepositoryPort> repository_;
  std::unique_ptr<world::KeptProcesses> processes_;
  std::unique_ptr<RunView> view_;
  std::unique_ptr<ListMarks> marks_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<world::AdminSocket> admin_;
  std::optional<Error> first_refusal_;
  int interrupts_ = 0;
};

constexpr uint64_t first_asker = UINT64_MAX;  // the program itself, about SuperviseOptions::first

Result<std::unique_ptr<Supervisor>> Supervisor::open(const Program& program,
                                                     const SuperviseOptions& options) {
  std::unique_ptr<Supervisor> supervisor(new Supervisor(program, options));
  TRY(supervisor->open_journal());
  TRY(supervisor->open_doors());
  supervisor->push_first();
  return supervisor;
}

Result<void> Supervisor::open_journal() {
  const world::Layout& layout = options_.hub.layout;
  world::JournalOptions journal;
  journal.folder.dir = world::journal_dir(layout, options_.run);
  journal.folder.run = options_.run.str();
  journal.lock_path = world::run_lock(layout, options_.run);
  journal.tell_stored = [this](size_t batches) { loop_->post_arrival({.report = engine::Stored{batches}}); };
  journal_ = TRY(world::FileJournal::open(std::move(journal), [this](core::Recorded&& recorded) {
    events_.push_back(std::move(recorded));
    return Result<void>();
  }));
  if (const auto& aside = journal_->set_aside()) {
    program_.console.err(
        fmt::format("{}: a write of {} bytes after event {} was never finished; set aside: {}\n",
                    options_.run.str(), aside->bytes, aside->after_seq, aside->kept_as));
  }
  clock_ = std::make_unique<world::RunClock>(events_.empty() ? Instant{} : events_.back().at);
  loop_ = TRY(world::Loop::open(*clock_));
  return {};
}

Result<void> Supervisor::open_doors() {
  const world::Layout& layout = options_.hub.layout;
  const core::RunStarted* start = beginning(events_, options_.first);
  if (start == nullptr) {
    return refuse(Error{.kind = ErrorKind::usage,
                        .where = options_.run.str(),
                        .what = "it never started",
                        .expected = {},
                        .next = "start another: pianola run tasks.yaml"});
  }
  // Whoever starts agents has refused a bad configuration before; what only ends them goes on without one.
  const world::Limits limits =
      limits_of(load_configuration(program_, options_.hub.top).value_or(Configuration{}));
  std::optional<world::Sealer> sealer = TRY(sealer_of(program_, start->policy.isolation));
  if (sealer) {
    sealer->processes = limits.processes;
    world::gather_etc(*sealer, world::sealed_etc_dir(layout, options_.run));
  }
  setups_ = std::make_unique<world::Setups>(options_of_setups(program_, options_, *start, sealer, limits));
  if (options_.starts_nothing) setups_->close();
  repository_ = std::make_unique<world::RepositoryPort>(
      repository_options(options_.hub, {options_.run, start->policy, start->repository}, sealer),
      [this](engine::Arrival arrival) { loop_->post_arrival(std::move(arrival)); }, setups_.get());
  world::ProcessOptions processes =
      options_of_processes(program_, options_, repository_->repository(), sealer, limits);
  processes.checks.setups = setups_.get();
  processes_ = std::make_unique<world::KeptProcesses>(*loop_, layout, options_.run, std::move(processes));
  view_ = std::make_unique<RunView>(program_, options_.show, *loop_);
  marks_ = std::make_unique<ListMarks>(*view_, kept_marked_file(world::run_dir(layout, options_.run)));
  engine_ = std::make_unique<engine::Engine>(engine::Ports{.clock = *clock_,
                                                           .journal = *journal_,
                                                           .processes = *processes_,
                                                           .repository = *repository_,
                                                           .inbox = *loop_},
                                             options_.roster, marks_.get());
  TRY(engine_->fold(events_));
  events_.clear();
  admin_ = TRY(world::AdminSocket::open(*loop_, world::admin_socket(layout, options_.run)));
  loop_->set_answerer([this](uint64_t asker, const engine::Reply& reply) {
    if (asker != first_asker) return admin_->answer(asker, reply);
    if (!reply && !first_refusal_) first_refusal_ = reply.error();
  });
  loop_->watch_signals(world::stop_signals(), [this](int signal) { on_signal(signal); });
  return {};
}

void Supervisor::push_first() {
  const auto push = [&](core::Input input, uint64_t asker) {
    loop_->push({.report = std::move(input), .actor = actor_, .asker = asker});
  };
  for (const core::Input& input : options_.first) {
    if (std::holds_alternative<core::StartRequested>(input)) push(input, first_asker);
  }
  push(core::SupervisorArrived{.pid = world::own_pid(), .version = PIANOLA_VERSION}, 0);
  for (const core::Input& input : options_.first) {
    if (!std::holds_alternative<core::StartRequested>(input)) push(input, first_asker);
  }
}

void Supervisor::on_signal(int signal) {
  ++interrupts_;
  if (world::is_hangup(signal) || interrupts_ > 1) {
    view_->clear();
    std::_Exit(exit_interrupted);  // as safe as a kill: keepers keep the agents, the journal holds the rest
  }
  view_->clear();
  program_.console.err("stopping: nothing new starts, what runs finishes; again to leave at once\n");
  loop_->push({.report = core::Input(core::StopRequested{core::Stopping::finish_running}),
               .actor = actor_,
               .asker = 0});
}

void Supervisor::look_at_clock() {
  const std::string note = clock_watch_.look(world::wall_now(), clock_->now());
  if (note.empty()) return;
  view_->clear();
  program_.console.err(options_.run.str() + ": " + note + "\n");
}

bool Supervisor::is_served() const {
  if (!engine_->is_durable()) return false;
  const core::State& state = engine_->state();
  const auto& until = options_.until_settled;
  const InHand in_hand{
      .is_collecting = repository_->is_collecting(),
      .is_refused = [this](const core::AttemptKey& key) { return processes_->is_refused(key); }};
  return is_at_rest(state, in_hand) ||
         (until && core::is_settled(state.tasks[*core::find(state, *until)].phase));
}

Result<void> Supervisor::promote_if_wished() {
  const core::State& state = engine_->state();
  if (state.phase != core::Phase::left || options_.at_end == core::PromoteMode::leave) return {};
  view_->clear();
  if (options_.at_end == core::PromoteMode::ask) {
    const Surroundings& here = program_.surroundings;
    if (!here.stdin_is_terminal || !here.stdout_is_terminal || program_.format == Format::json) return {};
    const std::string said = program_.console.ask(state.finish.reason + "; land it in this checkout? y/N: ");
    if (said != "y" && said != "yes") return {};
  }
  loop_->push({.report = core::Input(core::PromoteRequested{core::PromoteMode::checkout}),
               .actor = actor_,
               .asker = 0});
  do {
    TRY(engine_->turn());
  } while (!is_served());
  return {};
}

Result<core::State> Supervisor::serve() {
  bool told_ready = false;
  do {
    TRY(engine_->turn());
    if (first_refusal_) return refuse(*first_refusal_);
    look_at_clock();
    if (told_ready || !engine_->is_durable()) continue;
    world::tell_ready(program_.env("PIANOLA_READY_FD"));
    told_ready = true;
  } while (!is_served());
  TRY(promote_if_wished());
  view_->clear();
  if (const auto& failure = marks_->failure())
    program_.console.err("marks not written: " + failure->text() + "\n");
  return engine_->state();
}

}  // namespace

Result<core::State> supervise(const Program& program, const SuperviseOptions& options) {
  const std::unique_ptr<Supervisor> supervisor = TRY(Supervisor::open(program, options));
  return supervisor->serve();
}

int conclude(const Program& program, const world::Layout& layout, const core::State& state, Show show) {
  const std::string path = world::run_dir(layout, state.run);
  if (program.format == Format::json) {
    program.console.out(view::report_json(state, path) + "\n");
  } else if (shown_as(program, show) == Show::live || core::is_over(state)) {
    program.console.out(view::end_report(state, path, program.terminal()));
  }
  if (state.phase == core::Phase::done) {
    bool all_landed = true;
    for (const core::TaskRun& task : state.tasks) all_landed &= task.phase == core::TaskPhase::landed;
    return all_landed ? exit_done : exit_findings;
  }
  if (state.phase == core::Phase::failed) return exit_findings;
  if (state.phase == core::Phase::left) return exit_paused;
  if (state.stopping != core::Stopping::no) return exit_interrupted;
  program.console.err(
      fmt::format("{}: paused: {}; go on: pianola resume\n", state.run.str(), view::run_reason(state)));
  return exit_code(error_kind(state.pause_kind));
}

core::PromoteMode promote_mode(const std::string& word) {
  if (word == "checkout") return core::PromoteMode::checkout;
  return word == "leave" ? core::PromoteMode::leave : core::PromoteMode::ask;
}

core::PromoteMode at_end_of(core::PromoteMode mode) {
  return mode == core::PromoteMode::ask ? mode : core::PromoteMode::leave;
}

}  // namespace pianola::cli
