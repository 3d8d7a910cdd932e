// The same facts for programs. Keys stay in this order and are only ever added; null means not known.
#include <boost/json.hpp>

#include "base/text.h"
#include "view/figures.h"
#include "view/look.h"
#include "view/numbers.h"
#include "view/reasons.h"
#include "view/screen.h"

namespace pianola::view {
namespace {

namespace json = boost::json;

json::value known(int64_t number) { return number < 0 ? json::value(nullptr) : json::value(number); }

// Bytes of others as text that is valid JSON and safe to print; null when there is none.
json::value shown(const std::string& raw) {
  return raw.empty() ? json::value(nullptr) : json::value(display(raw).str());
}

json::value instant(const std::optional<Instant>& at) {
  return at ? json::value(iso_utc(*at)) : json::value(nullptr);
}

json::object tokens_json(const core::Usage& usage) {
  return {{"in", known(usage.tokens_in)},
          {"out", known(usage.tokens_out)},
          {"cached", known(usage.tokens_cached)}};
}

json::object usage_json(const core::Usage& usage) {
  return {{"tokens", tokens_json(usage)}, {"cost_microusd", known(usage.cost_microusd)}};
}

json::object row_json(const TaskRow& row) {
  std::string reason = row.reason;
  if (row.wakes_at) reason = "starts " + iso_utc(*row.wakes_at) + ", " + reason;
  return {{"id", row.id},
          {"state", row.state},
          {"attempt", row.attempt},
          {"agent", shown(row.agent)},
          {"account", nullptr},
          {"isolation", row.isolation},
          {"since", instant(row.since)},
          {"elapsed_ms", row.attempt == 0 ? json::value(nullptr) : json::value(row.elapsed_ms)},
          {"tokens", tokens_json(row.usage)},
          {"cost_microusd", known(row.usage.cost_microusd)},
          {"last_activity", shown(row.last_activity)},
          {"reason", shown(reason)},
          {"needs", shown(row.needs)}};
}

json::object task_report(const core::State& state, size_t place) {
  const core::TaskRun& run = state.tasks[place];
  const std::string word = state_word(state, place, state.at);
  core::Usage usage;
  json::array attempts;
  for (const core::Attempt& attempt : run.attempts) {
    add(usage, attempt.claim.usage);
    const bool ended = attempt.stage == core::Stage::ended;
    attempts.push_back(
        {{"attempt", attempt.number},
         {"agent", shown(attempt.agent)},
         {"environment", shown(attempt.environment)},
         {"outcome", attempt.outcome ? json::value(outcome_text(*attempt.outcome)) : json::value(nullptr)},
         {"counted", attempt.counted},
         {"reason", shown(attempt.reason)},
         {"elapsed_ms", ended ? json::value((attempt.ended_at - attempt.started_at).ms()) : nullptr}});
  }
  return {{"id", state.plan.tasks[place].id.str()},
          {"state", word},
          {"commit", shown(run.landed_as)},
          {"reason", shown(task_reason(state, place, word))},
          {"needs", shown(task_needs(state, place, word))},
          {"usage", usage_json(usage)},
          {"attempts", std::move(attempts)}};
}

json::value run_needs(const core::State& state) {
  if (state.phase == core::Phase::left) return "pianola promote";
  return state.paused && !is_over(state) ? json::value("pianola resume") : json::value(nullptr);
}

}  // namespace

std::string status_json(const Snapshot& snapshot) {
  json::object summary;
  for (const StateLook& look : state_looks()) {
    const auto at = snapshot.summary.find(std::string(look.word));
    if (at != snapshot.summary.end()) summary[look.word] = at->second;
  }
  json::array tasks;
  for (const TaskRow& row : snapshot.tasks) tasks.push_back(row_json(row));
  const json::object status{{"run", snapshot.run},
                            {"phase", snapshot.phase},
                            {"isolation", snapshot.isolation},
                            {"summary", std::move(summary)},
                            {"usage", usage_json(snapshot.usage)},
                            {"tasks", std::move(tasks)}};
  return json::serialize(status);
}

std::string report_json(const core::State& state, const std::string& run_path) {
  const Figures figures = figures_of(state);
  json::value critical_ms = nullptr;
  if (figures.critical_path) critical_ms = figures.critical_path->ms();
  json::array tasks;
  for (size_t place = 0; place < state.tasks.size(); ++place) tasks.push_back(task_report(state, place));
  const bool done = state.phase == core::Phase::done;
  const json::object report{
      {"run", state.run.str()},
      {"phase", phase_text(state)},
      {"left", state.phase == core::Phase::left},
      {"reason", shown(run_reason(state))},
      {"needs", run_needs(state)},
      {"target", display(short_ref(state.repository.target)).str()},
      {"base", state.repository.base},
      {"verified", shown(state.finish.verified)},
      {"promoted", done ? shown(state.finish.verified) : json::value(nullptr)},
      {"isolation", isolation_text(state.policy.isolation)},
      {"summary", {{"tasks", figures.tasks}, {"landed", figures.landed}, {"attempts", figures.attempts}}},
      {"ends",
       {{"red", figures.red},
        {"refused", figures.refused},
        {"conflicted", figures.conflicted},
        {"lost", figures.lost},
        {"other", figures.other}}},
      {"wall_ms", figures.wall.ms()},
      {"critical_path_ms", critical_ms},
      {"usage", usage_json(figures.usage)},
      {"unpriced_tokens", figures.unpriced_tokens},
      {"logs", display(run_path).str()},
      {"tasks", std::move(tasks)}};
  return json::serialize(report);
}

}  // namespace pianola::view
