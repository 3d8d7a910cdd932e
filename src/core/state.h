// Everything true about a run: the fold of its journal, and nothing else.
//
// Ordered containers only; compared as a whole. Tasks stand in plan order, so an index is a stable name
// inside one run. No field is written outside evolve.cc.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "core/agenda.h"
#include "core/outcome.h"
#include "plan/plan.h"

namespace pianola::core {

struct RunTag {};
using RunId = Id<RunTag>;

enum class PromoteMode { ask, checkout, leave };
enum class Isolation { sealed, landlock, worktree, none };

// What becomes of work made with other lockfiles than staging has by now.
enum class StaleEnvironment {
  lands,      // once its checks pass with those of today
  conflicts,  // and is made again
};

// Limits and choices that decisions read; copied into the journal at the start, so that replay needs no
// configuration file.
struct Policy {
  int jobs = 4;    // live agents
  int starts = 5;  // starts that failed without the agent's doing, per task
  int64_t backoff_first_ms = 2'000;
  int64_t backoff_max_ms = 300'000;
  int64_t run_timeout_ms = 0;     // 0 = no limit
  int64_t end_grace_ms = 10'000;  // between TERM and KILL
  PromoteMode promote = PromoteMode::ask;
  bool partial = false;  // promote what landed even if some tasks did not
  StaleEnvironment stale_environment = StaleEnvironment::lands;
  Isolation isolation = Isolation::none;
  std::string default_agent;
  friend bool operator==(const Policy&, const Policy&) = default;
};

// Whose name stands on pianola's commits, and where the work goes.
struct Repository {
  std::string path;    // top of the user's repository, for people
  std::string target;  // full refname, refs/heads/main
  std::string base;    // commit the run starts from
  std::string author_name;
  std::string author_email;
  friend bool operator==(const Repository&, const Repository&) = default;
};

// What the plan scored when the run was started, and whose word that took (plan/risk.h).
struct Approval {
  int64_t score = 0;
  int64_t threshold = 0;
  std::string sha256;  // of plan, commands and policy as a person approved them; "" = nobody had to
  friend bool operator==(const Approval&, const Approval&) = default;
};

// A contract as a commit has it (plan/contract.h); version "" = its file is not there.
struct ContractVersion {
  std::string name;
  std::string version;
  friend bool operator==(const ContractVersion&, const ContractVersion&) = default;
};

enum class Stage {
  preparing,    // a workspace is being made
  prepared,     // it stands; the agent may start
  launching,    // the keeper was told to start; no word from it yet
  starting,     // the process runs; its stream has said nothing
  working,      // its stream showed progress
  exited,       // the process is over; its work is still in the workspace
  collecting,   // its work is being fetched
  queued,       // collected and inside its scope; waits for the train
  building,     // candidate is being made
  built,        // candidate stands; its gates may start
  gating,       // gates run on the candidate
  red,          // red on the candidate, but staging has moved since the base: ask the head alone
  gating_head,  // gates run on the agent's own head
  green,        // gates passed; staging may move to exactly this candidate
  landing,      // staging is being moved
  ended,
};

struct Attempt {
  int number = 0;
  int generation = 0;   // of the workspace
  bool reused = false;  // the workspace was handed on from the attempt before
  std::string base;     // commit the workspace started from
  std::string agent;
  std::vector<ContractVersion> contracts;  // that its task works by, as its base has them
  std::string environment;                 // of its base (plan/environment.h)
  int notes = 0;  // how many of the task's notes its prompt holds, once it is launched
  Stage stage = Stage::preparing;
  Instant started_at;
  Instant stage_at;  // when it entered the stage
  Instant launched_at;
  std::optional<EndReason> ending;  // pianola has told it to end
  std::string session;
  std::optional<ExitStatus> exit;
  Claim claim;
  bool collected = false;  // its work is safe outside the workspace
  std::string head;        // what was collected, "" when nothing
  int files_changed = 0;
  std::vector<SideCommit> side_commits;  // kept beside it
  std::vector<std::string> findings;     // what its change, or its candidate's, does outside the task's files
  // The candidate under test.
  std::string staging_from;
  std::string candidate;
  Instant candidate_at;                       // author and commit date of the candidate
  std::vector<ContractVersion> renegotiated;  // what the candidate makes of contracts
  std::string new_environment;                // of the candidate, "" when it is that of staging
  std::vector<CheckResult> checks;
  // How it ended.
  std::optional<Outcome> outcome;
  std::string reason;    // one line for people
  std::string feedback;  // what the next attempt is told: gate output, paths outside, conflict
  Instant ended_at;
  bool counted = false;  // against the task's attempts
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

// A workspace on disk, by generation.
struct Workspace {
  bool saved = true;  // what it holds is in the hub
  bool removing = false;
  friend bool operator==(const Workspace&, const Workspace&) = default;
};

enum class TaskPhase { waiting, active, backoff, landed, failed, skipped, stopped };

struct TaskRun {
  TaskPhase phase = TaskPhase::waiting;
  std::vector<Attempt> attempts;
  int counted_attempts = 0;
  int failed_starts = 0;
  int conflicts = 0;
  Instant retry_at;
  std::string landed_as;  // commit of staging that holds it
  Instant landed_at;
  std::string reason;  // of failed, skipped, stopped
  std::map<int, Workspace> workspaces;
  bool stop_asked = false;        // a person wants it ended
  std::vector<std::string> said;  // notes from people for the next prompt
  friend bool operator==(const TaskRun&, const TaskRun&) = default;
};

enum class Phase {
  unopened,  // the run is requested; its refs are being pinned
  running,
  final_gates,  // everything landed; post_merge_checks run on staging
  promotable,   // they passed on exactly State::staging
  promoting,
  left,  // verified and ready, but not on the target: a person promotes
  done,
  failed,
};

// One move of the target by this run.
struct PromotionRecord {
  uint64_t seq = 0;  // of its target_promoted
  std::string from;
  std::string to;
  uint64_t undone_by = 0;  // the event that says so, 0 = none
  friend bool operator==(const PromotionRecord&, const PromotionRecord&) = default;
};

// A contract of the plan as staging has it.
struct ContractRecord {
  std::string version;
  int renegotiations = 0;  // in this run
  friend bool operator==(const ContractRecord&, const ContractRecord&) = default;
};

// What is happening to the end of the run.
struct Finish {
  std::vector<CheckResult> checks;
  std::string verified;  // the commit the final checks passed on, "" until then
  PromoteMode mode = PromoteMode::ask;
  std::string promoting_from;  // where the target is believed to be
  std::string reason;          // of left and failed
  // The target moved under us: it is merged into staging and all is checked again.
  std::string moved_target;
  bool rebuilding = false;
  Instant rebuild_at;
  int rebuilds = 0;
  std::vector<PromotionRecord> promotions;  // oldest first
  uint64_t undoing = 0;                     // which of them is being taken back, 0 = none
  std::string undo_refusal;                 // why the last undo left the target alone
  friend bool operator==(const Finish&, const Finish&) = default;
};

enum class Stopping { no, finish_running, end_all };

struct State {
  uint64_t seq = 0;  // of the last event folded
  Instant at;        // of the last event folded
  uint64_t seed = 0;
  RunId run;
  std::string plan_file;
  std::string plan_sha256;
  plan::Plan plan;
  Policy policy;
  Repository repository;
  std::optional<Approval> approval;  // absent in runs from before there was one
  Instant started_at;
  Instant finished_at;
  Phase phase = Phase::unopened;
  bool paused = false;  // nothing new is started
  std::string pause_reason;
  PauseKind pause_kind = PauseKind::paused;
  Stopping stopping = Stopping::no;
  std::string staging;             // the commit staging stands at, "" before the run is opened
  std::string environment;         // of staging; "" in runs from before it was recorded
  std::vector<TaskRun> tasks;      // as plan.tasks
  std::map<TaskId, size_t> index;  // id -> place in both
  std::vector<int> tails;          // plan::tail_lengths, for the critical path
  std::map<std::string, ContractRecord> contracts;    // by name; those with a file
  std::map<size_t, std::vector<size_t>> conflicting;  // pairs that must not be in work together
  std::vector<size_t> queue;                          // delivered tasks in the order they came
  std::optional<size_t> landing;                      // the task whose candidate is on the train
  Finish finish;
  int supervisors = 0;    // how many have opened this run
  Instant supervised_at;  // when the last of them did
  Agenda agenda;          // follows from the rest
  friend bool operator==(const State&, const State&) = default;
};

// The task's present (last) attempt, or null.
const Attempt* current(const TaskRun& task);
Attempt* current(TaskRun& task);

// The name of the present attempt of the task at `place`; number 0 when there was none.
AttemptKey key_of(const State& state, size_t place);

// Place of `task`, or null when the run has none of that name.
const size_t* find(const State& state, const TaskId& task);

// True while an agent process may exist: launching, starting, working.
bool is_live(Stage stage);

// True when the task will not be worked on any more.
bool is_settled(TaskPhase phase);

// True when it is settled and did not land.
bool is_lost(TaskPhase phase);

// Live agents, and those about to be: what `jobs` counts.
int busy_slots(const State& state);

// The move of the target recorded as event `seq`, or null.
const PromotionRecord* find_promotion(const State& state, uint64_t seq);

// True when nothing will happen any more without a person.
bool is_over(const State& state);

std::string stage_text(Stage stage);
// ui.md 1.2: running, paused, promoting, done, failed.
std::string phase_text(const State& state);
std::string isolation_text(Isolation isolation);
std::string promote_text(PromoteMode mode);

}  // namespace pianola::core
