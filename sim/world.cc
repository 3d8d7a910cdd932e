#include "sim/world.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "core/match.h"

namespace pianola::sim {
namespace {

constexpr int64_t hour_ms = 3'600'000;

Odds draw_odds(const Swarm& swarm) {
  return {.conflict = swarm.of(Fault::merge_conflicts),
          .red_paired = swarm.of(Fault::gates_red_paired),
          .final_red = swarm.of(Fault::final_red) / 5,
          .renamed = swarm.of(Fault::renames)};
}

std::map<core::TaskId, size_t> places_of(const plan::Plan& plan) {
  std::map<core::TaskId, size_t> places;
  for (size_t place = 0; place < plan.tasks.size(); ++place) places.emplace(plan.tasks[place].id, place);
  return places;
}

engine::Roster roster() {
  agents::Definition scripted;
  scripted.name = "scripted";
  scripted.kind = "command";
  scripted.argv = {"/bin/agent"};
  return {{"scripted", scripted}};
}

// How many turns a calm run of this size may take.
uint64_t turns_allowed(const Scenario& scenario) { return 2'000 + 200 * scenario.run.plan.tasks.size(); }

uint64_t mixed(uint64_t hash, uint64_t value) {
  Random random(hash ^ value);
  return random.next();
}

uint64_t hash_of(const std::vector<core::Recorded>& journal, uint64_t hash) {
  for (const core::Recorded& recorded : journal) {
    hash = mixed(hash, recorded.seq ^ (static_cast<uint64_t>(recorded.event.index()) << 40));
    hash = mixed(hash, static_cast<uint64_t>(recorded.at.ns));
    hash = mixed(hash, crc32c(recorded.actor));
  }
  return hash;
}

}  // namespace

World::World(const Scenario& scenario)
    : scenario_(scenario),
      fate_(scenario.seed * 2 + 1, scenario.swarm, scenario.strike),
      git_(scenario.seed, draw_odds(scenario.swarm)),
      watch_(scenario.run, git_),
      grounds_{.fate = fate_,
               .git = git_,
               .watch = watch_,
               .run = scenario.run,
               .places = places_of(scenario.run.plan),
               .desks = {}},
      journal_(fate_, watch_),
      processes_(grounds_),
      repository_(grounds_),
      people_(grounds_) {}

World::~World() = default;

Report World::play() {
  calm_at_ = fate_.timeline.now() + fate_.between_ms(60'000, fate_.chance(30) ? 8 * hour_ms : hour_ms);
  people_.plan_acts();
  plan_outside_acts();
  fate_.later(calm_at_ - fate_.timeline.now(), [this] {
    calm_ = true;
    fate_.calm();
  });
  while (goes_on()) {
    if (engine_ == nullptr) wait_for_next_supervisor();
    turn();
  }
  const core::State& state = watch_.durable();
  if (!watch_.violation() && engine_ != nullptr) watch_.ended(engine_->state());
  Report report{
      .violation = watch_.violation(),
      .hash = hash_of(watch_.journal(), fate_.steps()),
      .turns = turns_,
      .events = watch_.journal().size(),
      .steps = fate_.steps(),
      .appends = fate_.next_append() - 1,
      .reports = fate_.reports(),
      .supervisors = fate_.supervisor(),
      .ending = core::phase_text(state) + (state.finish.reason.empty() ? "" : ": " + state.finish.reason)};
  return report;
}

bool World::goes_on() const {
  if (watch_.violation()) return false;
  if (engine_ == nullptr || !engine_->is_durable() || !core::is_over(engine_->state())) return true;
  // What a person has begun is seen to its end; nobody may mean to do more.
  if (engine_->state().finish.undoing != 0 || people_.means_to_undo()) return true;
  return engine_->state().phase == core::Phase::left && people_.means_to_promote();
}

void World::turn() {
  something_arrived_ = false;
  const Result<void> done = engine_->turn();
  ++turns_;
  if (!done && done.error().kind == ErrorKind::integrity) watch_.fail("legal-events", done.error().text());
  if (!done || !fate_.is_alive()) return lose_supervisor();
  if (calm_ && ++calm_turns_ > turns_allowed(scenario_)) {
    watch_.fail("progress", "no end after " + std::to_string(calm_turns_) + " calm turns; " +
                                core::phase_text(engine_->state()) + " " + engine_->state().pause_reason);
  }
  // Nobody outside may see what is not durable.
  if (!engine_->is_durable()) return;
  const core::State& state = engine_->state();
  if (++since_compared_ >= scenario_.compare_every) {
    since_compared_ = 0;
    watch_.turned(state, something_arrived_);
  }
  people_.look(state);
  // As the program does, mostly: a paused run ends its supervisor, and resuming is another one's first act.
  if (state.paused && fate_.chance(40)) lose_supervisor();
}

// --- supervisors come and go -------------------------------------------------------------------------------

void World::raise_supervisor() {
  fate_.begin_supervisor();
  if (fate_.strikes(Fault::wall_steps)) {
    wall_offset_.ns += fate_.between_ms(-12 * hour_ms, 12 * hour_ms).ns;
  }
  opened_world_ = fate_.timeline.now();
  opened_run_ = std::max(watch_.durable().at, opened_world_ + wall_offset_);
  const engine::Ports ports{.clock = *this,
                            .journal = journal_,
                            .processes = processes_,
                            .repository = repository_,
                            .inbox = *this};
  engine_ = std::make_unique<engine::Engine>(ports, roster(), this);
  const Result<void> folded = engine_->fold(watch_.journal());
  if (!folded) return watch_.fail("replay-equals-life", folded.error().text());
  if (watch_.journal().empty()) fate_.ask(core::StartRequested{scenario_.run}, 0);
  fate_.ask(core::SupervisorArrived{fate_.supervisor(), "sim"}, 0);
}

void World::lose_supervisor() {
  fate_.kill();
  engine_.reset();
  journal_.abandon();
}

void World::wait_for_next_supervisor() {
  const Instant comes = fate_.timeline.now() + fate_.between_ms(10, fate_.chance(20) ? hour_ms : 5'000);
  while (true) {
    const std::optional<Instant> next = fate_.timeline.next(the_world);
    if (!next || *next > comes) break;
    fate_.timeline.run_next(the_world);
  }
  fate_.timeline.advance(comes);
  raise_supervisor();
}

void World::plan_outside_acts() {
  for (int chance = 0; chance < 3; ++chance) {
    const Duration delay = fate_.between_ms(0, hour_ms);
    if (fate_.strikes(Fault::target_moves)) fate_.later(delay, [this] { repository_.move_target(); });
    if (fate_.strikes(Fault::target_rewritten)) fate_.later(delay, [this] { repository_.rewrite_target(); });
    if (fate_.strikes(Fault::suspend)) {
      fate_.later(delay, [this] {
        fate_.timeline.advance(fate_.timeline.now() + fate_.between_ms(1'000, 6 * hour_ms));
      });
    }
  }
}

// --- ports -------------------------------------------------------------------------------------------------

Instant World::now() { return opened_run_ + (fate_.timeline.now() - opened_world_); }

Instant World::to_world(Instant run_time) const { return opened_world_ + (run_time - opened_run_); }

std::vector<engine::Arrival> World::wait(std::optional<Instant> until) {
  if (!fate_.step()) return {};
  while (fate_.arrivals.empty()) {
    const std::optional<Instant> next = fate_.timeline.next(fate_.supervisor());
    if (until && (!next || to_world(*until) <= *next)) {
      fate_.timeline.advance(to_world(*until));
      return {};
    }
    if (!next) {
      watch_.fail("progress", "waits for nothing: " + watch_.where_it_stands());
      fate_.kill();
      return {};
    }
    fate_.timeline.run_next(fate_.supervisor());
    if (!fate_.is_alive()) return {};
  }
  return take_arrivals();
}

std::vector<engine::Arrival> World::take_arrivals() {
  // A turn that took long finds more than one report.
  if (fate_.chance(30)) {
    const Instant end = fate_.timeline.now() + fate_.between_ms(0, fate_.chance(40) ? 90'000 : 3'000);
    for (auto next = fate_.timeline.next(fate_.supervisor()); next && *next <= end && fate_.is_alive();
         next = fate_.timeline.next(fate_.supervisor())) {
      fate_.timeline.run_next(fate_.supervisor());
    }
  }
  if (!fate_.is_alive()) return {};
  something_arrived_ = true;
  std::vector<engine::Arrival> all(std::make_move_iterator(fate_.arrivals.begin()),
                                   std::make_move_iterator(fate_.arrivals.end()));
  fate_.arrivals.clear();
  return all;
}

void World::answer(uint64_t asker, const engine::Reply& reply) {
  if (fate_.step()) watch_.answered(asker, reply);
}

void World::turned(const core::State& state, const std::vector<core::Recorded>&, const engine::Activities&) {
  if (fate_.is_alive() && state.seq > watch_.durable().seq) {
    watch_.fail("write-ahead", "viewers see what is not durable");
  }
}

}  // namespace pianola::sim
