#include "engine/engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "agents/prompt.h"
#include "base/check.h"
#include "base/hash.h"
#include "core/contracts.h"
#include "core/match.h"
#include "core/plant.h"

namespace pianola::engine {
namespace {

// The world could not do what it was asked; the run pauses, and a resume asks again.
bool leaves_intent_open(const core::Input& input) {
  return std::visit(core::Match{
                        [](const core::RunWasRefused&) { return true; },
                        [](const core::CandidateFailed&) { return true; },
                        [](const core::GatesFailed&) { return true; },
                        [](const core::StagingWasRefused&) { return true; },
                        [](const core::FinalGatesFailed&) { return true; },
                        [](const core::TargetHadMoved&) { return true; },
                        [](const core::RepositoryPaused&) { return true; },
                        [](const auto&) { return false; },
                    },
                    input);
}

constexpr size_t events_storing_max = 1'000;
constexpr size_t turns_storing_max = 1'000;
constexpr size_t unseen_max = 1'000;  // events

}  // namespace

Engine::Engine(Ports ports, Roster roster, Viewer* viewer)
    : ports_(ports), roster_(std::move(roster)), viewer_(viewer) {}

Engine::~Engine() = default;

Result<void> Engine::fold(const std::vector<core::Recorded>& events) {
  for (const core::Recorded& event : events) TRY(core::evolve(state_, event));
  return {};
}

Result<void> Engine::turn() {
  // What arrives faster than the disk stores waits with whoever sends it.
  const bool is_stalled = events_storing_ >= events_storing_max || storing_.size() >= turns_storing_max;
  // And whoever watches is shown something now and then, however much arrives.
  const bool is_unseen = !storing_.empty() && unseen_.size() >= unseen_max;
  if (is_stalled || is_unseen) {
    ++settled_untold_;
    TRY(settle_oldest());
    show();
    return {};
  }
  size_t stored = 0;
  std::vector<Arrival> news;
  for (Arrival& arrival : ports_.inbox.wait(core::next_deadline(state_, silent_at_))) {
    if (const auto* settled = std::get_if<Stored>(&arrival.report)) {
      stored += settled->batches;
    } else {
      news.push_back(std::move(arrival));
    }
  }
  // The journal gets the next turn before those before it are acted on, so that the disk need not wait.
  const bool is_woken_by_time = stored == 0;
  if (is_woken_by_time || !news.empty()) store(TRY(gather(news)));
  const size_t told_before = std::min(stored, settled_untold_);
  settled_untold_ -= told_before;
  for (stored -= told_before; stored > 0 && !storing_.empty(); --stored) TRY(settle_oldest());
  conclude_eventless();
  show();
  return {};
}

// What was gathered meanwhile is in the state already, and not to be seen yet.
void Engine::show() {
  if (viewer_ != nullptr && storing_.empty())
    viewer_->turned(state_, std::exchange(unseen_, {}), activities_);
}

Result<void> Engine::settle_oldest() {
  TRY(ports_.journal.await());
  Turn durable = std::move(storing_.front());
  storing_.pop_front();
  events_storing_ -= durable.events.size();
  conclude(std::move(durable));
  conclude_eventless();
  return {};
}

void Engine::conclude_eventless() {
  while (!storing_.empty() && storing_.front().events.empty()) {
    Turn eventless = std::move(storing_.front());
    storing_.pop_front();
    conclude(std::move(eventless));
  }
}

Result<Engine::Turn> Engine::gather(const std::vector<Arrival>& arrivals) {
  Turn turn;
  turn.now = std::max(ports_.clock.now(), state_.at);
  turn.failed = state_.paused || state_.stopping == core::Stopping::end_all;
  for (const Arrival& arrival : arrivals) TRY(take(arrival, turn));
  TRY(follow(turn));
  silent_at_ = turn.now;
  if (turn.reopen) {
    turn.commands = core::open_commands(state_);
    turn.end_checks = state_.stopping == core::Stopping::end_all;
  }
  return turn;
}

void Engine::store(Turn turn) {
  const bool too_early =
      PIANOLA_PLANTED("act-before-sync") || (PIANOLA_PLANTED("act-when-gathered") && !storing_.empty());
  if (too_early) {
    for (const core::Command& command : turn.commands) perform(command, false);
    turn.commands.clear();
  }
  if (PIANOLA_PLANTED("answer-early")) {
    for (const auto& [asker, reply] : turn.answers) ports_.inbox.answer(asker, reply);
    turn.answers.clear();
  }
  if (PIANOLA_PLANTED("drop-last-event") && turn.events.size() > 1) turn.events.pop_back();
  if (!turn.events.empty()) {
    if (viewer_ != nullptr) viewer_->hold();
    ports_.journal.begin(turn.events);
  }
  events_storing_ += turn.events.size();
  storing_.push_back(std::move(turn));
}

void Engine::conclude(Turn turn) {
  // What a resume asks for again may have come to its end since the turn was gathered.
  const bool may_be_over = turn.reopen && !storing_.empty();
  const std::vector<core::Command> open =
      may_be_over ? core::open_commands(state_) : std::vector<core::Command>();
  for (const core::Command& command : turn.commands) {
    const bool is_open = !may_be_over || std::find(open.begin(), open.end(), command) != open.end();
    if (is_open) perform(command, turn.reopen);
  }
  if (turn.end_checks) ports_.processes.end_checks();
  for (const auto& [asker, reply] : turn.answers) ports_.inbox.answer(asker, reply);
  if (viewer_ == nullptr) return;
  unseen_.insert(unseen_.end(), std::make_move_iterator(turn.events.begin()),
                 std::make_move_iterator(turn.events.end()));
}

Result<void> Engine::take(const Arrival& arrival, Turn& turn) {
  const auto take_one = [&](const core::Input& input) -> Result<void> {
    Result<uint64_t> reply = admit(input, arrival.actor, turn);
    const bool broken = !reply && reply.error().kind == ErrorKind::integrity;
    if (broken) return refuse(std::move(reply).error());
    if (arrival.asker != 0) turn.answers.emplace_back(arrival.asker, std::move(reply));
    return {};
  };
  if (const auto* input = std::get_if<core::Input>(&arrival.report)) return take_one(*input);
  for (const core::Input& input : read(arrival.report)) TRY(take_one(input));
  return {};
}

Result<uint64_t> Engine::admit(const core::Input& input, const std::string& actor, Turn& turn) {
  std::vector<core::Event> events = TRY(core::admit(state_, input, turn.now));
  for (core::Event& event : events) TRY(record(std::move(event), actor, turn));
  turn.failed = turn.failed || leaves_intent_open(input);
  const bool resumes = std::holds_alternative<core::ResumeRequested>(input) && !events.empty();
  // What is merely under way is not to be asked for twice.
  const bool asks_again = resumes && turn.failed && !PIANOLA_PLANTED("forget-failed-intents");
  if (asks_again || std::holds_alternative<core::SupervisorArrived>(input)) turn.reopen = true;
  return state_.seq;
}

Result<void> Engine::follow(Turn& turn) {
  // Each round records facts that bring the run forward, so it ends; the limit is against our own faults.
  constexpr int rounds_max = 100'000;
  for (int round = 0; round < rounds_max; ++round) {
    std::vector<core::Event> facts = core::consequences(state_, turn.now);
    if (facts.empty()) {
      std::vector<core::Event> intents = core::decide(state_, turn.now);
      if (intents.empty()) return {};
      for (core::Event& intent : intents) {
        if (auto* launched = std::get_if<core::AgentLaunched>(&intent)) {
          launched->prompt_sha256 = sha256_hex(agents::prompt_for(state_, launched->key));
        }
        TRY(record(std::move(intent), "pianola", turn));
      }
      continue;
    }
    for (core::Event& fact : facts) TRY(record(std::move(fact), "pianola", turn));
  }
  CHECK(false, "decide() must fall silent once its intents are folded");
}

Result<void> Engine::record(core::Event event, const std::string& actor, Turn& turn) {
  core::Recorded recorded{.seq = state_.seq + 1, .at = turn.now, .actor = actor, .event = std::move(event)};
  TRY(core::evolve(state_, recorded));
  if (PIANOLA_PLANTED("record-another-time")) recorded.at.ns += 1;
  if (auto command = core::command_of(state_, recorded.event)) turn.commands.push_back(std::move(*command));
  turn.events.push_back(std::move(recorded));
  return {};
}

// --- commands to ports -----------------------------------------------------------------------------------

void Engine::perform(const core::Command& command, bool again) {
  std::visit(core::Match{
                 [&](const core::LaunchAgent& c) {
                   const auto* place = core::find(state_, c.key.task);
                   const core::Attempt* attempt = core::current(state_.tasks[*place]);
                   const core::AttemptKey& key = c.key;
                   if (attempt->number != key.number || !core::is_live(attempt->stage)) return;
                   if (readers_.contains(key)) return;  // in our hands since it was launched or adopted
                   readers_[key] = agents::find_adapter(definition_of(c.agent).kind)->reader();
                   if (again && !PIANOLA_PLANTED("launch-again")) {
                     ports_.processes.recover(launch_of(c));
                   } else {
                     ports_.processes.launch(launch_of(c));
                   }
                 },
                 [&](const core::EndChecks&) {
                   if (state_.stopping == core::Stopping::end_all) ports_.processes.end_checks();
                 },
                 [&](const core::EndAttempt& c) { ports_.processes.end(c.key, c.grace_ms); },
                 [&](const core::RunGates& c) { ports_.processes.run_checks(checks_of(c)); },
                 [&](const core::RunFinalGates& c) {
                   ports_.processes.run_checks(CheckRun{.subject_of = std::monostate{},
                                                        .subject = core::GateSubject::candidate,
                                                        .commit = c.commit,
                                                        .checks = core::final_checks(state_)});
                 },
                 [&](const auto& c) { ports_.repository.perform(c); },
             },
             command);
}

agents::Definition Engine::definition_of(const std::string& agent) const {
  const auto known = roster_.find(agent);
  if (known != roster_.end() && agents::find_adapter(known->second.kind) != nullptr) return known->second;
  // The configuration has changed since the run began: a program that cannot be started says so.
  agents::Definition unknown;
  unknown.name = agent;
  unknown.kind = "command";
  return unknown;
}

Launch Engine::launch_of(const core::LaunchAgent& command) const {
  const core::TaskRun& run = state_.tasks[*core::find(state_, command.key.task)];
  const core::Attempt& attempt = *core::current(run);
  Launch launch{.key = command.key,
                .generation = command.generation,
                .agent = definition_of(command.agent),
                .prompt = agents::prompt_for(state_, command.key),
                .session = {},
                .env_from = {}};
  const plan::Task& task = state_.plan.tasks[*core::find(state_, command.key.task)];
  launch.env_from = task.env_from;
  if (!task.model.empty()) launch.agent.model = task.model;
  if (!task.network.empty()) launch.agent.network = task.network;
  if (!attempt.reused || run.attempts.size() < 2) return launch;
  const core::Attempt& before = run.attempts[run.attempts.size() - 2];
  const bool whole = before.outcome == core::Outcome::red || before.outcome == core::Outcome::refused ||
                     before.outcome == core::Outcome::empty;
  if (whole && before.agent == attempt.agent) launch.session = before.session;
  return launch;
}

CheckRun Engine::checks_of(const core::RunGates& command) const {
  const size_t place = *core::find(state_, command.key.task);
  return {.subject_of = command.key,
          .subject = command.subject,
          .commit = command.commit,
          .checks = core::gate_checks(state_, place, command.subject)};
}

// --- reports to inputs -----------------------------------------------------------------------------------

std::vector<core::Input> Engine::read(const Report& report) {
  using Inputs = std::vector<core::Input>;
  return std::visit(
      core::Match{
          [](const core::Input&) -> Inputs { return {}; },
          [](const Stored&) -> Inputs { return {}; },
          [&](const AgentOutput& output) -> Inputs { return read_output(output); },
          [&](const AgentExit& over) -> Inputs {
            const auto reader = readers_.find(over.key);
            if (reader == readers_.end()) return {};
            const auto* place = core::find(state_, over.key.task);
            const core::Attempt* attempt = place == nullptr ? nullptr : core::current(state_.tasks[*place]);
            const bool by_us = attempt != nullptr && attempt->number == over.key.number && attempt->ending;
            core::AgentHasExited exited{
                .key = over.key, .exit = over.exit, .claim = reader->second->conclude(over.exit, by_us)};
            readers_.erase(reader);
            activities_.erase(over.key);
            return {std::move(exited)};
          },
          [&](const CollectedTree& tree) -> Inputs {
            std::vector<std::string> all = findings(tree.key, tree.changes);
            all.insert(all.end(), tree.outside.begin(), tree.outside.end());
            return {core::WorkWasCollected{.key = tree.key,
                                           .head = tree.head,
                                           .leftovers = tree.leftovers,
                                           .files_changed = static_cast<int>(tree.changes.size()),
                                           .findings = std::move(all)}};
          },
          [&](const CandidateTree& tree) -> Inputs {
            return {core::CandidateWasBuilt{.key = tree.key,
                                            .commit = tree.commit,
                                            .findings = findings(tree.key, tree.changes),
                                            .contracts = tree.contracts,
                                            .environment = tree.environment}};
          },
      },
      report);
}

std::vector<core::Input> Engine::read_output(const AgentOutput& output) {
  const auto reader = readers_.find(output.key);
  if (reader == readers_.end()) return {};
  bool progressed = false;
  std::string session;
  Activity& activity = activities_[output.key];
  for (const agents::Observation& seen : reader->second->feed(output.stream, output.bytes)) {
    std::visit(
        core::Match{
            [&](const agents::SessionStarted& o) { session = o.session; },
            [&](const agents::Said& o) { activity.text = "says \"" + o.text + "\""; },
            [&](const agents::ToolUsed& o) {
              activity.text = o.verb + " " + o.object + (o.result.empty() ? "" : ": " + o.result);
            },
            [&](const agents::UsageReported& o) {
              activity.usage = o.usage;
              if (o.context_used >= 0) activity.context_used = o.context_used;
              if (o.context_size >= 0) activity.context_size = o.context_size;
            },
            [&](const agents::LimitReported& o) { activity.text = "limit " + o.text; },
            [&](const agents::Retrying& o) { activity.text = "again " + o.text; },
            [&](const agents::TurnEnded& o) { activity.text = o.success ? "done" : "ended " + o.text; },
            [&](const agents::LineSkipped&) {},
        },
        seen);
    progressed = progressed || !std::holds_alternative<agents::LineSkipped>(seen);
  }
  if (!progressed) return {};
  activity.at = ports_.clock.now();
  return {core::AgentHasProgressed{.key = output.key, .session = session}};
}

std::vector<std::string> Engine::findings(const AttemptKey& key,
                                          const std::vector<verify::TreeChange>& changes) const {
  const auto* place = core::find(state_, key.task);
  if (place == nullptr) return {};
  return verify::boundary_findings(changes, state_.plan.tasks[*place]);
}

}  // namespace pianola::engine
