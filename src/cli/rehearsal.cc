#include "cli/rehearsal.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/match.h"

namespace pianola::cli {
namespace {

class StillClock : public engine::Clock {
 public:
  explicit StillClock(Instant now) : now_(now) {}
  Instant now() override { return now_; }

 private:
  Instant now_;
};

// What waits for the engine. Nobody else sends anything.
class Letters : public engine::Inbox {
 public:
  void push(engine::Report report) { waiting_.push_back({.report = std::move(report)}); }
  bool is_empty() const { return waiting_.empty(); }

  std::vector<engine::Arrival> wait(std::optional<Instant>) override { return std::exchange(waiting_, {}); }
  void answer(uint64_t, const engine::Reply&) override {}

 private:
  std::vector<engine::Arrival> waiting_;
};

class Pages : public engine::Journal {
 public:
  Pages(Letters& letters, std::vector<core::Recorded>& events) : letters_(letters), events_(events) {}

  void begin(const std::vector<core::Recorded>& events) override {
    events_.insert(events_.end(), events.begin(), events.end());
    letters_.push(engine::Stored{});
  }
  Result<void> await() override { return {}; }

 private:
  Letters& letters_;
  std::vector<core::Recorded>& events_;
};

// Writes down what processes would be asked for; reports only what is over already.
class Listener : public engine::Processes {
 public:
  Listener(Letters& letters, const RehearsalEyes& eyes, Rehearsal& notes)
      : letters_(letters), eyes_(eyes), notes_(notes) {}

  void launch(const engine::Launch& launch) override { note(launch.key, world::NeverBegan{}); }
  void recover(const engine::Launch& launch) override {
    Result<world::Standing> standing = eyes_.standing(launch.key);
    if (!standing) {
      failure_ = standing.error();
      return;
    }
    note(launch.key, *standing);
    if (const auto* exit = std::get_if<world::ExitRecord>(&*standing)) {
      report_exit(launch.key, exit->exit);
    } else if (std::holds_alternative<world::EndedUnseen>(*standing)) {
      report_exit(launch.key, {core::ExitKind::lost, 0, false, "the keeper ended without a record"});
    }
  }
  void end(const core::AttemptKey& key, int64_t) override { notes_.ended.push_back(key); }
  void run_checks(const engine::CheckRun& run) override {
    if (const auto* key = std::get_if<core::AttemptKey>(&run.subject_of)) {
      notes_.commands.emplace_back(core::RunGates{.key = *key, .subject = run.subject, .commit = run.commit});
    } else {
      notes_.commands.emplace_back(core::RunFinalGates{.commit = run.commit});
    }
  }
  void end_checks() override {}

  const std::optional<Error>& failure() const { return failure_; }

 private:
  void note(const core::AttemptKey& key, world::Standing standing) {
    notes_.asked.push_back({.key = key, .standing = std::move(standing)});
  }
  // As the supervisor hears it: what was said, then the end.
  void report_exit(const core::AttemptKey& key, const core::ExitStatus& exit) {
    for (const agents::Stream stream : {agents::Stream::out, agents::Stream::err}) {
      uint64_t offset = 0;
      for (std::string piece; !(piece = eyes_.output(key, stream, offset)).empty();) {
        offset += piece.size();
        letters_.push(engine::AgentOutput{key, stream, std::move(piece)});
      }
    }
    letters_.push(engine::AgentExit{key, exit});
  }

  Letters& letters_;
  const RehearsalEyes& eyes_;
  Rehearsal& notes_;
  std::optional<Error> failure_;
};

class Ledger : public engine::Repository {
 public:
  explicit Ledger(std::vector<core::Command>& commands) : commands_(commands) {}

  void perform(const core::OpenRun& command) override { commands_.emplace_back(command); }
  void perform(const core::MakeWorkspace& command) override { commands_.emplace_back(command); }
  void perform(const core::CollectWork& command) override { commands_.emplace_back(command); }
  void perform(const core::BuildCandidate& command) override { commands_.emplace_back(command); }
  void perform(const core::MoveStaging& command) override { commands_.emplace_back(command); }
  void perform(const core::RemoveWorkspace& command) override { commands_.emplace_back(command); }
  void perform(const core::PromoteTarget& command) override { commands_.emplace_back(command); }
  void perform(const core::RebuildStaging& command) override { commands_.emplace_back(command); }
  void perform(const core::PutTargetBack& command) override { commands_.emplace_back(command); }

 private:
  std::vector<core::Command>& commands_;
};

}  // namespace

Result<Rehearsal> rehearse(const std::vector<core::Recorded>& events, const engine::Roster& roster,
                           Instant now, const RehearsalEyes& eyes) {
  Rehearsal notes;
  StillClock clock(now);
  Letters letters;
  Pages pages(letters, notes.events);
  Listener listener(letters, eyes, notes);
  Ledger ledger(notes.commands);
  engine::Engine engine(
      engine::Ports{
          .clock = clock, .journal = pages, .processes = listener, .repository = ledger, .inbox = letters},
      roster, nullptr);
  TRY(engine.fold(events));
  notes.before = engine.state();
  letters.push(core::Input(core::SupervisorArrived{}));
  while (!letters.is_empty() || !engine.is_durable()) {
    TRY(engine.turn());
    if (listener.failure()) return refuse(*listener.failure());
  }
  notes.after = engine.state();
  return notes;
}

}  // namespace pianola::cli
