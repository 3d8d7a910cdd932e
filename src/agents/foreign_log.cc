#include "agents/foreign_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "agents/lines.h"
#include "agents/logged_event.h"
#include "base/text.h"
#include "plan/json.h"
#include "plan/links.h"

namespace pianola::agents {
namespace {

constexpr size_t result_bytes_max = 2'000;
constexpr size_t tasks_max = 10'000;
constexpr size_t words_count = 6;

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

struct LogLine {
  std::string_view text;
  int number = 0;
};

// Those that hold something.
std::vector<LogLine> lines_of(std::string_view bytes) {
  std::vector<LogLine> lines;
  int number = 0;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    ++number;
    if (!is_blank(line)) lines.push_back({line, number});
  }
  return lines;
}

// The log as a whole: what it says line by line, and the plan that its tasks make.
struct ForeignLog {
  std::vector<LoggedEvent> events;  // about tasks
  plan::Plan plan;
  Instant first;
  Instant last;
};

class Reading {
 public:
  Reading(std::string_view file, Import& out) : file_(file), out_(out) {}

  Result<ForeignLog> read(std::string_view bytes) {
    const std::vector<LogLine> lines = lines_of(bytes);
    for (const LogLine& line : lines) TRY(read_line(line, &line == &lines.back()));
    if (creations_.empty()) return refuse(fault_at({file_, 1}, 1, "no task_created", "a log of tasks"));
    link();
    const std::vector<plan::TaskIndex> cycle = plan::find_cycle(plan::links_of(log_.plan.tasks));
    if (!cycle.empty()) {
      const Creation& first = creations_[cycle.front()];
      return refuse(fault_at({file_, first.line}, first.depends_on_col,
                             log_.plan.tasks[cycle.front()].id.str() + " waits for itself in the end",
                             "dependencies without a circle"));
    }
    std::erase_if(log_.events, [&](const LoggedEvent& event) { return !is_known(event); });
    return std::move(log_);
  }

 private:
  struct Creation {
    int line = 0;
    int depends_on_col = 0;
  };

  Result<void> read_line(const LogLine& line, bool is_last) {
    const plan::Parsed parsed = plan::parse_json(line.text);
    if (parsed.fault) {
      const plan::SyntaxFault& fault = *parsed.fault;
      if (!is_last) return refuse(fault_at({file_, line.number}, fault.at.col, fault.what, fault.expected));
      out_.remarks.push_back(fmt::format("line {} is damaged and left out: column {}: {}", line.number,
                                         fault.at.col, fault.what));
      return {};
    }
    LoggedEvent event = TRY(read_logged(*parsed.tree, line.text, {file_, line.number}));
    if (log_.first.ns == 0) log_.first = log_.last = event.at;
    log_.last = event.at = std::max(log_.last, event.at);  // the clock of whoever wrote it may have gone back
    if (event.kind == LoggedKind::unknown) ++out_.unknown[event.type];
    if (event.kind == LoggedKind::unknown || event.kind == LoggedKind::of_an_agent) return {};
    if (event.kind == LoggedKind::task_created) TRY(create(event));
    log_.events.push_back(std::move(event));
    return {};
  }

  Result<void> create(const LoggedEvent& event) {
    std::string folded = event.task.id.str();
    for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto [place, is_new] = places_.emplace(folded, creations_.size());
    if (!is_new) {
      return refuse(fault_at({file_, event.line}, 1, "task " + event.task.id.str() + " once more",
                             fmt::format("it once, as on line {}", creations_[place->second].line)));
    }
    if (creations_.size() == tasks_max)
      return refuse(fault_at({file_, event.line}, 1, fmt::format("more than {} tasks", tasks_max), "fewer"));
    ids_.emplace(event.task.id, creations_.size());
    creations_.push_back({event.line, event.depends_on_col});
    log_.plan.tasks.push_back(event.task);
    return {};
  }

  // Such a coordinator takes a dependency that is no task of its as met.
  void link() {
    for (size_t place = 0; place < log_.plan.tasks.size(); ++place) {
      std::vector<plan::TaskId> kept;
      for (plan::TaskId& id : log_.plan.tasks[place].depends_on) {
        if (!ids_.contains(id)) {
          out_.remarks.push_back(fmt::format("line {}: no task \"{}\" to depend on", creations_[place].line,
                                             display(id.str()).str()));
        } else if (std::find(kept.begin(), kept.end(), id) == kept.end()) {
          kept.push_back(std::move(id));
        }
      }
      log_.plan.tasks[place].depends_on = std::move(kept);
    }
  }

  bool is_known(const LoggedEvent& event) {
    if (ids_.contains(event.task.id)) return true;
    out_.remarks.push_back(fmt::format("line {}: no task \"{}\"", event.line, event.task.id.str()));
    return false;
  }

  std::string_view file_;
  Import& out_;
  ForeignLog log_;
  std::map<std::string, size_t> places_;  // by id without case
  std::map<plan::TaskId, size_t> ids_;
  std::vector<Creation> creations_;
};

// How a task stands after some of the lines about it.
struct Standing {
  TaskWord word = TaskWord::pending;
  int attempts = 0;
  bool is_open = false;  // its last attempt
  std::string agent;     // of that one
  size_t last = 0;       // event about it
};

class Writing {
 public:
  Writing(const ForeignLog& log, const ImportOptions& options, Import& out)
      : log_(log), options_(options), out_(out) {}

  void write() {
    for (size_t at = 0; at < log_.events.size(); ++at) standing_[log_.events[at].task.id].last = at;
    start_run();
    for (size_t at = 0; at < log_.events.size(); ++at) {
      const LoggedEvent& event = log_.events[at];
      Standing& standing = standing_[event.task.id];
      at_ = event.at;
      actor_ = fmt::format("import:{}", event.line);
      follow(event, standing);
      if (standing.last == at && !standing.is_open) settle(event.task.id, standing);
    }
    at_ = log_.last;
    finish_run();
  }

 private:
  void put(core::Event event) {
    out_.events.push_back(
        {.seq = out_.events.size() + 1, .at = at_, .actor = actor_, .event = std::move(event)});
  }

  void start_run() {
    at_ = log_.first;
    actor_ = "user:" + options_.by;
    core::RunStarted start;
    std::from_chars(options_.sha256.data(),
                    options_.sha256.data() + std::min<size_t>(12, options_.sha256.size()), start.seed, 16);
    start.plan_file = options_.file;
    start.plan_sha256 = options_.sha256;
    start.plan = log_.plan;
    start.policy.jobs = 0;  // nothing is ever started
    start.repository.path = options_.repository;
    put(std::move(start));
  }

  void follow(const LoggedEvent& event, Standing& standing) {
    const plan::TaskId& task = event.task.id;
    standing.word = event.word;
    const std::string by = event.agent.empty() || event.agent == standing.agent ? "" : " by " + event.agent;
    switch (event.word) {
      case TaskWord::pending:
        end(task, standing, core::Outcome::stopped, "given back" + by, event.result);
        return;
      case TaskWord::assigned:
      case TaskWord::in_progress:
        if (event.kind == LoggedKind::task_created && event.agent.empty()) return;
        if (event.word == TaskWord::assigned && standing.agent != event.agent)
          end(task, standing, core::Outcome::stopped, "given to " + event.agent, "");
        start(task, standing, event.agent);
        return;
      case TaskWord::completed:
      case TaskWord::failed: {
        const bool is_done = event.word == TaskWord::completed;
        if (standing.attempts == 0) start(task, standing, event.agent);
        end(task, standing, is_done ? core::Outcome::delivered : core::Outcome::failed,
            std::string(text_of(event.word)) + by + ", its log says", event.result);
        return;
      }
      case TaskWord::cancelled:
        end(task, standing, core::Outcome::stopped, "cancelled" + by, event.result);
        return;
    }
  }

  void start(const plan::TaskId& task, Standing& standing, const std::string& agent) {
    if (standing.is_open) return;
    standing.is_open = true;
    standing.agent = agent;
    ++standing.attempts;
    ++out_.attempts;
    core::AttemptStarted started;
    started.key = {task, standing.attempts};
    started.generation = standing.attempts;
    started.agent = agent;
    put(std::move(started));
  }

  void end(const plan::TaskId& task, Standing& standing, core::Outcome outcome, std::string reason,
           const std::string& result) {
    if (!standing.is_open) return;
    standing.is_open = false;
    put(core::AttemptEnded{.key = {task, standing.attempts},
                           .outcome = outcome,
                           .reason = std::move(reason),
                           .feedback = std::string(cut_at_character(result, result_bytes_max)),
                           .counted = outcome == core::Outcome::failed,
                           .failed_start = false,
                           .retry_at = {}});
    // There is none of ours.
    put(core::WorkspaceRemoved{.task = task, .generation = standing.attempts});
  }

  // By its last word. One that no agent ever had is left as it is.
  void settle(const plan::TaskId& task, const Standing& standing) {
    const std::string word(text_of(standing.word));
    if (standing.word == TaskWord::failed) return put(core::TaskFailed{task, word + ", its log says"});
    if (standing.word == TaskWord::pending && standing.attempts == 0) return;
    const bool is_open = standing.word == TaskWord::assigned || standing.word == TaskWord::in_progress;
    const bool is_done = standing.word == TaskWord::completed;
    put(core::TaskStopped{task, word + (is_open   ? " when its log ends"
                                        : is_done ? ", its log says; not checked, not landed"
                                                  : ", its log says")});
  }

  void finish_run() {
    std::array<size_t, words_count> counts{};
    for (auto& [task, standing] : standing_) {
      ++counts[static_cast<size_t>(standing.word)];
      if (!standing.is_open) continue;
      actor_ = fmt::format("import:{}", log_.events[standing.last].line);
      end(task, standing, core::Outcome::lost, "its log ends before it", "");
      settle(task, standing);
    }
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      out_.counts += fmt::format("{}{} {}", out_.counts.empty() ? "" : ", ", counts[i],
                                 text_of(static_cast<TaskWord>(i)));
    }
    out_.tasks = log_.plan.tasks.size();
    actor_ = "user:" + options_.by;
    put(core::RunFinished{
        .success = false,
        .reason = "imported: " + out_.counts + "; nothing of it was checked or landed here"});
  }

  const ForeignLog& log_;
  const ImportOptions& options_;
  Import& out_;
  std::map<plan::TaskId, Standing> standing_;
  Instant at_;
  std::string actor_;
};

}  // namespace

Result<Import> import_log(std::string_view bytes, const ImportOptions& options) {
  Import out;
  const ForeignLog log = TRY(Reading(options.file, out).read(bytes));
  Writing(log, options, out).write();
  return out;
}

}  // namespace pianola::agents
