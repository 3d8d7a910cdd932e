// What `run` ends with.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "view/figures.h"
#include "view/line.h"
#include "view/notice.h"
#include "view/numbers.h"
#include "view/reasons.h"
#include "view/screen.h"

namespace pianola::view {
namespace {

using core::Phase;
using core::State;
using core::TaskPhase;

constexpr size_t label_width = 6;
constexpr size_t text_column = label_width + 1;
constexpr size_t failed_tasks_shown = 20;

class Report {
 public:
  Report(const State& state, const std::string& run_path, const Terminal& terminal)
      : state_(state), run_path_(run_path), terminal_(terminal), figures_(figures_of(state)) {}

  std::string text() {
    put_verdict();
    put_red_checks();
    put_failed_tasks();
    put_time();
    put_tries();
    put_cost();
    put_people();
    put_logs();
    put_undo();
    put_next();
    return joined_lines(out_);
  }

 private:
  // A labelled paragraph of raw text.
  void put(std::string_view label, const std::string& raw, Role role = Role::text) {
    Paragraph paragraph{.head = Line(terminal_).cell(label, label_width, role), .indent = text_column};
    put_paragraph(out_, std::move(paragraph), display(raw).str());
  }
  void put_command(const std::string& command) {
    put_whole(out_, terminal_, text_column, display(command).str());
  }
  std::string landed_text() const {
    return fmt::format("{} of {} landed", figures_.landed, counted(figures_.tasks, "task"));
  }
  void put_verdict();
  void put_red_checks();
  void put_failed_tasks();
  void put_time();
  void put_tries();
  void put_cost();
  void put_people();
  void put_logs();
  void put_undo();
  void put_next();

  const State& state_;
  const std::string& run_path_;
  const Terminal& terminal_;
  Figures figures_;
  std::vector<std::string> out_;
};

void Report::put_verdict() {
  const std::string run = state_.run.str() + ": ";
  const std::string target = short_ref(state_.repository.target);
  const std::string green =
      all_green(state_.finish.checks) && !state_.finish.verified.empty() ? ", integration green" : "";
  if (state_.phase == Phase::done) {
    const std::string commit = short_hash(state_.finish.verified);
    put("done", run + target + " is " + commit + ", " + landed_text() + green, Role::good);
    return;
  }
  if (!is_over(state_) && !state_.paused) {
    const auto live = std::count_if(state_.tasks.begin(), state_.tasks.end(), [](const core::TaskRun& task) {
      const core::Attempt* attempt = current(task);
      return attempt != nullptr && is_live(attempt->stage);
    });
    put("open", run + landed_text() + ", " + counted(static_cast<size_t>(live), "agent") + " at work");
    return;
  }
  const std::string stands = run + (target.empty() ? "" : target + " is not moved, ") + landed_text() + green;
  if (state_.phase == Phase::left) {
    put("left", stands, Role::need);
  } else if (state_.phase == Phase::failed) {
    put("failed", stands, Role::bad);
  } else {
    put("paused", stands, Role::need);
  }
  if (const std::string why = run_reason(state_); !why.empty()) put("why", why);
}

void Report::put_red_checks() {
  for (const core::CheckResult& check : state_.finish.checks) {
    if (check.passed || !check.required) continue;
    put("gate", core::check_text(check));
    if (const std::string line = failing_line(check.tail); !line.empty()) put("", line);
    if (!check.log_path.empty()) put("", "all of it: " + run_path_ + "/" + check.log_path);
  }
}

void Report::put_failed_tasks() {
  size_t failed = 0;
  std::string skipped;
  size_t skips = 0;
  for (size_t place = 0; place < state_.tasks.size(); ++place) {
    const std::string word = state_word(state_, place, state_.at);
    const std::string& id = state_.plan.tasks[place].id.str();
    if (word == "skipped") {
      skipped += (skipped.empty() ? "" : " ") + id;
      ++skips;
    }
    if (word != "failed" || ++failed > failed_tasks_shown) continue;
    put("task", id + ": " + task_reason(state_, place, word), Role::bad);
    put_command(task_needs(state_, place, word));
  }
  if (failed > failed_tasks_shown) {
    put("", fmt::format("and {} more: pianola status --all", failed - failed_tasks_shown));
  }
  if (skips > 0) put("skip", counted(skips, "task") + " did not start: " + skipped);
}

void Report::put_time() {
  std::string text = span_text(figures_.wall);
  if (figures_.critical_path && figures_.critical_path->ns > 0) {
    const int64_t hundredths = figures_.wall.ms() * 100 / std::max<int64_t>(1, figures_.critical_path->ms());
    text += fmt::format("; critical path {} ({}.{:02} x)", span_text(*figures_.critical_path),
                        hundredths / 100, hundredths % 100);
  }
  if (figures_.slots_used) {
    text += fmt::format("; {} used about {} %", counted(static_cast<size_t>(state_.policy.jobs), "slot"),
                        *figures_.slots_used);
  }
  put("time", text);
}

void Report::put_tries() {
  std::string ends;
  const auto add_end = [&](size_t count, std::string_view one, std::string_view several) {
    if (count > 0) ends += (ends.empty() ? ": " : ", ") + counted(count, one, several);
  };
  add_end(figures_.red, "red gate", "red gates");
  add_end(figures_.refused, "outside its files", "outside their files");
  add_end(figures_.conflicted, "conflict", "conflicts");
  add_end(figures_.lost, "lost", "lost");
  add_end(figures_.other, "other failure", "other failures");
  put("tries", fmt::format("{} for {}{}", figures_.attempts, counted(figures_.tasks, "task"), ends));
}

void Report::put_cost() {
  const core::Usage& usage = figures_.usage;
  const int64_t tokens = tokens_of(usage);
  if (usage.cost_microusd < 0 && tokens < 0) return;
  std::string text = usage.cost_microusd < 0 ? "" : money_text(usage.cost_microusd);
  if (figures_.unpriced_tokens > 0) {
    text +=
        (text.empty() ? "" : " + ") + tokens_text(figures_.unpriced_tokens) + " tokens without a known price";
  }
  if (tokens > figures_.unpriced_tokens) {
    text += (text.empty() ? "" : "; ") + tokens_text(tokens) + " tokens in all";
  }
  if (figures_.silent > 0) text += "; " + counted(figures_.silent, "try", "tries") + " did not say";
  put("cost", text);
}

void Report::put_people() {
  size_t notes = 0;
  size_t stops = 0;
  for (const core::TaskRun& task : state_.tasks) {
    notes += task.said.size();
    stops += task.stop_asked ? 1 : 0;
  }
  std::string text = notes > 0 ? counted(notes, "note") : "";
  if (stops > 0) text += (text.empty() ? "" : ", ") + counted(stops, "task") + " stopped";
  if (!text.empty()) put("you", text);
}

void Report::put_logs() {
  constexpr size_t command_column = 38;
  const std::string command =
      "all of it: pianola status --run " + display(state_.run.str()).str() + " --report";
  Line line(terminal_);
  line.cell("logs", label_width).put(display(run_path_).str());
  if (!is_pipe(terminal_)) line.put("  ").pad_to(command_column);
  if (line.room() >= columns(command)) {
    out_.push_back(line.put(command).text());
    return;
  }
  put("logs", run_path_);
  put_command(command);
}

void Report::put_undo() {
  if (state_.phase != Phase::done || state_.finish.promotions.empty()) return;
  const core::PromotionRecord& last = state_.finish.promotions.back();
  put("undo", fmt::format("pianola undo {} --run {} puts {} back to {}, keeps the work", last.seq,
                          state_.run.str(), short_ref(state_.repository.target), short_hash(last.from)));
}

void Report::put_next() {
  if (state_.phase == Phase::left) put("next", "pianola promote");
  if (!is_over(state_)) put("next", state_.paused ? "pianola resume" : "pianola status");
}

}  // namespace

std::string end_report(const State& state, const std::string& run_path, const Terminal& terminal) {
  return Report(state, run_path, terminal).text();
}

}  // namespace pianola::view
